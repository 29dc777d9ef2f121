"""The app that carries the mini-program: WeChat; WeCom or DingTalk alike."""
