"""A county changes thresholds from a day on; it goes on the log of administration."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.models import ChangeKind, SubjectKind
from app.catalogue.queries import threshold_rows
from app.catalogue.thresholds import day_of_change, set_thresholds
from app.kernel.clock import rfc3339
from app.kernel.errors import Rejected
from app.photos.evidence import SHIPPED
from app.photos.thresholds.figures import FIGURES, faults_of, figures_of
from app.photos.thresholds.in_force import of_row, thresholds_on


class ThresholdsUnbelievable(Rejected):
    """A figure that there is not, or that nobody can mean."""

    code: ClassVar[str] = "thresholds_unbelievable"
    title: ClassVar[str] = "界限不合理"


def change_thresholds(
    session: Session, said: Mapping[str, float], *, from_on: date | None, act: Act
) -> date:
    """From a day on the figures named are these, the others as they are; the day.

    Raises ThresholdsUnbelievable, BadDates and ChangePlanned.
    """
    day = day_of_change(from_on, now=act.now)
    before = figures_of(thresholds_on(session, day))
    after = {**before, **said}
    _refuse(said, after)
    set_thresholds(session, after, from_on=day, now=act.now, actor_id=act.actor_id)
    changed = [name for name in FIGURES if before[name] != after[name]]
    if changed:
        record_change(
            session,
            act,
            Subject(SubjectKind.thresholds, "photo-thresholds"),
            ChangeKind.change,
            before={name: before[name] for name in changed},
            after={**{name: after[name] for name in changed}, "from_on": day.isoformat()},
        )
    return day


def _refuse(said: Mapping[str, float], after: Mapping[str, float]) -> None:
    unknown = {name: ["没有这个界限"] for name in said if name not in FIGURES}
    faults = unknown or faults_of(after)
    if faults:
        fields = {f"figures.{name}": told for name, told in faults.items()}
        first = next(iter(faults))
        raise ThresholdsUnbelievable(f"{first}：{faults[first][0]}。", fields=fields)


def thresholds_json(session: Session, day: date) -> dict[str, Any]:
    """The thresholds of a day, and every set there ever was."""
    limits, shipped = thresholds_on(session, day), figures_of(SHIPPED)
    return {
        "day": day.isoformat(),
        "rule_version": limits.version,
        "figures": [
            {
                "name": name,
                "label": figure.label,
                "unit": figure.unit,
                "value": figure.of(limits),
                "shipped": shipped[name],
                "least": figure.least,
                "most": figure.most,
            }
            for name, figure in FIGURES.items()
        ],
        "sets": [
            {
                "rule_version": of_row(row).version,
                "from_on": row.from_on.isoformat(),
                "to_on": row.to_on.isoformat() if row.to_on else None,
                "made_at": rfc3339(row.made_at),
                "figures": dict(row.figures),
            }
            for row in threshold_rows(session)
        ],
    }
