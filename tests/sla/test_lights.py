"""Green to 80 %, yellow to 100 %, red past it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sla.lights import Light, light, light_at, yellow_at
from app.sla.limits import Limit, LimitUnit, due_at
from tests.sla.year2026 import CALENDAR, at

FOUR_HOURS = Limit(4, LimitUnit.hour)
ONE_DAY = Limit(1, LimitUnit.day)
TWO_URGENT_HOURS = Limit(2, LimitUnit.urgent_hour)


@pytest.mark.parametrize(
    ("start", "limit", "yellow"),
    [
        ("03-02 08:00", FOUR_HOURS, "03-02 11:12"),  # 3 h 12 min
        ("03-02 16:00", FOUR_HOURS, "03-03 09:12"),
        ("03-02 08:00", Limit(5, LimitUnit.day), "03-05 18:00"),  # 32 of 40 h: four whole days
        ("02-14 08:00", ONE_DAY, "02-14 16:24"),  # 6 h 24 min
        ("02-14 14:00", ONE_DAY, "02-24 10:24"),
        ("02-16 23:00", TWO_URGENT_HOURS, "02-17 00:36"),
    ],
)
def test_yellow_after_four_fifths(start: str, limit: Limit, yellow: str) -> None:
    due = due_at(at(start), limit, CALENDAR).at
    assert yellow_at(at(start), due, limit, CALENDAR) == at(yellow)


@pytest.mark.parametrize(
    ("now", "colour"),
    [
        ("03-02 07:00", Light.green),
        ("03-02 11:12", Light.green),
        ("03-02 11:12:01", Light.yellow),
        ("03-02 12:00", Light.yellow),
        ("03-02 12:00:01", Light.red),
        ("03-03 12:00", Light.red),
    ],
)
def test_light_of_four_hours_from_eight(now: str, colour: Light) -> None:
    start = at("03-02 08:00")
    due = due_at(start, FOUR_HOURS, CALENDAR).at
    assert light(at(now), start, due, FOUR_HOURS, CALENDAR) is colour


def test_past_due_in_the_evening_is_red_though_no_working_time_has_passed() -> None:
    start = at("03-02 08:00")
    due = due_at(start, ONE_DAY, CALENDAR).at
    assert light(at("03-02 18:00"), start, due, ONE_DAY, CALENDAR) is Light.yellow
    assert light(at("03-02 20:00"), start, due, ONE_DAY, CALENDAR) is Light.red


def test_an_extended_due_moves_yellow_with_it() -> None:
    start, extended = at("03-02 08:00"), at("03-03 10:00")  # 10 working hours instead of 4
    assert yellow_at(start, extended, FOUR_HOURS, CALENDAR) == at("03-02 18:00")


def test_a_pause_moves_yellow() -> None:
    start, pauses = at("03-02 08:00"), [(at("03-02 09:00"), at("03-02 10:00"))]
    due = due_at(start, FOUR_HOURS, CALENDAR, pauses).at
    assert due == at("03-02 15:00")
    assert yellow_at(start, due, FOUR_HOURS, CALENDAR, pauses) == at("03-02 14:12")


@pytest.mark.parametrize("due", ["03-01 12:00", "02-27 12:00"])
def test_with_no_time_to_work_in_it_is_yellow_from_the_earlier_of_start_and_due(due: str) -> None:
    start = at("02-28 18:00")  # Saturday evening, due on the Sunday or before it began
    assert yellow_at(start, at(due), FOUR_HOURS, CALENDAR) == min(start, at(due))


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(
        lambda naive: at(naive.isoformat(sep=" "))
    ),
    st.builds(Limit, st.integers(1, 20), st.sampled_from(LimitUnit)),
    st.timedeltas(timedelta(), timedelta(days=60)),
)
def test_the_colour_only_ever_worsens(start: datetime, limit: Limit, later: timedelta) -> None:
    due = due_at(start, limit, CALENDAR).at
    turns = yellow_at(start, due, limit, CALENDAR)
    assert start < turns < due
    order = list(Light)
    shown = [light_at(now, turns, due) for now in sorted([start, start + later, turns, due])]
    assert shown == sorted(shown, key=order.index)
    assert shown[0] is Light.green


def test_colours_have_words() -> None:
    assert [each.label for each in Light] == ["正常", "临期", "超期"]
    assert [each.value for each in Light] == ["green", "yellow", "red"]
