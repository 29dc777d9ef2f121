"""Figures as JSON; every figure with the address of the list behind it."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from app.catalogue.composite import Weight
from app.kernel.clock import rfc3339
from app.kernel.paging import Page
from app.tickets.figures.behind import Counted, LegCounted, Part
from app.tickets.figures.composite import Composite, composite_of
from app.tickets.figures.composite import Part as CompositePart
from app.tickets.figures.counting import Figures
from app.tickets.figures.definitions import KPIS, Kpi
from app.tickets.figures.freezes.models import KpiFreeze
from app.tickets.figures.freezes.service import Change
from app.tickets.showing.describing import named
from app.tickets.showing.presenting import Viewer, ticket_items

Link = Callable[[Kpi, Part], str]
SCORE_DECIMALS = 2


def link_to(base: str, asked: dict[str, str], **more: str) -> Link:
    """The addresses of the lists behind figures that were asked for in some words."""
    words = urlencode({**asked, **more})
    return lambda kpi, part: f"{base}/kpis/{kpi.code.value}/{part.value}?{words}"


def figures_json(figures: Figures, weights: Sequence[Weight], link: Link | None) -> dict[str, Any]:
    """All KPIs in their order, and the composite."""
    return {
        "items": [_kpi(kpi, figures, link) for kpi in KPIS],
        "composite": _composite(composite_of(figures, weights)),
    }


def _kpi(kpi: Kpi, figures: Figures, link: Link | None) -> dict[str, Any]:
    figure = figures[kpi]
    return {
        "code": kpi.code.value,
        "name": kpi.name,
        "rule": kpi.says,
        "unit": kpi.denominator.unit.value,
        "charged": kpi.denominator.charged.value,
        "more_is_better": kpi.more_is_better,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "rate": figure.rate,
        "numerator_link": link(kpi, Part.numerator) if link else None,
        "denominator_link": link(kpi, Part.denominator) if link else None,
    }


def _composite(composite: Composite) -> dict[str, Any]:
    score = composite.score
    return {
        "score": None if score is None else round(score, SCORE_DECIMALS),
        "parts": [_part(part, composite) for part in composite.parts],
        "note": composite.note,
    }


def _part(part: CompositePart, composite: Composite) -> dict[str, Any]:
    counts = part.value is not None
    scaled = part.weight / composite.weight * 100 if counts else None
    return {
        "code": part.kpi.code.value,
        "name": part.kpi.name,
        "weight": part.weight,
        "scaled_weight": None if scaled is None else round(scaled, SCORE_DECIMALS),
        "value": part.value,
    }


def leg_json(leg: LegCounted) -> dict[str, Any]:
    """A leg that was counted."""
    return {
        "id": str(leg.id),
        "organisation": {"code": leg.code, "name": leg.name},
        "from": rfc3339(leg.from_at),
        "to": rfc3339(leg.to_at),
        "outcome": leg.outcome.value if leg.outcome else None,
        "due_at": rfc3339(leg.due_at),
        "in_time": leg.in_time,
    }


def freeze_json(freeze: KpiFreeze, base: str) -> dict[str, Any]:
    """A frozen month in a list, each figure with the addresses of what was counted then."""
    return {
        "id": str(freeze.id),
        "organisation": named(freeze.organisation),
        "month": freeze.month,
        "sequence": freeze.sequence,
        "document": freeze.document,
        "reason": freeze.reason,
        "frozen_at": rfc3339(freeze.frozen_at),
        "frozen": {
            **freeze.figures,
            "items": [_linked(freeze, one, base) for one in _items(freeze)],
        },
    }


def _items(freeze: KpiFreeze) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = freeze.figures["items"]
    return found


def _linked(freeze: KpiFreeze, item: dict[str, Any], base: str) -> dict[str, Any]:
    figure = f"{base}/kpis/freezes/{freeze.id}/{item['code']}"
    return {**item, **{f"{part.value}_link": f"{figure}/{part.value}" for part in Part}}


def counted_json(who: Viewer, page: Page[Counted]) -> dict[str, Any]:
    """A page of what was counted."""
    shown = ticket_items(who, [one.ticket for one in page.items])
    return {
        "items": [
            {"ticket": ticket, "leg": leg_json(one.leg) if one.leg else None}
            for ticket, one in zip(shown, page.items, strict=True)
        ],
        "next_cursor": page.next_cursor,
    }


def changed_json(changes: dict[Kpi, dict[Part, Change]]) -> list[dict[str, Any]]:
    """What came and went since a freeze, KPI by KPI; those without a change are left out."""
    return [
        {
            "code": kpi.code.value,
            "name": kpi.name,
            **{part.value: _change(parts[part]) for part in Part},
        }
        for kpi, parts in changes.items()
        if any(change.came or change.went for change in parts.values())
    ]


def _change(change: Change) -> dict[str, Any]:
    return {"came": _tickets(change.came), "went": _tickets(change.went)}


def _tickets(found: list[tuple[UUID, str]]) -> list[dict[str, str]]:
    return [{"id": str(ticket_id), "number": number} for ticket_id, number in found]
