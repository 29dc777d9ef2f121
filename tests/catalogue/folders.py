"""Small catalogue folders for tests, and the shipped one."""

from collections.abc import Mapping
from pathlib import Path

SHIPPED = Path(__file__).parents[2] / "config" / "catalogue"

CATEGORIES = """
name = "测试字典"
in_force_from = 2026-07-01

[limits]
filing = { amount = 2, unit = "hour" }
checking = { amount = 1, unit = "day" }

[[categories]]
code = "01-36"
name = "乱堆物堆料"
standard_code = "06036"
standard_ref = "GB/T 47678.5-2026 06036"
action = "clutter"

[[categories.conditions]]
code = "default"
name = "乱堆物堆料"
limit = { amount = 1, unit = "day" }
closing_test = "已清走。"

[[categories]]
code = "01-91"
name = "非法占绿毁绿"
standard_ref = "本地"

[[categories.conditions]]
code = "under_way"
name = "正在占绿毁绿"
limit = { amount = 4, unit = "hour" }
closing_test = "已停止。"

[[categories.conditions]]
code = "planted"
name = "已种菜"
limit = { amount = 7, unit = "day" }
closing_test = "已清除。"
"""

CALENDARS = """
[[years]]
year = 2026
title = "测试安排"
festivals = [
  { name = "国庆节", first_on = 2026-10-01, last_on = 2026-10-07, working_days = [2026-10-10] },
]
"""


def write_catalogue(
    folder: Path,
    *,
    categories: str = CATEGORIES,
    calendars: str | None = CALENDARS,
    changes: Mapping[str, str] | None = None,
) -> Path:
    """A folder with the two files, each of `changes` made once in the text it occurs in."""
    for before, after in (changes or {}).items():
        assert before in categories or before in (calendars or ""), before
        categories = categories.replace(before, after, 1)
        calendars = None if calendars is None else calendars.replace(before, after, 1)
    folder.mkdir(exist_ok=True)
    (folder / "categories.toml").write_text(categories, encoding="utf-8")
    if calendars is not None:
        (folder / "calendars.toml").write_text(calendars, encoding="utf-8")
    return folder
