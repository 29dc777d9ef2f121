"""Limits under pauses and suspensions, counted by hand on the calendar of 2026.

A pause and a suspension are the same to a limit: stretches in which working time stands still. In
the comments "3 h Fri" are three working hours counted on Friday, of 08:00–12:00 and 14:00–18:00.
"""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sla.calendar import AnnouncedYear, WorkCalendar
from app.sla.lights import light_at, yellow_at
from app.sla.limits import Limit, due_at
from tests.sla.test_limits import limit
from tests.sla.test_limits_properties import INSTANTS, PAUSES, WORKING, Pauses
from tests.sla.year2026 import CALENDAR, YEAR_2026, at, days

Spans = list[tuple[str, str]]

SPRING_FESTIVAL: list[tuple[str, str, Spans, str]] = [
    # Saturday 14 February is worked, 15–23 are off, Tuesday the 24th is the first day, Saturday the
    # 28th is worked.
    # 2 h Fri; the make-up Saturday is paused; 6 h Tue
    ("02-13 16:00", "1 day", [("02-14 00:00", "02-15 00:00")], "02-24 16:00"),
    # the same when the pause runs on through the holiday
    ("02-13 16:00", "1 day", [("02-14 08:00", "02-24 00:00")], "02-24 16:00"),
    # 1 h Fri, 2.5 h Sat to 10:30, half an hour from 15:15
    ("02-13 17:00", "4 hour", [("02-14 10:30", "02-14 15:15")], "02-14 15:45"),
    # 4 h Fri, 8 h Sat; 24–27 paused; the last 4 h on the make-up Saturday
    ("02-13 14:00", "2 day", [("02-24 08:00", "02-28 00:00")], "02-28 12:00"),
    # a pause within the holiday costs nothing: 2 h Sat, 2 h Tue
    ("02-14 16:00", "4 hour", [("02-16 09:00", "02-20 17:00")], "02-24 10:00"),
    # 1 h Sat; Wed from 09:30 2.5 h and 4 h; half an hour Thu
    ("02-14 17:00", "1 day", [("02-18 12:00", "02-25 09:30")], "02-26 08:30"),
]
NATIONAL_DAY: list[tuple[str, str, Spans, str]] = [
    # Sunday 20 September is worked, 25–27 off, 1–7 October off, Saturday 10 October worked.
    # 3 h Wed 30; Thu the 8th paused; 5 h Fri
    ("09-30 15:00", "1 day", [("10-08 00:00", "10-09 00:00")], "10-09 15:00"),
    # 8 h Thu, 4 h Fri; the afternoon and the make-up Saturday paused; 4 h Mon
    ("10-08 08:00", "2 day", [("10-09 12:00", "10-12 08:00")], "10-12 12:00"),
    # 1 h Fri, 4 h on the make-up Sunday, 3 h Mon from nine
    ("09-18 17:00", "1 day", [("09-20 13:00", "09-21 09:00")], "09-21 12:00"),
    # 1.25 h Thu; over Mid-Autumn; Mon from 10:45 1.25 h, then 1.5 h from 14:00
    ("09-24 16:00", "4 hour", [("09-24 17:15", "09-28 10:45")], "09-28 15:30"),
]
MONTH_ENDS: list[tuple[str, str, Spans, str]] = [
    # Saturday 31 January is not worked anyway: 2 h Fri, 2 h Mon
    ("01-30 16:00", "4 hour", [("01-31 00:00", "02-01 00:00")], "02-02 10:00"),
    # 1 h Fri; over the weekend into February; 3 h Mon
    ("01-30 16:00", "4 hour", [("01-30 17:00", "02-02 08:00")], "02-02 11:00"),
    # 2 h Fri; to Tuesday noon; 2 h from 14:00
    ("01-30 16:00", "4 hour", [("01-31 12:00", "02-03 12:00")], "02-03 16:00"),
    # 28 February is worked: 1 h Fri, 3 h Sat afternoon
    ("02-27 17:00", "4 hour", [("02-28 08:00", "02-28 12:00")], "02-28 17:00"),
    # half an hour Sat; 3.5 h Mon 2 March
    ("02-28 14:00", "4 hour", [("02-28 14:30", "03-02 00:00")], "03-02 11:30"),
    # used up before the pause
    ("02-27 08:00", "1 day", [("02-28 00:00", "03-01 00:00")], "02-27 18:00"),
]
NIGHTS_AND_WEEKENDS: list[tuple[str, str, Spans, str]] = [
    # a pause from evening to morning costs nothing
    ("11-25 16:00", "4 hour", [("11-25 18:00", "11-26 08:00")], "11-26 10:00"),
    # one that lasts into the morning costs an hour and a quarter
    ("11-25 16:00", "4 hour", [("11-25 20:00", "11-26 09:15")], "11-26 11:15"),
    # 1 h Fri; over the weekend; Mon 2 h from ten, 1 h after lunch
    ("11-27 14:00", "4 hour", [("11-27 15:00", "11-30 10:00")], "11-30 15:00"),
    # only the weekend is paused
    ("11-27 16:00", "4 hour", [("11-28 00:00", "11-30 00:00")], "11-30 10:00"),
]
SEVERAL: list[tuple[str, str, Spans, str]] = [
    # suspended from 10:00 to 10:00, paused from 09:00 to 15:00 of the second day: 1 h Wed, 3 h Thu
    ("11-25 09:00", "4 hour",
     [("11-25 10:00", "11-26 10:00"), ("11-26 09:00", "11-26 15:00")], "11-26 18:00"),
    # suspended within the pause: as if it had not been; 1 h Wed, 3 h Thu from nine
    ("11-25 09:00", "4 hour",
     [("11-25 10:00", "11-26 09:00"), ("11-25 14:00", "11-25 17:00")], "11-26 12:00"),
    # suspended first, paused later: 1 h, 1 h (11–12), 1 h (14–15), 1 h (17–18)
    ("11-25 09:00", "4 hour",
     [("11-25 10:00", "11-25 11:00"), ("11-25 15:00", "11-25 17:00")], "11-25 18:00"),
    # two pauses overlap, to 11:20 of the second day: 1 h, 40 min, 2 h 20 min
    ("11-25 09:00", "4 hour",
     [("11-25 10:00", "11-25 16:00"), ("11-25 15:30", "11-26 11:20")], "11-26 16:20"),
    # two pauses touch: 1 h, 1 h after lunch
    ("11-25 09:00", "2 hour",
     [("11-25 10:00", "11-25 11:00"), ("11-25 11:00", "11-25 12:00")], "11-25 15:00"),
    # begun in a pause that began before
    ("11-25 09:00", "2 hour", [("11-20 00:00", "11-25 10:10")], "11-25 14:10"),
]  # fmt: skip
DANGER: list[tuple[str, str, Spans, str]] = [
    ("02-17 23:30", "2 urgent_hour", [("02-14 00:00", "02-24 00:00")], "02-18 01:30"),
    ("02-14 10:00", "2 urgent_day", [("02-14 11:00", "02-24 00:00")], "02-16 10:00"),
    ("09-30 17:00", "2 urgent_hour", [("09-30 17:30", "10-08 08:00")], "09-30 19:00"),
    ("01-31 23:30", "2 urgent_hour", [("01-31 00:00", "02-02 00:00")], "02-01 01:30"),
    ("02-28 23:00", "2 urgent_day", [("02-28 00:00", "03-02 00:00")], "03-02 23:00"),
    ("11-28 23:00", "2 urgent_hour", [("11-28 00:00", "11-30 00:00")], "11-29 01:00"),
    ("12-31 23:00", "2 urgent_hour", [("12-31 00:00", "2027-01-05 00:00")], "2027-01-01 01:00"),
]
CASES = (
    SPRING_FESTIVAL + NATIONAL_DAY + MONTH_ENDS + NIGHTS_AND_WEEKENDS + SEVERAL + DANGER
)  # fmt: skip


@pytest.mark.parametrize(("start", "allowed", "still", "due"), CASES)
def test_due_under_pauses(start: str, allowed: str, still: Spans, due: str) -> None:
    spans = [(at(begin), at(end)) for begin, end in still]
    assert due_at(at(start), limit(allowed), CALENDAR, spans).at == at(due)
    assert due_at(at(start), limit(allowed), CALENDAR, reversed(spans)).at == at(due)


class TestYearNotAnnounced:
    """New Year's Eve 2026 is a Thursday. Until 2027 is announced Friday 1 January is worked."""

    ANNOUNCED = WorkCalendar.from_years(
        [YEAR_2026, AnnouncedYear(2027, holidays=days(date(2027, 1, 1), date(2027, 1, 4)))]
    )
    PAUSE = ((at("12-31 16:00"), at("2027-01-02 00:00")),)

    def test_provisional_under_a_pause(self) -> None:
        # 1 h Thu; Friday is paused; 7 h Mon the 4th
        due = due_at(at("12-31 15:00"), limit("1 day"), CALENDAR, self.PAUSE)
        assert (due.at, due.provisional) == (at("2027-01-04 17:00"), True)

    def test_counted_again_once_announced(self) -> None:
        # 1 h Thu; 1–4 January are off; 7 h Tue the 5th
        due = due_at(at("12-31 15:00"), limit("1 day"), self.ANNOUNCED, self.PAUSE)
        assert (due.at, due.provisional) == (at("2027-01-05 17:00"), False)

    def test_the_pause_itself_is_no_crossing(self) -> None:
        # 2 h Thu before the pause that lasts into 2027: nothing of 2027 is counted
        due = due_at(at("12-31 14:00"), limit("2 hour"), CALENDAR, self.PAUSE)
        assert (due.at, due.provisional) == (at("12-31 16:00"), False)


def test_yellow_is_four_fifths_of_the_time_that_is_not_paused() -> None:
    # 4 h with 10–11 paused: due 16:00; 80 % are 3 h 12 min: 9–10, 11–12, 14:00–15:12
    pauses = [(at("11-25 10:00"), at("11-25 11:00"))]
    due = due_at(at("11-25 09:00"), limit("4 hour"), CALENDAR, pauses).at
    assert due == at("11-25 16:00")
    yellow = yellow_at(at("11-25 09:00"), due, limit("4 hour"), CALENDAR, pauses)
    assert yellow == at("11-25 15:12")


@given(INSTANTS, WORKING, PAUSES, st.floats(0, 1, exclude_min=True))
def test_the_light_does_not_change_within_a_pause(
    start: datetime, allowed: Limit, pauses: Pauses, share: float
) -> None:
    due = due_at(start, allowed, CALENDAR, pauses).at
    yellow = yellow_at(start, due, allowed, CALENDAR, pauses)
    for begin, end in pauses:
        within = max(begin + timedelta(microseconds=1), begin + share * (end - begin))
        if begin < within <= end:
            assert light_at(within, yellow, due) is light_at(end, yellow, due)
