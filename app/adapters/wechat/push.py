"""What WeChat pushes to us: signatures, encryption, JSON and XML.

With an AES key only encrypted pushes are taken (the safe mode); without one the plain ones.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.adapters.wechat.xml import BadXml, read_xml
from app.people.hosts.pushes import HostPush, PushRefused, PushUnreadable

WINDOW_S = 300
BLOCK = 32


def push_signature(*parts: str) -> str:
    """SHA-1 (hex) of the sorted parts one after the other, as WeChat signs."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def decrypted(sealed: str, key: bytes, app_id: str) -> bytes:
    """The message inside an encrypted push; raises PushRefused for one that is not for the app."""
    try:
        data = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise PushRefused("密文不对。") from None
    if not data or len(data) % BLOCK:
        raise PushRefused("密文不对。")
    opener = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = opener.update(data) + opener.finalize()
    padding = plain[-1]
    if not 1 <= padding <= BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise PushRefused("密文不对。")
    plain = plain[:-padding]
    length = int.from_bytes(plain[16:20], "big")
    message, ours = plain[20 : 20 + length], plain[20 + length :]
    if len(message) != length or not hmac.compare_digest(ours, app_id.encode()):
        raise PushRefused("不是给这个小程序的。")
    return message


class WeChatPushes:
    """Reads the pushes of one app; `token` and `aes_key` (43 characters) as set at WeChat."""

    host = "wechat"

    def __init__(self, *, app_id: str, token: str, aes_key: str | None) -> None:
        self.tenant, self._token = app_id, token
        self._key = base64.b64decode(f"{aes_key}=") if aes_key else None

    def echo(self, query: Mapping[str, str], *, now: datetime) -> str:
        """What WeChat wants to hear when the address is set; raises PushRefused."""
        self._check(query, "signature", now=now)
        return query.get("echostr", "")

    def read(self, query: Mapping[str, str], body: bytes, *, now: datetime) -> HostPush:
        """A push that is signed and timely; raises PushRefused or PushUnreadable."""
        if self._key is None:
            self._check(query, "signature", now=now)
            return self._push(query["signature"], body)
        sealed = _members(body).get("Encrypt")
        if not isinstance(sealed, str):
            raise PushRefused("没有加密。")
        self._check(query, "msg_signature", sealed, now=now)
        return self._push(query["msg_signature"], decrypted(sealed, self._key, self.tenant))

    def _check(self, query: Mapping[str, str], name: str, *more: str, now: datetime) -> None:
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        wanted = push_signature(self._token, stamp, nonce, *more).encode()
        if not hmac.compare_digest(query.get(name, "").encode(), wanted):
            raise PushRefused("请核对两边的 Token。")
        off = abs(now.timestamp() - int(stamp)) if stamp.isdecimal() and len(stamp) < 12 else None
        if off is None or off > WINDOW_S:
            raise PushRefused("时间戳与本机的时间相差太多，请核对服务器的时钟。")

    def _push(self, signature: str, message: bytes) -> HostPush:
        content = hashlib.sha256(message).hexdigest()
        return HostPush(self.host, self.tenant, signature, content, _members(message))


def _members(body: bytes) -> dict[str, Any]:
    """The members of a JSON object or of an XML document, whatever it is called."""
    try:
        found = read_xml(body) if body.lstrip()[:1] == b"<" else json.loads(body)
    except (BadXml, ValueError, RecursionError):
        raise PushUnreadable("请把数据格式设为 JSON 或 XML。") from None
    if not isinstance(found, dict):
        raise PushUnreadable("请把数据格式设为 JSON 或 XML。")
    return found
