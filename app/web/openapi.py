"""The OpenAPI 3.1 document, made of the declared routes and their pydantic schemas."""

import json
import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.web.auth import COOKIE
from app.web.glossary import PROBLEM, describe
from app.web.problems import HTTP_TITLES
from app.web.routing import BASE, Route

REF = "#/components/schemas/{model}"

REFUSALS = {
    401: "没有登录，或登录已过期",
    403: "无权进行此操作",
    404: "没有找到，或无权查看",
    409: "版本已过期、当前状态不能这样操作，或同一请求正在处理",
    413: "内容过大",
    415: "不支持的内容类型",
    422: "填写有误",
    429: "操作过于频繁",
    500: "系统出错，内容未保存",
    503: "系统暂时不可用",
}
PROBLEM_REFERENCE = {"$ref": REF.format(model="Problem")}
SUCCESSES = {
    200: "成功",
    201: "已建立",
    202: "已受理，在后台做",
    204: "成功，没有内容",
    206: "所请求的一段",
    304: "与已有的相同",
    410: "照片已按保存期限清除，给出一张说明的图",
}

DESCRIPTION = (
    "格巡的全部接口。时间都是带时区的 RFC 3339；错误都是 application/problem+json，按 code 区分；"
    "写入时带 Idempotency-Key，重发不会重复。"
)
COMES_BACK = frozenset({409, 429, 503})
HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-ID": {"description": "请求编号，与发来的相同，没有发来则新编"},
    "Retry-After": {"description": "几秒后再试"},
    "Idempotent-Replay": {"description": "true：这是先前同一请求的答复"},
}
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "POST /auth/password 所得"},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "网页登录；写入时另带 X-CSRF-Token",
    },
}


def document(routes: list[Route], *, version: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the routes."""
    components, names = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = documented_path(route)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, components, names)
    _as_sent(routes, components, names)
    made = {
        "openapi": "3.1.0",
        "info": {"title": "格巡接口", "version": version, "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "components": {
            "schemas": {**components, "Problem": PROBLEM},
            "securitySchemes": SECURITY,
            "headers": {
                name: {**header, "schema": {"type": "string"}} for name, header in HEADERS.items()
            },
        },
    }
    describe(made)
    return made


def documented_path(route: Route) -> str:
    """The path of a route as OpenAPI writes it."""
    return BASE + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)


def _schemas(routes: list[Route]) -> tuple[dict[str, Any], dict[Any, str]]:
    wanted: dict[tuple[type[BaseModel], Any], None] = {}
    for route in routes:
        for schema in (route.query, route.body, route.form):
            if schema is not None:
                wanted[(schema, "validation")] = None
        if route.answer is not None:
            wanted[(route.answer, "serialization")] = None
    mapping, top = models_json_schema(list(wanted), ref_template=REF)
    mapping_names = {key: schema["$ref"].rsplit("/", 1)[-1] for key, schema in mapping.items()}
    short = {name: _short(name) for name in top.get("$defs", {})}
    text = json.dumps(top.get("$defs", {}))
    for name, shorter in short.items():
        text = text.replace(f'"{REF.format(model=name)}"', f'"{REF.format(model=shorter)}"')
    components = {short[name]: schema for name, schema in json.loads(text).items()}
    return components, {key: short[name] for key, name in mapping_names.items()}


def _short(name: str) -> str:
    """Schemas of one name in two packages are told apart by the package: TicketsResponsibleOut."""
    parts = name.split("__")
    return name if len(parts) < 3 else f"{parts[1].capitalize()}{parts[-1]}"


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
    if route.description:
        operation["description"] = route.description
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
        {"name": name, "in": "query", "required": name in required, "schema": _sent(member)}
        for name, member in schema.get("properties", {}).items()
    ]


def _sent(member: dict[str, Any]) -> dict[str, Any]:
    """A parameter is left out, never null."""
    kinds = [kind for kind in member.get("anyOf", []) if kind != {"type": "null"}]
    if not kinds:
        return dict(member)
    rest = {k: v for k, v in member.items() if k != "anyOf" and (k, v) != ("default", None)}
    return {**rest, **(kinds[0] if len(kinds) == 1 else {"anyOf": kinds})}


def _as_sent(routes: list[Route], components: dict[str, Any], names: dict[Any, str]) -> None:
    """Fields of forms lose their null too; queries stand in their routes only."""
    for route in routes:
        if route.form is not None:
            schema = components[names[(route.form, "validation")]]
            members = schema["properties"].items()
            schema["properties"] = {name: _sent(member) for name, member in members}
    for name in {names[(route.query, "validation")] for route in routes if route.query}:
        del components[name]


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
    needed = any(field.is_required() for field in schema.model_fields.values())
    return {"required": needed, "content": {media_type: {"schema": reference}}}


def _responses(route: Route, names: dict[Any, str]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for status in (route.status, *route.other_statuses):
        headers = ["X-Request-ID", *(["Idempotent-Replay"] if route.keyed else [])]
        answers[str(status)] = {"description": SUCCESSES[status], "headers": _headers(headers)}
        if status not in (204, 304):
            answers[str(status)]["content"] = {route.media_type: _media(route, names)}
    for status in sorted(_refusals(route)):
        headers = ["X-Request-ID", *(["Retry-After"] if status in COMES_BACK else [])]
        answers[str(status)] = {
            "description": REFUSALS.get(status) or HTTP_TITLES[status][1],
            "headers": _headers(headers),
            "content": {
                "application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}
            },
        }
    return answers


def _media(route: Route, names: dict[Any, str]) -> dict[str, Any]:
    if route.answer is None:
        return {}
    return {"schema": {"$ref": REF.format(model=names[(route.answer, "serialization")])}}


def _headers(names: list[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _refusals(route: Route) -> set[int]:
    found = {500, 503, *route.refusals}
    if route.permission != "public":
        # 422: every address refuses parameters that it does not take, save the public ones.
        found |= {401, 403, 422, 429}
    if route.loads is not None or "<" in route.path:
        found.add(404)
    if route.query or route.body or route.form:
        found.add(422)
    if route.body or route.form:
        found |= {413, 415}
    if route.keyed:
        found |= {409, 422}
    return found
