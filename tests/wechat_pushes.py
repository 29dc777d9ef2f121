"""Pushes as WeChat's server makes them."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def sealed(message: bytes, *, aes_key: str, app_id: str, random: bytes | None = None) -> str:
    """A message encrypted for an app."""
    key = base64.b64decode(aes_key + "=")
    plain = (random or secrets.token_bytes(16)) + len(message).to_bytes(4, "big")
    plain += message + app_id.encode()
    padding = 32 - len(plain) % 32
    maker = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    data = maker.update(plain + bytes([padding]) * padding) + maker.finalize()
    return base64.b64encode(data).decode()


def signed(token: str, *more: str, at: float, nonce: str = "1514711492") -> dict[str, str]:
    """The parameters of a push; with the ciphertext those of an encrypted one."""
    stamp = str(int(at))

    def sign(*parts: str) -> str:
        return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()

    query = {"signature": sign(token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
    if more:
        query |= {"encrypt_type": "aes", "msg_signature": sign(token, stamp, nonce, *more)}
    return query


def as_xml(said: Mapping[str, Any]) -> bytes:
    """The same words as XML."""
    return f"<xml>{_elements(said)}</xml>".encode()


def _elements(said: Mapping[str, Any]) -> str:
    made = ""
    for name, value in said.items():
        for each in value if isinstance(value, list) else [value]:
            inner = _elements(each) if isinstance(each, dict) else f"<![CDATA[{each}]]>"
            made += f"<{name}>{inner}</{name}>"
    return made


def as_json(said: Mapping[str, Any]) -> bytes:
    """The words as JSON."""
    return json.dumps(said, ensure_ascii=False).encode()
