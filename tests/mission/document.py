"""docs/coverage-of-the-mission.md, made of the rows."""

from config.settings import ROOT
from tests.mission.rows import ROWS

PLACE = ROOT / "docs" / "coverage-of-the-mission.md"
HEADING = """# 任务逐项对照

工作汇报里十一个方面的每一项要求，在格巡里由哪个接口记下，从哪里看出还缺，最后写进哪份材料。
本页由 `.venv/bin/python -m tests.mission` 按测试逐项走过的内容生成（`tests/mission/rows.py`）：
有数量的先在看板上是缺的，记下以后不缺，再在材料里找到；常态化的先是没有，后来有。
村的清单（宣传 14 项、活动室 8 类、“六要”）和广场 6 项与社区的同一做法，测试走社区的。

| 章节 | 要求 | 谁做 | 多少 | 记下 | 看缺什么 | 写进 |
|---|---|---|---|---|---|---|
"""


def document() -> str:
    """The whole text."""
    return HEADING + "".join(
        f"| {row.section} | {row.what} | {row.who} | {row.number} | {row.made} | {row.board}"
        f" | {row.ends} |\n"
        for row in ROWS
    )
