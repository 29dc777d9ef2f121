"""The OpenAPI document as rows and headings for the page that people read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SIMPLE = {
    "string": "文字",
    "integer": "整数",
    "number": "数字",
    "boolean": "true / false",
    "object": "对象",
    "null": "空",
}
FORMATS = {
    "date-time": "时间",
    "date": "日期",
    "uuid": "UUID",
    "binary": "文件",
    "uri": "地址",
}
PERMISSIONS = {"public": "公开，不必登录", "signed_in": "登录即可"}
PLACES = {"path": "路径", "query": "查询", "header": "请求头"}


@dataclass(frozen=True)
class Kind:
    """What a value is: words, and the schema they link to."""

    words: str
    schema: str | None = None


@dataclass(frozen=True)
class Row:
    """A field or parameter."""

    name: str
    kinds: list[Kind]
    required: bool
    description: str
    bounds: str
    place: str = ""


@dataclass(frozen=True)
class Answer:
    """What may come back under one status."""

    status: str
    description: str
    media_type: str
    kinds: list[Kind]


@dataclass(frozen=True)
class Operation:
    """One route."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    permission: str
    parameters: list[Row]
    media_type: str
    fields: list[Row]
    answers: list[Answer]
    refusals: list[Answer]


@dataclass(frozen=True)
class Schema:
    """The fields of an object that answers and requests name."""

    name: str
    fields: list[Row]


def groups(document: dict[str, Any]) -> dict[str, list[Operation]]:
    """The operations by tag, in the order they were declared."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            made = _operation(document, method.upper(), path, operation)
            found[operation["tags"][0]].append(made)
    return found


def schemas(document: dict[str, Any]) -> list[Schema]:
    """The objects that answers and requests name; what only lists words is shown in its place."""
    return [
        Schema(name, list(_rows(document, schema)))
        for name, schema in sorted(document["components"]["schemas"].items())
        if schema.get("properties")
    ]


def _operation(
    document: dict[str, Any], method: str, path: str, operation: dict[str, Any]
) -> Operation:
    answers = list(_answers(document, operation))
    permission = operation["x-permission"]
    media_type, fields = _body(document, operation)
    return Operation(
        anchor=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        permission=PERMISSIONS.get(permission, permission),
        parameters=[_parameter(document, one) for one in operation["parameters"]],
        media_type=media_type,
        fields=fields,
        answers=[one for one in answers if one.status < "400"],
        refusals=[one for one in answers if one.status >= "400"],
    )


def _body(document: dict[str, Any], operation: dict[str, Any]) -> tuple[str, list[Row]]:
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        return media_type, list(_rows(document, _resolved(document, content["schema"])))
    return "", []


def _answers(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[Answer]:
    for status, answer in operation["responses"].items():
        contents: dict[str, dict[str, Any]] = answer.get("content", {})
        media_type = next(iter(contents), "")
        schema = contents.get(media_type, {}).get("schema")
        kinds = _kinds(document, schema) if schema else []
        yield Answer(status, answer["description"], media_type, kinds)


def _parameter(document: dict[str, Any], parameter: dict[str, Any]) -> Row:
    schema = parameter["schema"]
    return Row(
        parameter["name"],
        _kinds(document, schema),
        parameter["required"],
        parameter.get("description", ""),
        _bounds(schema),
        PLACES[parameter["in"]],
    )


def _rows(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[Row]:
    required = schema.get("required", [])
    for name, member in schema.get("properties", {}).items():
        description = member.get("description", "")
        yield Row(name, _kinds(document, member), name in required, description, _bounds(member))


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = document["components"]["schemas"][_name(schema)]
    return found


def _name(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[-1]


def _kinds(document: dict[str, Any], schema: dict[str, Any]) -> list[Kind]:
    """What a value may be; a schema without fields is said in words rather than linked."""
    if "$ref" in schema:
        target = _resolved(document, schema)
        if target.get("properties"):
            return [Kind(_name(schema), _name(schema))]
        return _kinds(document, target)
    if "anyOf" in schema:
        told = [one for one in schema["anyOf"] if one.get("enum") != [""]]
        return [kind for one in told for kind in _kinds(document, one)]
    if "enum" in schema or "const" in schema:
        words = schema.get("enum", [schema.get("const")])
        return [Kind(" | ".join(str(word) for word in words))]
    if schema.get("type") == "array":
        members = _kinds(document, schema.get("items", {}))
        return [Kind(f"{kind.words} 的列表", kind.schema) for kind in members] or [Kind("列表")]
    simple = SIMPLE.get(schema.get("type", ""), "任意")
    return [Kind(FORMATS.get(schema.get("format", ""), simple))]


def _bounds(schema: dict[str, Any]) -> str:
    """Limits and default of a field in words."""
    for one in (schema, *schema.get("anyOf", [])):
        parts = [
            _span(one.get("minimum"), one.get("maximum"), ""),
            _span(one.get("minLength"), one.get("maxLength"), " 字"),
            _span(one.get("minItems"), one.get("maxItems"), " 项"),
        ]
        if any(parts):
            break
    if schema.get("default") not in (None, [], ""):
        parts.append(f"默认 {_written(schema['default'])}")
    return "，".join(part for part in parts if part)


def _span(least: float | None, most: float | None, unit: str) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return f"至少 {least:g}{unit}"
    if least is None:
        return f"至多 {most:g}{unit}"
    return f"{least:g}–{most:g}{unit}"


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
