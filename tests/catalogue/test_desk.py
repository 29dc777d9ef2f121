"""The desk grid's dictionary: what is shipped, what a county changes, what is wrong is said."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.catalogue.desk.models import PeriodKind
from app.catalogue.desk.queries import desk_known, on_day
from app.catalogue.files import CatalogueFaulty, read_catalogue
from app.catalogue.service import load_catalogue
from tests.catalogue.folders import SHIPPED, write_catalogue

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)

NUMBERS = """
1    station_activities        month      community:4 village:4
3    independent_rooms         year       community:3 village:3
3    weekly_information        week       community:3 village:1 civilised_village:2
3    county_articles           month      community:1 village:1
3    city_articles             month      community:3 village:2
4    good_people               quarter    community:1 village:1
4    good_people_visits        year       community:1 village:1
5    customs                   month      village:2 community:1
6    volunteer_teams           year       community:6 village:6
6    large_activities          year       community:2
6    volunteer_brands          year       community:2
7    festivals                 festival   community:1 village:1
9.4  compound_meetings         month      community:1 resettlement_village:1
9.4  weekly_rounds             week       community:1 resettlement_village:1
10   waste_teams               year       community:3 waste_pilot:3
10   waste_training            month      community:1 waste_pilot:1
"""
"""The numbers of the seed document that are a quota, by its section."""


def test_the_shipped_numbers_are_those_of_the_seed() -> None:
    duties = read_catalogue(SHIPPED).duties
    assert duties is not None
    shipped = {each.code: each for each in duties.duties}
    for line in NUMBERS.strip().splitlines():
        section, code, period, *quotas = line.split()
        duty = shipped[code]
        assert (duty.section, duty.period.value) == (section, period), code
        assert [f"{each.unit}:{each.count}" for each in duty.quotas] == quotas, code
    lecture = shipped["station_activities"].quotas[0].parts[0]
    assert (lecture.name, lecture.count) == ("理论宣讲", 1)
    articles = {"weekly_information", "county_articles", "city_articles"}
    assert {code for code, duty in shipped.items() if not duty.scored} >= articles
    sections = {duty.section.partition(".")[0] for duty in duties.duties}
    assert sections == {str(number) for number in range(1, 12)}


def test_the_seven_festivals_are_there_for_years() -> None:
    duties = read_catalogue(SHIPPED).duties
    assert duties is not None
    seven = [each for each in duties.festivals if each.family == "traditional"]
    assert [each.name for each in seven] == [
        "春节", "元宵节", "清明节", "端午节", "七夕节", "中秋节", "重阳节",
    ]  # fmt: skip
    for each in seven:
        assert [day.year for day in each.dates] == list(range(2026, 2032)), each.name
    new_year, lantern = seven[0].dates, seven[1].dates
    assert {later - first for first, later in zip(new_year, lantern, strict=True)} == {
        timedelta(days=14)
    }


def test_the_shipped_checklists_have_their_numbers() -> None:
    checklists = read_catalogue(SHIPPED).checklists
    assert checklists is not None
    assert {each.code: len(each.items) for each in checklists.checklists} == {
        "community_board": 11,
        "village_board": 14,
        "volunteer_square": 6,
        "entrance_board": 10,
        "community_rooms": 10,
        "village_rooms": 8,
        "six_essentials": 6,
    }


def duty(code: str = "one", count: int = 1, **said: str) -> str:
    """One `[[duties]]`."""
    wanted = {
        "section": '"1"',
        "name": '"一项"',
        "period": '"month"',
        "line": '"publicity"',
        "kinds": '["activity"]',
        "quotas": f'[{{ unit = "community", count = {count} }}]',
        **said,
    }
    lines = [f"{name} = {value}" for name, value in wanted.items() if value]
    return f'[[duties]]\ncode = "{code}"\n' + "\n".join(lines) + "\n"


KIND = '[[record_kinds]]\ncode = "activity"\nname = "活动"\n'


def written(folder: Path, text: str | None) -> Path:
    """A catalogue with these duties."""
    write_catalogue(folder)
    (folder / "duties.toml").unlink(missing_ok=True)
    if text is not None:
        (folder / "duties.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_changed_quota_holds_from_its_day_and_the_past_stays(
    session: Session, tmp_path: Path
) -> None:
    load_catalogue(session, directory=written(tmp_path, KIND + duty()), now=MONDAY)
    load_catalogue(session, directory=written(tmp_path, KIND + duty(count=2)), now=TUESDAY)
    assert not load_catalogue(session, directory=written(tmp_path, None), now=TUESDAY).changed

    def counts(day: date) -> list[tuple[str, int, PeriodKind]]:
        held = on_day(desk_known(session).duties, day)
        return [(one.code, one.quotas[0].count, one.period) for one in held]

    assert counts(date(2026, 11, 23)) == [("one", 1, PeriodKind.month)]
    assert counts(date(2026, 11, 24)) == [("one", 2, PeriodKind.month)]
    load_catalogue(session, directory=written(tmp_path, KIND), now=TUESDAY)
    assert (counts(date(2026, 11, 23)), counts(date(2026, 11, 24))) == (
        [("one", 1, PeriodKind.month)], [],
    )  # fmt: skip


def test_a_township_has_none_of_its_own(tmp_path: Path) -> None:
    files = read_catalogue(written(tmp_path, "duties = 1"), for_town=True)
    assert (files.duties, files.checklists) == (None, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (duty(), "one 的记录种类没有定义：activity"),
        (KIND + duty() * 2, "指标代码重复：one"),
        (KIND * 2, "记录种类代码重复：activity"),
        (KIND + duty(kinds=""), "kinds 和 derived 写一个"),
        (KIND + duty(derived='"same_day"'), "kinds 和 derived 写一个"),
        (KIND + duty(period='"term"'), "每届的要写 term_from"),
        (KIND + duty(period='"festival"'), "节日的要写 festivals"),
        (KIND + duty(period='"festival"', festivals='"none"'), "one 的节日没有定义：none"),
        (KIND + duty(due='"06-30"'), "due 只用于每年的"),
        (KIND + duty(due='"13-30"', period='"year"'), "due：格式不对"),
        (KIND + duty(reviewed="true"), "要审核的写明 checked_by"),
        (KIND + duty(kinds="", derived='"weekly_rounds"'), "每周巡查按 week 计"),
        (KIND + duty(quotas="[]"), "quotas：至少要有 1 项"),
        (KIND + duty(count=-1), "count：不能小于 0"),
        (KIND + duty(period='"day"'), "period：只能是"),
        ('[[festivals]]\ncode = "a"\nname = "节"\nfamily = "b"\n', "fixed 和 dates 写一个"),
    ],
)
def test_what_is_wrong_is_said(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueFaulty) as refused:
        read_catalogue(written(tmp_path, text))
    assert told in str(refused.value.detail) and "duties.toml" in str(refused.value.detail)
