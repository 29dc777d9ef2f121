"""/api/v1/openapi.json for programs and /api/v1/docs for people."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, current_app, json
from jinja2 import Environment, FileSystemLoader

from app.kernel.version import VERSION
from app.web.openapi import document
from app.web.reading import groups, schemas
from app.web.routing import Call, Routes

routes = Routes("接口文档")

HERE = Path(__file__).parent


def _document() -> dict[str, Any]:
    """The document of this application, made at its first use."""
    extensions = current_app.extensions
    if "gexun_document" not in extensions:
        extensions["gexun_document"] = document(extensions["gexun_routes"], version=VERSION)
    found: dict[str, Any] = extensions["gexun_document"]
    return found


@cache
def _style() -> tuple[bytes, str]:
    """The style sheet, and the mark of its content."""
    content = (HERE / "static" / "docs.css").read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


@routes.get("/openapi.json", permission="public")
def get_openapi(call: Call) -> Response:
    """OpenAPI 3.1 文档，供程序读取"""
    return Response(json.dumps(_document()), content_type="application/json")


@routes.get("/docs", permission="public", media_type="text/html")
def get_docs(call: Call) -> Response:
    """接口文档，供人阅读"""
    extensions = current_app.extensions
    if "gexun_docs_page" not in extensions:
        extensions["gexun_docs_page"] = _page(_document())
    return Response(extensions["gexun_docs_page"], content_type="text/html; charset=utf-8")


def _page(made: dict[str, Any]) -> str:
    loader = FileSystemLoader(HERE / "templates")
    pages = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template("docs.html").render(
        info=made["info"], groups=groups(made), schemas=schemas(made), style=_style()[1]
    )


@routes.get("/docs/style.css", permission="public", media_type="text/css")
def get_style(call: Call) -> Response:
    """接口文档的样式"""
    response = Response(_style()[0], content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
