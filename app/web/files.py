"""Bytes over HTTP: ranges, conditional requests and content-hash ETags."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol
from urllib.parse import quote

from flask import Response, request, stream_with_context
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from app.kernel.errors import NotThere


class Body(Protocol):
    """Bytes in pieces, to be closed when done."""

    def __iter__(self) -> Iterator[bytes]: ...
    def close(self) -> None: ...


class _Begun:
    """A body whose first piece is read before the status goes out: what breaks at once is said."""

    def __init__(self, body: Body) -> None:
        self._body, self._pieces = body, iter(body)
        try:
            self._first = next(self._pieces, b"")
        except BaseException:
            body.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        yield self._first
        yield from self._pieces

    def close(self) -> None:
        self._body.close()


def file_response(
    *,
    size: int | None,
    opened: Callable[[int, int | None], Body],
    etag: str,
    media_type: str,
    keep: bool = True,
) -> Response:
    """The answer to a GET of bytes with a hash: 200, 206 for one range, 304 when already known.

    A browser may `keep` them for an hour; then, and when a page is loaded anew, it asks again.
    """
    if size is None:
        raise NotThere("照片文件不在存储中，请联系管理员。")
    headers = {
        "ETag": f'"{etag}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600" if keep else "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if request.if_none_match.contains_weak(etag):
        return Response(status=304, headers=headers)
    start, end, status = _wanted(size, etag)
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    body = None if request.method == "HEAD" else _Begun(opened(start, end))
    response = Response(body, status, headers=headers, content_type=media_type)
    response.content_length = end - start
    return response


def _wanted(size: int, etag: str) -> tuple[int, int, int]:
    """The range asked for as (start, end not included, status); more than one range is ignored."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return 0, size, 200
    if request.if_range.to_header() not in ("", f'"{etag}"'):
        return 0, size, 200
    first, end = asked.ranges[0]
    if first < 0:
        # A suffix longer than the file means all of it (RFC 9110, 14.1.2).
        first = max(0, size + first)
    if first >= size:
        raise RequestedRangeNotSatisfiable(size)
    return first, size if end is None else min(end, size), 206


def saved_as(name: str, pieces: Iterable[bytes], media_type: str) -> Response:
    """A file to be saved under a name, sent while it is made. Old programs that read no Chinese
    names (RFC 6266) are told what is left of it in ASCII."""
    plain = "".join(each for each in name if each.isascii() and each not in '"\\')
    said = f'attachment; filename="{plain}"'
    if plain != name:
        said += f"; filename*=UTF-8''{quote(name)}"
    body = stream_with_context(iter(pieces))
    return Response(body, headers=[("Content-Disposition", said)], mimetype=media_type)
