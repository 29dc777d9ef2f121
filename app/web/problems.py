"""Errors as application/problem+json (RFC 9457): one table from families to status."""

import logging
import math
from typing import Any

from flask import Flask, Response, g, json, request
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from app.kernel.errors import (
    Conflict,
    DomainError,
    NotAllowed,
    NotSignedIn,
    NotThere,
    Rejected,
    TooLarge,
    TooMany,
    Unavailable,
    UnsupportedMedia,
)

log = logging.getLogger("gexun.web")

STATUS_OF_FAMILY: dict[type[DomainError], int] = {
    NotSignedIn: 401,
    NotAllowed: 403,
    NotThere: 404,
    Conflict: 409,
    TooLarge: 413,
    UnsupportedMedia: 415,
    Rejected: 422,
    TooMany: 429,
    Unavailable: 503,
}

HTTP_TITLES = {
    400: ("bad_request", "请求格式有误"),
    404: ("not_found", "没有这个地址"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法"),
    413: ("request_too_large", "内容过大"),
    415: ("unsupported_media_type", "不支持的内容类型"),
    416: ("range_not_satisfiable", "请求的范围超出文件大小"),
}


def status_of(error: DomainError) -> int:
    """The HTTP status of a domain error, by the family it belongs to."""
    return next((s for family, s in STATUS_OF_FAMILY.items() if isinstance(error, family)), 500)


def problem(
    status: int,
    code: str,
    title: str,
    detail: str = "",
    *,
    fields: dict[str, list[str]] | None = None,
    extra: dict[str, Any] | None = None,
) -> Response:
    """An application/problem+json answer."""
    body: dict[str, Any] = {
        "type": f"urn:gexun:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **({"errors": fields} if fields else {}),
        **(extra or {}),
    }
    retry_after = body.pop("retry_after", None)
    response = Response(json.dumps(body), status, content_type="application/problem+json")
    if retry_after is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(retry_after)))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _of_domain_error(error: DomainError) -> Response:
    g.problem_code = error.code
    return problem(
        status_of(error),
        error.code,
        error.title,
        error.detail,
        fields=error.fields,
        extra=error.extra,
    )


def _of_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    code, title = HTTP_TITLES.get(status, ("http_error", "请求未能完成"))
    response = problem(status, code, title)
    if error.response is None:
        for name, value in error.get_headers(request.environ):
            if name.lower() not in ("content-type", "content-length"):
                response.headers[name] = value
    return response


def _of_database_error(error: DBAPIError) -> Response:
    if isinstance(error, OperationalError) or error.connection_invalidated:
        log.error("database unavailable: %s", type(error.orig).__name__)
        return problem(503, "unavailable", Unavailable.title, extra={"retry_after": 5})
    return _of_surprise(error)


def _of_surprise(error: Exception) -> Response:
    log.error("unhandled %s", type(error).__name__, exc_info=error)
    detail = f"请把编号 {g.get('request_id', '')} 告诉管理员。"
    return problem(500, "internal_error", "系统出错，内容未保存", detail)


def register_problems(app: Flask) -> None:
    """Makes every error an application/problem+json answer."""
    app.register_error_handler(DomainError, _of_domain_error)
    app.register_error_handler(HTTPException, _of_http_error)
    app.register_error_handler(DBAPIError, _of_database_error)
    app.register_error_handler(Exception, _of_surprise)
