"""What a load did, in numbers and in names."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

SWEEPING = 5
"""One in so many closed at once is more than a township changes in its daily work."""


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
    standing: Counter[str] = field(default_factory=Counter)
    """How many of the kinds that a sweep would harm were in use before."""
    remarks: list[str] = field(default_factory=list)
    """What is to be known beside: rows of the county that were left as they are, people of another
    township who got a post in this one."""

    @property
    def changed_anything(self) -> bool:
        """Whether one row was written."""
        return any((self.made, self.updated, self.closed))

    @property
    def sweeps(self) -> list[str]:
        """The kinds of which more than a fifth is closed, each as a Chinese phrase."""
        return [
            f"{kind} {self.closed[kind]}（共 {n}）"
            for kind, n in self.standing.items()
            if self.closed[kind] * SWEEPING > n
        ]

    def lines(self, *, rehearsed: bool = False) -> Iterable[str]:
        """The report as Chinese lines for a terminal; `rehearsed`: of what loading would do."""
        will = "将" if rehearsed else ""
        done = "检查完成，什么都没有写入；载入时：" if rehearsed else "载入完成。"
        yield f"{self.town_name}（{self.town_code}）{done}"
        for word, counts in (("新建", self.made), ("更新", self.updated), ("停用", self.closed)):
            if counts:
                yield f"{will}{word}：" + "，".join(f"{kind} {n}" for kind, n in counts.items())
        if not self.changed_anything:
            yield "与系统中的一致，没有改动。"
        yield from (f"注意：{remark}" for remark in self.remarks)
        if self.missing:
            word = (
                f"{will or '已'}按今天的日期停用"
                if self.missing_closed
                else "仍在用（要停用请加 --retire-missing）"
            )
            yield f"文件里不再有的 {len(self.missing)} 项，{word}："
            yield from (f"  {item}" for item in self.missing)
