"""Changing the ladder of reminders from a date on, for a township or for all."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.dictionary import town_of_dictionary
from app.administration.models import ChangeKind, SubjectKind
from app.catalogue.models import AUDIENCE_LABELS, CLOCK_LABELS
from app.catalogue.overriding import NotOverridden, override_rungs
from app.catalogue.reminders import own_rungs, rungs_in_force
from app.catalogue.schemas import RungPart
from app.kernel.dated import day_from
from app.people.models import Organisation


def change_rungs(
    session: Session,
    place: Organisation,
    parts: Sequence[RungPart],
    *,
    from_on: date | None,
    act: Act,
) -> date:
    """From a day on the ladder of a place is what `parts` say; the day. Raises ChangePlanned."""
    day = day_from(from_on, today=act.today, field="from_on")
    _change(session, place, parts, day, act, ChangeKind.change)
    return day


def end_own_rungs(session: Session, place: Organisation, *, on: date | None, act: Act) -> date:
    """From a day on a township has the deployment's ladder again; the day. Raises NotOverridden,
    and ChangePlanned."""
    day = day_from(on, today=act.today, field="on")
    town_id = town_of_dictionary(place)
    if town_id is None or not own_rungs(session, day=day, town_id=town_id):
        raise NotOverridden(f"{day} 没有自己的提醒规定。")
    _change(session, place, (), day, act, ChangeKind.end)
    return day


def rungs_json(session: Session, *, town_id: UUID | None, day: date) -> dict[str, Any]:
    """The ladder of a township, or of the deployment, as it holds on a day."""
    own = own_rungs(session, day=day, town_id=town_id)
    items = [
        {
            "clock": rung.clock,
            "clock_label": CLOCK_LABELS[rung.clock],
            "percent": rung.percent,
            "tell": rung.audience,
            "tell_label": AUDIENCE_LABELS[rung.audience],
        }
        for rung in rungs_in_force(session, day=day, town_id=town_id)
    ]
    return {"own": bool(own) or town_id is None, "rungs": items}


def _change(
    session: Session,
    place: Organisation,
    parts: Sequence[RungPart],
    day: date,
    act: Act,
    kind: ChangeKind,
) -> None:
    town_id = town_of_dictionary(place)
    before = _state(session, town_id, day)
    override_rungs(session, parts, from_on=day, now=act.now, town_id=town_id, actor_id=act.actor_id)
    after = _state(session, town_id, day)
    if before != after or kind is ChangeKind.end:
        subject = Subject(SubjectKind.reminders, "reminders", place)
        after["from_on"] = day.isoformat()
        record_change(session, act, subject, kind, before=before, after=after)


def _state(session: Session, town_id: UUID | None, day: date) -> dict[str, Any]:
    rungs = rungs_in_force(session, day=day, town_id=town_id)
    said = [f"{CLOCK_LABELS[r.clock]} {r.percent}% {AUDIENCE_LABELS[r.audience]}" for r in rungs]
    return {"rungs": said}
