"""Who somebody at a host is here: found, joined by the registered phone number, and parted."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, joinedload

from app.kernel.db import rows_changed
from app.kernel.sealing import Sealer
from app.people.hosts.errors import (
    AccountClosed,
    AlreadyBound,
    BindingRequired,
    BindingTicketRefused,
    ConsentRequired,
    PhoneNotRegistered,
)
from app.people.hosts.models import HostBinding, PrivacyConsent
from app.people.hosts.port import HostIdentity, HostPlatform
from app.people.models import Person

log = logging.getLogger("gexun.people")

TICKET_LASTS = timedelta(minutes=10)
_BETWEEN = "\n"


def binding_ticket(identity: HostIdentity, *, sealer: Sealer, now: datetime) -> str:
    """What lets somebody whom a host has just named bind themselves, and nobody read."""
    said = _BETWEEN.join((identity.host, identity.tenant, identity.subject))
    return sealer.seal(said, now=now)


def identity_of_ticket(
    ticket: str, platform: HostPlatform, *, sealer: Sealer, now: datetime
) -> HostIdentity:
    """Whom a ticket names; raises BindingTicketRefused."""
    said = (sealer.opened(ticket, now=now, within=TICKET_LASTS) or "").split(_BETWEEN)
    if len(said) != 3 or (said[0], said[1]) != (platform.host, platform.tenant):
        raise BindingTicketRefused("请重新打开小程序登录。")
    return HostIdentity(*said)


def person_of(
    session: Session, identity: HostIdentity, *, sealer: Sealer, privacy_version: str, now: datetime
) -> Person:
    """The person that somebody at a host is; raises BindingRequired or AccountClosed."""
    found = session.scalar(
        select(HostBinding).where(*_is(identity)).options(joinedload(HostBinding.person))
    )
    if found is None:
        ticket = binding_ticket(identity, sealer=sealer, now=now)
        detail = "请授权手机号，与登记的账号绑定。"
        raise BindingRequired(detail, binding_ticket=ticket, privacy_version=privacy_version)
    if found.person.deactivated_at is not None:
        raise AccountClosed("请联系管理员。")
    return found.person


def bind(session: Session, identity: HostIdentity, phone: str, *, now: datetime) -> Person:
    """Joins somebody at a host to the person whose registered number they have, once.

    Raises PhoneNotRegistered and AlreadyBound; an administrator parts what was joined wrongly.
    """
    person = session.scalar(select(Person).where(Person.phone == phone).with_for_update())
    if person is None or person.deactivated_at is not None:
        raise PhoneNotRegistered("请联系社区或镇创建办登记手机号，或用用户名和口令登录。")
    same_app = HostBinding.host == identity.host, HostBinding.tenant == identity.tenant
    theirs = HostBinding.person_id == person.id, *same_app, HostBinding.ended_at.is_(None)
    if session.scalar(select(HostBinding.id).where(*theirs)) is not None:
        raise AlreadyBound("这个手机号的账号已绑定别的微信，换微信请找管理员解除。")
    if session.scalar(select(HostBinding.id).where(*_is(identity))) is not None:
        raise AlreadyBound("这个微信已绑定账号，请重新打开小程序登录。")
    binding = HostBinding(
        person_id=person.id,
        host=identity.host,
        tenant=identity.tenant,
        subject=identity.subject,
        bound_at=now,
    )
    session.add(binding)
    session.flush()
    log.info("person %s bound to %s", person.id, identity.host)
    return person


def part(session: Session, person_id: UUID, *, by: UUID | None, now: datetime) -> int:
    """Ends a person's bindings; how many there were. The next sign-in at the host binds anew."""
    held = update(HostBinding).where(
        HostBinding.person_id == person_id, HostBinding.ended_at.is_(None)
    )
    parted = rows_changed(session, held.values(ended_at=now, ended_by_id=by))
    if parted:
        log.info("person %s parted from their hosts by %s", person_id, by or "the terminal")
    return parted


def consent(
    session: Session, person_id: UUID, given: str | None, *, version: str, now: datetime
) -> None:
    """Keeps a consent to the guide in force, unless it is kept already; raises ConsentRequired
    when there is none, or the one given is to another version."""
    if given == version:
        if not _has_agreed(session, person_id, version):
            session.add(PrivacyConsent(person_id=person_id, version=version, given_at=now))
    elif given is not None or not _has_agreed(session, person_id, version):
        raise ConsentRequired("请阅读后点同意。", privacy_version=version)


def withdraw_consent(session: Session, person_id: UUID, *, now: datetime) -> None:
    """A person does not agree any more: the host is not used for them again before they do."""
    held = PrivacyConsent.person_id == person_id, PrivacyConsent.withdrawn_at.is_(None)
    session.execute(update(PrivacyConsent).where(*held).values(withdrawn_at=now))


def subjects_of(
    session: Session, people: Sequence[UUID], *, host: str, tenant: str
) -> dict[UUID, str]:
    """Who some people are at an app, those that are bound."""
    asked = select(HostBinding.person_id, HostBinding.subject).where(
        HostBinding.person_id.in_(people),
        HostBinding.host == host,
        HostBinding.tenant == tenant,
        HostBinding.ended_at.is_(None),
    )
    return {row.person_id: row.subject for row in session.execute(asked)}


def person_with_subject(session: Session, identity: HostIdentity) -> UUID | None:
    """The id of the person that somebody at a host is; None for nobody."""
    return session.scalar(select(HostBinding.person_id).where(*_is(identity)))


def _is(identity: HostIdentity) -> tuple[ColumnElement[bool], ...]:
    return (
        HostBinding.host == identity.host,
        HostBinding.tenant == identity.tenant,
        HostBinding.subject == identity.subject,
        HostBinding.ended_at.is_(None),
    )


def _has_agreed(session: Session, person_id: UUID, version: str) -> bool:
    return (
        session.scalar(
            select(PrivacyConsent.id).where(
                PrivacyConsent.person_id == person_id,
                PrivacyConsent.version == version,
                PrivacyConsent.withdrawn_at.is_(None),
            )
        )
        is not None
    )
