"""What a work report says of each duty: done, asked for, met and missing, section by section."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from app.duties.progress.service import Progress, progress_between
from app.duties.quotas import Standing
from app.kernel.clock import shanghai_day
from app.reports.documents.facts import NOBODY, Area, Asked, bulletin_facts
from app.rounds.coverage_queries import due_rules_of

Json = dict[str, Any]


def work_report_facts(asked: Asked, cases: Sequence[UUID]) -> Json:
    """All that a work report says: what a bulletin does, and the duties of each section."""
    facts = bulletin_facts(asked, cases)
    rules = due_rules_of(asked.session, asked.kinds)
    area = Area(NOBODY, shanghai_day(asked.now), asked.organisation)
    found = progress_between(
        asked.session, area, first_on=asked.days.first, last_on=asked.days.last, rules=rules
    )
    return {**facts, "duties": _duties(found)}


def _duties(found: Iterable[Progress]) -> list[Json]:
    """A line for each duty, all its units and periods together, in the order of the file."""
    by_code: dict[str, list[Progress]] = {}
    for one in found:
        by_code.setdefault(one.rule.code, []).append(one)
    return [_duty_json(each) for each in sorted(by_code.values(), key=lambda e: e[0].rule.position)]


def _duty_json(found: Sequence[Progress]) -> Json:
    rule = found[0].rule

    def count(standing: Standing) -> int:
        return sum(one.standing is standing for one in found)

    return {
        "code": rule.code,
        "name": rule.name,
        "section": rule.section.partition(".")[0],
        "done": sum(one.tally.done for one in found),
        "quota": sum(one.tally.quota for one in found),
        "met": count(Standing.met),
        "open": count(Standing.open),
        "missed": count(Standing.missed),
    }
