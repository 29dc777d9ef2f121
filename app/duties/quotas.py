"""Whether a quota is met, and how many are missing of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.catalogue.desk.models import UnitKind
from app.catalogue.desk.queries import Quota
from app.people.models import OrganisationType


class Standing(StrEnum):
    """How a unit stands with a duty in a period."""

    met = "met"
    open = "open"
    missed = "missed"
    as_usual = "as_usual"


STANDING_LABELS = {
    Standing.met: "已完成",
    Standing.open: "还差",
    Standing.missed: "未完成",
    Standing.as_usual: "常态化",
}


@dataclass(frozen=True, slots=True)
class PartTally:
    """How many of a part are done and missing."""

    name: str
    count: int
    done: int

    @property
    def missing(self) -> int:
        """How many are missing of the part."""
        return max(0, self.count - self.done)


@dataclass(frozen=True, slots=True)
class Tally:
    """What was done of a quota. A record of a part counts in the whole too, so what is missing is
    the larger of what the whole and what the parts lack together."""

    quota: int
    done: int
    parts: tuple[PartTally, ...] = ()

    @property
    def missing(self) -> int:
        """How many are missing."""
        return max(0, self.quota - self.done, sum(part.missing for part in self.parts))

    def standing(self, *, over: bool) -> Standing:
        """How it stands; `over`: the day it was due on is past."""
        if not self.quota and not self.missing:
            return Standing.as_usual
        if not self.missing:
            return Standing.met
        return Standing.missed if over else Standing.open


def tally(quota: Quota, done: int, of_parts: Sequence[int]) -> Tally:
    """What was done of a quota, in the whole and of each of its parts."""
    parts = zip(quota.parts, of_parts, strict=True)
    return Tally(
        quota.count, done, tuple(PartTally(one.name, one.count, number) for one, number in parts)
    )


def quota_for(
    quotas: Sequence[Quota], kind: OrganisationType, titles: frozenset[UnitKind]
) -> Quota | None:
    """The quota of a unit: a title's before its type's; None: the duty is none of its.

    A resettlement village without a quota of its own has a village's.
    """
    by_unit = {quota.unit: quota for quota in quotas}
    titled = [title for title in sorted(titles) if title in by_unit]
    if titled:
        return by_unit[titled[0]]
    own = by_unit.get(UnitKind(kind.value)) if kind.value in set(UnitKind) else None
    if own is None and kind is OrganisationType.resettlement_village:
        return by_unit.get(UnitKind.village)
    return own
