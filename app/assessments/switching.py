"""The county switches assessment on and off; every day of it stays on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessments.errors import AssessmentOff
from app.assessments.models import AssessmentSwitch
from app.kernel.clock import shanghai_day
from app.kernel.ids import new_id
from app.people.access import Actor, ActorPost
from app.people.models import Organisation, OrganisationType


def county(session: Session) -> Organisation | None:
    """The deployment's county."""
    asked = select(Organisation).where(Organisation.type == OrganisationType.county)
    return session.scalars(asked).first()


def switch_on_day(session: Session, day: date) -> AssessmentSwitch | None:
    """The row by which assessment is on; None: it is off."""
    return session.scalars(select(AssessmentSwitch).where(AssessmentSwitch.in_force(day))).first()


def require_on(session: Session, day: date) -> None:
    """Raises AssessmentOff unless the county has it on today."""
    if switch_on_day(session, day) is None:
        raise AssessmentOff("由县管理员启用以后才计算和显示；正式的考核在系统外进行。")


def switches(session: Session) -> Sequence[AssessmentSwitch]:
    """Every time it was on, the latest first."""
    return session.scalars(select(AssessmentSwitch).order_by(AssessmentSwitch.id.desc())).all()


@dataclass(frozen=True)
class Switching:
    """Whether it shall be on, and by which paper."""

    on: bool
    document: str


def switch(
    session: Session, home: Organisation, said: Switching, *, actor: Actor, post: ActorPost,
    now: datetime,
) -> None:  # fmt: skip
    """Switches on or off from today; what is so already stays as it is."""
    today = shanghai_day(now)
    known = switch_on_day(session, today)
    if known is not None and not said.on:
        known.to_on = today
    elif known is None and said.on:
        session.add(
            AssessmentSwitch(
                id=new_id(),
                organisation_id=home.id,
                from_on=today,
                document=said.document,
                person_id=actor.person_id,
                post_id=post.id,
                switched_at=now,
            )
        )
    session.flush()
