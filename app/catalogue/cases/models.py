"""The table of kinds of case."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.models import Entry
from app.kernel.db import Base


class About(StrEnum):
    """What a case is about: one compound, or a community or village."""

    compound = "compound"
    unit = "unit"


class Opens(StrEnum):
    """How a case begins: by a person, by itself where a problem repeats, or out of tickets."""

    hand = "hand"
    repeats = "repeats"
    spanning = "spanning"


class RecordedBy(StrEnum):
    """Who records a step."""

    community = "community"
    lead = "lead"
    town = "town"


class Need(StrEnum):
    """What a step must bring."""

    photo = "photo"
    note = "note"


class FieldKind(StrEnum):
    """What is filled into a field."""

    text = "text"
    date = "date"
    number = "number"
    choice = "choice"


class CaseKind(Entry, Base):
    """A kind of case: its stages in their order, what may be noted besides, what is filled in.

    `stages` and `events` are {code, name, by, needs, days}; `fields` {code, name, kind, choices,
    expires}. A case goes by the row that was in force when it was opened.
    """

    __tablename__ = "case_kinds"
    content_columns = ("section", "name", "about", "opens", "stages", "events", "fields")

    code: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    about: Mapped[About]
    opens: Mapped[Opens]
    stages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    events: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    @property
    def key(self) -> str:
        """The kind's code."""
        return self.code
