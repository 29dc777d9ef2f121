"""Reading a request: JSON, query and form into validated schemas, with messages in Chinese."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from flask import Request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from app.kernel.errors import Rejected, TooLarge, UnsupportedMedia

M = TypeVar("M", bound=BaseModel)
DEEPEST = 20

MESSAGES = {
    "missing": "必填",
    "string_type": "须为文字",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不对",
    "int_type": "须为整数",
    "int_parsing_size": "数字过大",
    "int_parsing": "须为整数",
    "int_from_float": "须为整数",
    "float_type": "须为数字",
    "float_parsing": "须为数字",
    "finite_number": "须为有限的数字",
    "bool_type": "须为 true 或 false",
    "bool_parsing": "须为 true 或 false",
    "enum": "只能是 {expected} 之一",
    "literal_error": "只能是 {expected} 之一",
    "list_type": "须为列表",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "dict_type": "须为对象",
    "model_type": "须为对象",
    "model_attributes_type": "须为对象",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "greater_than": "须大于 {gt}",
    "less_than": "须小于 {lt}",
    "timezone_aware": "时间须带时区，例如 2026-11-23T09:30:00+08:00",
    "datetime_parsing": "须为带时区的 RFC 3339 时间，例如 2026-11-23T09:30:00+08:00",
    "datetime_from_date_parsing": "须为带时区的 RFC 3339 时间，例如 2026-11-23T09:30:00+08:00",
    "date_parsing": "须为日期，例如 2026-11-23",
    "date_from_datetime_parsing": "须为日期，例如 2026-11-23",
    "uuid_parsing": "须为 UUID",
    "uuid_type": "须为 UUID",
}
"""Pydantic's error types in Chinese; a test checks that all that our schemas raise are here."""


class InvalidJson(Rejected):
    """The body is not JSON."""

    code = "invalid_json"
    title = "请求内容不是有效的 JSON"


class InvalidInput(Rejected):
    """Fields are missing or malformed."""

    code = "invalid_input"
    title = "填写有误"


OWN_MESSAGES = frozenset({"rung", "repeated"})
"""Kinds of faults of our own schemas, which say in Chinese what is wrong."""


def invalid_input(error: ValidationError, *, levels: int | None = None) -> InvalidInput:
    """The refusal for a failed validation, with the messages of each field, which is named by its
    whole location or the first levels of it."""
    fields: dict[str, list[str]] = {}
    for fault in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in fault["loc"][:levels]) or "body"
        told, message = fields.setdefault(name, []), _message(fault["type"], fault)
        if message not in told:
            told.append(message)
    first = next(iter(fields))
    return InvalidInput(f"{first}：{fields[first][0]}。", fields=fields)


def _message(kind: str, fault: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(fault["ctx"]["error"])
    if kind in OWN_MESSAGES:
        return str(fault["msg"])
    context = fault.get("ctx") or {}
    told = {name: _in_chinese(name, value) for name, value in context.items()}
    return MESSAGES.get(kind, "格式不对").format_map(told)


def _in_chinese(name: str, value: Any) -> Any:
    """A bound without a needless fraction; the words of an enumeration without English between."""
    if isinstance(value, float):
        return f"{value:.15g}"
    return "、".join(re.findall(r"'([^']*)'", value)) if name == "expected" else value


def validated(schema: type[M], values: Any) -> M:
    """The schema's instance made of parsed values; raises InvalidInput."""
    refuse_unstorable(values)
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        raise invalid_input(error) from None


def validated_query(schema: type[M], args: MultiDict[str, str]) -> M:
    """The schema's instance made of query parameters; raises InvalidInput.

    A parameter that is repeated is named as it is written in the address, without its place.
    """
    values = query_values(args, schema)
    refuse_unstorable(values)
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        raise invalid_input(error, levels=1) from None


def _not_a_number(text: str) -> Any:
    raise ValueError(text)


def _members(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _strings(values: Any) -> Iterator[str]:
    """Every text among parsed values, names of members included."""
    waiting = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        waiting += _members(value)


def _is_deeper(values: Any, levels: int) -> bool:
    """Whether parsed values are nested deeper than some levels."""
    level = [values]
    for _ in range(levels):
        level = [member for value in level for member in _members(value)]
        if not level:
            return False
    return True


def is_storable(text: str) -> bool:
    """Whether both databases can hold a text: no NUL, no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def refuse_unstorable(values: Any) -> None:
    """Raises InvalidInput when a text among parsed values cannot be stored."""
    if not all(is_storable(text) for text in _strings(values)):
        raise InvalidInput("文字中有不能保存的控制字符，请删除后重试。")


def parse_json(request: Request) -> Any:
    """The parsed JSON body ({} when there is none); raises TooLarge, UnsupportedMedia or
    InvalidJson."""
    raw = request.get_data(cache=True)
    if request.content_length is None and len(raw) >= (request.max_content_length or len(raw) + 1):
        # A body of unknown length is cut off at the cap without a word.
        raise TooLarge("请求内容过大，请分次提交。")
    if raw and request.mimetype != "application/json":
        raise UnsupportedMedia("请用 Content-Type: application/json。")
    if not raw:
        return {}
    try:
        values = json.loads(raw, parse_constant=_not_a_number)
    except (ValueError, RecursionError):
        raise InvalidJson("请检查括号、引号和编码（UTF-8）。") from None
    if not isinstance(values, dict):
        raise InvalidJson("最外层须为对象。")
    if _is_deeper(values, DEEPEST):
        raise InvalidJson(f"嵌套不能超过 {DEEPEST} 层。")
    return values


def query_values(args: MultiDict[str, str], schema: type[BaseModel]) -> dict[str, Any]:
    """Query parameters as values for a schema; a list field takes every repetition, any other
    raises InvalidInput for one."""
    lists = [name for name, each in schema.model_fields.items() if "list" in str(each.annotation)]
    refuse_repeated([name for name, _ in args.items(multi=True) if name not in lists])
    return {name: args.getlist(name) if name in lists else args[name] for name in args}


def form_values(form: MultiDict[str, str]) -> dict[str, Any]:
    """The fields of a form as values for a schema; raises InvalidInput for one that came twice."""
    refuse_repeated([name for name, _ in form.items(multi=True)])
    return form.to_dict()


def refuse_repeated(names: Sequence[str]) -> None:
    """Raises InvalidInput for a name that came more than once: nobody knows which was meant."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        detail = f"{twice[0][:80]} 只能有一个。"
        raise InvalidInput(detail, fields={name: ["只能有一个"] for name in twice})


def refuse_unknown_parameters(args: MultiDict[str, str], schema: type[BaseModel] | None) -> None:
    """Raises InvalidInput for a query parameter that the address does not take: a filter that is
    misspelt would else answer with everything."""
    fields = schema.model_fields if schema else {}
    known = [field.alias or name for name, field in fields.items()]
    unknown = [name for name in args if name not in known]
    if not unknown:
        return
    possible = f"可用的参数：{'、'.join(known)}" if known else "这个地址不带查询参数"
    detail = f"没有 {unknown[0][:80]} 这个查询参数。{possible}。"
    raise InvalidInput(detail, fields={name: [f"没有这个查询参数。{possible}"] for name in unknown})


def canonical_digest(values: Any, file_digests: list[str]) -> str:
    """SHA-256 over parsed fields and file hashes, the same however the request was written."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256("\n".join([text, *file_digests]).encode()).hexdigest()
