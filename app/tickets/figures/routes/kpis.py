"""KPIs over HTTP, and what is behind each."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from app.catalogue.kpis import KpiCode
from app.kernel.clock import rfc3339, shanghai_day
from app.kernel.errors import NotThere
from app.tickets.figures.behind import Behind, Part, counted_page
from app.tickets.figures.counting import Period, summed, weights_of
from app.tickets.figures.definitions import BY_CODE, Kpi
from app.tickets.figures.freezes.service import month_days
from app.tickets.figures.grouping import By, named_groups
from app.tickets.figures.presenting import counted_json, figures_json, link_to
from app.tickets.figures.schemas import CountedPage, CountedQuery, KpisOut, KpisQuery
from app.tickets.figures.scope import Scope, scope_in_sight
from app.tickets.figures.tallies.county import figures_asked
from app.tickets.routes import viewer
from app.tickets.showing.describing import named
from app.web.routing import BASE, Call, Routes

routes = Routes("统计")


@dataclass(frozen=True)
class Asked:
    """The figures that are asked for, and the words to ask for them again."""

    scope: Scope
    period: Period
    by: By | None

    @property
    def words(self) -> dict[str, str]:
        """What leads to the same figures, whenever it is followed."""
        under = self.scope.under
        return {
            **({"organisation": under.code} if under else {}),
            "from": f"{self.period.from_on}",
            "to": f"{self.period.to_on}",
            **({"by": self.by.value} if self.by else {}),
        }


def _asked(call: Call, said: KpisQuery) -> Asked:
    today = shanghai_day(call.now)
    first, last = month_days(f"{today:%Y-%m}")
    if said.from_ or said.to:
        first = said.from_ or month_days(f"{said.to:%Y-%m}")[0]
        last = said.to or month_days(f"{said.from_:%Y-%m}")[1]
    scope = scope_in_sight(call.session, call.actor, said.organisation, day=today)
    return Asked(scope, Period(first, last, call.now), said.by)


@routes.get("/kpis", permission="kpis.read", query=KpisQuery, answer=KpisOut, refusals=(404,))
def get_kpis(call: Call) -> dict[str, Any]:
    """处置、结案、立案等指标，每个数都列得出是哪些工单"""
    asked = _asked(call, call.query(KpisQuery))
    scope, period, by = asked.scope, asked.period, asked.by
    found = figures_asked(call.session, scope, period, by)
    groups = named_groups(call.session, by, found, scope)
    weights, link = weights_of(call.session, period), partial(link_to, BASE, asked.words)
    return {
        "organisation": named(scope.under),
        "from": f"{period.from_on}",
        "to": f"{period.to_on}",
        "as_of": rfc3339(call.now),
        "by": by,
        **figures_json(summed(found.values()), weights, link()),
        "groups": [
            {
                "code": group.code,
                "name": group.name,
                **figures_json(found[key], weights, link(group=group.code)),
            }
            for key, group in groups.items()
        ],
    }


def kpi_named(call: Call) -> Kpi:
    """The KPI a path names; raises NotThere."""
    try:
        return BY_CODE[KpiCode(call.args["kpi"])]
    except ValueError:
        raise NotThere("没有这个指标。") from None


def _counted(call: Call, part: Part) -> dict[str, Any]:
    said = call.query(CountedQuery)
    asked = _asked(call, said)
    group = (said.by, said.group) if said.by and said.group is not None else None
    behind = Behind(call.loaded, part, asked.scope, asked.period, group)
    page = counted_page(call.session, behind, limit=said.limit, cursor=said.cursor)
    return counted_json(viewer(call), page)


@routes.get(
    "/kpis/<kpi>/numerator",
    permission="kpis.read",
    query=CountedQuery,
    answer=CountedPage,
    loads=kpi_named,
)
def get_kpi_numerator(call: Call) -> dict[str, Any]:
    """指标的分子是哪些工单（环节）"""
    return _counted(call, Part.numerator)


@routes.get(
    "/kpis/<kpi>/denominator",
    permission="kpis.read",
    query=CountedQuery,
    answer=CountedPage,
    loads=kpi_named,
)
def get_kpi_denominator(call: Call) -> dict[str, Any]:
    """指标的分母是哪些工单（环节）"""
    return _counted(call, Part.denominator)
