"""The KPIs as a table: what is counted, when it belongs to a period, who is charged, the rule.

The counts, the lists behind them and what is frozen are all made from these rows; a further KPI is
a further row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import SQLColumnExpression

from app.catalogue.kpis import KPI_NAMES, KpiCode
from app.tickets.figures import rules
from app.tickets.figures.rules import Rule
from app.tickets.models import Leg, Ticket


class Unit(StrEnum):
    """What a KPI counts."""

    leg = "leg"
    ticket = "ticket"


class Charged(StrEnum):
    """Whose figure it is: the organisation that had to put it right, or the community whose lead,
    wardens and supervisors file and check."""

    responsible = "responsible"
    checker = "checker"


@dataclass(frozen=True)
class Denominator:
    """What is counted: which legs or tickets, and by which of their instants they belong to a
    period."""

    name: str
    unit: Unit
    charged: Charged
    at: Callable[[datetime], SQLColumnExpression[Any]]
    holds: Rule


@dataclass(frozen=True)
class Kpi:
    """One KPI: those of the denominator for which the numerator holds. `says` is the rule as people
    read it."""

    code: KpiCode
    denominator: Denominator
    numerator: Rule
    more_is_better: bool
    says: str

    @property
    def name(self) -> str:
        """As people call it."""
        return KPI_NAMES[self.code]


_RESPONSIBLE, _CHECKER = Charged.responsible, Charged.checker

DUE_LEGS = Denominator("due_legs", Unit.leg, _RESPONSIBLE, lambda now: Leg.due_at, rules.leg_is_due)
"""Legs due to be rectified, by their limit."""

CLOSING_CHECKED = Denominator(
    "closing_checked",
    Unit.ticket,
    _CHECKER,
    rules.closing_due_at,
    rules.closing_is_due,
)
"""Tickets due to close, by the limit of checking: late checking is the checker's."""

CLOSING_RECTIFIED = Denominator(
    "closing_rectified",
    Unit.ticket,
    _RESPONSIBLE,
    rules.closing_due_at,
    rules.closing_is_due,
)
"""The same tickets, charged to whose work it was."""

FILINGS = Denominator("filings", Unit.ticket, _CHECKER, rules.filing_at, rules.filing_is_counted)
"""Reports decided on, by when they first were, and those that wait too long, by their limit."""

FILED = Denominator("filed", Unit.ticket, _CHECKER, lambda now: Ticket.filed_at, rules.is_filed)
"""Tickets filed, by when they first were."""

REPORTED = Denominator(
    "reported", Unit.ticket, _CHECKER, lambda now: Ticket.reported_at, rules.is_reported
)
"""Reports, by when they came."""

CLOSED = Denominator("closed", Unit.ticket, _CHECKER, lambda now: Ticket.closed_at, rules.is_closed)
"""Tickets closed, by when they were."""

KPIS: tuple[Kpi, ...] = (
    Kpi(
        KpiCode.rectified,
        DUE_LEGS,
        rules.leg_is_done,
        True,
        "已整改（没有被退回、重新办理）或已移交的环节 ÷ 应处置的环节",
    ),
    Kpi(
        KpiCode.rectified_in_time,
        DUE_LEGS,
        rules.leg_is_done_in_time,
        True,
        "在期限内整改或已移交的环节 ÷ 应处置的环节",
    ),
    Kpi(
        KpiCode.closed,
        CLOSING_CHECKED,
        rules.is_closed,
        True,
        "已结案的工单 ÷ 应结案的工单；记在核查的社区",
    ),
    Kpi(
        KpiCode.closed_in_time,
        CLOSING_CHECKED,
        rules.is_closed_in_time,
        True,
        "在核查期限内结案的工单 ÷ 应结案的工单；记在核查的社区",
    ),
    Kpi(
        KpiCode.reworked,
        CLOSING_RECTIFIED,
        rules.was_reworked,
        False,
        "被退回或重新办理过的工单 ÷ 应结案的工单；记在整改被退回的单位",
    ),
    Kpi(
        KpiCode.extended,
        DUE_LEGS,
        rules.leg_was_extended,
        False,
        "延过期的环节 ÷ 应处置的环节",
    ),
    Kpi(
        KpiCode.overdue,
        DUE_LEGS,
        rules.leg_is_overdue,
        False,
        "过了期限没有整改、工单至今仍未整改的环节 ÷ 应处置的环节",
    ),
    Kpi(
        KpiCode.filed_in_time,
        FILINGS,
        rules.was_filed_in_time,
        True,
        "在立案期限内立案的工单 ÷ 立案的和超过立案期限未受理的工单",
    ),
    Kpi(
        KpiCode.filed_accurately,
        FILED,
        rules.is_accurate,
        True,
        "立案后没有作废的工单 ÷ 立案的工单",
    ),
    Kpi(
        KpiCode.valid_reports,
        REPORTED,
        rules.is_valid,
        True,
        "立案且没有作废的上报（并入别的工单的也算） ÷ 上报",
    ),
    Kpi(
        KpiCode.closed_same_day,
        CLOSED,
        rules.is_closed_same_day,
        True,
        "上报当天结案的工单 ÷ 结案的工单",
    ),
)

BY_CODE = {kpi.code: kpi for kpi in KPIS}
DENOMINATORS = tuple(dict.fromkeys(kpi.denominator for kpi in KPIS))


def kpis_of(denominator: Denominator) -> list[Kpi]:
    """The KPIs that are shares of a denominator, in their order."""
    return [kpi for kpi in KPIS if kpi.denominator == denominator]
