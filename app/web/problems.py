"""Errors as application/problem+json (RFC 9457): one table from families to status."""

import logging
import math
import sqlite3
import traceback
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, g, json, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed

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

NO_SUCH_TABLE = "42P01"
RETRY_AFTER_S = 5

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
    411: ("length_required", "请求没有写明长度"),
    413: ("request_too_large", "内容过大"),
    415: ("unsupported_media_type", "不支持的内容类型"),
    416: ("range_not_satisfiable", "请求的范围超出文件大小"),
}

HTTP_DETAILS = {
    400: "请按接口文档重新发送，见 /api/v1/docs。",
    404: "请核对地址，全部接口见 /api/v1/docs。",
    411: "请带上 Content-Length 再发送。",
    413: "请分次提交，或减小文件后再提交。",
    415: "请按接口文档的 Content-Type 发送，见 /api/v1/docs。",
    416: "请从头读取，或减小 Range 的起点。",
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
        extra={**_come_back(error), **error.extra},
    )


def _come_back(error: DomainError) -> dict[str, Any]:
    return {"retry_after": RETRY_AFTER_S} if isinstance(error, Unavailable) else {}


def _of_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    code, title = HTTP_TITLES.get(status, ("http_error", "请求未能完成"))
    g.problem_code = code
    response = problem(status, code, title, _http_detail(error, status))
    if error.response is None:
        for name, value in error.get_headers(request.environ):
            if name.lower() not in ("content-type", "content-length"):
                response.headers[name] = value
    return response


def _http_detail(error: HTTPException, status: int) -> str:
    """What to do about it."""
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        known = sorted(set(error.valid_methods) - {"HEAD", "OPTIONS"})
        return f"请改用 {'、'.join(known)}。"
    return HTTP_DETAILS.get(status, "请稍后再试；仍不行的，请告诉管理员。")


def _of_database_error(error: DBAPIError) -> Response:
    if not _database_is_away(error):
        return _of_surprise(error)
    log.error("request %s: database unavailable: %s", _request_id(), type(error.orig).__name__)
    return _unavailable()


def _of_full_pool(_error: PoolTimeout) -> Response:
    log.error("request %s: no database connection came free", _request_id())
    return _unavailable()


def _unavailable() -> Response:
    g.problem_code = Unavailable.code
    detail = "请稍后再试；内容没有保存。"
    extra = {"retry_after": RETRY_AFTER_S}
    return problem(503, Unavailable.code, Unavailable.title, detail, extra=extra)


def _database_is_away(error: DBAPIError) -> bool:
    """Whether the database, not the statement, is at fault: gone, locked, full or without tables.

    SQLite calls a wrong statement operational too; its result code tells them apart.
    """
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) == NO_SUCH_TABLE:
        return True
    if isinstance(error.orig, sqlite3.Error) and not _says_no_such_table(error.orig):
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & 0xFF not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT)
    return isinstance(error, OperationalError)


def _says_no_such_table(error: sqlite3.Error) -> bool:
    return str(error).startswith("no such table")


def _of_surprise(error: Exception) -> Response:
    g.problem_code = "internal_error"
    log.error("request %s: unhandled %s", _request_id(), "".join(_without_messages(error)))
    detail = f"请把编号 {_request_id()} 告诉管理员。"
    return problem(500, "internal_error", "系统出错，内容未保存", detail)


def _without_messages(error: BaseException) -> Iterator[str]:
    """The types and places of an error and of its causes; messages may quote what people wrote."""
    known: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in known:
        known.add(id(cause))
        yield f"{type(cause).__module__}.{type(cause).__qualname__}\n"
        yield from traceback.format_tb(cause.__traceback__)
        cause = cause.__cause__ or cause.__context__


def _request_id() -> str:
    found: str = g.get("request_id", "")
    return found


def register_problems(app: Flask) -> None:
    """Makes every error an application/problem+json answer."""
    app.register_error_handler(DomainError, _of_domain_error)
    app.register_error_handler(HTTPException, _of_http_error)
    app.register_error_handler(DBAPIError, _of_database_error)
    app.register_error_handler(PoolTimeout, _of_full_pool)
    app.register_error_handler(Exception, _of_surprise)
