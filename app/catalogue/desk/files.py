"""The shape of duties.toml and checklists.toml; extra keys are faults."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.catalogue.desk.models import (
    Derived,
    DoneBy,
    Line,
    Measure,
    PeriodKind,
    SiteKind,
    UnitKind,
)
from app.catalogue.schemas import CategoryCode, Name, Part, refuse_repeated

WordCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
GroupCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Section = Annotated[str, StringConstraints(pattern=r"^\d{1,2}(\.\d)?$")]
Count = Annotated[int, Field(strict=True, ge=0, le=1000)]
Yes = Annotated[bool, Field(strict=True)]


class RecordKindPart(Part):
    """One `[[record_kinds]]`; `quantity`: what its number means."""

    code: WordCode
    name: Name
    quantity: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    needs_photo: Yes = False
    needs_link: Yes = False


class FestivalPart(Part):
    """One `[[festivals]]`: `fixed` or `dates`, and the days before and after it that count."""

    code: WordCode
    name: Name
    family: GroupCode
    fixed: MonthDay | None = None
    dates: list[date] = Field(default_factory=list)
    before: Annotated[int, Field(strict=True, ge=0, le=45)] = 15
    after: Annotated[int, Field(strict=True, ge=0, le=45)] = 7

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        if (self.fixed is None) == (not self.dates):
            raise PydanticCustomError("desk", "fixed 和 dates 写一个")
        refuse_repeated("年份", (str(day.year) for day in self.dates))
        return self


class QuotaPart(Part):
    """One of the `parts` of a quota: so many of the count are of these kinds."""

    name: Name
    kinds: Annotated[list[WordCode], Field(min_length=1)]
    count: Annotated[int, Field(strict=True, ge=1, le=1000)]


class Quota(Part):
    """One of the `quotas` of a duty; count 0: done as a matter of course, never missing."""

    unit: UnitKind
    count: Count
    parts: list[QuotaPart] = Field(default_factory=list)


class DutyPart(Part):
    """One `[[duties]]`."""

    code: WordCode
    section: Section
    name: Name
    period: PeriodKind
    line: Line
    done_by: DoneBy = DoneBy.lead
    checked_by: DoneBy | None = None
    derived: Derived | None = None
    measure: Measure = Measure.records
    kinds: list[WordCode] = Field(default_factory=list)
    quotas: Annotated[list[Quota], Field(min_length=1)]
    reviewed: Yes = False
    scored: Yes = True
    due: MonthDay | None = None
    term_from: Annotated[int, Field(strict=True, ge=2000, le=2100)] | None = None
    festivals: GroupCode | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        refuse_repeated("单位", (each.unit.value for each in self.quotas))
        for wrong, message in self._faults():
            if wrong:
                raise PydanticCustomError("desk", message)
        return self

    def _faults(self) -> Iterable[tuple[bool, str]]:
        parts = [part for quota in self.quotas for part in quota.parts]
        units = {quota.unit for quota in self.quotas}
        yield (self.derived is None) == (not self.kinds), "kinds 和 derived 写一个"
        yield (self.period is PeriodKind.term) == (self.term_from is None), "每届的要写 term_from"
        yield (
            (self.period is PeriodKind.festival) == (self.festivals is None),
            "节日的要写 festivals",
        )
        yield self.due is not None and self.period is not PeriodKind.year, "due 只用于每年的"
        yield (
            any(set(part.kinds) - set(self.kinds) for part in parts),
            "parts 的 kinds 不在 kinds 里",
        )
        yield bool(parts) and self.measure is not Measure.records, "parts 只用于按条数计的"
        yield self.reviewed and self.checked_by is None, "要审核的写明 checked_by"
        yield UnitKind.compound in units and len(units) > 1, "按小区计的不能再写别的单位"
        yield (
            self.derived is Derived.weekly_rounds and self.period is not PeriodKind.week,
            "每周巡查按 week 计",
        )
        yield (
            self.derived is Derived.campaigns_planned and self.period is not PeriodKind.month,
            "一月一区的安排按 month 计",
        )
        yield (
            self.derived is Derived.campaigns_done and self.period is not PeriodKind.half_year,
            "一月一区的完成按 half_year 计",
        )


class DutiesFile(Part):
    """duties.toml; a folder may be without it."""

    record_kinds: list[RecordKindPart] = Field(default_factory=list)
    festivals: list[FestivalPart] = Field(default_factory=list)
    duties: list[DutyPart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        refuse_repeated("记录种类代码", (each.code for each in self.record_kinds))
        refuse_repeated("节日代码", (each.code for each in self.festivals))
        refuse_repeated("指标代码", (each.code for each in self.duties))
        kinds, groups = (
            {each.code for each in self.record_kinds},
            {each.family for each in self.festivals},
        )
        for duty in self.duties:
            unknown = sorted(set(duty.kinds) - kinds)
            if unknown:
                _refuse("{code} 的记录种类没有定义：{what}", duty.code, "、".join(unknown))
            if duty.festivals is not None and duty.festivals not in groups:
                _refuse("{code} 的节日没有定义：{what}", duty.code, duty.festivals)
        return self


def _refuse(message: str, code: str, what: str) -> None:
    raise PydanticCustomError("desk", message, {"code": code, "what": what})


class ItemPart(Part):
    """One of the `items` of a checklist; `units`: only these of the list's units need it."""

    code: WordCode
    name: Name
    units: list[UnitKind] | None = None


class ChecklistPart(Part):
    """One `[[checklists]]`; a square is a site that not every unit has."""

    code: WordCode
    section: Section
    name: Name
    site: SiteKind
    units: Annotated[list[UnitKind], Field(min_length=1)]
    items: Annotated[list[ItemPart], Field(min_length=1)]
    category: CategoryCode | None = None

    @model_validator(mode="after")
    def _items_differ(self) -> Self:
        refuse_repeated("清单项代码", (each.code for each in self.items))
        if any(set(each.units or ()) - set(self.units) for each in self.items):
            raise PydanticCustomError("desk", "清单项的 units 不在清单的 units 里")
        return self


class ChecklistsFile(Part):
    """checklists.toml; a folder may be without it."""

    checklists: list[ChecklistPart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _lists_differ(self) -> Self:
        refuse_repeated("清单代码", (each.code for each in self.checklists))
        return self
