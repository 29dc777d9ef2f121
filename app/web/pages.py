"""Pages: shells without anybody's data, the same for all, filled in the browser from the API."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.web.assets import Assets, Sent
from config.settings import Settings


def prefix_of(settings: Settings) -> str:
    """The path under which a proxy serves the application; empty at the root."""
    return urlsplit(settings.public_url or "").path.rstrip("/")


def page_policy(settings: Settings, *, pictures: str | None = None) -> str:
    """What a page may load and run: nothing inline, nothing from elsewhere, no text made markup.

    Photos may have the public address while the page was opened at another of this server's;
    `pictures` is an address elsewhere from which a page also shows some.
    """
    origin = _origin(settings.public_url) + _origin(pictures)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        f"img-src 'self' blob:{origin}; manifest-src 'self'; worker-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types gexun"
    )


def _origin(address: str | None) -> str:
    """The origin of an address as a further word of a policy; nothing of none."""
    parts = urlsplit(address or "")
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


def shell(
    template: str,
    folders: Sequence[Path],
    assets: Assets,
    *,
    modules: Sequence[str],
    said: Mapping[str, Any],
) -> Sent:
    """A page made of a template, with all that its modules need named at the top."""
    names = tuple(assets.modules(*modules))
    text = (
        _templates(tuple(folders))
        .get_template(template)
        .render(asset=assets.url, modules=names, **said)
    )
    return Sent.of(text.encode(), "text/html; charset=utf-8")


@cache
def _templates(folders: tuple[Path, ...]) -> Environment:
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
