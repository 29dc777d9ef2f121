"""Tables of the catalogue: its versions, and what each load opened, as dated rows.

A row with an organisation holds for that township only and stands in for the deployment's row of
the same code. Rows are keyed by their codes, not by one another, so that a change of a category's
name does not end its conditions. Every load that changes something takes the next version number,
which is unique, so two loads at once cannot both write and no two rows of a key overlap.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue.kpis import KpiCode
from app.kernel.db import Base, Dated, FreeText, Identified
from app.people.models import Organisation, Person
from app.sla.limits import LimitUnit


class Action(StrEnum):
    """The six actions (六项行动) that a category may belong to."""

    greenery_occupation = "greenery_occupation"
    clutter = "clutter"
    private_wiring = "private_wiring"
    fumes_and_sewage = "fumes_and_sewage"
    greenery_repair = "greenery_repair"
    illegal_building = "illegal_building"


ACTION_LABELS = {
    Action.greenery_occupation: "清理毁绿种菜",
    Action.clutter: "清理乱堆乱放",
    Action.private_wiring: "清理私拉电线",
    Action.fumes_and_sewage: "清理乱排油烟和污水",
    Action.greenery_repair: "修缮绿化",
    Action.illegal_building: "打击违法建设",
}


class Stage(StrEnum):
    """The steps of the office itself that have a limit: they are charged to who should act."""

    filing = "filing"
    checking = "checking"
    answering = "answering"


STAGE_LABELS = {Stage.filing: "立案", Stage.checking: "核查", Stage.answering: "投诉建议答复"}


def _words(kind: type[StrEnum]) -> Enum:
    """A column of an enumeration's words, as text on both databases: a new word is no migration."""
    return Enum(kind, native_enum=False, length=32)


def words_column(kind: type[StrEnum]) -> Any:
    """A mapped column of an enumeration's words, required or not as it is annotated."""
    return mapped_column(_words(kind))


class CatalogueVersion(Identified, Base):
    """One load that changed something; the newest number is the state of the catalogue."""

    __tablename__ = "catalogue_versions"

    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    sha256: Mapped[str] = mapped_column(String(64))


class Entry(Identified, Dated):
    """What every dated row has: whom it is for, its place, and which load wrote it last.

    `position` is the undated place in dictionary order; `content_columns` are those whose change
    ends the row and opens another.
    """

    content_columns: ClassVar[tuple[str, ...]]

    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_versions.id"))
    position: Mapped[int]

    @property
    def key(self) -> str:
        """The code, within its organisation and table, that successive rows share."""
        raise NotImplementedError

    @property
    def content(self) -> dict[str, Any]:
        """What the row says, by column."""
        return {name: getattr(self, name) for name in self.content_columns}


class Category(Entry, Base):
    """A kind of problem; a category that is not routable waits for a person to classify it."""

    __tablename__ = "categories"
    content_columns = ("name", "action", "standard_code", "standard_ref", "routable")

    code: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80))
    action: Mapped[Action | None] = mapped_column(_words(Action))
    standard_code: Mapped[str | None] = mapped_column(String(16))
    standard_ref: Mapped[str] = mapped_column(String(120))
    routable: Mapped[bool]

    @property
    def key(self) -> str:
        """The category's code, as 01-36."""
        return self.code


class Condition(Entry, Base):
    """A condition under which a category is filed: it carries the limit and the closing test."""

    __tablename__ = "conditions"
    content_columns = ("name", "limit_amount", "limit_unit", "closing_test", "enforcement")

    category_code: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(80))
    limit_amount: Mapped[int]
    limit_unit: Mapped[LimitUnit] = mapped_column(_words(LimitUnit))
    closing_test: Mapped[str] = mapped_column(String(400))
    enforcement: Mapped[bool]

    @property
    def key(self) -> str:
        """Category and condition, as 01-91/planted."""
        return f"{self.category_code}/{self.code}"


class StageLimit(Entry, Base):
    """How long filing, checking or answering a complaint may take."""

    __tablename__ = "stage_limits"
    content_columns = ("limit_amount", "limit_unit")

    stage: Mapped[Stage] = mapped_column(_words(Stage))
    limit_amount: Mapped[int]
    limit_unit: Mapped[LimitUnit] = mapped_column(_words(LimitUnit))

    @property
    def key(self) -> str:
        """The stage."""
        return self.stage.value


class CompositePart(Entry, Base):
    """How much a KPI weighs in the composite; whether more of it is better or worse is no choice,
    so no row says it."""

    __tablename__ = "composite_parts"
    content_columns = ("weight",)

    kpi: Mapped[KpiCode] = mapped_column(_words(KpiCode))
    weight: Mapped[int]

    @property
    def key(self) -> str:
        """The KPI."""
        return self.kpi.value


class Clock(StrEnum):
    """The limits that people are reminded of: of the office's own steps, of putting right, and of
    answering complaints."""

    filing = "filing"
    rectifying = "rectifying"
    checking = "checking"
    answering = "answering"


class Audience(StrEnum):
    """Whom a rung of the ladder of reminders is for."""

    responsible = "responsible"
    lead = "lead"
    supervisors = "supervisors"
    administrators = "administrators"


CLOCK_LABELS = {
    Clock.filing: "立案",
    Clock.rectifying: "整改",
    Clock.checking: "核查",
    Clock.answering: "投诉建议答复",
}
AUDIENCE_LABELS = {
    Audience.responsible: "责任单位",
    Audience.lead: "社区（村）负责人",
    Audience.supervisors: "督查员",
    Audience.administrators: "管理员",
}


class ReminderRung(Entry, Base):
    """A rung of the ladder of reminders: at so many percent of a limit somebody is told, once."""

    __tablename__ = "reminder_rungs"
    content_columns = ()

    clock: Mapped[Clock] = mapped_column(_words(Clock))
    percent: Mapped[int]
    audience: Mapped[Audience] = mapped_column(_words(Audience))

    @property
    def key(self) -> str:
        """All that it says, as rectifying/80/responsible."""
        return f"{self.clock}/{self.percent}/{self.audience}"


class KeptAs(StrEnum):
    """What a photo was put to use for, as far as it matters for how long it is kept; and the
    telephone numbers that residents leave."""

    unused = "unused"
    ticket = "ticket"
    campaign = "campaign"
    duty_record = "duty_record"
    case = "case"
    complaint_phone = "complaint_phone"


PHOTO_USES = tuple(each for each in KeptAs if each is not KeptAs.complaint_phone)
"""The uses of photos; the other one is no photo, but kept for a time by the same rows."""

KEPT_AS_LABELS = {
    KeptAs.unused: "没有用过的",
    KeptAs.ticket: "工单的",
    KeptAs.campaign: "六项行动的",
    KeptAs.duty_record: "职责记录的",
    KeptAs.case: "专项的",
    KeptAs.complaint_phone: "投诉建议所留电话",
}


class RetentionPeriod(Entry, Base):
    """For how many days the photos of a use are kept after that use is over."""

    __tablename__ = "retention_periods"
    content_columns = ("days",)

    kept_as: Mapped[KeptAs] = mapped_column(_words(KeptAs))
    days: Mapped[int]

    @property
    def key(self) -> str:
        """The use."""
        return self.kept_as.value


class CalendarYear(Base):
    """The State Council's arrangement of one year, ISO dates; corrected in place."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(120))
    document: Mapped[str | None] = mapped_column(String(40))
    holidays: Mapped[list[str]] = mapped_column(JSON)
    working_days: Mapped[list[str]] = mapped_column(JSON)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_versions.id"))


class PausePeriod(Identified, Base):
    """A stretch [from_at, to_at) in which a paper orders clocks and rounds to stand still.

    It holds in the organisation's subtree, for the categories with these codes or (None) for all;
    never for danger. Nothing removes it: ending it early brings `to_at` forward, down to `from_at`
    for one that never began.
    """

    __tablename__ = "pause_periods"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    categories: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    document: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(FreeText(400))
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    organisation: Mapped[Organisation] = relationship()
    made_by: Mapped[Person | None] = relationship(foreign_keys=[made_by_id])
    ended_by: Mapped[Person | None] = relationship(foreign_keys=[ended_by_id])
