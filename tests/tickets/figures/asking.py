"""Asking for figures, and following what they lead to."""

from typing import Any

from app.kernel.db import begin_reading, db
from tests.tickets.figures.recount import Recount, day_of, stories_told
from tests.tickets.stories import Json, Stories, at

KPIS = {
    "rectified", "rectified_in_time", "closed", "closed_in_time", "reworked", "extended",
    "overdue", "filed_in_time", "filed_accurately", "valid_reports", "closed_same_day",
}  # fmt: skip
NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}


def figures(stories: Stories, who: str = "ducha1", **query: Any) -> Json:
    """What somebody is told."""
    answer = stories.get(who, "/kpis", **query)
    assert answer.status_code == 200, answer.text
    told: Json = answer.get_json()
    return told


def share(told: Json, code: str) -> tuple[int, int]:
    """Numerator and denominator of a KPI."""
    found = next(item for item in told["items"] if item["code"] == code)
    return found["numerator"], found["denominator"]


def shares(told: Json, *codes: str) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of some KPIs."""
    return {code: share(told, code) for code in codes}


def group(told: Json, code: str) -> Json:
    """One group of what somebody is told."""
    found: Json = next(each for each in told["groups"] if each["code"] == code)
    return found


def followed(stories: Stories, link: str, who: str = "ducha1") -> list[Json]:
    """All items of a list that a figure leads to, page by page."""
    items: list[Json] = []
    cursor = ""
    while True:
        joined = f"{link}{'&' if '?' in link else '?'}limit=100{cursor}"
        answer = stories.client.get(joined, headers=stories.headers(who))
        assert answer.status_code == 200, answer.text
        page = answer.get_json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = f"&cursor={page['next_cursor']}"


def recounted(stories: Stories, first: str, last: str) -> Recount:
    """The same, the slow way."""
    with stories.app.app_context():
        told = stories_told(begin_reading())
        found = Recount(told, day_of(at(f"{first} 12:00")), day_of(at(f"{last} 12:00")),
                        stories.clock())  # fmt: skip
        db.session.remove()
    return found
