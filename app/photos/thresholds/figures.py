"""The figures of thresholds that a county may change, with what is believable. Pure.

A figure is a number in the unit that people read: lengths of time in minutes or hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.photos.evidence import SHIPPED, Thresholds


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is called, its unit, and between what bounds it is believable.

    `span` is the length of time that one of its units is; None: it is no length of time.
    """

    name: str
    label: str
    unit: str
    least: float
    most: float
    whole: bool = True
    span: timedelta | None = None

    def of(self, limits: Thresholds) -> float:
        """The figure in a set of thresholds."""
        value = getattr(limits, self.name)
        return value / self.span if self.span else float(value)

    def fault(self, value: float) -> str | None:
        """What is wrong with a value, in Chinese; None: it is believable."""
        if not self.least <= value <= self.most:
            return f"{self.label}须在 {self.least:g} 到 {self.most:g} {self.unit}之间"
        if self.whole and value != int(value):
            return f"{self.label}须为整数"
        return None


_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)

FIGURES = {
    figure.name: figure
    for figure in (
        Figure("positions_apart_m", "手机定位与照片自带定位相距", "米", 20, 5000),
        Figure("poor_accuracy_m", "定位误差过大", "米", 50, 5000),
        Figure("place_tolerance_m", "离工单地点多远以内算现场", "米", 20, 1000),
        Figure("other_place_m", "离工单地点多远以外算不是同一处", "米", 200, 10_000),
        Figure("other_place_accuracy_m", "判不是同一处时定位误差的上限", "米", 10, 500),
        Figure("assumed_accuracy_m", "没有报误差的定位按多大误差算", "米", 5, 500),
        Figure("future", "拍摄时间晚于收到的宽限", "分钟", 1, 60, span=_MINUTE),
        Figure("late", "拍摄后多久算旧照片", "小时", 24, 720, span=_HOUR),
        Figure("clocks_apart", "手机记录与照片自带时间相差", "分钟", 1, 1440, span=_MINUTE),
        Figure("fix_apart", "定位与拍摄的时间相差", "分钟", 5, 1440, span=_MINUTE),
        Figure("before_ticket", "整改后照片早于上报的宽限", "分钟", 1, 120, span=_MINUTE),
        Figure("similar_distance", "画面相似：64 位里相差不超过", "位", 0, 8),
        Figure("near_distance", "几乎相同：64 位里相差不超过", "位", 0, 8),
        Figure("near_fine_distance", "几乎相同：256 位里相差不超过", "位", 4, 64),
        Figure("copy_fine_distance", "像素级相同：256 位里相差不超过", "位", 0, 24),
        Figure(
            "retouched_middle", "涂改：其余画面差别的中位数", "（比例）", 0.01, 0.2, whole=False
        ),
        Figure("retouched_most", "涂改：其余画面差别的九成位", "（比例）", 0.01, 0.4, whole=False),
        Figure("retouched_shift", "涂改：其余画面错位的九成位", "‰（长边）", 0.1, 3, whole=False),
        Figure("least_detail", "内容过少：中等频率的强度低于", "级灰度", 0, 1, whole=False),
        Figure("least_entropy", "内容过少：每像素的信息量低于", "位", 0, 4, whole=False),
    )
}
"""All of them. What looks alike is looked up exactly within 8 bits: nothing above is possible."""

_IN_ORDER = (
    ("place_tolerance_m", "other_place_m"),
    ("near_distance", "similar_distance"),
    ("copy_fine_distance", "near_fine_distance"),
    ("retouched_middle", "retouched_most"),
)
"""Of each two the first is at most the second: else the stricter word would be the looser rule."""


def figures_of(limits: Thresholds) -> dict[str, float]:
    """All figures of a set of thresholds, by name."""
    return {name: figure.of(limits) for name, figure in FIGURES.items()}


def faults_of(figures: Mapping[str, float]) -> dict[str, list[str]]:
    """What is wrong with a whole set of figures, by name; nothing: it is believable."""
    found = {
        name: [said] for name, value in figures.items() if (said := FIGURES[name].fault(value))
    }
    for low, high in _IN_ORDER:
        if figures[low] > figures[high] and not {low, high} & set(found):
            found[low] = [
                f"{FIGURES[low].label}不能大于“{FIGURES[high].label}”（{figures[high]:g}）"
            ]
    return found


def thresholds_of(figures: Mapping[str, float], version: str) -> Thresholds:
    """The thresholds that figures say; those that are not named are the shipped ones."""
    known = FIGURES.keys() & figures.keys()
    values = {name: _value(FIGURES[name], figures[name]) for name in known}
    return replace(SHIPPED, version=version, **values)


def _value(figure: Figure, value: float) -> Any:
    if figure.span:
        return figure.span * value
    return int(value) if isinstance(getattr(SHIPPED, figure.name), int) else float(value)
