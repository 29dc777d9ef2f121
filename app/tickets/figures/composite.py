"""The composite of KPIs, a figure out of 100: pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.catalogue.composite import Weight
from app.tickets.figures.counting import Figures
from app.tickets.figures.definitions import BY_CODE, Kpi


@dataclass(frozen=True)
class Part:
    """A KPI in the composite: `value` is what it earns of its weight, between 0 and 1 (one minus
    the rate where less is better); None: it has no denominator and does not count."""

    kpi: Kpi
    weight: int
    value: float | None


@dataclass(frozen=True)
class Composite:
    """The parts together: `score` out of 100, None when no part counts."""

    parts: tuple[Part, ...]

    @property
    def counting(self) -> list[Part]:
        """The parts that have a denominator."""
        return [part for part in self.parts if part.value is not None]

    @property
    def weight(self) -> int:
        """What the counting parts weigh together: they are scaled to 100 by it."""
        return sum(part.weight for part in self.counting)

    @property
    def score(self) -> float | None:
        """Out of 100."""
        if not self.counting:
            return None
        return sum(part.weight * (part.value or 0) for part in self.counting) / self.weight * 100

    @property
    def note(self) -> str | None:
        """What a reader has to know: which parts were left out; None when all count."""
        if not self.parts:
            return "没有装入综合指标的权重。"
        left_out = [part.kpi.name for part in self.parts if part.value is None]
        if not left_out:
            return None
        names = "、".join(left_out)
        if not self.counting:
            return f"{names}没有应计数，没有综合得分。"
        return f"{names}没有应计数，不计入；其余各项的权重按比例放大。"


def composite_of(figures: Figures, weights: Sequence[Weight]) -> Composite:
    """The composite of some figures. Whether a rate earns or costs is the KPI's own, never the
    weights': so missing more cannot come to score higher by a slip in a file."""
    kpis = [(BY_CODE[one.kpi], one.weight) for one in weights]
    return Composite(tuple(Part(kpi, weight, _value(figures, kpi)) for kpi, weight in kpis))


def _value(figures: Figures, kpi: Kpi) -> float | None:
    rate = figures[kpi].rate
    if rate is None:
        return None
    return rate if kpi.more_is_better else 1 - rate
