"""The spreadsheets of a dossier beside the ledgers: duties, half years, candidates, scores."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from app.assessments.models import AssessmentFreeze, AssessmentScore
from app.assessments.presenting import points
from app.assessments.service import scheme_of
from app.campaigns.candidates import Candidate, Year, candidates_page
from app.campaigns.presenting import candidate_json
from app.campaigns.progress import progress_page
from app.campaigns.rules import HalfYear
from app.catalogue.assessments.models import SUBJECT_LABELS
from app.duties.progress.service import Progress, progress_between
from app.duties.quotas import STANDING_LABELS
from app.kernel.streaming_sheets import Column, Value
from app.people.models import OrganisationType
from app.reports.dossiers.asking import Asked

Rows = Iterator[Sequence[Value]]
DUTIES: tuple[Column, ...] = (
    ("单位", 18), ("章节", 8), ("指标", 30), ("小区", 16), ("时段", 16), ("截止", 12),
    ("要求", 7), ("完成", 7), ("其中", 30), ("还差", 7), ("待审核", 8), ("状态", 10),
)  # fmt: skip
HALVES: tuple[Column, ...] = (
    ("半年", 14), ("社区（村）", 18), ("小区", 8), ("做完", 8), ("各月安排", 40),
    ("还没做完的", 50),
)  # fmt: skip
CANDIDATES: tuple[Column, ...] = (
    ("社区（村）", 18), ("小区", 20), ("可以推荐为", 12), ("等次", 12), ("条件", 22),
    ("实际", 10), ("至少", 8), ("至多", 8), ("够不够", 10),
)  # fmt: skip
SCORES: tuple[Column, ...] = (
    ("单位", 20), ("参考分", 9), ("异议后", 9), ("项目", 20), ("分子", 8), ("分母", 8),
    ("得分", 8), ("算式", 34), ("依据", 50),
)  # fmt: skip


def duty_rows(asked: Asked) -> Rows:
    """How each unit stands with each duty in each period that has begun."""
    last = asked.term.last_day(asked.today)
    found = progress_between(
        asked.session,
        asked.area,
        first_on=asked.term.days.first,
        last_on=last,
        rules=asked.rules,
    )
    return (_duty_row(one) for one in found)


def _duty_row(one: Progress) -> list[Value]:
    parts = (f"{part.name} {part.done}/{part.count}" for part in one.tally.parts)
    return [
        one.unit.name,
        one.rule.section,
        one.rule.name,
        one.place.name if one.place else None,
        one.period.label,
        one.period.due_on.isoformat(),
        one.tally.quota,
        one.tally.done,
        "；".join(parts),
        one.tally.missing or None,
        one.waiting or None,
        STANDING_LABELS[one.standing],
    ]


def half_rows(asked: Asked) -> Rows:
    """Each community's half years."""
    for half in asked.term.halves:
        if half.first <= asked.today:
            yield from _half_rows(asked, half)


def _half_rows(asked: Asked, half: HalfYear) -> Rows:
    cursor = None
    while True:
        page = progress_page(
            asked.session, asked.area, half, today=asked.today, limit=100, cursor=cursor
        )
        for line in page.items:
            months = (f"{one.month} {one.planned}/{one.needed}" for one in line.months)
            yield [
                f"{half.year}年{'上' if half.half == 1 else '下'}半年",
                line.organisation.name,
                line.compounds,
                line.done,
                "；".join(months),
                "、".join(one.name for one in line.missing),
            ]
        cursor = page.next_cursor
        if cursor is None:
            return


def candidate_rows(asked: Asked) -> Rows:
    """Who may be proposed at the year's end, as of the last day, with each reason."""
    year = Year(asked.term.year, asked.term.seen_at(asked.now), asked.rules)
    cursor = None
    while True:
        page = candidates_page(asked.session, asked.area, year, limit=100, cursor=cursor)
        for candidate in page.items:
            yield from _reasons(candidate)
        cursor = page.next_cursor
        if cursor is None:
            return


def _reasons(candidate: Candidate) -> Rows:
    told = candidate_json(candidate)
    for grade in told["grades"]:
        for reason in grade["reasons"]:
            met = {True: "够", False: "不够", None: "没有数据"}[reason["met"]]
            yield [
                told["organisation"]["name"],
                told["compound"]["name"],
                told["grade_label"] or "—",
                grade["grade_label"],
                reason["criterion_label"],
                *(_figure(reason[name]) for name in ("observed", "at_least", "at_most")),
                met,
            ]


def _figure(value: float | None) -> str | None:
    return None if value is None else f"{round(value, 4):g}"


def freezes_of(asked: Asked) -> Sequence[AssessmentFreeze]:
    """The newest freeze of each scheme and period in the term."""
    periods = {*asked.term.months}
    if len(asked.term.halves) > 1:
        periods.add(asked.term.code)
    here = AssessmentFreeze.town_id == asked.organisation.town_id
    scheme = AssessmentFreeze.scheme_code, AssessmentFreeze.period
    newest = (
        select(*scheme, func.max(AssessmentFreeze.sequence).label("sequence"))
        .where(here, AssessmentFreeze.period.in_(sorted(periods)))
        .group_by(*scheme)
        .subquery()
    )
    same = and_(
        newest.c.scheme_code == AssessmentFreeze.scheme_code,
        newest.c.period == AssessmentFreeze.period,
        newest.c.sequence == AssessmentFreeze.sequence,
    )
    found = select(AssessmentFreeze).join(newest, same).where(here)
    return asked.session.scalars(found.order_by(AssessmentFreeze.period, scheme[0])).all()


def freeze_name(asked: Asked, freeze: AssessmentFreeze) -> str:
    """What a freeze's sheet is called."""
    scheme = scheme_of(asked.session, freeze)
    return f"{freeze.period} {scheme.name}（{SUBJECT_LABELS[scheme.subject]}）"


def score_rows(asked: Asked, freeze: AssessmentFreeze) -> Rows:
    """The frozen scores, a row for each item; of a community its own and its compounds' only."""
    scores = (
        select(AssessmentScore)
        .where(AssessmentScore.freeze_id == freeze.id, _of_the_unit(asked))
        .options(joinedload(AssessmentScore.objection))
        .order_by(AssessmentScore.position)
    )
    for score in asked.session.scalars(scores):
        for item in score.items:
            yield [
                score.subject_name,
                f"{points(score.total):g}",
                f"{points(score.corrected):g}",
                item["name"],
                item["numerator"],
                item["denominator"],
                f"{item['earned']:g}",
                item["formula"],
                "；".join(line["text"] for line in item["lines"][:20]),
            ]


def _of_the_unit(asked: Asked) -> ColumnElement[bool]:
    if asked.organisation.type is OrganisationType.town:
        return AssessmentScore.id.is_not(None)
    return AssessmentScore.community_id == asked.organisation.id
