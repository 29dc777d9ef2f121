"""What can be wrong with a township's files."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.errors import Rejected


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place of a file; `line` counts from 1, None means the whole file."""

    file: str
    line: int | None
    what: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.what}"


class TownshipFaults(Rejected):
    """The files break rules; every fault is told and nothing was written."""

    code = "township_faults"
    title = "文件有误，什么都没有写入"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
