"""A timestamp authority over HTTP: the adapter of its port."""

import time

import httpx

from app.evidence.timestamps.port import AuthorityUnavailable, TimestampAuthority
from app.evidence.timestamps.tokens import MOST_BYTES

_HEADERS = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
    "Accept-Encoding": "identity",
}


class HttpAuthority(TimestampAuthority):
    """One address; an answer is read up to what a stamp can be long, whatever is sent."""

    def __init__(self, url: str, *, timeout_s: float = 10.0) -> None:
        self._url, self._most_s = url, 3 * timeout_s
        self._client = httpx.Client(timeout=timeout_s, trust_env=False)

    def answer(self, query: bytes) -> bytes:
        """Asks once; trying again is the worker's business."""
        until = time.monotonic() + self._most_s
        try:
            with self._client.stream("POST", self._url, content=query, headers=_HEADERS) as got:
                if got.status_code != httpx.codes.OK:
                    raise AuthorityUnavailable(f"HTTP {got.status_code}")
                # Who packs although asked not to may send a few bytes that fill the memory.
                if got.headers.get("Content-Encoding", "identity") != "identity":
                    raise AuthorityUnavailable("packed")
                return self._read(got, until)
        except httpx.HTTPError as problem:
            raise AuthorityUnavailable(type(problem).__name__) from None

    @staticmethod
    def _read(got: httpx.Response, until: float) -> bytes:
        read = b""
        for part in got.iter_raw():
            read += part
            if len(read) > MOST_BYTES or time.monotonic() > until:
                raise AuthorityUnavailable("too long")
        return read
