"""What is counted in SQL is what a slow count over every row finds, whatever has happened."""

from tests.tickets.figures.asking import KPIS, figures, followed, recounted, share
from tests.tickets.figures.recount import Recount
from tests.tickets.figures.tallying import Workers, check_questions
from tests.tickets.figures.worlds import lived
from tests.tickets.stories import COMPANY, Json, Stories

BYS = ("organisation", "category", "responsible", "compound", "source")
PERIODS = (("2026-11-01", "2026-11-30"), ("2026-10-26", "2026-12-31"), ("2026-11-09", "2026-11-13"))


def test_the_slow_count_finds_the_same(stories: Stories, backend: str) -> None:
    world = lived(stories, 0 if backend == "sqlite" else 3, 180, Workers(stories))
    compare(stories, *PERIODS[1])
    world.live(70)
    check_questions(stories)
    for first, last in PERIODS:
        compare(stories, first, last)
    follow_everything(stories, *PERIODS[1])


def compare(stories: Stories, first: str, last: str) -> None:
    """Every KPI, for every way to tell them apart."""
    slow = recounted(stories, first, last)
    days = {"from": first, "to": last}
    told = figures(stories, **days)
    assert {item["code"] for item in told["items"]} == KPIS
    for code in KPIS:
        known = slow.kpis.get(code)
        wanted = (len(known.numerator), len(known.denominator)) if known else (0, 0)
        assert share(told, code) == wanted, code
    for by in BYS:
        groups = figures(stories, by=by, **days)["groups"]
        for code in KPIS:
            found = {each["code"]: share(each, code) for each in groups}
            found = {name: value for name, value in found.items() if value != (0, 0)}
            assert found == by_group(slow, code, by), (code, by)


def by_group(slow: Recount, code: str, by: str) -> dict[str, tuple[int, int]]:
    """The slow count of a KPI by group."""
    return slow.kpis[code].by(by) if code in slow.kpis else {}


def follow_everything(stories: Stories, first: str, last: str) -> None:
    """Each half of each figure lists exactly what was counted."""
    slow = recounted(stories, first, last)
    days = {"from": first, "to": last}
    told = figures(stories, **days)
    rich = [item["code"] for item in told["items"] if item["denominator"] > 3]
    assert len(rich) >= 9, rich
    for item in told["items"]:
        known = slow.kpis.get(item["code"])
        for half in ("numerator", "denominator"):
            listed = [counted_id(each) for each in followed(stories, item[f"{half}_link"])]
            assert len(listed) == item[half]
            assert set(listed) == (getattr(known, half) if known else set())
    for by in ("responsible", "compound"):
        for each in figures(stories, by=by, **days)["groups"]:
            for item in each["items"]:
                assert len(followed(stories, item["numerator_link"])) == item["numerator"]
                assert len(followed(stories, item["denominator_link"])) == item["denominator"]
    follow_a_companys(stories, days, slow)


def follow_a_companys(stories: Stories, days: dict[str, str], slow: Recount) -> None:
    """A company's people read what is charged to it, and nothing else."""
    told = figures(stories, "wuye11", **days)
    for item in told["items"]:
        wanted = by_group(slow, item["code"], "responsible").get(COMPANY, (0, 0))
        assert (item["numerator"], item["denominator"]) == wanted, item["code"]
        assert len(followed(stories, item["denominator_link"], "wuye11")) == item["denominator"]


def counted_id(item: Json) -> str:
    """The id of what was counted."""
    counted: Json = item["leg"] or item["ticket"]
    return str(counted["id"])
