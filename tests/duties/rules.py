"""Rules of duties in few words."""

from datetime import date
from typing import Any

from app.catalogue.desk.models import DoneBy, Line, Measure, PeriodKind, UnitKind
from app.catalogue.desk.queries import DutyRule, FestivalView, Quota

LONG_AGO = date(2020, 1, 1)


def rule(period: PeriodKind = PeriodKind.month, **said: Any) -> DutyRule:
    """A duty of communities, once in a period, since long ago unless said else."""
    wanted: dict[str, Any] = {
        "code": "one",
        "name": "一项",
        "from_on": LONG_AGO,
        "to_on": None,
        "section": "1",
        "period": period,
        "line": Line.publicity,
        "done_by": DoneBy.lead,
        "checked_by": None,
        "derived": None,
        "measure": Measure.records,
        "kinds": frozenset({"activity"}),
        "quotas": (Quota(UnitKind.community, 1),),
        "reviewed": False,
        "scored": True,
        "due": None,
        "term_from": 2023 if period is PeriodKind.term else None,
        "festivals": "traditional" if period is PeriodKind.festival else None,
        "position": 0,
    }
    return DutyRule(**(wanted | said))


def festival(code: str, *dates: date, **said: Any) -> FestivalView:
    """A festival of the traditional ones, ten days before and five after it."""
    wanted: dict[str, Any] = {"family": "traditional", "fixed": None, "before": 10, "after": 5}
    return FestivalView(code, code, LONG_AGO, None, dates=dates, **(wanted | said))
