"""How a row is walked: it is made, a board shows that something is missing, a report says it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from openpyxl import load_workbook

from app.jobs.worker import Worker
from app.kernel.db import db
from tests.duties.office import Office
from tests.tickets.stories import Json

LEAD, WARDEN, SUPERVISOR = "shequ1", "wangge11", "ducha1"
PERIOD = {"from": "2026-10-01", "to": "2026-11-30"}
LINKED = frozenset(
    {"information", "county_site_article", "city_site_article", "volunteer_activity",
     "volunteer_brand"}
)  # fmt: skip
PICTURED = frozenset({"customs_publicity", "board_update"})


@dataclass
class Walk:
    """A township in which nothing was done yet, and what its reports shall say in the end."""

    office: Office
    wanted: list[tuple[str, str]] = field(default_factory=list)
    """Where to look (work_report, or the ledger's code), and the words that shall stand there."""

    def duty(self, code: str, *kinds: str, on: str = "2026-11-25", **said: Any) -> None:
        """Records until the duty of the period with that day is met; one where none is asked for.

        Before the first it is missing what its quota says.
        """
        before = self._stands(code, on)
        assert before["done"] == 0 and before["missing"] == before["quota"], before
        for number in range(max(1, before["quota"])):
            self._record(kinds[number % len(kinds)], on, said)
            if self._stands(code, on)["standing"] == "met":
                break
        after = self._stands(code, on)
        assert after["standing"] == ("met" if before["quota"] else "as_usual"), after
        assert after["done"] >= 1
        self.wanted.append(("work_report", after["duty"]["name"]))
        self.wanted.append(("records", said.get("subject", _subject(kinds[0]))))

    def _stands(self, code: str, on: str) -> Json:
        return self.office.progress(on=on)[code]

    def _record(self, kind: str, on: str, said: Json) -> None:
        body: Json = {"happened_on": on, "subject": _subject(kind), **said}
        if kind in LINKED:
            body |= {"links": ["https://example.com/1"], "quantity": None}
        if kind in PICTURED:
            body["photo_ids"] = [self.office.stories.photo(LEAD)]
        record = self.office.record(kind, **body)
        if record["state"] == "waiting":
            self.office.act(SUPERVISOR, record, "accept")

    def derived(self, code: str) -> Json:
        """How a duty stands that nobody records."""
        self.wanted.append(("work_report", self._stands(code, "2026-11-25")["duty"]["name"]))
        return self._stands(code, "2026-11-25")

    def checklist(self, code: str, items: int, *, ticket: bool = True) -> None:
        """Not looked at; then complete but for a gap, which is a ticket where it can be one."""
        place = f"/checklists/{code}"
        lists = {one["code"]: one for one in self.office.get(WARDEN, "/checklists")["items"]}
        gap = lists[code]["items"][0]
        site = self._site(place)
        assert (site["complete"], site["unseen"], len(lists[code]["items"])) == (
            False,
            items,
            items,
        )
        where: Json = {"organisation": self.office.community}
        if site["compound"]:
            where = {"compound": site["compound"]["code"]}
        self.office.post(LEAD, f"{place}/looks", **where, all_present=True)
        assert self._site(place)["complete"]
        self.office.stories.later(minutes=1)
        if not ticket:
            return
        photo = self.office.stories.photo(LEAD, self.office.stories.spot)
        self.office.post(LEAD, f"{place}/tickets", **where, item=gap["code"], photo_ids=[photo])
        assert self._site(place)["missing"] == 1
        self.wanted.append(("rectifications", f"缺“{gap['name']}”"))

    def _site(self, place: str) -> Json:
        found = self.office.get(LEAD, f"{place}/sites", organisation=self.office.community)
        site: Json = found["items"][0]
        return site

    def case(self, kind: str, **said: Any) -> Json:
        """A case with its first step; until the next one is done it stands among the open ones."""
        assert self._open(kind) == []
        if "organisation" not in said:
            said = {"compound": self.office.stories.code(), **said}
        body: Json = {"kind": kind, "title": "示范楼北侧", "note": "现场看过", **said}
        body["photo_ids"] = [self.office.stories.photo(LEAD)]
        case = self.office.post(LEAD, "/cases", **body)
        (waiting,) = self._open(kind)
        assert waiting["id"] == case["id"] and case["next"]
        return case

    def _open(self, kind: str) -> list[Json]:
        found: list[Json] = self.office.get(LEAD, "/cases", kind=kind, open=1)["items"]
        return found

    def reports_say(self) -> list[tuple[str, str]]:
        """What was wanted of the reports and does not stand there."""
        told = {place: "" for place, _ in self.wanted}
        told = {place: self._told(place) for place in told}
        return [(place, words) for place, words in self.wanted if words not in told[place]]

    def _told(self, place: str) -> str:
        if place != "work_report":
            answer = self.office.stories.get(SUPERVISOR, f"/ledgers/{place}.xlsx", **PERIOD)
            assert answer.status_code == 200, answer.text
            return _words(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
        asked = {"kind": "work_report", "organisation": self.office.community, **PERIOD}
        report = self.office.post(SUPERVISOR, "/reports", **asked)
        self.work()
        answer = self.office.stories.get(SUPERVISOR, f"/reports/{report['id']}/document.docx")
        assert answer.status_code == 200, answer.text
        document = Document(io.BytesIO(answer.data))
        rows = [[cell.text for cell in row.cells] for t in document.tables for row in t.rows]
        return _words([[one.text for one in document.paragraphs], *(r for r in rows if _says(r))])

    def work(self) -> None:
        """What a worker finds to do."""
        with self.office.stories.app.app_context():
            Worker(self.office.stories.clock, name="w", periodic=(), continual=()).work_once()
            db.session.remove()


def _subject(kind: str) -> str:
    return f"事项 {kind}"


def _says(row: Sequence[str]) -> bool:
    """A line of the report's table in which something was done."""
    return len(row) > 2 and row[2] not in ("", "0")


def _words(rows: Any) -> str:
    return "\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in rows)
