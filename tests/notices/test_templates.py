"""Templates of messages: what each field shows, cut by its kind, and files that cannot be used."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notices.messages.templates import (
    CUTS,
    SOURCES,
    Template,
    TemplatesFaulty,
    filled,
    read_templates,
)
from app.notices.models import TEXT_LENGTH, NoticeKind
from tests.wechat_server import LONGEST

SAMPLE = Path(__file__).parents[2] / "config" / "deploy" / "wechat-templates.sample.toml"
AT = datetime(2026, 11, 26, 1, 5, tzinfo=UTC)
TEXT = (
    "示例镇第一社区示例花园乱堆物堆料：临近期限，请在 11月26日 17:30 前整改。"
    "工单 340299101-20261126-0001"
)


def template(**fields: str) -> Template:
    kinds = frozenset({NoticeKind.due_soon})
    return Template("x" * 43, "期限提醒", kinds, tuple(fields.items()))


def test_a_sentence_is_taken_apart() -> None:
    found = filled(
        template(character_string1="number", thing2="subject", thing3="said", time4="time",
                 phrase5="kind", thing6="kind", number7="number"),
        kind=NoticeKind.due_soon, text=TEXT, created_at=AT,
    )  # fmt: skip
    assert found == {
        "character_string1": "340299101-20261126-0001",
        "thing2": "示例镇第一社区示例花园乱堆物堆料",
        "thing3": "临近期限，请在 11月26日 17:3…",
        "time4": "2026年11月26日 09:05",
        "phrase5": "临近期限",
        "thing6": "临近期限",
        "number7": "340299101202611260001",
    }


@given(
    text=st.text(min_size=1, max_size=TEXT_LENGTH),
    kind=st.sampled_from(NoticeKind),
    field=st.sampled_from([one for one in CUTS if one not in ("time", "date")]),
    source=st.sampled_from(SOURCES),
)
def test_no_field_is_ever_empty_or_too_long(
    text: str, kind: NoticeKind, field: str, source: str
) -> None:
    (value,) = filled(
        template(**{f"{field}1": source}), kind=kind, text=text, created_at=AT
    ).values()
    most = {**LONGEST, "short_thing": 10}[field]
    assert 1 <= len(value) <= most
    assert value.isprintable() or field in ("thing", "short_thing")
    assert "\n" not in value


def test_the_sample_can_be_read() -> None:
    one, two = read_templates(tomllib.loads(SAMPLE.read_text(encoding="utf-8")))
    assert (one.name, two.name, one.lasting) == ("工单提醒", "期限提醒", False)


GOOD: dict[str, Any] = {
    "id": "x" * 43,
    "name": "提醒",
    "kinds": ["dispatched"],
    "page": "pages/ticket?id={ticket}",
    "fields": {"thing1": "text"},
}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"id": "short"}, "模板 ID"),
        ({"name": ""}, "1 至 20 个字"),
        ({"kinds": []}, "空的"),
        ({"kinds": ["never_heard_of"]}, "不认识"),
        ({"page": "/pages/ticket"}, "不以 / 开头"),
        ({"fields": {}}, "没有写 fields"),
        ({"fields": {"wish1": "text"}}, "wish1 不认识"),
        ({"fields": {"thing": "text"}}, "不认识"),
        ({"fields": {"thing1": "name"}}, "只能填"),
        ({"fields": {"time1": "text"}}, "只能填 time"),
        ({"colour": "red"}, "只能写"),
    ],
)
def test_files_that_cannot_be_used(changed: dict[str, Any], reason: str) -> None:
    assert read_templates({"template": [GOOD]})[0].page == "pages/ticket?id={ticket}"
    with pytest.raises(TemplatesFaulty, match=reason):
        read_templates({"template": [{**GOOD, **changed}]})
    for whole in ({}, {"template": []} | {"more": 1}, {"template": [GOOD, GOOD]}):
        with pytest.raises(TemplatesFaulty):
            read_templates(whole)
