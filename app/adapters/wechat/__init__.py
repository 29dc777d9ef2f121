"""WeChat as a host platform: its server's API, and what it pushes."""
