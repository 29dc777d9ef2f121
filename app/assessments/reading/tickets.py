"""The legs and tickets behind the KPIs, by who is scored: counted and kept from the same rows."""

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from app.assessments.rules import Fact
from app.catalogue.assessments.models import KPI_SOURCES, Source
from app.catalogue.kpis import KpiCode
from app.tickets.figures.behind import Ids, Part, ids_of, unit_id
from app.tickets.figures.counting import Period, counted_from, one_if
from app.tickets.figures.definitions import BY_CODE, Kpi
from app.tickets.figures.grouping import By, group_key
from app.tickets.figures.scope import Scope


def kpi_of(source: Source) -> Kpi | None:
    """The KPI that a source is, if it is one."""
    return BY_CODE[KpiCode(source.value)] if source in KPI_SOURCES else None


def ids_by_subject(
    session: Session, scope: Scope, period: Period, by: By, sources: Collection[Source]
) -> dict[Any, Ids]:
    """The ids of what was counted for some KPIs, by the key of a group; one query for each
    denominator."""
    kpis = [kpi for source in sources if (kpi := kpi_of(source)) is not None]
    found: dict[Any, Ids] = {}
    for denominator in dict.fromkeys(kpi.denominator for kpi in kpis):
        its = [kpi for kpi in kpis if kpi.denominator is denominator]
        key = group_key(by, denominator, countywide=False)
        flags = [one_if(kpi.numerator(period.now)) for kpi in its]
        asked = counted_from(denominator, unit_id(denominator), key, *flags)
        asked = asked.where(period.holds(denominator), scope.holds(denominator))
        for counted, subject, *holds in session.execute(asked):
            ids = found.setdefault(subject, {})
            ids.setdefault(f"of:{denominator.name}", []).append(counted.hex)
            for kpi, one in zip(its, holds, strict=True):
                if one:
                    ids.setdefault(kpi.code.value, []).append(counted.hex)
    return found


def fact_of(source: Source, ids: Ids) -> Fact:
    """What was counted for a KPI."""
    kpi = kpi_of(source)
    assert kpi is not None
    return Fact(len(ids_of(ids, kpi, Part.numerator)), len(ids_of(ids, kpi, Part.denominator)))
