"""The log of administration: one function writes it, in the transaction of the change itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.administration.models import AuditEntry, ChangeKind, SubjectKind
from app.kernel.clock import shanghai_day
from app.people.models import Organisation


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes something: when, by which post, in which request; nobody: at the terminal."""

    now: datetime
    actor_id: UUID | None = None
    post_id: UUID | None = None
    request_id: str | None = None

    @property
    def today(self) -> date:
        """The day of the change in Asia/Shanghai."""
        return shanghai_day(self.now)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a change is about, and the organisation it belongs to (None: the deployment)."""

    kind: SubjectKind
    code: str
    organisation: Organisation | None = None


State = Mapping[str, Any] | None


def record_change(
    session: Session,
    act: Act,
    subject: Subject,
    action: ChangeKind,
    *,
    before: State = None,
    after: State = None,
) -> None:
    """Write on the log what was before and what is after; nothing when a change changed nothing.

    States are JSON-ready and hold no password and no whole phone number.
    """
    if before == after and before is not None:
        return
    place = subject.organisation
    entry = AuditEntry(
        at=act.now,
        actor_id=act.actor_id,
        post_id=act.post_id,
        town_id=place.town_id if place else None,
        organisation_id=place.id if place else None,
        subject_kind=subject.kind,
        subject_code=subject.code,
        action=action,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        request_id=act.request_id,
    )
    session.add(entry)


def masked_phone(phone: str | None) -> str | None:
    """A phone number with its middle hidden: 130****0000."""
    return phone and f"{phone[:3]}****{phone[-4:]}"
