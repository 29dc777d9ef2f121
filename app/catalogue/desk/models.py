"""Tables of the desk grid's dictionary; rows hold for the whole deployment, so that townships stay
comparable."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.models import Entry, words_column
from app.kernel.db import Base


class UnitKind(StrEnum):
    """Whose a duty is: a type of organisation, one with a title, or each compound of a unit."""

    town = "town"
    community = "community"
    resettlement_village = "resettlement_village"
    village = "village"
    civilised_community = "civilised_community"
    civilised_village = "civilised_village"
    waste_pilot = "waste_pilot"
    compound = "compound"


UNIT_KIND_LABELS = {
    UnitKind.town: "镇创建办",
    UnitKind.community: "社区",
    UnitKind.resettlement_village: "安置小区村",
    UnitKind.village: "村",
    UnitKind.civilised_community: "文明社区",
    UnitKind.civilised_village: "文明村",
    UnitKind.waste_pilot: "垃圾分类试点村",
    UnitKind.compound: "小区",
}


class PeriodKind(StrEnum):
    """In what stretches of time a duty is counted."""

    week = "week"
    month = "month"
    quarter = "quarter"
    half_year = "half_year"
    year = "year"
    term = "term"
    festival = "festival"


PERIOD_KIND_LABELS = {
    PeriodKind.week: "每周",
    PeriodKind.month: "每月",
    PeriodKind.quarter: "每季度",
    PeriodKind.half_year: "每半年",
    PeriodKind.year: "每年",
    PeriodKind.term: "每届（两年）",
    PeriodKind.festival: "每个节日",
}


class Measure(StrEnum):
    """What of the records is counted: how many there are, the sum or the largest of their
    numbers."""

    records = "records"
    total = "total"
    largest = "largest"


class Derived(StrEnum):
    """What a duty without records is read out of."""

    weekly_rounds = "weekly_rounds"
    same_day = "same_day"
    assignments = "assignments"
    campaigns_planned = "campaigns_planned"
    campaigns_done = "campaigns_done"


class DoneBy(StrEnum):
    """Who does a duty, and who checks it."""

    lead = "lead"
    warden = "warden"
    supervisor = "supervisor"


DONE_BY_LABELS = {
    DoneBy.lead: "社区（村）负责人",
    DoneBy.warden: "网格员",
    DoneBy.supervisor: "镇创建办",
}


class Line(StrEnum):
    """The four lines of work into which a village divides its duties."""

    publicity = "publicity"
    paperwork = "paperwork"
    venues = "venues"
    environment = "environment"


LINE_LABELS = {
    Line.publicity: "宣传",
    Line.paperwork: "软件",
    Line.venues: "场所",
    Line.environment: "环境",
}


class Duty(Entry, Base):
    """A periodic obligation with its quotas by kind of unit.

    `quotas` are {unit, count, parts: [{kinds, name, count}]}; `kinds` are the kinds of record that
    count. `due` is the month and day (MM-DD) of a year's duty that is due before the year ends,
    `term_from` the year in which a two-year term begins.
    """

    __tablename__ = "duties"
    content_columns = (
        "section", "name", "period", "line", "done_by", "checked_by", "derived", "measure",
        "kinds", "quotas", "reviewed", "scored", "due", "term_from", "festivals",
    )  # fmt: skip

    code: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    period: Mapped[PeriodKind] = words_column(PeriodKind)
    line: Mapped[Line] = words_column(Line)
    done_by: Mapped[DoneBy] = words_column(DoneBy)
    checked_by: Mapped[DoneBy | None] = words_column(DoneBy)
    derived: Mapped[Derived | None] = words_column(Derived)
    measure: Mapped[Measure] = words_column(Measure)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    quotas: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reviewed: Mapped[bool]
    scored: Mapped[bool]
    due: Mapped[str | None] = mapped_column(String(5))
    term_from: Mapped[int | None]
    festivals: Mapped[str | None] = mapped_column(String(32))

    @property
    def key(self) -> str:
        """The duty's code."""
        return self.code


class RecordKind(Entry, Base):
    """A kind of record, and what its short form asks for."""

    __tablename__ = "record_kinds"
    content_columns = ("name", "quantity_name", "needs_photo", "needs_link")

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    quantity_name: Mapped[str | None] = mapped_column(String(40))
    needs_photo: Mapped[bool]
    needs_link: Mapped[bool]

    @property
    def key(self) -> str:
        """The kind's code."""
        return self.code


class Festival(Entry, Base):
    """A festival or memorial day of a family: the same day every year (`fixed`, MM-DD), or the ISO
    dates of the years it is known for; its period reaches `before` and `after` it, in days."""

    __tablename__ = "festivals"
    content_columns = ("name", "family", "fixed", "dates", "before", "after")

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    family: Mapped[str] = mapped_column(String(32))
    fixed: Mapped[str | None] = mapped_column(String(5))
    dates: Mapped[list[str]] = mapped_column(JSON)
    before: Mapped[int]
    after: Mapped[int]

    @property
    def key(self) -> str:
        """The festival's code."""
        return self.code


class SiteKind(StrEnum):
    """What a checklist is looked through at: a unit, a compound, or what not every unit has."""

    unit = "unit"
    compound = "compound"
    square = "square"


class Checklist(Entry, Base):
    """A list of what a kind of site must have.

    `items` are {code, name, units: those of the list's units that need it (None: all)}; `category`
    is what a missing item becomes a ticket of.
    """

    __tablename__ = "checklists"
    content_columns = ("section", "name", "site", "units", "items", "category")

    code: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    site: Mapped[SiteKind] = words_column(SiteKind)
    units: Mapped[list[str]] = mapped_column(JSON)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    category: Mapped[str | None] = mapped_column(String(16))

    @property
    def key(self) -> str:
        """The checklist's code."""
        return self.code
