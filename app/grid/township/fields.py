"""Single cells of a table: each function returns the value, or None after noting the fault."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from app.grid.township.faults import Fault
from app.grid.township.reading import Row

E = TypeVar("E", bound=StrEnum)

CODE_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", re.ASCII)
USERNAME_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,63}", re.ASCII)
PHONE_FORM = re.compile(r"1[0-9]{10}", re.ASCII)
NO_PHONE = "无"
"""What stands for a number that is not there; an empty cell may have been forgotten."""
NUMBER_FORM = re.compile(r"[0-9]{1,6}", re.ASCII)


def required_text(row: Row, column: str, faults: list[Fault], *, longest: int = 64) -> str | None:
    """Printable text that may not be empty."""
    value = row.values[column]
    if not value:
        faults.append(row.fault(f"“{column}”不能为空"))
    elif len(value) > longest:
        faults.append(row.fault(f"“{column}”超过 {longest} 个字"))
    elif not value.isprintable():
        faults.append(row.fault(f"“{column}”里有看不见的控制字符"))
    else:
        return value
    return None


def code_text(row: Row, column: str, faults: list[Fault]) -> str | None:
    """A code: 1–32 letters, digits, hyphens and underscores."""
    return _formed(row, column, CODE_FORM, "只能用字母、数字、- 和 _，最多 32 个", faults)


def username_text(row: Row, faults: list[Fault]) -> str | None:
    """A username: 2–64 letters, digits and . _ @ -"""
    return _formed(row, "用户名", USERNAME_FORM, "应为 2 至 64 个字母、数字或 . _ @ -", faults)


def phone_text(row: Row, faults: list[Fault]) -> str | None:
    """A mobile number of 11 digits beginning with 1; NO_PHONE itself for none."""
    if row.values["手机号"] == NO_PHONE:
        return NO_PHONE
    return _formed(row, "手机号", PHONE_FORM, "应为 1 开头的 11 位数字", faults)


def whole_number(row: Row, column: str, faults: list[Fault]) -> int | None:
    """A count of at most six digits."""
    text = _formed(row, column, NUMBER_FORM, "应为不带小数的数字，最多 6 位", faults)
    return None if text is None else int(text)


def labelled(row: Row, column: str, labels: Mapping[E, str], faults: list[Fault]) -> E | None:
    """The enum member whose Chinese label stands in the cell."""
    text = required_text(row, column, faults)
    if text is None:
        return None
    found = next((member for member, label in labels.items() if label == text), None)
    if found is None:
        faults.append(row.fault(f"“{column}”不能是“{text}”，只能是{'、'.join(labels.values())}"))
    return found


def is_code(text: str) -> bool:
    """Whether a text has the form of a code."""
    return CODE_FORM.fullmatch(text) is not None


def is_username(text: str) -> bool:
    """Whether a text has the form of a username."""
    return USERNAME_FORM.fullmatch(text) is not None


def _formed(
    row: Row, column: str, form: re.Pattern[str], rule: str, faults: list[Fault]
) -> str | None:
    text = required_text(row, column, faults)
    if text is None or form.fullmatch(text):
        return text
    faults.append(row.fault(f"“{column}”写的是“{text}”，{rule}"))
    return None
