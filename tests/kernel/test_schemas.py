"""What is taken for a day and for true, and what only looks like it."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.kernel.schemas import Day, Flag

DAY: TypeAdapter[date] = TypeAdapter(Day)
FLAG: TypeAdapter[bool] = TypeAdapter(Flag)


def test_a_day_is_written_as_one() -> None:
    assert DAY.validate_python("2026-11-28") == date(2026, 11, 28)


@pytest.mark.parametrize(
    "value",
    ["0", 0, 1764288000, "1764288000", "2026-11-28T00:00:00", "2026-1-5", "", True, None, 1.5],
)
def test_a_number_is_no_day(value: Any) -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python(value)


@pytest.mark.parametrize("value", [0, 1, "true", "1", None])
def test_only_true_and_false_are_flags(value: Any) -> None:
    assert FLAG.validate_python(True) is True
    with pytest.raises(ValidationError):
        FLAG.validate_python(value)
