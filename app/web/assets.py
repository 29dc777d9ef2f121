"""The pages' own files: under an address that holds their content's mark, kept for good."""

import gzip
import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
WORTH_PACKING = 500
_COMMENTS = {
    ".js": re.compile(rb"(?ms)^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/[ \t]*)$"),
    ".css": re.compile(rb"(?s)/\*(?!!).*?\*/"),
}
_IMPORT = re.compile(r"""^(?:import|export)\b[^;"']*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


def without_comments(text: bytes, suffix: str) -> bytes:
    """A script without the lines that are comments, a style sheet without any; an eighth of what
    a phone loads. Lines keep their numbers, so that what a browser reports can be found."""
    pattern = _COMMENTS.get(suffix)
    return pattern.sub(lambda found: b"\n" * found[0].count(b"\n"), text) if pattern else text


@dataclass(frozen=True)
class Sent:
    """Bytes as they go out: whole, packed where that is shorter, and the mark of their content."""

    body: bytes
    packed: bytes | None
    etag: str
    media_type: str

    @classmethod
    def of(cls, body: bytes, media_type: str) -> "Sent":
        """Packed once, not for each request."""
        packed = gzip.compress(body, 9, mtime=0) if len(body) > WORTH_PACKING else None
        shorter = packed if packed and len(packed) < len(body) else None
        return cls(body, shorter, hashlib.sha256(body).hexdigest()[:24], media_type)

    def response(self, *, cache_control: str) -> Response:
        """The answer to a GET: 304 when the asker has it, packed when they can unpack it."""
        headers = {"Cache-Control": cache_control, "Vary": "Accept-Encoding"}
        packs = self.packed is not None and request.accept_encodings["gzip"] > 0
        tag = f"{self.etag}-gz" if packs else self.etag
        headers["ETag"] = f'"{tag}"'
        if request.if_none_match.contains_weak(tag):
            return Response(status=304, headers=headers)
        if packs:
            headers["Content-Encoding"] = "gzip"
        body = self.packed if packs else self.body
        return Response(body, headers=headers, content_type=self.media_type)


class Assets:
    """The files of some folders, each folder under a name.

    A module or a style sheet names its neighbours by relative addresses, so all files lie under
    one mark: when any of them changes, the addresses of all do, and no two releases mix.
    """

    def __init__(self, folders: Mapping[str, Path], *, prefix: str = "") -> None:
        self.files = {
            f"{name}/{path.relative_to(folder).as_posix()}": Sent.of(
                without_comments(path.read_bytes(), path.suffix), MEDIA_TYPES[path.suffix]
            )
            for name, folder in folders.items()
            for path in sorted(folder.rglob("*"))
            if path.suffix in MEDIA_TYPES
        }
        told = "".join(f"{name} {sent.etag}\n" for name, sent in sorted(self.files.items()))
        self.mark = hashlib.sha256(told.encode()).hexdigest()[:12]
        self.root = f"{prefix}/assets/{self.mark}/"

    def url(self, name: str) -> str:
        """The address of a file; raises KeyError for one that is not there."""
        self.files[name]
        return self.root + name

    def modules(self, *names: str) -> list[str]:
        """Some modules and all that they import from the start, so that none waits for another."""
        found: dict[str, None] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop(0)
            if name not in found:
                found[name] = None
                waiting += self._imported_by(name)
        return list(found)

    def _imported_by(self, name: str) -> Iterator[str]:
        text = self.files[name].body.decode()
        folder = posixpath.dirname(name)
        for relative in _IMPORT.findall(text):
            yield posixpath.normpath(posixpath.join(folder, relative))

    def response(self, mark: str, name: str) -> Response:
        """A file; raises NotFound for another release's, whose files are not here any more."""
        sent = self.files.get(name)
        if sent is None or mark != self.mark:
            raise NotFound
        return sent.response(cache_control="public, max-age=31536000, immutable")


@cache
def _read_once(folders: tuple[tuple[str, Path], ...], prefix: str) -> Assets:
    return Assets(dict(folders), prefix=prefix)


def serve_assets(app: Flask, folders: Mapping[str, Path], *, prefix: str) -> Assets:
    """Serves the files of folders under /assets/."""
    assets = _read_once(tuple(sorted(folders.items())), prefix)
    app.add_url_rule("/assets/<mark>/<path:name>", endpoint="asset", view_func=assets.response)
    return assets
