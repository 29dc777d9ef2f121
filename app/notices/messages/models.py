"""The ledger of what people let the host tell them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Identified

LEFT = text("used_at IS NULL AND voided_at IS NULL")


class MessageGrant(Identified, Base):
    """A person has let the host send them one message of a template.

    The client says so at once, and the host pushes the same by itself: `told_by_client` and
    `told_by_host` say which of them has. `used_for` is the notice that it was used for, and `msgid`
    the message's number at the host; a grant that the host does not honour is voided.
    """

    __tablename__ = "message_grants"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    template: Mapped[str] = mapped_column(String(64))
    granted_at: Mapped[datetime]
    told_by_client: Mapped[bool]
    told_by_host: Mapped[bool]
    used_at: Mapped[datetime | None]
    used_for: Mapped[UUID | None] = mapped_column(index=True)
    msgid: Mapped[str | None] = mapped_column(String(32), index=True)
    undelivered: Mapped[str | None] = mapped_column(String(32))
    voided_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_message_grants_left",
            *("person_id", "template", "granted_at"),
            sqlite_where=LEFT,
            postgresql_where=LEFT,
        ),
    )


class MessageRefusal(Base):
    """A person does not want messages of a template, since when; gone once they grant one."""

    __tablename__ = "message_refusals"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    template: Mapped[str] = mapped_column(String(64), primary_key=True)
    refused_at: Mapped[datetime]
