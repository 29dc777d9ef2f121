"""The table of imports: what was read of a spreadsheet, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, Identified
from app.people.models import Organisation, Person


class ImportState(StrEnum):
    """Where an import stands."""

    previewed = "previewed"
    faulty = "faulty"
    applying = "applying"
    applied = "applied"
    failed = "failed"


IMPORT_STATE_LABELS = {
    ImportState.previewed: "待导入",
    ImportState.faulty: "有错误",
    ImportState.applying: "正在导入",
    ImportState.applied: "已导入",
    ImportState.failed: "没有导入",
}


class TicketImport(Identified, Base):
    """One spreadsheet: each row as it is to be reported (`asked`) and as it was shown (`shown`).

    The file itself is not kept, nor any column but those that are read. `faults` and `remarks` are
    lists of {line, field, message}; `made` says for each line which ticket it became or was
    already. `organisation_id` is whose post allowed all of its rows, `town_id` the township of all
    of them; None: of several. The counts are of lines: those that are or will be new tickets, those
    that are tickets already, those with faults. Forgotten after 30 days: the tickets say all that
    lasts.
    """

    __tablename__ = "ticket_imports"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    town_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    file_name: Mapped[str] = mapped_column(String(120))
    sheet: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[ImportState]
    made_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    job_id: Mapped[UUID | None]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    remarks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made: Mapped[dict[str, Any]] = mapped_column(JSON)
    new_count: Mapped[int]
    already_there_count: Mapped[int]
    faulty_count: Mapped[int]

    person: Mapped[Person] = relationship(viewonly=True)
    organisation: Mapped[Organisation | None] = relationship(
        foreign_keys=[organisation_id], viewonly=True
    )

    __table_args__ = (Index("ix_ticket_imports_made", "made_at"),)
