"""/api/v1/openapi.json for programs and /api/v1/docs for people."""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, json, render_template

from app.kernel.version import VERSION
from app.web.openapi import document
from app.web.routing import BASE

pages = Blueprint("docs", __name__, template_folder="templates")


def register_docs(app: Flask) -> None:
    """Serves the document and its page."""
    app.register_blueprint(pages, url_prefix=BASE)


def _document() -> dict[str, Any]:
    extensions = current_app.extensions
    if "gexun_document" not in extensions:
        extensions["gexun_document"] = document(extensions["gexun_routes"], version=VERSION)
    found: dict[str, Any] = extensions["gexun_document"]
    return found


@pages.get("/openapi.json")
def openapi_json() -> Response:
    """The OpenAPI 3.1 document."""
    return Response(json.dumps(_document()), content_type="application/json")


@pages.get("/docs")
def docs_page() -> str:
    """The document as a page: every route with its fields and answers."""
    return render_template("docs.html", document=_document())
