"""What is kept about host platforms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, Identified
from app.people.models import Person


class HostToken(Base):
    """The access token of an app at its host, shared by every process of the deployment.

    Sealed, so that a copy of the database gives nobody the app. Whoever fetches a new one holds
    `claim` until `claimed_until`: one asks, the others wait.
    """

    __tablename__ = "host_tokens"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    sealed: Mapped[str | None] = mapped_column(Text)
    good_until: Mapped[datetime | None]
    claim: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]


OPEN = text("ended_at IS NULL")


class HostBinding(Identified, Base):
    """Somebody at a host is a person here; a row for each time they were joined, never removed.

    `ended_by_id` is who parted them: the person, or an administrator. At one time a subject is one
    person and a person one subject of an app.
    """

    __tablename__ = "host_bindings"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    host: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128))
    bound_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        Index(
            "uq_host_bindings_subject",
            *("host", "tenant", "subject"),
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index(
            "uq_host_bindings_person",
            *("person_id", "host", "tenant"),
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )


class PrivacyConsent(Identified, Base):
    """A person has agreed to a version of the privacy guide; `withdrawn_at`: until then."""

    __tablename__ = "privacy_consents"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    version: Mapped[str] = mapped_column(String(32))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_privacy_consents_person", "person_id", "version"),)


class PushMark(Base):
    """A signature, or the content, of a push that was taken: neither is taken again."""

    __tablename__ = "push_marks"

    mark: Mapped[str] = mapped_column(String(80), primary_key=True)
    content: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(index=True)
