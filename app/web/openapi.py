"""The OpenAPI 3.1 document, made of the declared routes and their pydantic schemas."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.web.problems import HTTP_TITLES
from app.web.routing import BASE, Route

REF = "#/components/schemas/{model}"

REFUSALS = {
    401: "没有登录，或登录已过期",
    403: "无权进行此操作",
    404: "没有找到，或无权查看",
    409: "已过期的版本、当前状态不能这样操作，或同一请求正在处理",
    413: "内容过大",
    415: "不支持的内容类型",
    422: "填写有误",
    429: "操作过于频繁",
    503: "系统暂时不可用",
}

PROBLEM_REFERENCE = {"$ref": REF.format(model="Problem")}

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "中文，可直接显示"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "稳定的错误码"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


def document(routes: list[Route], *, version: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the routes."""
    components, names = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = BASE + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, components, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "格巡 Gexun", "version": version, "description": "小区巡查与整改"},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "components": {
            "schemas": {**components, "Problem": PROBLEM},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "gexun_session"},
            },
        },
    }


def _schemas(routes: list[Route]) -> tuple[dict[str, Any], dict[Any, str]]:
    wanted: dict[tuple[type[BaseModel], Any], None] = {}
    for route in routes:
        for schema in (route.query, route.body, route.form):
            if schema is not None:
                wanted[(schema, "validation")] = None
        if route.answer is not None:
            wanted[(route.answer, "serialization")] = None
    mapping, top = models_json_schema(list(wanted), ref_template=REF)
    names = {key: schema["$ref"].rsplit("/", 1)[-1] for key, schema in mapping.items()}
    return top.get("$defs", {}), names


def _operation(route: Route, components: dict[str, Any], names: dict[Any, str]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.view.__name__,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": [*_path_parameters(route), *_query_parameters(route, components, names)],
        "responses": _responses(route, names),
        "x-permission": route.permission,
        "security": [] if route.permission == "public" else [{"bearer": []}, {"cookie": []}],
    }
    if route.keyed:
        operation["parameters"].append(_key_parameter())
    body = _request_body(route, names)
    if body is not None:
        operation["requestBody"] = body
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(?:\w+:)?(\w+)>", route.path)
    ]


def _query_parameters(
    route: Route, components: dict[str, Any], names: dict[Any, str]
) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = components[names[(route.query, "validation")]]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": member}
        for name, member in schema.get("properties", {}).items()
    ]


def _key_parameter() -> dict[str, Any]:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "客户端生成的请求编号，建议用 UUID；重发时保持不变",
        "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[ -~]+$"},
    }


def _request_body(route: Route, names: dict[Any, str]) -> dict[str, Any] | None:
    schema = route.body or route.form
    if schema is None:
        return None
    media_type = "application/json" if route.body else "multipart/form-data"
    reference = {"$ref": REF.format(model=names[(schema, "validation")])}
    return {"required": True, "content": {media_type: {"schema": reference}}}


def _responses(route: Route, names: dict[Any, str]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for status in (route.status, *route.other_statuses):
        answers[str(status)] = {"description": "成功"}
        if route.answer is not None and status != 204:
            reference = {"$ref": REF.format(model=names[(route.answer, "serialization")])}
            answers[str(status)]["content"] = {route.media_type: {"schema": reference}}
        elif status == 200 and route.media_type != "application/json":
            answers[str(status)]["content"] = {route.media_type: {}}
    for status in sorted(_refusals(route)):
        answers[str(status)] = {
            "description": REFUSALS.get(status) or HTTP_TITLES[status][1],
            "content": {"application/problem+json": {"schema": PROBLEM_REFERENCE}},
        }
    return answers


def _refusals(route: Route) -> set[int]:
    found = {503, *route.refusals}
    if route.permission != "public":
        found |= {401, 403, 429}
    if route.loads is not None or "<" in route.path:
        found.add(404)
    if route.query or route.body or route.form:
        found.add(422)
    if route.body or route.form:
        found |= {413, 415}
    if route.keyed:
        found |= {409, 422}
    return found
