"""What can be wrong with a township's files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.kernel.errors import Rejected


@dataclass(frozen=True, slots=True)
class Cause:
    """What faults in several places may come from: one code of a table.

    `missing` means that the table has no such code; an empty code is a row whose code is unknown.
    """

    table: str
    code: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place of a file; `line` counts from 1, None means the whole file.

    A fault of a GeoJSON feature has its number and a label; `also` are the other rows, or features,
    of which the very same is to be said.
    """

    file: str
    line: int | None
    what: str
    label: str = ""
    number: int | None = None
    cause: Cause | None = None
    also: tuple[int, ...] = ()

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.label}{self.what}{self._also()}"

    @property
    def places(self) -> tuple[int, ...]:
        """The rows or features concerned, by line or by number; empty: the whole file."""
        own = self.number or self.line
        return () if own is None else (own, *self.also)

    def _also(self) -> str:
        if not self.also:
            return ""
        unit = "行" if self.number is None else "个要素"
        return f"（第 {'、'.join(_runs(self.also))} {unit}也是）"


class TownshipFaults(Rejected):
    """The files break rules; every fault is told and nothing was written."""

    code = "township_faults"
    title = "文件有误，什么都没有写入"

    def __init__(self, faults: Sequence[Fault], lines: Iterable[str] | None = None) -> None:
        self.faults = tuple(faults)
        self.lines = tuple(str(fault) for fault in faults) if lines is None else tuple(lines)
        super().__init__("\n".join(self.lines))

    @property
    def count(self) -> int:
        """How many places have to be mended."""
        return sum(len(fault.places) or 1 for fault in self.faults)


def _runs(numbers: Sequence[int]) -> list[str]:
    """Ascending numbers with neighbours drawn together: 3、5–8."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
