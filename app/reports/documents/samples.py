"""A document of made-up figures, to see what a template looks like."""

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from app.reports.documents.kinds import MAKINGS, generated
from app.reports.documents.models import ReportKind
from app.reports.documents.rendering import Filling
from app.reports.documents.sentences import Json
from app.tickets.figures.definitions import KPIS

_SIZE = (400, 300)


def sample_document(kind: ReportKind, template: bytes) -> bytes:
    """A template filled with sample facts; raises TemplateUnusable."""
    filling, out = Filling(io.BytesIO(template)), io.BytesIO()
    filling.fill(sample_words(kind, filling), at=datetime(2026, 12, 1, tzinfo=UTC))
    for _ in filling.write(out):
        pass
    return out.getvalue()


def sample_words(kind: ReportKind, filling: Filling) -> dict[str, Any]:
    """Everything that a template of a kind can name, of sample facts."""
    facts = _facts()
    sentences = {**generated(kind, facts), "next_steps": "（下步要求写在这里。）"}
    words = MAKINGS[kind].words(facts, sentences, filling, lambda _key: _picture())
    about = {"organisation": "示例镇", "issue_number": "第1期", "dated": "2026年12月1日"}
    return {**words, **about}


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", _SIZE, (200, 214, 220)).save(out, "JPEG")
    return out.getvalue()


_SHARE = {"numerator": 9, "denominator": 10}
_PHOTO = {"sha256": "0" * 64, "size": list(_SIZE), "picture": "any", "purged": False}
_UNIT = {
    "name": "示例社区",
    "reported": 12,
    "coverage": _SHARE,
    **dict.fromkeys(("rectified", "rectified_in_time", "closed", "reworked"), _SHARE),
}
_DUTY = {
    "code": "activity",
    "name": "新时代文明实践活动",
    "section": "1",
    "done": 5,
    "quota": 4,
    "met": 1,
    "open": 0,
    "missed": 0,
}
_CASE = {
    "number": "340299101-20261105-0001",
    "place": "示例花园主干道",
    "category": "乱堆物堆料",
    "responsible": "示例物业公司",
    "reported": "11月5日9时00分",
    "rectified": "11月5日15时30分",
    "closed": "11月6日10时00分",
    "before": _PHOTO,
    "after": _PHOTO,
}


def _facts() -> Json:
    weeks = ["2026-W45", "2026-W46", "2026-W47", "2026-W48"]
    return {
        "organisation": "示例镇",
        "area": "全镇",
        "said": "2026年11月",
        "as_of": "2026年12月1日",
        "kpis": [{"code": kpi.code.value, "name": kpi.name, **_SHARE} for kpi in KPIS],
        "units": [_UNIT, {**_UNIT, "name": "示例村"}],
        "categories": [{"name": "乱堆物堆料", "count": 7}, {"name": "暴露垃圾", "count": 5}],
        "coverage": {"weeks": weeks, "due": 40, "covered": 38, "walked": 4, "with_problems": 1},
        "duties": [_DUTY],
        "cases": [_CASE],
    }
