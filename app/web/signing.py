"""Signed photo urls: who may fetch what until when, without a header."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.kernel.errors import NotAllowed
from app.kernel.links import MARK

BASE = "/api/v1"
SEALED_FIELDS = frozenset({"received", "unmasked"})
"""The members that hold addresses of what is sealed: whose they are is signed into them."""
URL_FIELDS = SEALED_FIELDS | {"thumb", "display", "cover", "after_cover"}
"""The members of answers that hold photo urls; a mark anywhere else is just text."""
_HOLDING = frozenset({dict, list})


class BadSignature(NotAllowed):
    """A photo url that was altered or has expired."""

    code = "bad_signature"
    title = "照片地址已失效，请刷新页面"


class UrlSigner:
    """Signs photo urls with HMAC-SHA-256 by the first of some keys, and checks them by all, so that
    what a key signed before it was replaced works until it expires."""

    def __init__(self, secrets: Sequence[str], *, hours: int, public_url: str = "") -> None:
        self._keys = [hashlib.sha256(f"photo-urls\n{each}".encode()).digest() for each in secrets]
        self._seconds = hours * 3600
        self._public_url = public_url.rstrip("/")

    def _signature(
        self, path: str, expires: int, viewer: str = "", key: bytes | None = None
    ) -> str:
        parts = [path, str(expires), viewer] if viewer else [path, str(expires)]
        said = "\n".join(parts).encode()
        return hmac.new(key or self._keys[0], said, hashlib.sha256).hexdigest()[:40]

    def sign(self, mark: str, *, now: datetime, viewer: str = "") -> str:
        """The signed absolute path of a mark, or its whole address when the public one is known;
        `viewer`: the id of the person that it is for.

        The same within an hour, so that browsers cache.
        """
        hour = int(now.timestamp()) // 3600 + 1
        return self._signed(BASE + mark.removeprefix(MARK), hour * 3600 + self._seconds, viewer)

    def sign_until(self, path: str, *, until: datetime) -> str:
        """The same for a path below the API's base, good until an instant."""
        return self._signed(BASE + path, int(until.timestamp()))

    def _signed(self, path: str, expires: int, viewer: str = "") -> str:
        query = f"expires={expires}&signature={self._signature(path, expires, viewer)}"
        if viewer:
            query += f"&viewer={viewer}"
        return f"{self._public_url}{path}?{query}"

    def check(
        self, path: str, *, expires: str, signature: str, now: datetime, viewer: str = ""
    ) -> None:
        """Raises BadSignature unless the url is one of ours and still alive."""
        if not expires.isdecimal() or len(expires) > 12:
            raise BadSignature
        known = [self._signature(path, int(expires), viewer, key).encode() for key in self._keys]
        good = any(hmac.compare_digest(each, signature.encode()) for each in known)
        if not good or int(expires) <= now.timestamp():
            raise BadSignature

    def sign_answer(self, value: Any, *, now: datetime, viewer: str = "") -> Any:
        """The answer itself, in which every photo mark has become a signed url; those of what is
        sealed are the viewer's, a person's id."""
        waiting = [value]
        while waiting:
            members = waiting.pop()
            if type(members) is dict:
                for name, member in members.items():
                    if name in URL_FIELDS and type(member) is str and member.startswith(MARK):
                        whose = viewer if name in SEALED_FIELDS else ""
                        members[name] = self.sign(member, now=now, viewer=whose)
            elif type(members) is not list:
                continue
            values = members.values() if type(members) is dict else members
            waiting += [each for each in values if type(each) in _HOLDING]
        return value
