"""A bulletin filled in: its facts as words, a table, a chart and pairs of photos."""

from collections.abc import Callable
from typing import Any

from app.reports.documents.chart import bars
from app.reports.documents.rendering import Filling
from app.reports.documents.sentences import Json, Sentences, case_sentence, percent
from app.reports.pictures import EMPTY_SIZE, GONE, WAITS, empty_picture

Opened = Callable[[str], bytes]
"""The bytes of a picture by its key."""

_PAIR_MM, _PAIR_HIGH_MM, _CHART_MM = 72, 58, 150


def bulletin_words(
    facts: Json, sentences: Sentences, filling: Filling, opened: Opened
) -> dict[str, Any]:
    """What the template of a bulletin is filled with, besides its number and date."""
    return {
        "title": f"关于{facts['said']}小区巡查整改情况的通报",
        "sentences": sentences,
        "kpis": [_kpi(one) for one in facts["kpis"]],
        "units": [_unit(one) for one in facts["units"]],
        "chart": _chart(facts, filling),
        "cases": case_words(facts, sentences, filling, opened),
    }


def case_words(
    facts: Json, sentences: Sentences, filling: Filling, opened: Opened
) -> list[dict[str, Any]]:
    """The cases with their sentences and pairs of pictures."""
    return [_case(one, sentences, filling, opened) for one in facts["cases"]]


def _kpi(one: Json) -> Json:
    return {**one, "rate": percent(one["numerator"], one["denominator"])}


def _unit(one: Json) -> Json:
    def rate(name: str) -> str:
        return percent(one[name]["numerator"], one[name]["denominator"])

    return {
        "name": one["name"],
        "reported": one["reported"],
        "due": one["rectified"]["denominator"],
        "rectified": rate("rectified"),
        "in_time": rate("rectified_in_time"),
        "closing": one["closed"]["denominator"],
        "closed": rate("closed"),
        "reworked": rate("reworked"),
        "coverage": rate("coverage"),
    }


def _chart(facts: Json, filling: Filling) -> Any:
    rows = [
        (
            one["name"],
            one["rectified_in_time"]["numerator"],
            one["rectified_in_time"]["denominator"],
        )
        for one in facts["units"]
    ]
    return filling.drawing(bars("各单位按期处置率", rows), width_mm=_CHART_MM) if rows else ""


def _case(case: Json, sentences: Sentences, filling: Filling, opened: Opened) -> Json:
    return {
        "number": case["number"],
        "text": sentences.get(case_key(case), case_sentence(case)),
        "before": _picture(case["before"], filling, opened),
        "after": _picture(case["after"], filling, opened),
    }


def case_key(case: Json) -> str:
    """The key of the sentence about a case."""
    return f"case:{case['number']}"


def _picture(photo: Json | None, filling: Filling, opened: Opened) -> Any:
    if photo is None:
        return "无照片"
    if photo["purged"]:
        return GONE
    key, room = photo["picture"], {"width_mm": _PAIR_MM, "height_mm": _PAIR_HIGH_MM}
    if key is None:
        return filling.picture(lambda: empty_picture(WAITS), EMPTY_SIZE, **room)
    size = (photo["size"][0], photo["size"][1])
    return filling.picture(lambda: opened(key), size, **room)
