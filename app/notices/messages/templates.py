"""Message templates, as the operator chose them at the host: which notices, and what goes where.

What a field holds is cut to what its kind takes, so that no message is refused for its words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel.clock import SHANGHAI
from app.notices.models import NOTICE_KIND_LABELS, NoticeKind

ID = re.compile(r"[0-9A-Za-z_-]{20,64}")
FIELD = re.compile(r"([a-z_]+?)([0-9]{1,2})")
PAGE = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z_/-]*(\?[0-9A-Za-z_=&{}.-]*)?")
SOURCES = ("kind", "subject", "said", "text", "number", "time")
_NUMBER = re.compile(r"工单 ?([0-9A-Za-z-]+)")
_NOTHING = "-"


class TemplatesFaulty(ValueError):
    """The file of templates cannot be used; the message is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template; `lasting`: one grant is good for any number of messages.

    `fields` names for each field of the template which of SOURCES it shows.
    """

    id: str
    name: str
    kinds: frozenset[NoticeKind]
    fields: tuple[tuple[str, str], ...]
    page: str | None = None
    lasting: bool = False


def _thing(text: str, longest: int = 20) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _plain(text: str) -> str:
    return re.sub(r"[^!-~]", "", text)[:32]


def _phrase(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff]", "", text)[:5]


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)[:32]


CUTS: dict[str, Callable[[str], str]] = {
    "thing": _thing,
    "short_thing": lambda text: _thing(text, 10),
    "character_string": _plain,
    "phrase": _phrase,
    "number": _digits,
    "time": str,
    "date": str,
}
"""How a text is cut for a field, by the kind of field that its name begins with."""


def filled(
    template: Template, *, kind: NoticeKind, text: str, created_at: datetime
) -> dict[str, str]:
    """What each field of a template shows of a notice; never empty, never too long."""
    said = _sources(kind, text, created_at)
    return {name: _cut(name, said[source]) for name, source in template.fields}


def _cut(name: str, text: str) -> str:
    kind, _ = _kind_of(name)
    fallback = {"number": "0", "phrase": "提醒"}.get(kind, _NOTHING)
    return CUTS[kind](text) or fallback


def _sources(kind: NoticeKind, text: str, created_at: datetime) -> dict[str, str]:
    """A sentence about a ticket is the place and problem, a colon, what is so, and the number."""
    subject, colon, said = text.partition("：")
    number = _NUMBER.search(text)
    if not colon:
        subject, said = NOTICE_KIND_LABELS[kind], text
    local = created_at.astimezone(SHANGHAI)
    return {
        "kind": NOTICE_KIND_LABELS[kind],
        "subject": subject,
        "said": _NUMBER.sub("", said).strip(" ，。") or NOTICE_KIND_LABELS[kind],
        "text": text,
        "number": number[1] if number else _NOTHING,
        "time": f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}",
    }


def _kind_of(name: str) -> tuple[str, str]:
    match = FIELD.fullmatch(name)
    return (match[1], match[2]) if match and match[1] in CUTS else ("", "")


def read_templates(parsed: Mapping[str, Any]) -> tuple[Template, ...]:
    """The templates of a parsed TOML file; raises TemplatesFaulty."""
    tables = parsed.get("template")
    if not isinstance(tables, list) or set(parsed) != {"template"}:
        raise TemplatesFaulty("只写 [[template]]，至少一个。")
    found = tuple(_template(table) for table in tables)
    if len({one.id for one in found}) < len(found):
        raise TemplatesFaulty("同一个模板写了两次。")
    return found


def _template(table: Any) -> Template:
    known = {"id", "name", "kinds", "page", "lasting", "fields"}
    if not isinstance(table, dict) or not set(table) <= known:
        raise TemplatesFaulty(f"[[template]] 里只能写 {'、'.join(sorted(known))}。")
    name, named, page = table.get("name"), table.get("id"), table.get("page")
    if not isinstance(named, str) or not ID.fullmatch(named):
        raise TemplatesFaulty("id 须为公众平台的模板 ID。")
    if not isinstance(name, str) or not 1 <= len(name) <= 20:
        raise TemplatesFaulty(f"模板 {named} 的 name 须为 1 至 20 个字。")
    if page is not None and (not isinstance(page, str) or not PAGE.fullmatch(page)):
        raise TemplatesFaulty(f"模板“{name}”的 page 须为小程序的页面，不以 / 开头。")
    return Template(
        id=named,
        name=name,
        kinds=_kinds(name, table.get("kinds")),
        fields=_fields(name, table.get("fields")),
        page=page,
        lasting=table.get("lasting") is True,
    )


def _kinds(name: str, said: Any) -> frozenset[NoticeKind]:
    try:
        found = frozenset(NoticeKind(each) for each in said)
    except (TypeError, ValueError):
        raise TemplatesFaulty(f"模板“{name}”的 kinds 里有不认识的消息种类。") from None
    if not found:
        raise TemplatesFaulty(f"模板“{name}”的 kinds 是空的。")
    return found


def _fields(name: str, said: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(said, dict) or not said:
        raise TemplatesFaulty(f"模板“{name}”没有写 fields。")
    for field, source in said.items():
        kind, _ = _kind_of(field)
        if not kind:
            raise TemplatesFaulty(f"模板“{name}”的字段 {field} 不认识。")
        wanted = ("time",) if kind in ("time", "date") else SOURCES
        if source not in wanted:
            raise TemplatesFaulty(f"模板“{name}”的字段 {field} 只能填 {'、'.join(wanted)} 之一。")
    return tuple(said.items())
