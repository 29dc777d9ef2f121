"""What a campaign asks for, as pure rules: the steps in order, when all is done, what a month and a
half year need, who may be proposed at the year's end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.catalogue.models import Action
from app.grid.models import Area


class Step(StrEnum):
    """The four steps (四步程序) in their order; `nothing_found` stands for the last three where the
    walk-round after publicising found nothing to clear."""

    publicise = "publicise"
    self_clear = "self_clear"
    joint_action = "joint_action"
    maintain = "maintain"
    nothing_found = "nothing_found"


STEP_LABELS = {
    Step.publicise: "宣传发动",
    Step.self_clear: "自行清理",
    Step.joint_action: "集中行动",
    Step.maintain: "监管维护",
    Step.nothing_found: "没有此类问题",
}
FOUR_STEPS = (Step.publicise, Step.self_clear, Step.joint_action, Step.maintain)
LAST_STEPS = frozenset({Step.maintain, Step.nothing_found})
FOCUS_AREAS = (Area.main_entrance, Area.main_road, Area.shared_grounds, Area.stairwell)
"""A compound taken area by area is done when all of these are."""

FEW_COMPOUNDS = 6
"""A community with fewer compounds takes an area a month, the others two compounds (§ 9.1)."""
COMPOUNDS_A_MONTH = 2
AREAS_A_MONTH = 1


def next_steps(done: Sequence[Step]) -> tuple[Step, ...]:
    """What may follow the steps of one action that were done, in their order."""
    if not done:
        return (Step.publicise,)
    if done[-1] in LAST_STEPS:
        return ()
    following = FOUR_STEPS[FOUR_STEPS.index(done[-1]) + 1]
    nothing = (Step.nothing_found,) if done[-1] is Step.publicise else ()
    return (following, *nothing)


def is_complete(done: Mapping[Action, Sequence[Step]]) -> bool:
    """Whether each of the six actions has come to its end."""
    return all(done.get(action) and done[action][-1] in LAST_STEPS for action in Action)


def needed_in_a_month(compounds: int) -> int:
    """How many campaigns a community with so many compounds plans a month."""
    if compounds == 0:
        return 0
    return AREAS_A_MONTH if compounds < FEW_COMPOUNDS else COMPOUNDS_A_MONTH


def compound_is_done(areas_completed: Collection[Area | None]) -> bool:
    """Whether a compound is through, given the areas (None: the whole of it) of its completed
    campaigns."""
    return None in areas_completed or set(FOCUS_AREAS) <= set(areas_completed)


@dataclass(frozen=True, order=True)
class HalfYear:
    """The first or second half of a calendar year, in Asia/Shanghai's days."""

    year: int
    half: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def code(self) -> str:
        """As 2026H2."""
        return f"{self.year}H{self.half}"

    @property
    def months(self) -> tuple[str, ...]:
        """Its six months, as 2026-07."""
        first = self.first.month
        return tuple(f"{self.year}-{month:02d}" for month in range(first, first + 6))


def half_year_of(day: date) -> HalfYear:
    """The half year that a day lies in."""
    return HalfYear(day.year, 1 if day.month <= 6 else 2)


class Grade(StrEnum):
    """What a compound may be proposed as at the year's end."""

    model = "model"
    qualified = "qualified"


GRADE_LABELS = {Grade.model: "示范小区", Grade.qualified: "达标小区"}


class Criterion(StrEnum):
    """What is looked at for a grade."""

    campaigns = "campaigns"
    coverage = "coverage"
    in_time = "in_time"
    reworked = "reworked"
    overdue = "overdue"


CRITERION_LABELS = {
    Criterion.campaigns: "完成六项行动的半年",
    Criterion.coverage: "巡查覆盖率",
    Criterion.in_time: "按期处置率",
    Criterion.reworked: "返工率",
    Criterion.overdue: "超期未整改的工单",
}


@dataclass(frozen=True)
class Bound:
    """What a grade asks of one criterion: at least (or at most) so much; shares are of 1."""

    criterion: Criterion
    at_least: float | None = None
    at_most: float | None = None

    def met_by(self, observed: float | None) -> bool | None:
        """Whether it is met; None where there is nothing to judge by."""
        if observed is None:
            return None
        if self.at_least is not None:
            return observed >= self.at_least
        return self.at_most is None or observed <= self.at_most


GRADES: Mapping[Grade, tuple[Bound, ...]] = {
    Grade.model: (
        Bound(Criterion.campaigns, at_least=2),
        Bound(Criterion.coverage, at_least=0.95),
        Bound(Criterion.in_time, at_least=0.95),
        Bound(Criterion.reworked, at_most=0.05),
        Bound(Criterion.overdue, at_most=0),
    ),
    Grade.qualified: (
        Bound(Criterion.campaigns, at_least=2),
        Bound(Criterion.coverage, at_least=0.90),
        Bound(Criterion.in_time, at_least=0.80),
        Bound(Criterion.overdue, at_most=0),
    ),
}
"""The shipped default; the office decides, the list only proposes."""


def grade_reached(observed: Mapping[Criterion, float | None]) -> Grade | None:
    """The best grade of which nothing is missed; what cannot be judged (no ticket was due) does not
    stand in the way, what was never begun does."""
    for grade, bounds in GRADES.items():
        if all(bound.met_by(observed.get(bound.criterion)) is not False for bound in bounds):
            return grade
    return None
