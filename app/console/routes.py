"""The desk's pages over HTTP: one shell for all of them."""

from flask import Flask, Response

from app import console, faces
from app.web.assets import Assets
from app.web.pages import page_policy, prefix_of, shell
from config.settings import Settings

FIRST_MODULES = ("console/app.js", "console/review.js")
"""What the page for reviewing needs; the others come when they are asked for."""


def register_console(app: Flask, assets: Assets, settings: Settings) -> None:
    """Serves /console and everything below it."""
    policy = page_policy(settings, pictures=settings.tiles_url)
    page = shell(
        "console.html",
        [console.TEMPLATES, faces.TEMPLATES],
        assets,
        modules=FIRST_MODULES,
        said={
            "prefix": prefix_of(settings),
            "tiles": settings.tiles_url,
            "tiles_datum": settings.tiles_datum,
        },
    )

    def view(place: str = "") -> Response:
        response = page.response(cache_control="no-cache")
        response.headers["Content-Security-Policy"] = policy
        return response

    app.add_url_rule("/console", endpoint="console", view_func=view)
    app.add_url_rule("/console/<path:place>", endpoint="console_place", view_func=view)
