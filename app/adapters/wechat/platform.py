"""Signing in with WeChat: the adapter of the host-platform port."""

from app.adapters.wechat.wire import WeChatRefusal, WeChatWire, meaning
from app.people.hosts.errors import CodeRefused, HostUnavailable
from app.people.hosts.port import HostIdentity, HostPlatform

MAINLAND = "86"


class WeChatPlatform(HostPlatform):
    """Codes of wx.login and of the phone-number button, exchanged at WeChat's server.

    The session key that comes with an identity is dropped where it arrives: nothing needs it.
    """

    host = "wechat"

    def __init__(self, wire: WeChatWire) -> None:
        self._wire = wire
        self.tenant = wire.options.app_id

    def exchange(self, code: str) -> HostIdentity:
        """Who has called wx.login."""
        options = self._wire.options
        asked = {
            "appid": options.app_id,
            "secret": options.secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        try:
            subject = self._wire.get("/sns/jscode2session", asked).get("openid")
        except WeChatRefusal as refusal:
            raise meaning(refusal) from None
        if not isinstance(subject, str) or not 1 <= len(subject) <= 128:
            raise HostUnavailable("微信没有给出身份，请稍后再试。")
        return HostIdentity(self.host, self.tenant, subject)

    def phone_number(self, phone_code: str) -> str:
        """The number behind the phone-number button; one from abroad is refused."""
        try:
            answer = self._wire.post("/wxa/business/getuserphonenumber", {"code": phone_code})
        except WeChatRefusal as refusal:
            raise meaning(refusal) from None
        told = answer.get("phone_info")
        number = told.get("purePhoneNumber") if isinstance(told, dict) else None
        if not isinstance(number, str) or not isinstance(told, dict):
            raise HostUnavailable("微信没有给出手机号，请稍后再试。")
        if str(told.get("countryCode")) != MAINLAND or not number.isdecimal():
            raise CodeRefused("只支持中国大陆的手机号。")
        return number
