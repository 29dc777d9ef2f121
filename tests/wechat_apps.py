"""An application, or a part of it, that talks to the stand-in of WeChat's server."""

from collections.abc import Callable
from datetime import datetime

from app.adapters.wechat.wire import WeChatOptions, WeChatWire
from app.kernel.sealing import Sealer
from config.settings import Settings
from tests.wechat_server import APP_ID, SECRET, WeChatServer


def with_wechat(settings: Settings, server: WeChatServer, **more: object) -> Settings:
    """Settings with the app that the stand-in knows."""
    app = {"wechat_app_id": APP_ID, "wechat_app_secret": SECRET, "wechat_api_url": server.url}
    secrets = {
        name: value.get_secret_value()
        for name, value in settings
        if hasattr(value, "get_secret_value")
    }
    return Settings(_env_file=None, **{**dict(settings), **secrets, **app, **more})


def new_wire(server: WeChatServer, clock: Callable[[], datetime]) -> WeChatWire:
    """A client as another process would have it."""
    options = WeChatOptions(server.url, APP_ID, SECRET, timeout_s=0.5)
    return WeChatWire(options, sealer=Sealer(("known to tests",), purpose="t"), clock=clock)
