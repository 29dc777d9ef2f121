"""Verbs about checkpoints: add, rename, retire with a date."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import AlreadyTaken
from app.administration.models import ChangeKind, SubjectKind
from app.administration.organisations import refuse_retired
from app.administration.presenting.places import checkpoint_state
from app.grid.models import Area, Checkpoint, Compound
from app.grid.service_days import take_up_again
from app.kernel.dated import day_from


def add_checkpoint(
    session: Session, compound: Compound, *, name: str, area: Area, act: Act
) -> Checkpoint:
    """A checkpoint behind the others; a retired one of this name is taken up again.

    Raises AlreadyTaken when one in use has the name.
    """
    refuse_retired(compound.retired_on, act)
    known = _named(session, compound, name)
    if known is not None and (known.retired_on is None or known.retired_on > act.today):
        raise AlreadyTaken(f"这个小区已有点位“{name}”。", fields={"name": ["已被使用"]})
    before = checkpoint_state(known) if known else None
    checkpoint = known or _new_checkpoint(compound, name, act)
    take_up_again(session, checkpoint, today=act.today)
    checkpoint.area = area
    checkpoint.position = _last_position(session, compound) + 1
    session.add(checkpoint)
    session.flush()
    after = checkpoint_state(checkpoint)
    record_change(session, act, _subject(compound), ChangeKind.create, before=before, after=after)
    return checkpoint


def change_checkpoint(
    session: Session, compound: Compound, checkpoint: Checkpoint, *, name: str, area: Area, act: Act
) -> None:
    """Give a checkpoint in use another name and area; raises AlreadyTaken or AlreadyRetired."""
    refuse_retired(checkpoint.retired_on, act)
    known = _named(session, compound, name)
    if known is not None and known.id != checkpoint.id:
        raise AlreadyTaken(f"这个小区已有点位“{name}”。", fields={"name": ["已被使用"]})
    before = checkpoint_state(checkpoint)
    checkpoint.name, checkpoint.area = name, area
    session.flush()
    after = checkpoint_state(checkpoint)
    record_change(session, act, _subject(compound), ChangeKind.change, before=before, after=after)


def retire_checkpoint(
    session: Session, compound: Compound, checkpoint: Checkpoint, *, on: date | None, act: Act
) -> None:
    """From a day on no round looks at a checkpoint any more; raises AlreadyRetired."""
    refuse_retired(checkpoint.retired_on, act)
    before = checkpoint_state(checkpoint)
    checkpoint.retired_on = day_from(on, today=act.today, field="on")
    session.flush()
    after = checkpoint_state(checkpoint)
    record_change(session, act, _subject(compound), ChangeKind.retire, before=before, after=after)


def _new_checkpoint(compound: Compound, name: str, act: Act) -> Checkpoint:
    start = max(act.today, compound.in_service_on)
    return Checkpoint(compound_id=compound.id, name=name, in_service_on=start)


def _named(session: Session, compound: Compound, name: str) -> Checkpoint | None:
    return session.scalar(
        select(Checkpoint).where(Checkpoint.compound_id == compound.id, Checkpoint.name == name)
    )


def _last_position(session: Session, compound: Compound) -> int:
    last = select(func.max(Checkpoint.position)).where(Checkpoint.compound_id == compound.id)
    return session.scalar(last) or 0


def _subject(compound: Compound) -> Subject:
    return Subject(SubjectKind.checkpoint, compound.code, compound.organisation)
