"""The shipped catalogue against the arrangement published each year and the agreed table."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from app.catalogue.files import read_catalogue
from app.catalogue.models import Stage
from app.sla.calendar import AnnouncedYear, WorkCalendar
from app.sla.limits import Limit
from tests.catalogue.folders import SHIPPED

FILES = read_catalogue(SHIPPED)
CALENDAR = WorkCalendar.from_years(
    AnnouncedYear(each.year, tuple(each.holidays), tuple(each.working_days))
    for each in FILES.calendars.years
)
DOCUMENTS = {
    2024: ("国办发明电〔2023〕7号", 28, 8),
    2025: ("国办发明电〔2024〕12号", 28, 5),
    2026: ("国办发明电〔2025〕7号", 33, 6),
}
TABLE = """
01-36 clutter              default:1day
01-35 clutter              default:2day
01-91 greenery_occupation  under_way:4hour planted:7day
01-08 private_wiring       default:4hour
01-80 private_wiring       default:1day live_wire:2urgent_hour
99-01 fumes_and_sewage     default:2day
01-30 fumes_and_sewage     default:2day
05-03 fumes_and_sewage     default:4hour
01-17 greenery_repair      dirty:4hour to_be_repaired:5day
01-01 illegal_building     under_way:2urgent_day built:15day
01-10 -                    default:4hour
01-92 -                    default:4hour
01-93 -                    default:2day
01-11 -                    default:5day
04-96 -                    default:2urgent_hour
05-96 -                    default:2urgent_hour
02-01 -                    default:1day
02-99 -                    default:5day
99-02 -                    default:5day
99-03 -                    default:5day
99-99 -                    default:1day
"""


@pytest.mark.parametrize("year", sorted(DOCUMENTS))
def test_every_day_is_worked_or_not_as_an_independent_source_says(year: int) -> None:
    day, wrong = date(year, 1, 1), []
    while day.year == year:
        if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_each_year_names_its_notice_and_has_its_number_of_days() -> None:
    shipped = {
        each.year: (each.document, len(each.holidays), len(each.working_days))
        for each in FILES.calendars.years
    }
    assert shipped == DOCUMENTS
    assert not CALENDAR.is_announced(2027)


def test_categories_are_the_agreed_table_in_its_order() -> None:
    shipped = [
        [
            each.code,
            each.action or "-",
            *(f"{one.code}:{one.limit.amount}{one.limit.unit}" for one in each.conditions),
        ]
        for each in FILES.categories.categories
    ]
    assert shipped == [line.split() for line in TABLE.strip().splitlines()]


def test_national_codes_are_named_in_the_reference() -> None:
    with_code = [each for each in FILES.categories.categories if each.standard_code]
    assert {each.code: each.standard_code for each in with_code} == {
        "01-36": "06036",
        "01-91": "06045",
        "01-17": "06017",
        "01-10": "06010",
        "01-92": "06042",
        "01-11": "06011",
    }
    assert all(each.standard_ref == f"GB/T 47678.5-2026 {each.standard_code}" for each in with_code)


def test_only_other_waits_for_classification_and_only_building_under_way_tells_enforcement() -> (
    None
):
    categories = FILES.categories.categories
    assert [each.code for each in categories if not each.routable] == ["99-99"]
    told = [
        (each.code, one.code) for each in categories for one in each.conditions if one.enforcement
    ]
    assert told == [("01-01", "under_way")]


def test_stages_have_their_limits() -> None:
    limits = {
        stage: Limit(part.amount, part.unit).label
        for stage, part in FILES.categories.limits.items()
    }
    assert limits == {
        Stage.filing: "2 个工作小时",
        Stage.checking: "1 个工作日",
        Stage.answering: "5 个工作日",
    }
