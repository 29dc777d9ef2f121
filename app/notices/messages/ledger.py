"""The ledger's verbs: grants told twice are one, a refusal is remembered, quota is used once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.notices.messages.models import LEFT, MessageGrant, MessageRefusal

SAME = timedelta(minutes=10)
"""How far apart the client and the host may tell of the same grant."""
KEPT = timedelta(days=180)


def note_grant(
    session: Session, person_id: UUID, template: str, *, by_host: bool, at: datetime
) -> None:
    """One grant, told by the client or by the host: where the other has told of it already, the
    same. It ends an earlier refusal."""
    other = MessageGrant.told_by_client if by_host else MessageGrant.told_by_host
    mine = MessageGrant.told_by_host if by_host else MessageGrant.told_by_client
    known = session.scalar(
        select(MessageGrant)
        .where(
            MessageGrant.person_id == person_id,
            MessageGrant.template == template,
            other.is_(True),
            mine.is_(False),
            MessageGrant.granted_at.between(at - SAME, at + SAME),
        )
        .order_by(MessageGrant.granted_at)
        .limit(1)
        .with_for_update()
    )
    if known is not None:
        known.told_by_host = known.told_by_client = True
    else:
        grant = MessageGrant(
            person_id=person_id,
            template=template,
            granted_at=at,
            told_by_client=not by_host,
            told_by_host=by_host,
        )
        session.add(grant)
    _forgive(session, person_id, template, before=at)
    session.flush()


def note_refusal(
    session: Session, person_id: UUID, template: str, *, at: datetime, for_all: bool
) -> None:
    """A person does not want a template; with `for_all` what they granted before is void too."""
    known = session.get(MessageRefusal, (person_id, template))
    if known is None:
        session.add(MessageRefusal(person_id=person_id, template=template, refused_at=at))
    else:
        known.refused_at = max(known.refused_at, at)
    if for_all:
        left = update(MessageGrant).where(*_of(person_id, template), LEFT)
        session.execute(left.where(MessageGrant.granted_at <= at).values(voided_at=at))
    session.flush()


def _forgive(session: Session, person_id: UUID, template: str, *, before: datetime) -> None:
    session.execute(
        delete(MessageRefusal).where(
            MessageRefusal.person_id == person_id,
            MessageRefusal.template == template,
            MessageRefusal.refused_at <= before,
        )
    )


def _of(person_id: UUID, template: str) -> tuple[ColumnElement[bool], ...]:
    return MessageGrant.person_id == person_id, MessageGrant.template == template


def who_has_quota(session: Session, people: Collection[UUID]) -> set[UUID]:
    """Those of some people who may be sent a message of any template."""
    asked = select(MessageGrant.person_id).where(MessageGrant.person_id.in_(people), LEFT)
    return set(session.scalars(asked.distinct()))


def take_quota(
    session: Session, person_id: UUID, templates: Sequence[str], notice_id: UUID, *, now: datetime
) -> MessageGrant | None:
    """The oldest grant of the first template that has one, now used for a notice; the same again
    for the same notice, while nothing is known of its message. None when there is none."""
    again = and_(MessageGrant.used_for == notice_id, MessageGrant.msgid.is_(None))
    found = session.scalars(
        select(MessageGrant)
        .where(
            MessageGrant.person_id == person_id,
            MessageGrant.template.in_(templates),
            MessageGrant.voided_at.is_(None),
            or_(MessageGrant.used_at.is_(None), again),
        )
        .order_by(MessageGrant.granted_at)
        .with_for_update()
    ).all()
    begun = [one for one in found if one.used_at is not None]
    for template in templates:
        grant = next((one for one in begun or found if one.template == template), None)
        if grant is not None:
            grant.used_at, grant.used_for = grant.used_at or now, notice_id
            session.flush()
            return grant
    return None


def give_back(session: Session, grant_id: UUID) -> None:
    """A grant is not used after all, or lasts."""
    mine = update(MessageGrant).where(MessageGrant.id == grant_id)
    session.execute(mine.values(used_at=None, used_for=None))


def note_sent(session: Session, grant_id: UUID, msgid: str) -> None:
    """The host has taken the message."""
    mine = update(MessageGrant).where(MessageGrant.id == grant_id)
    session.execute(mine.values(msgid=msgid[:32]))


def note_undelivered(session: Session, msgid: str, reason: str) -> None:
    """The host says that a message it took did not arrive."""
    mine = update(MessageGrant).where(MessageGrant.msgid == msgid)
    session.execute(mine.values(undelivered=reason[:32]))


def quota_of(session: Session, person_id: UUID) -> Mapping[str, int]:
    """How many messages of each template a person may be sent."""
    asked = (
        select(MessageGrant.template, func.count())
        .where(MessageGrant.person_id == person_id, LEFT)
        .group_by(MessageGrant.template)
    )
    return {template: count for template, count in session.execute(asked)}


def refusals_of(session: Session, person_id: UUID) -> Mapping[str, datetime]:
    """Which templates a person refuses, since when."""
    asked = select(MessageRefusal).where(MessageRefusal.person_id == person_id)
    return {one.template: one.refused_at for one in session.scalars(asked)}


def forget_old_grants(session: Session, *, now: datetime, at_most: int) -> int:
    """Removes grants used or voided more than half a year ago; how many there were."""
    old = or_(MessageGrant.used_at < now - KEPT, MessageGrant.voided_at < now - KEPT)
    some = select(MessageGrant.id).where(old).limit(at_most)
    return rows_changed(session, delete(MessageGrant).where(MessageGrant.id.in_(some)))
