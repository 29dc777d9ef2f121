"""The phone's pages over HTTP: one shell for all of them, and the worker that keeps it at hand."""

import json
from collections.abc import Callable
from urllib.parse import quote

from flask import Flask, Response

from app import faces, phone
from app.grid.codes.queries import scanned
from app.kernel.db import begin_reading
from app.web.assets import Assets, Sent
from app.web.pages import page_policy, prefix_of, shell
from config.settings import Settings

FIRST_MODULES = ("phone/app.js", "phone/report.js")
"""What the page for reporting needs; the others come when they are asked for."""


def register_phone(app: Flask, assets: Assets, settings: Settings) -> None:
    """Serves /m and everything below it; the bare address leads there."""
    policy = {"Content-Security-Policy": page_policy(settings)}
    prefix = prefix_of(settings)
    page = shell(
        "phone.html",
        [phone.TEMPLATES, faces.TEMPLATES],
        assets,
        modules=FIRST_MODULES,
        said={"prefix": prefix},
    )
    worker = Sent.of(_worker(assets, prefix), "text/javascript; charset=utf-8")
    manifest = Sent.of(_manifest(assets, prefix), "application/manifest+json")
    allowed = {"Service-Worker-Allowed": f"{prefix}/m"}
    rounds = f"{prefix}/m/rounds"
    served: list[tuple[str, str, Callable[..., Response]]] = [
        ("/", "front_door", lambda: _lead_to(f"{prefix}/m")),
        ("/m", "phone", _always(page, policy)),
        ("/m/<path:place>", "phone_place", _always(page, policy)),
        ("/at/<scene>", "scanned", lambda scene: _lead_to(_place(scene, rounds) or f"{prefix}/m")),
        ("/m/worker.js", "phone_worker", _always(worker, policy | allowed)),
        ("/m/manifest.json", "phone_manifest", _always(manifest, policy)),
    ]
    for rule, endpoint, view in served:
        app.add_url_rule(rule, endpoint=endpoint, view_func=view)


def _place(scene: str, rounds: str) -> str | None:
    """The page of the round of the place at which a code hangs; what is on it is for who signs in.

    Outside of /m: there the worker would give its page to a browser that wants to be led on.
    """
    found = scanned(begin_reading(), scene)
    if found is None:
        return None
    at = f"#{found.checkpoint.id}" if found.checkpoint else ""
    return f"{rounds}/{quote(found.compound.code)}{at}"


def _lead_to(address: str) -> Response:
    response = Response(status=302)
    response.headers["Location"] = address
    return response


def _always(sent: Sent, headers: dict[str, str]) -> Callable[..., Response]:
    """A view that gives the same to everybody; browsers ask each time whether it has changed."""

    def view(place: str = "") -> Response:
        response = sent.response(cache_control="no-cache")
        response.headers.update(headers)
        return response

    return view


def _worker(assets: Assets, prefix: str) -> bytes:
    """The worker, told which release it keeps."""
    release = {
        "mark": assets.mark,
        "page": f"{prefix}/m",
        "files": [assets.url(name) for name in assets.files if name.startswith(("faces", "phone"))],
    }
    text = assets.files["phone/worker.js"].body
    return f"const RELEASE = {json.dumps(release)};\n".encode() + text


def _manifest(assets: Assets, prefix: str) -> bytes:
    """What a phone needs to put the page on its home screen."""
    icon = {"src": assets.url("faces/icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    told = {
        "name": "格巡",
        "short_name": "格巡",
        "lang": "zh-CN",
        "start_url": f"{prefix}/m",
        "scope": f"{prefix}/m",
        "display": "standalone",
        "background_color": "#f5f4f0",
        "theme_color": "#0d5c4b",
        "icons": [icon],
    }
    return json.dumps(told, ensure_ascii=False).encode()
