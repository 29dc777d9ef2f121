"""What an item earns, and why in words. Pure arithmetic in hundredths of a point.

A share without anything to be a share of earns all its points, so a ticket that is overdue can
never add to a score; a subject that did nothing wrong loses nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.assessments.models import Source, Way
from app.catalogue.assessments.queries import Item, Scheme

RULES_VERSION = "2026-11"
"""Named with every frozen score; a change of this module changes it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What was counted: so many, of so many where it is a share."""

    numerator: int = 0
    denominator: int = 0


@dataclass(frozen=True, slots=True)
class Scored:
    """What an item earned, in hundredths, and the sum a reader can do again."""

    item: Item
    fact: Fact
    earned: int
    formula: str


def points_said(hundredths: int) -> str:
    """Points as people write them: 16, 16.5, 16.67."""
    sign, whole = ("-" if hundredths < 0 else ""), abs(hundredths)
    said = f"{whole // 100}.{whole % 100:02d}".rstrip("0").rstrip(".")
    return sign + said


def scored(item: Item, fact: Fact) -> Scored:
    """What an item earns of a fact: never less than nothing, never more than its points."""
    match item.way:
        case Way.share:
            return _share(item, fact)
        case Way.pieces:
            return _pieces(item, fact)
        case Way.bonus:
            return _bonus(item, fact)


def _share(item: Item, fact: Fact) -> Scored:
    full = points_said(item.points)
    if fact.denominator <= 0:
        return Scored(item, fact, item.points, f"没有应计的，得满分 {full} 分")
    done = min(max(fact.numerator, 0), fact.denominator)
    earned = _rounded(item.points * done, fact.denominator)
    share = f"{full} 分 × {done} ÷ {fact.denominator}"
    return Scored(item, fact, earned, f"{share} = {points_said(earned)} 分")


def _pieces(item: Item, fact: Fact) -> Scored:
    count = max(fact.numerator, 0)
    earned = max(0, item.points - item.each * count)
    sum_ = f"{points_said(item.points)} 分 − {count} 件 × {points_said(item.each)} 分"
    if item.each * count > item.points:
        return Scored(item, fact, earned, f"{sum_}，扣完为止，得 0 分")
    return Scored(item, fact, earned, f"{sum_} = {points_said(earned)} 分")


def _bonus(item: Item, fact: Fact) -> Scored:
    count = max(fact.numerator, 0)
    whole = item.each * count
    sum_ = f"{count} 件 × {points_said(item.each)} 分 = {points_said(whole)} 分"
    if whole > item.points:
        sum_ += f"，至多 {points_said(item.points)} 分"
    return Scored(item, fact, min(item.points, whole), sum_)


def _rounded(numerator: int, denominator: int) -> int:
    """A quotient of numbers that are not negative, halves upwards."""
    return (2 * numerator + denominator) // (2 * denominator)


def scored_by(scheme: Scheme, facts: Mapping[Source, Fact]) -> list[Scored]:
    """Every item of a scheme; of what nothing was counted, nothing happened."""
    return [scored(item, facts.get(item.source, Fact())) for item in scheme.items]


def total_of(items: Sequence[Scored]) -> int:
    """The score in hundredths: the sum of its items."""
    return sum(one.earned for one in items)


def highest(scheme: Scheme) -> int:
    """The most that a scheme gives, in hundredths."""
    return sum(item.points for item in scheme.items)


def board_of(scheme: Scheme, total: int) -> str | None:
    """On which board a score stands: red, black or neither."""
    if scheme.red_from is not None and total >= scheme.red_from * 100:
        return "red"
    if scheme.black_below is not None and total < scheme.black_below * 100:
        return "black"
    return None
