"""WeChat's codes for places: the adapter of the code maker's port."""

from app.adapters.wechat.wire import WeChatRefusal, WeChatWire, meaning
from app.grid.codes.port import CodeMaker


class WeChatCodes(CodeMaker):
    """Mini-program codes without a limit of their number; `page` opens on a scan."""

    def __init__(self, wire: WeChatWire, *, page: str) -> None:
        self._wire, self._page = wire, page

    def place_code(self, scene: str) -> bytes:
        """The code's picture, for the page whether or not it is published already."""
        body = {"scene": scene, "page": self._page, "check_path": False, "width": 430}
        try:
            return self._wire.post_for_image("/wxa/getwxacodeunlimit", body)
        except WeChatRefusal as refusal:
            raise meaning(refusal) from None
