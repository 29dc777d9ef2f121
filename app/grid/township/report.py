"""What a load did, in numbers and in names."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class LoadReport:
    """Rows made, updated and closed by Chinese kind; what the files no longer name; remarks."""

    town_code: str
    town_name: str
    made: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    """Rows in force that the files do not name."""
    missing_closed: bool = False
    """Whether those were closed with today's date."""
    remarks: list[str] = field(default_factory=list)
    """Rows of the county that differ from the files and were left as they are."""

    @property
    def changed_anything(self) -> bool:
        """Whether one row was written."""
        return any((self.made, self.updated, self.closed))

    def lines(self) -> Iterable[str]:
        """The report as Chinese lines for a terminal."""
        yield f"{self.town_name}（{self.town_code}）载入完成。"
        for word, counts in (("新建", self.made), ("更新", self.updated), ("停用", self.closed)):
            if counts:
                yield f"{word}：" + "，".join(f"{kind} {n}" for kind, n in counts.items())
        if not self.changed_anything:
            yield "与系统中的一致，没有改动。"
        yield from (f"注意：{remark}" for remark in self.remarks)
        if self.missing:
            word = (
                "已按今天的日期停用"
                if self.missing_closed
                else "仍在用（要停用请加 --retire-missing）"
            )
            yield f"文件里不再有的 {len(self.missing)} 项，{word}："
            yield from (f"  {item}" for item in self.missing)
