"""The stand-in of WeChat's server, started once for all tests of a process."""

from collections.abc import Iterator

import pytest

from tests.wechat_server import WeChatServer


@pytest.fixture(scope="session")
def wechat_server() -> Iterator[WeChatServer]:
    """The server, while the tests run."""
    with WeChatServer.running() as server:
        yield server


@pytest.fixture
def wechat(wechat_server: WeChatServer) -> WeChatServer:
    """The server as if it had just been started."""
    wechat_server.forget()
    return wechat_server
