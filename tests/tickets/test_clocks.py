"""When filing, rectifying and checking are due, in working time of 2026, and the lights."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.catalogue.snapshots import forget_snapshots
from tests.catalogue.folders import SHIPPED
from tests.tickets.stories import COMPANY, OTHER_COMPANY, Json, Stories, at

REPORTED = {
    "Wednesday morning": "11-25 09:00",
    "before work": "11-25 06:30",
    "over lunch": "11-25 13:00",
    "at night": "11-25 22:00",
    "Friday at the end of work": "11-27 17:30",
    "on Sunday": "11-29 15:00",
    "on the eve of National Day": "09-30 17:00",
    "on the make-up Saturday": "10-10 09:00",
}
"""Instants of 2026 by what is special about them."""

DUE: dict[str, dict[str, str]] = {
    "filing": {
        "Wednesday morning": "11-25 11:00",
        "before work": "11-25 10:00",
        "over lunch": "11-25 16:00",
        "at night": "11-26 10:00",
        "Friday at the end of work": "11-30 09:30",
        "on Sunday": "11-30 10:00",
        "on the eve of National Day": "10-08 09:00",
        "on the make-up Saturday": "10-10 11:00",
    },
    "01-36": {
        "Wednesday morning": "11-26 09:00",
        "at night": "11-26 18:00",
        "Friday at the end of work": "11-30 17:30",
        "on the eve of National Day": "10-08 17:00",
        "on the make-up Saturday": "10-12 09:00",
    },
    "05-03": {
        "Wednesday morning": "11-25 15:00",
        "over lunch": "11-25 18:00",
        "on Sunday": "11-30 12:00",
        "on the eve of National Day": "10-08 11:00",
    },
    "04-96": {
        "Wednesday morning": "11-25 11:00",
        "at night": "11-26 00:00",
        "on Sunday": "11-29 17:00",
        "on the eve of National Day": "09-30 19:00",
    },
}
"""Two working hours to file; a working day, four working hours, two hours that never stop."""


@pytest.mark.parametrize("what", DUE)
def test_due(stories: Stories, what: str) -> None:
    for when, due in DUE[what].items():
        stories.now(at(REPORTED[when]))
        ticket = stories.report(category="99-99" if what == "filing" else what)
        name = "filing_due_at" if what == "filing" else "due_at"
        assert ticket[name] == at(due).isoformat(), when
        assert ticket["due_provisional"] is False


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("11-25 09:00", "11-26 09:00"),
        ("11-27 18:00", "11-30 18:00"),
        ("09-30 14:00", "10-08 12:00"),
    ],
)
def test_checking_is_due_a_working_day_after_rectifying(
    stories: Stories, when: str, due: str
) -> None:
    stories.now(at(when))
    done = stories.act("wuye11", stories.report(), "rectify")
    assert done["check_due_at"] == at(due).isoformat()


LIGHTS = {
    # Four working hours from nine: 80 % of them are used at 14:12, all at 15:00.
    ("05-03", "11-25 09:00"): [
        ("11-25 09:00", "green"), ("11-25 13:30", "green"), ("11-25 14:12", "green"),
        ("11-25 14:13", "yellow"), ("11-25 15:00", "yellow"), ("11-25 15:01", "red"),
    ],
    # A working day from the eve of National Day: an hour is used then, the rest on the eighth.
    ("01-36", "09-30 17:00"): [
        ("09-30 18:30", "green"), ("10-04 12:00", "green"), ("10-08 15:24", "green"),
        ("10-08 15:25", "yellow"), ("10-08 17:00", "yellow"), ("10-08 17:01", "red"),
    ],
    # Two hours that never stop, on a Saturday night.
    ("04-96", "11-28 23:00"): [
        ("11-29 00:36", "green"), ("11-29 00:37", "yellow"), ("11-29 01:01", "red"),
    ],
    # A weekend counts for nothing.
    ("01-36", "11-27 09:00"): [
        ("11-27 18:00", "yellow"), ("11-29 20:00", "yellow"), ("11-30 09:00", "yellow"),
        ("11-30 09:01", "red"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", LIGHTS, ids=" ".join)
def test_lights(stories: Stories, case: tuple[str, str]) -> None:
    stories.now(at(case[1]))
    ticket = stories.report(category=case[0])
    for when, light in LIGHTS[case]:
        stories.now(at(when))
        assert stories.see("wuye11", ticket)["light"] == light, when
        for asked in ("green", "yellow", "red"):
            found = stories.ids("wuye11", light=asked)
            assert found == ([ticket["id"]] if asked == light else []), when


def test_only_what_has_to_be_put_right_has_a_light(stories: Stories) -> None:
    ticket = stories.report(category="99-99")
    assert ticket["light"] is None
    ticket = stories.act("shequ1", ticket, "dispatch", organisation=COMPANY)
    assert ticket["light"] == "green"
    ticket = stories.act("wuye11", ticket, "rectify")
    assert ticket["light"] is None
    ticket = stories.act("wangge11", ticket, "close")
    stories.later(days=30)
    assert stories.see("ducha1", ticket)["light"] is None
    assert stories.ids("ducha1", light="red") == []


def test_same_day(stories: Stories) -> None:
    ticket, other = stories.report(), stories.report()
    assert ticket["same_day"] is None
    stories.now(at("11-25 23:59"))
    ticket = stories.act("wuye11", ticket, "rectify")
    assert ticket["same_day"] is True
    assert stories.see("ducha1", other)["same_day"] is None
    stories.now(at("11-26 00:00"))
    assert stories.see("ducha1", ticket)["same_day"] is True
    assert stories.see("ducha1", other)["same_day"] is False
    assert stories.act("wuye11", other, "rectify")["same_day"] is False


class TestUnannouncedYear:
    """2027 was not announced: Monday to Friday, flagged, and counted again when it is."""

    @pytest.fixture
    def announced(self, tmp_path: Path) -> Iterator[Path]:
        """The shipped catalogue with a calendar of 2027, whose first working day is the fifth."""
        folder = tmp_path / "catalogue"
        folder.mkdir()
        for name in ("categories.toml", "calendars.toml"):
            (folder / name).write_text((SHIPPED / name).read_text(encoding="utf-8"))
        with (folder / "calendars.toml").open("a", encoding="utf-8") as file:
            file.write(
                '\n[[years]]\nyear = 2027\ntitle = "测试用的安排"\nfestivals = [\n'
                '  { name = "元旦", first_on = 2027-01-01, last_on = 2027-01-04 },\n]\n'
            )
        yield folder
        forget_snapshots()

    @staticmethod
    def load(stories: Stories, folder: Path) -> str:
        """What the command says."""
        done = stories.app.test_cli_runner().invoke(args=["catalogue", "load", str(folder)])
        assert done.exit_code == 0, done.output
        return str(done.output)

    def tickets(self, stories: Stories) -> dict[str, Json]:
        """Reported on New Year's Eve, a Thursday, at three in the afternoon."""
        stories.now(at("2026-12-31 15:00"))
        rectified = stories.act("wuye11", stories.report(), "rectify")
        again = stories.act(
            "shequ1", stories.report(), "dispatch", organisation=OTHER_COMPANY, note="再派"
        )
        return {
            "running": stories.report(),
            "urgent": stories.report(category="04-96"),
            "waiting": stories.report(category="99-99"),
            "rectified": rectified,
            "again": again,
            "closed": stories.act(
                "wangge11", stories.act("wuye11", stories.report(), "rectify"), "close"
            ),
        }

    def test_provisional_until_announced(self, stories: Stories, announced: Path) -> None:
        made = self.tickets(stories)
        provisional = {name for name, ticket in made.items() if ticket["due_provisional"]}
        assert provisional == {"running", "rectified", "again", "closed"}
        # Friday would be worked: five hours of the day are left.
        assert made["running"]["due_at"] == at("2027-01-01 15:00").isoformat()
        assert made["rectified"]["check_due_at"] == at("2027-01-01 15:00").isoformat()
        stories.later(minutes=30)
        said = self.load(stories, announced)
        assert "重新计算了 3 张工单的时限" in said
        after = {name: stories.see("ducha1", ticket) for name, ticket in made.items()}
        due = at("2027-01-05 15:00").isoformat()
        for name in ("running", "again", "rectified"):
            assert (after[name]["due_at"], after[name]["due_provisional"]) == (due, False)
            assert after[name]["legs"][-1]["due_at"] == due
            assert after[name]["version"] == made[name]["version"]
            assert after[name]["updated_at"] == at("2026-12-31 15:30").isoformat()
        assert after["again"]["legs"][0] == made["again"]["legs"][0]
        assert after["rectified"]["check_due_at"] == due
        for name in ("urgent", "waiting", "closed"):
            assert after[name]["updated_at"] == made[name]["updated_at"]
            assert after[name]["due_at"] == made[name]["due_at"]

    def test_filing_is_counted_again(self, stories: Stories, announced: Path) -> None:
        stories.now(at("2026-12-31 17:00"))
        ticket = stories.report(category="99-99")
        assert ticket["filing_due_at"] == at("2027-01-01 09:00").isoformat()
        self.load(stories, announced)
        seen = stories.see("shequ1", ticket)
        assert seen["filing_due_at"] == at("2027-01-05 09:00").isoformat()

    def test_the_light_follows(self, stories: Stories, announced: Path) -> None:
        ticket = self.tickets(stories)["running"]
        stories.now(at("2027-01-02 12:00"))
        assert stories.see("wuye11", ticket)["light"] == "red"
        self.load(stories, announced)
        assert stories.see("wuye11", ticket)["light"] == "green"
        assert ticket["id"] not in stories.ids("wuye11", light="red")

    def test_work_goes_on_with_the_version_that_was_seen(
        self, stories: Stories, announced: Path
    ) -> None:
        ticket = self.tickets(stories)["running"]
        stories.later(minutes=1)
        self.load(stories, announced)
        done = stories.act("wuye11", ticket, "rectify")
        assert done["version"] == ticket["version"] + 1

    def test_the_same_catalogue_again_changes_nothing(self, stories: Stories) -> None:
        ticket = self.tickets(stories)["running"]
        stories.clock.move(timedelta(minutes=1))
        assert "没有改动" in self.load(stories, SHIPPED)
        assert stories.see("wuye11", ticket) == stories.see("wuye11", ticket) | {
            "due_provisional": True,
            "updated_at": ticket["updated_at"],
        }
