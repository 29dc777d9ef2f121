"""Scores as JSON: each item with its formula, what it was computed from, and where that is."""

from typing import Any

from app.assessments.models import (
    AssessmentFreeze,
    AssessmentObjection,
    AssessmentScore,
    AssessmentSwitch,
)
from app.assessments.periods import Stretch
from app.assessments.reading.tickets import kpi_of
from app.assessments.rules import Scored, board_of, highest
from app.assessments.scores import Score, Scoree
from app.catalogue.assessments.models import (
    KPI_SOURCES,
    SCHEME_PERIOD_LABELS,
    SUBJECT_LABELS,
    WAY_LABELS,
    Source,
    Subject,
)
from app.catalogue.assessments.queries import Item, Scheme
from app.kernel.clock import rfc3339
from app.rounds.presenting import named_json

Json = dict[str, Any]
SAYS = {
    Source.coverage: "各周全覆盖的小区 ÷ 应巡查的小区",
    Source.duties: "完成的指标 ÷ 时段内到期的指标；只看不计分的、由巡查和工单算出的不在内",
    Source.campaigns: "月：安排的行动 ÷ 该安排的；年：两个半年做完的小区 ÷ 小区",
    Source.overdue_cases: "时段内该走下一步、还没有走的专项",
    Source.moral_lectures: "时段内记录的道德讲堂",
    Source.awards: "时段内同意申报的评选",
}


def points(hundredths: int) -> float:
    """Points as a number."""
    return hundredths / 100


def rule_json(item: Item) -> Json:
    """An item as the scheme says it."""
    kpi = kpi_of(item.source)
    return {
        "source": item.source,
        "name": item.name,
        "way": item.way,
        "way_label": WAY_LABELS[item.way],
        "points": points(item.points),
        "each": points(item.each) if item.each else None,
        "says": kpi.says if kpi else SAYS[item.source],
        "basis": item.basis,
    }


def scheme_json(scheme: Scheme) -> Json:
    """A scheme with its items."""
    return {
        "code": scheme.code,
        "name": scheme.name,
        "subject": scheme.subject,
        "subject_label": SUBJECT_LABELS[scheme.subject],
        "period": scheme.period,
        "period_label": SCHEME_PERIOD_LABELS[scheme.period],
        "objection_days": scheme.objection_days,
        "red_from": scheme.red_from,
        "black_below": scheme.black_below,
        "highest": points(highest(scheme)),
        "items": [rule_json(item) for item in scheme.items],
    }


def items_json(score: Score, scheme: Scheme, stretch: Stretch, base: str) -> list[Json]:
    """The items of a score as they are shown, and kept when it is frozen."""
    return [_item_json(one, score, scheme, stretch, base) for one in score.items]


def _item_json(one: Scored, score: Score, scheme: Scheme, stretch: Stretch, base: str) -> Json:
    source = one.item.source
    lines = score.lines.get(source, [])
    is_kpi = source in KPI_SOURCES
    asked = _asked_for(score.scoree, scheme, stretch)
    return {
        **rule_json(one.item),
        "numerator": one.fact.numerator,
        "denominator": one.fact.denominator,
        "earned": points(one.earned),
        "formula": one.formula,
        "numerator_url": f"{base}/kpis/{source}/numerator?{asked}" if is_kpi else None,
        "denominator_url": f"{base}/kpis/{source}/denominator?{asked}" if is_kpi else None,
        "lines": [{"text": line.said, "url": f"{base}{line.path}"} for line in lines],
    }


def _asked_for(one: Scoree, scheme: Scheme, stretch: Stretch) -> str:
    days = f"from={stretch.first}&to={stretch.last}"
    if scheme.subject is Subject.compound:
        return f"organisation={one.community_code}&by=compound&group={one.code}&{days}"
    return f"organisation={one.code}&{days}"


def live_json(score: Score, scheme: Scheme, stretch: Stretch, base: str) -> Json:
    """A score as of now."""
    return {
        "subject": {"code": score.scoree.code, "name": score.scoree.name},
        "total": points(score.total),
        "items": items_json(score, scheme, stretch, base),
    }


def freeze_json(freeze: AssessmentFreeze, scheme: Scheme) -> Json:
    """A freeze without its scores."""
    return {
        "id": str(freeze.id),
        "scheme": {"code": scheme.code, "name": scheme.name},
        "organisation": named_json(freeze.town),
        "period": freeze.period,
        "sequence": freeze.sequence,
        "reason": freeze.reason,
        "frozen_at": rfc3339(freeze.frozen_at),
        "data_version": freeze.data_version,
    }


def line_json(score: AssessmentScore) -> Json:
    """A frozen score in a list."""
    return {
        "id": str(score.id),
        "subject": {"code": score.subject_code, "name": score.subject_name},
        "total": points(score.total),
        "corrected": points(score.corrected),
    }


def score_json(score: AssessmentScore, scheme: Scheme, until: str, base: str) -> Json:
    """A frozen score whole: its items with what was counted then, and what became of it."""
    items = [
        {
            **item,
            **{
                f"{part}_url": f"{base}/assessments/scores/{score.id}/{item['source']}/{part}"
                for part in ("numerator", "denominator")
                if item[f"{part}_url"]
            },
        }
        for item in score.items
    ]
    return {
        **line_json(score),
        "freeze": freeze_json(score.freeze, scheme),
        "items": items,
        "sum": " + ".join(f"{item['earned']:g}" for item in items) + f" = {score.total / 100:g}",
        "objections_until": until,
        "objection": objection_json(score.objection) if score.objection else None,
    }


def objection_json(objection: AssessmentObjection) -> Json:
    """An objection with its answer; nobody is named."""
    change = objection.change
    return {
        "id": str(objection.id),
        "item": objection.source,
        "text": objection.text,
        "made_at": rfc3339(objection.made_at),
        "accepted": objection.accepted,
        "exempt": objection.exempt,
        "change": points(change) if change is not None else None,
        "answer": objection.answer,
        "answered_at": rfc3339(objection.answered_at),
    }


def board_json(freeze: AssessmentFreeze, scheme: Scheme, scores: list[AssessmentScore]) -> Json:
    """The red and the black board of a freeze: units and companies, never persons."""
    boards: dict[str, list[Json]] = {"red": [], "black": []}
    for score in scores:
        board = board_of(scheme, score.corrected)
        if board is not None:
            boards[board].append(
                {
                    "subject": {"code": score.subject_code, "name": score.subject_name},
                    "corrected": points(score.corrected),
                }
            )
    return {"freeze": freeze_json(freeze, scheme), **boards}


def switch_json(row: AssessmentSwitch) -> Json:
    """Days on which it was on."""
    return {
        "from_on": row.from_on.isoformat(),
        "to_on": row.to_on.isoformat() if row.to_on else None,
        "document": row.document,
        "switched_at": rfc3339(row.switched_at),
    }
