"""The shape of the catalogue's files; extra keys are faults, so that a typing error is seen."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.catalogue.kpis import KpiCode
from app.catalogue.models import Action, Audience, Clock, KeptAs, Stage
from app.sla.limits import LimitUnit

_SATURDAY = 5

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
CategoryCode = Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{2}$")]
ConditionCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]


class Part(BaseModel):
    """A part of a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitPart(Part):
    """`{ amount = 4, unit = "hour" }`."""

    amount: Annotated[int, Field(strict=True, ge=1, le=366)]
    unit: LimitUnit


class ConditionPart(Part):
    """One `[[categories.conditions]]`; `enforcement`: the body is told when it is filed."""

    code: ConditionCode
    name: Name
    limit: LimitPart
    closing_test: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    enforcement: Annotated[bool, Field(strict=True)] = False


class CategoryPart(Part):
    """One `[[categories]]`; not `routable`: a person says who is responsible."""

    code: CategoryCode
    name: Name
    standard_code: Annotated[str, StringConstraints(pattern=r"^\d{5}$")] | None = None
    standard_ref: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    action: Action | None = None
    routable: Annotated[bool, Field(strict=True)] = True
    conditions: Annotated[list[ConditionPart], Field(min_length=1)]

    @model_validator(mode="after")
    def _conditions_differ(self) -> Self:
        refuse_repeated("立案条件代码", (each.code for each in self.conditions))
        return self


class CategoriesFile(Part):
    """categories.toml; the limits of stages may be left out by a township."""

    name: Name
    in_force_from: date | None = None
    limits: dict[Stage, LimitPart] = Field(default_factory=dict)
    categories: list[CategoryPart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _categories_differ(self) -> Self:
        refuse_repeated("事项类别代码", (each.code for each in self.categories))
        return self


class WeightPart(Part):
    """One `[[composite]]`: a KPI and its weight."""

    kpi: KpiCode
    weight: Annotated[int, Field(strict=True, ge=1, le=100)]


class FiguresFile(Part):
    """figures.toml; a folder may be without it."""

    composite: Annotated[list[WeightPart], Field(min_length=1)]

    @model_validator(mode="after")
    def _parts_differ(self) -> Self:
        refuse_repeated("指标", (each.kpi.value for each in self.composite))
        return self


class RungPart(Part):
    """One `[[rungs]]`: at how many percent of which limit who is told."""

    clock: Clock
    percent: Annotated[int, Field(strict=True, ge=80, le=1000)]
    tell: Audience

    @model_validator(mode="after")
    def _is_looked_for(self) -> Self:
        """Tickets are found by the instants that they keep: of filing and checking only the end,
        and nobody is responsible for a report that waits."""
        answering = self.clock is Clock.answering
        if answering and self.tell not in (Audience.supervisors, Audience.administrators):
            raise PydanticCustomError(
                "rung", "投诉建议的提醒只发给督查员（supervisors）或管理员（administrators）"
            )
        if not answering and self.tell is Audience.administrators:
            raise PydanticCustomError("rung", "工单的提醒不发给管理员（administrators）")
        if self.clock in (Clock.filing, Clock.checking):
            if self.percent < 100:
                raise PydanticCustomError("rung", "立案、核查的提醒不能早于时限的 100%")
            if self.tell is Audience.responsible:
                raise PydanticCustomError(
                    "rung", "立案、核查的提醒只发给负责人（lead）或督查员（supervisors）"
                )
        return self


class RemindersFile(Part):
    """reminders.toml; a folder may be without it. No rung at all: nobody is reminded."""

    rungs: list[RungPart]

    @model_validator(mode="after")
    def _rungs_differ(self) -> Self:
        refuse_repeated("提醒", (f"{r.clock} {r.percent} {r.tell}" for r in self.rungs))
        return self


class PeriodPart(Part):
    """One `[[periods]]`. A week at least: a photo may reach the server days before its report."""

    use: KeptAs
    days: Annotated[int, Field(strict=True, ge=7, le=36_500)]


class RetentionFile(Part):
    """retention.toml; a folder may be without it. A use that has no period is kept for good."""

    periods: list[PeriodPart]

    @model_validator(mode="after")
    def _uses_differ(self) -> Self:
        refuse_repeated("保存期限", (each.use for each in self.periods))
        return self


class FestivalPart(Part):
    """One festival: off from `first_on` to `last_on`, both included; the days made up for it."""

    name: Name
    first_on: date
    last_on: date
    working_days: list[date] = Field(default_factory=list)

    @property
    def holidays(self) -> list[date]:
        """The days off, in order."""
        length = (self.last_on - self.first_on).days + 1
        return [self.first_on + timedelta(days=offset) for offset in range(length)]

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if not 1 <= len(self.holidays) <= 31:
            raise PydanticCustomError("festival", "放假首尾两日不对，应在一个月以内")
        if any(day.weekday() < _SATURDAY for day in self.working_days):
            raise PydanticCustomError("festival", "调休上班日应是周六或周日")
        return self


class YearPart(Part):
    """One `[[years]]`: the State Council's notice for a year."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    document: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    festivals: Annotated[list[FestivalPart], Field(min_length=1)]

    @property
    def holidays(self) -> list[date]:
        """Every day off, in order."""
        return sorted(day for each in self.festivals for day in each.holidays)

    @property
    def working_days(self) -> list[date]:
        """Every make-up working day, in order."""
        return sorted(day for each in self.festivals for day in each.working_days)

    @model_validator(mode="after")
    def _days_are_its_own(self) -> Self:
        days = self.holidays + self.working_days
        refuse_repeated("日期", (day.isoformat() for day in days))
        outside = [day for day in days if not self._may_arrange(day)]
        if outside:
            raise PydanticCustomError("year", "{days} 不属于该年份", {"days": _listed(outside)})
        return self

    def _may_arrange(self, day: date) -> bool:
        """A notice speaks of its own year and may reach into the December before it."""
        return day.year == self.year or (day.year == self.year - 1 and day.month == 12)


class CalendarsFile(Part):
    """calendars.toml."""

    years: list[YearPart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _years_differ(self) -> Self:
        refuse_repeated("年份", (str(each.year) for each in self.years))
        return self


def _listed(days: Iterable[date]) -> str:
    return "、".join(day.isoformat() for day in days)


def refuse_repeated(what: str, values: Iterable[str]) -> None:
    """Raises what a fault is made of when a value is there twice."""
    repeated = [value for value, times in Counter(values).items() if times > 1]
    if repeated:
        raise PydanticCustomError(
            "repeated", "{what}重复：{values}", {"what": what, "values": "、".join(repeated)}
        )
