"""A spreadsheet over HTTP: shown first, made into tickets once, and nobody else's."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app.grid.models import Compound
from app.jobs.worker import Worker
from app.kernel.db import db, unit_of_work
from app.people.models import GroupScope, Post, Role
from app.photos.models import Photo
from app.tickets.importing.models import TicketImport
from app.tickets.importing.service import AT_ONCE, forget_old_imports
from app.tickets.models import Ticket
from tests.budgets import counted_queries
from tests.people.posts import add_post, give
from tests.tickets.importing.sheets import HEADER, SHORT, csv_of, row, xlsx, zip_of
from tests.tickets.stories import COMPANY, Json, Stories, at, code_of, picture


def try_upload(
    stories: Stories,
    data: bytes,
    who: str = "shequ1",
    photos: dict[str, bytes] | None = None,
    key: str | None = None,
    name: str = "热线.xlsx",
) -> TestResponse:
    """The raw answer to an upload."""
    sent: dict[str, Any] = {"file": (io.BytesIO(data), name)}
    if photos is not None:
        sent["photos"] = (io.BytesIO(zip_of(photos)), "photos.zip")
    headers = stories.headers(who) | ({"Idempotency-Key": key} if key else {})
    return stories.client.post("/api/v1/tickets/imports", data=sent, headers=headers)


def upload(stories: Stories, data: bytes, who: str = "shequ1", **more: Any) -> Json:
    """The preview."""
    answer = try_upload(stories, data, who, **more)
    assert answer.status_code == 201, answer.text
    shown: Json = answer.get_json()
    return shown


def apply(stories: Stories, shown: Json, who: str = "shequ1") -> TestResponse:
    """The raw answer to making the tickets."""
    return stories.post(who, f"/tickets/imports/{shown['id']}/apply", {})


def applied(stories: Stories, shown: Json, who: str = "shequ1") -> Json:
    """The import when its tickets are made."""
    answer = apply(stories, shown, who)
    assert answer.status_code == 200, answer.text
    made: Json = answer.get_json()
    return made


def count(stories: Stories, kind: Any) -> int:
    """How many rows of a table there are."""
    with stories.app.app_context():
        found = db.session().scalar(select(func.count()).select_from(kind)) or 0
        db.session.remove()
    return int(found)


@pytest.fixture
def three(stories: Stories) -> bytes:
    """Three rows: to a company, to the community, and one that a person has to classify."""
    return xlsx(
        [
            ["12345热线交办单（十一月）"],
            [*HEADER, "来电人电话", "满意度"],
            [
                *row(
                    编号="HX-1", 小区=stories.town.compound().name, 区域="楼道",
                    交办时间="2026年11月20日 16:00", 期限=date(2026, 11, 30),
                    问题描述="楼道堆满纸箱，联系 13800138000", 照片="1.jpg；2.JPG",
                ),
                13800138000, "满意",
            ],
            row(编号="HX-2", 来源="居民反映", 类别="暴露垃圾", 小区=stories.code("001", 2)),
            row(编号="HX-3", 来源="上级督查", 类别="其他", 网格=stories.town.cell("001", 4).code),
        ]
    )  # fmt: skip


PHOTOS = {"照片/1.jpg": b"", "2.jpg": b"", "3.jpg": b""}


def pictures() -> dict[str, bytes]:
    return {name: picture() for name in PHOTOS}


class TestPreview:
    """What it would become, and nothing made."""

    def test_what_each_row_becomes(self, stories: Stories, three: bytes) -> None:
        shown = upload(stories, three, photos=pictures())
        assert (shown["state"], shown["new_count"], shown["faults"]) == ("previewed", 3, [])
        first, second, third = shown["rows"]
        assert first["line"] == 3
        assert first["responsible"]["code"] == COMPANY
        assert first["due_at"].startswith("2026-11-26T09:00")
        assert first["external_due_at"] == "2026-11-30T23:59:59+08:00"
        assert first["occurred_at"] == "2026-11-20T16:00:00+08:00"
        assert (first["area_label"], first["photos"]) == ("楼道", 2)
        assert second["responsible"]["code"] == stories.town.community()
        assert second["source_label"] == "居民反映"
        assert (third["responsible"], third["due_at"]) == (None, None)
        assert third["cell"]["code"] == stories.town.cell("001", 4).code
        told = [one["message"] for one in shown["remarks"]]
        assert any("来电人电话" in message for message in told)
        assert any("满意度" in message for message in told)
        assert any("隐去" in message for message in told)
        assert any("3.jpg" in message for message in told)
        assert "13800138000" not in str(shown)
        assert count(stories, Ticket) == 0

    def test_a_csv_of_a_supervisor_in_gb18030(self, stories: Stories) -> None:
        rows = [SHORT, ("12345", "1", "1-36", "x"), ("12345", "2", "01-36", stories.code("002"))]
        shown = upload(stories, csv_of(rows, "gb18030"), "ducha1", name="热线.csv")
        assert [fault["field"] for fault in shown["faults"]] == ["小区", "类别"]
        assert [one["community"]["code"] for one in shown["rows"]] == [
            stories.town.community("002")
        ]
        assert (shown["state"], shown["file"], shown["sheet"]) == ("faulty", "热线.csv", None)

    def test_faults_of_every_row_at_once(self, stories: Stories) -> None:
        code, other = stories.code(), stories.code("002")
        data = xlsx(
            [
                HEADER,
                row(编号="1", 小区="没有这里"),
                row(编号="2", 小区=code, 类别="没有这类"),
                row(编号="3", 小区=code, 情形="没有这种"),
                row(编号="4", 小区=other),
                row(编号="5", 小区=code, 社区="没有这个社区"),
                row(编号="6", 小区=code, 社区=stories.town.community("002")),
                row(编号="7", 小区=code, 照片="没有.jpg"),
                row(编号="8"),
                row(编号="9", 经度=118.9, 纬度=31.9, 坐标系="wgs84"),
                row(编号="10", 小区=code, 来源="自己"),
                row(编号="11", 小区=code, 网格=stories.town.cell("002", 1).code),
                row(编号="12", 小区=code),
            ]
        )
        shown = upload(stories, data)
        assert [(one["line"], one["field"]) for one in shown["faults"]] == [
            (2, "小区"), (3, "类别"), (4, "情形"), (5, "社区"), (6, "社区"), (7, "小区"),
            (8, "照片"), (9, "小区"), (10, "小区"), (11, "来源"), (12, "网格"),
        ]  # fmt: skip
        assert [one["line"] for one in shown["rows"]] == [13]
        answer = apply(stories, shown)
        assert code_of(answer) == (409, "import_faulty")
        assert len(answer.get_json()["faults"]) == 11
        assert answer.get_json()["faults"][0].startswith("第 2 行：")
        assert (count(stories, Ticket), count(stories, Photo)) == (0, 0)

    def test_a_number_that_stands_twice_is_a_fault_of_the_second(self, stories: Stories) -> None:
        code = stories.code()
        shown = upload(stories, xlsx([HEADER, row(编号="1", 小区=code), row(编号="1", 小区=code)]))
        assert [(one["line"], one["field"]) for one in shown["faults"]] == [(3, "编号")]
        assert [one["line"] for one in shown["rows"]] == [2]
        assert (shown["new_count"], shown["faulty_count"]) == (1, 1)

    def test_every_fault_of_a_row_at_once(self, stories: Stories) -> None:
        """A wrong category does not hide a wrong place, nor that a photo that is not there."""
        told = row(小区="没有这里", 类别="没有这类", 照片="没有.jpg")
        shown = upload(stories, xlsx([HEADER, told]))
        assert [fault["field"] for fault in shown["faults"]] == ["小区", "类别", "照片"]

    def test_a_fault_of_every_kind_in_one_row(self, stories: Stories) -> None:
        """A cell that cannot be read hides no other: the whole row is mended in one go."""
        told = row(
            来源="热线电话", 编号="13800138000", 交办时间="昨天", 期限="明天", 类别="没有这类",
            情形="长" * 81, 社区="没有这个社区", 小区="没有这里", 网格="没有这格", 区域="屋顶",
            经度="东", 纬度="北", 坐标系="火星", 问题描述="长" * 2001, 照片="没有.jpg；a/b.jpg",
        )  # fmt: skip
        shown = upload(stories, xlsx([HEADER, told]))
        fields = [fault["field"] for fault in shown["faults"]]
        assert sorted(fields) == sorted([*(name.partition("(")[0] for name in HEADER), "照片"])
        assert (shown["rows"], shown["faulty_count"]) == ([], 1)

    @pytest.mark.parametrize(
        ("said", "fields"),
        [
            ({"交办时间": "昨天", "类别": "没有这类"}, ["交办时间", "类别"]),
            ({"来源": "邻居", "情形": "没有这种"}, ["来源", "情形"]),
            ({"期限": "明天", "小区": "{other}"}, ["期限", "社区"]),
            ({"社区": "没有这个社区", "小区": "没有这里"}, ["社区", "小区"]),
            ({"社区": "长" * 81, "网格": "第1网格", "小区": ""}, ["社区"]),
            ({"小区": "没有这里", "网格": "第1网格"}, ["小区"]),
            ({"小区": "", "经度": "东", "纬度": 31, "坐标系": "wgs84"}, ["经度"]),
            ({"小区": "", "照片": "没有.jpg"}, ["照片"]),
            ({"小区": "", "交办时间": "昨天"}, ["交办时间", "小区"]),
            ({"类别": datetime(2026, 1, 1), "照片": "没有.jpg"}, ["类别", "照片"]),
        ],
    )
    def test_what_one_fault_leaves_to_be_said(
        self, stories: Stories, said: dict[str, Any], fields: list[str]
    ) -> None:
        """The others are told, and nothing that the first alone brought about: in which community
        a cell is sought, or where a photo was taken, may be right once it is mended."""
        codes = {"{other}": stories.code("002")}
        told = {"小区": stories.code(), **said}
        told = {name: codes.get(str(value), value) for name, value in told.items()}
        shown = upload(stories, xlsx([HEADER, row(**told)]))
        assert [fault["field"] for fault in shown["faults"]] == fields

    def test_a_position_on_a_chinese_map(self, stories: Stories) -> None:
        lng, lat = stories.spot
        given = row(编号="1", 经度=lng, 纬度=str(lat), 坐标系="WGS-84")
        shown = upload(stories, xlsx([HEADER, given]))
        assert shown["rows"][0]["compound"]["code"] == stories.code()

    def test_a_name_that_two_places_bear(self, stories: Stories) -> None:
        """One's own community decides, or the column does; else nobody guesses."""
        stories.change(
            update(Compound)
            .where(Compound.code.in_([stories.code(), stories.code("002")]))
            .values(name="同名小区")
        )
        data = xlsx([HEADER, row(小区="同名小区"), row(编号="2", 小区="同名", 社区="第二社区")])
        shown = upload(stories, data, "ducha1")
        (fault,) = shown["faults"]
        assert (fault["line"], fault["field"]) == (2, "小区")
        assert "填写社区或写编码：示例镇第一社区 " in fault["message"]
        assert [one["compound"]["code"] for one in shown["rows"]] == [stories.code("002")]
        shown = upload(stories, xlsx([HEADER, row(小区="同名小区")]), "shequ2")
        assert [one["compound"]["code"] for one in shown["rows"]] == [stories.code("002")]

    def test_short_names(self, stories: Stories) -> None:
        names = ("示例镇第一社区", "第一社区", "第一", "第一社区居委会", " 第一 社区 居民委员会")
        said = [row(编号=name, 社区=name, 小区="示例花园小区") for name in names]
        said += [row(编号="网格", 网格="第4网格"), row(编号="老街", 小区="示例老街")]
        shown = upload(stories, xlsx([HEADER, *said]))
        assert shown["faults"] == []
        assert {one["community"]["code"] for one in shown["rows"]} == {stories.town.community()}
        assert shown["rows"][-2]["cell"]["code"] == stories.town.cell("001", 4).code
        data = xlsx([HEADER, row(编号="1", 网格="第1网格"), row(编号="2", 小区="示例花圆"),
                     row(编号="3", 社区="社区", 网格="第1网格")])  # fmt: skip
        told = [one["message"] for one in upload(stories, data, "ducha1")["faults"]]
        assert "有 4 个“第1网格”" in told[0]
        assert told[1].endswith("；相近的有示例花园")
        assert told[2].startswith("没有“社区”")

    def test_what_may_be_a_duplicate(self, stories: Stories) -> None:
        known = stories.report(compound=stories.code(), area="stairwell")
        shown = upload(stories, xlsx([HEADER, row(小区=stories.code(), 区域="楼道")]))
        (alike,) = shown["rows"][0]["possible_duplicate_of"]
        assert alike == {"id": known["id"], "number": known["number"]}

    def test_rows_that_may_be_duplicates_of_one_another(self, stories: Stories) -> None:
        """What is foretold of the rows above is what the tickets say once they are made."""
        code, (lng, lat) = stories.code(), stories.spot
        there = {"经度": lng, "纬度": lat, "坐标系": "wgs84"}
        rows = [
            row(编号="1", 小区=code, 区域="楼道"),
            row(编号="2", 小区=code, 区域="楼道"),
            row(编号="3", 小区=code, 区域="主干道"),
            row(编号="4", 小区=code, 区域="楼道", 类别="01-10"),
            row(编号="5", 区域="楼道", **there),
            row(编号="6", **{**there, "纬度": lat + 0.0001}),
            row(编号="7", 小区=stories.code("001", 2), 区域="楼道"),
        ]
        shown = upload(stories, xlsx([HEADER, *rows]))
        foretold = {one["line"]: one["possible_duplicate_of_rows"] for one in shown["rows"]}
        assert foretold == {2: [], 3: [2], 4: [], 5: [], 6: [2, 3], 7: [6], 8: []}
        assert count(stories, Ticket) == 0
        made = {one["line"]: one["ticket"]["id"] for one in applied(stories, shown)["rows"]}
        for line, others in foretold.items():
            told = stories.see("shequ1", {"id": made[line]})["possible_duplicate_of"]
            assert sorted(told) == sorted(made[other] for other in others), line
        again = upload(stories, xlsx([HEADER, *rows]))["rows"]
        assert all(one["already_there"] for one in again)
        assert not any(one["possible_duplicate_of_rows"] for one in again)

    def test_older_than_the_dictionary(self, stories: Stories) -> None:
        """What it is filed under has to have been in force on the day it began."""
        stories.now(at("2020-06-03 09:00"))
        old = row(小区=stories.code(), 交办时间="2019-12-31")
        shown = upload(stories, xlsx([HEADER, old]))
        assert shown["rows"][0]["occurred_at"] is None
        assert [(one["line"], one["field"]) for one in shown["remarks"]] == [(2, "交办时间")]
        ticket = stories.see("shequ1", applied(stories, shown)["rows"][0]["ticket"])
        assert ticket["occurred_at"] == ticket["reported_at"]

    def test_broken_photos(self, stories: Stories) -> None:
        data = xlsx([HEADER, row(小区=stories.code(), 照片="1.jpg;2.jpg")])
        photos = {"1.jpg": b"GIF89a", "2.jpg": picture()[:200]}
        shown = upload(stories, data, photos=photos)
        assert [fault["field"] for fault in shown["faults"]] == ["照片", "照片"]
        assert count(stories, Photo) == 0

    def test_the_place_may_be_that_of_a_photo(self, stories: Stories) -> None:
        mine = picture()
        stories.photo("shequ1", stories.spot, data=mine)
        shown = upload(stories, xlsx([HEADER, row(照片="1.jpg")]), photos={"1.jpg": mine})
        assert shown["rows"][0]["compound"]["code"] == stories.code()
        ticket = applied(stories, shown)["rows"][0]["ticket"]
        assert stories.see("shequ1", ticket)["position"]["lng"] == pytest.approx(stories.spot[0])

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
    def test_no_spreadsheet(self, stories: Stories, data: bytes) -> None:
        assert code_of(try_upload(stories, data)) == (422, "import_unreadable")

    def test_what_is_missing_or_too_much(self, stories: Stories) -> None:
        headers, path = stories.headers("shequ1"), "/api/v1/tickets/imports"
        answer = stories.client.post(path, data={"x": "y"}, headers=headers,
                                     content_type="multipart/form-data")  # fmt: skip
        assert code_of(answer) == (422, "invalid_input")
        two = {"file": [(io.BytesIO(b"1"), "1"), (io.BytesIO(b"2"), "2")]}
        assert code_of(stories.client.post(path, data=two, headers=headers))[0] == 422
        assert code_of(try_upload(stories, b"1" * (6 << 20))) == (413, "import_too_large")
        sent = {
            "file": (io.BytesIO(xlsx([HEADER, row(小区=stories.code())])), "a.xlsx"),
            "photos": (io.BytesIO(b"no zip"), "b.zip"),
        }
        answer = stories.client.post(path, data=sent, headers=headers)
        assert code_of(answer) == (422, "photo_archive_faulty")


class TestApply:
    """All rows or none, and never one twice."""

    def test_rows_become_tickets(self, stories: Stories, three: bytes) -> None:
        made = applied(stories, upload(stories, three, photos=pictures()))
        assert (made["state"], made["new_count"], made["already_there_count"]) == ("applied", 3, 0)
        ticket = stories.see("shequ1", made["rows"][0]["ticket"])
        assert (ticket["source"], ticket["external_number"]) == ("hotline", "HX-1")
        assert ticket["state"] == "dispatched"
        assert ticket["responsible"]["code"] == COMPANY
        assert ticket["external_due_at"] == "2026-11-30T23:59:59+08:00"
        assert ticket["external_light"] == "green"
        assert ticket["occurred_at"] == "2026-11-20T16:00:00+08:00"
        assert ticket["reported_at"].startswith("2026-11-25T09:00")
        assert "13800138000" not in str(ticket)
        assert "号码已隐去" in ticket["description"]
        assert [use["role"] for use in ticket["photos"]] == ["before", "before"]
        assert ticket["reported_by"]["name"]
        assert stories.see("wuye11", ticket)["external_number"] == "HX-1"
        assert count(stories, Photo) == 2

    def test_again_is_the_same(self, stories: Stories, three: bytes) -> None:
        shown = upload(stories, three, photos=pictures())
        assert applied(stories, shown) == applied(stories, shown)
        again = upload(stories, three, photos=pictures())
        assert (again["new_count"], again["already_there_count"]) == (0, 3)
        assert again["rows"][0]["ticket"]["number"]
        assert applied(stories, again)["already_there_count"] == 3
        assert count(stories, Ticket) == 3

    def test_the_same_upload_twice(self, stories: Stories, three: bytes) -> None:
        first = try_upload(stories, three, key="k")
        again = try_upload(stories, three, key="k")
        assert (again.get_json(), count(stories, TicketImport)) == (first.get_json(), 1)

    def test_what_was_made_since_the_preview_is_not_made_again(
        self, stories: Stories, three: bytes
    ) -> None:
        one, two = upload(stories, three, photos=pictures()), upload(stories, three, "ducha1",
                                                                     photos=pictures())  # fmt: skip
        applied(stories, one)
        made = applied(stories, two, "ducha1")
        assert (made["new_count"], made["already_there_count"]) == (0, 3)
        assert count(stories, Ticket) == 3

    def test_what_is_there_needs_no_photos_any_more(self, stories: Stories) -> None:
        """The same file again, when the photos are no longer at hand, and one row more."""
        first = row(小区=stories.code(), 照片="1.jpg")
        applied(stories, upload(stories, xlsx([HEADER, first]), photos=pictures()))
        more = row(编号="2", 小区=stories.code(), 类别="01-10暴露垃圾")
        shown = upload(stories, xlsx([HEADER, first, more]))
        assert (shown["faults"], shown["new_count"], shown["already_there_count"]) == ([], 1, 1)
        assert shown["rows"][1]["category"]["code"] == "01-10"
        lacking = upload(
            stories, xlsx([HEADER, first, row(编号="3", 小区=stories.code(), 照片="x")])
        )
        assert [(one["line"], one["field"]) for one in lacking["faults"]] == [(3, "照片")]

    def test_what_was_taken_back_may_come_again(self, stories: Stories) -> None:
        data = xlsx([HEADER, row(小区=stories.code())])
        ticket = applied(stories, upload(stories, data))["rows"][0]["ticket"]
        stories.act("shequ1", stories.see("shequ1", ticket), "withdraw")
        assert applied(stories, upload(stories, data))["new_count"] == 1

    def test_all_or_none(self, stories: Stories) -> None:
        rows = [row(编号="1", 小区=stories.code()), row(编号="2", 小区=stories.code("001", 2))]
        shown = upload(stories, xlsx([HEADER, *rows]))
        gone = update(Compound).where(Compound.code == stories.code("001", 2))
        stories.change(gone.values(retired_on=date(2026, 11, 25)))
        answer = apply(stories, shown)
        assert code_of(answer) == (409, "import_outdated")
        assert answer.get_json()["faults"] == ["第 3 行：没有这个小区。"]
        assert count(stories, Ticket) == 0
        assert stories.get("shequ1", f"/tickets/imports/{shown['id']}").get_json() == shown

    def test_who_may(self, stories: Stories, three: bytes) -> None:
        for who in ("wangge11", "wuye11", "guanli"):
            assert code_of(try_upload(stories, three, who)) == (403, "not_allowed")
        shown = upload(stories, three, photos=pictures())
        path = f"/tickets/imports/{shown['id']}"
        for who in ("shequ2", "wangge11"):
            assert code_of(apply(stories, shown, who)) == (404, "not_found")
            assert code_of(stories.get(who, path)) == (404, "not_found")
        assert stories.get("ducha1", path).get_json() == shown
        assert code_of(apply(stories, shown, "ducha1")) == (403, "not_allowed")
        assert code_of(stories.get("shequ1", "/tickets/imports/x")) == (404, "not_found")

    def test_who_has_lost_the_post_makes_nothing(self, stories: Stories, three: bytes) -> None:
        shown = upload(stories, three, photos=pictures())
        ended = update(Post).where(Post.role == Role.lead).values(to_on=date(2026, 11, 25))
        stories.change(ended)
        assert code_of(apply(stories, shown)) == (403, "not_allowed")
        assert count(stories, Ticket) == 0


class TestList:
    """Who imported what, when, and what came of it."""

    def listed(self, stories: Stories, who: str, **query: Any) -> list[Json]:
        answer = stories.get(who, "/tickets/imports", **query)
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.get_json()["items"]
        return items

    def test_who_when_what_and_its_tickets(self, stories: Stories, three: bytes) -> None:
        stories.report("wangge11")
        faulty = xlsx([HEADER, row(编号="X", 小区="没有"), row(编号="Y", 小区="没有", 期限="没有")])
        upload(stories, faulty, name="../../热线/13800138000.xlsx")
        stories.later(minutes=5)
        first = applied(stories, upload(stories, three, photos=pictures()))
        again = applied(stories, upload(stories, three, "ducha1", photos=pictures()), "ducha1")
        newest, mine, wrong = self.listed(stories, "ducha1")
        assert (newest["id"], newest["made_by"]["name"]) == (again["id"], "督查员1")
        assert (newest["new_count"], newest["already_there_count"]) == (0, 3)
        assert newest["organisation"]["code"] == stories.town.code
        assert mine == {name: first[name] for name in mine}
        assert mine["made_by"] == {"id": stories.person("shequ1"), "name": "第一社区负责人"}
        assert mine["organisation"]["code"] == stories.town.community()
        assert (mine["file"], mine["made_at"]) == ("热线.xlsx", "2026-11-25T09:05:00+08:00")
        assert (mine["new_count"], mine["already_there_count"], mine["faulty_count"]) == (3, 0, 0)
        assert (wrong["state"], wrong["faulty_count"], wrong["tickets"]) == ("faulty", 2, None)
        assert wrong["file"] == "［号码已隐去］.xlsx"
        made = sorted(one["ticket"]["id"] for one in first["rows"])
        for who in ("shequ1", "ducha1"):
            answer = stories.client.get(mine["tickets"], headers=stories.headers(who))
            assert sorted(one["id"] for one in answer.get_json()["items"]) == made
        narrowed = stories.listed("ducha1", state="reported", **{"import": mine["id"]})
        assert [one["external_number"] for one in narrowed] == ["HX-3"]
        summed = stories.get("ducha1", "/tickets/summary", by="state", **{"import": mine["id"]})
        assert summed.get_json()["total"] == 3
        assert f"import={mine['id']}" in summed.get_json()["items"][0]["tickets"]

    def test_who_sees_which(self, stories: Stories) -> None:
        own = upload(stories, xlsx([HEADER, row(小区=stories.code())]))
        other = upload(stories, xlsx([HEADER, row(小区=stories.code("002"))]), "shequ2")
        towns = upload(stories, xlsx([HEADER, row(小区=stories.code())]), "ducha1")
        seen = {"shequ1": [own], "shequ2": [other], "ducha2": [towns, other, own]}
        for who, wanted in seen.items():
            assert [one["id"] for one in self.listed(stories, who)] == [one["id"] for one in wanted]
        for who in ("wangge11", "wuye11", "guanli"):
            assert code_of(stories.get(who, "/tickets/imports")) == (403, "not_allowed")
        for who in ("shequ2", "wangge11", "wuye11"):
            gone = stories.get(who, "/tickets", **{"import": own["id"]})
            assert code_of(gone) == (404, "not_found")
        assert stories.listed("shequ1", **{"import": own["id"]}) == []

    def test_of_a_management_group(self, stories: Stories) -> None:
        own = upload(stories, xlsx([HEADER, row(小区=stories.code())]))
        upload(stories, xlsx([HEADER, row(小区=stories.code("002"))]), "shequ2")
        with stories.app.app_context(), unit_of_work() as session:
            add_post(session, "zuzhang", Role.supervisor, f"{stories.town.code}-G1")
            give(session, f"{stories.town.code}-G1", stories.town.community())
        since = {"from_on": date(2020, 1, 1)}
        stories.change(update(Post).values(since), update(GroupScope).values(since))
        assert [one["id"] for one in self.listed(stories, "zuzhang")] == [own["id"]]

    def test_page_by_page(self, stories: Stories) -> None:
        data = xlsx([HEADER, row(小区=stories.code())])
        wanted = [upload(stories, data)["id"] for _ in range(3)][::-1]
        page = stories.get("shequ1", "/tickets/imports", limit=2).get_json()
        with counted_queries(stories.app) as statements:
            rest = stories.get("shequ1", "/tickets/imports", cursor=page["next_cursor"]).get_json()
        assert [one["id"] for one in (*page["items"], *rest["items"])] == wanted
        assert rest["next_cursor"] is None
        assert len(statements) <= 4
        assert not any("ticket_imports.rows" in one for one in statements)
        bad = stories.get("shequ1", "/tickets/imports", cursor="x")
        assert code_of(bad) == (422, "bad_cursor")


class TestInTheBackground:
    """Many rows are the worker's."""

    def many(self, stories: Stories) -> bytes:
        rows = [row(编号=str(n), 小区=stories.code()) for n in range(AT_ONCE + 1)]
        return xlsx([HEADER, *rows])

    def work(self, stories: Stories) -> None:
        """Does what is due."""
        with stories.app.app_context():
            Worker(stories.clock, name="w", periodic=()).work_once()
            db.session.remove()

    def test_they_are_made_once(self, stories: Stories) -> None:
        shown = upload(stories, self.many(stories))
        answer = apply(stories, shown)
        assert (answer.status_code, answer.get_json()["state"]) == (202, "applying")
        job = answer.get_json()["job"]
        assert apply(stories, shown).get_json()["job"] == job
        assert stories.get("shequ1", f"/jobs/{job}").get_json()["state"] == "waiting"
        self.work(stories)
        path = f"/tickets/imports/{shown['id']}"
        assert stories.get("shequ1", path).get_json()["state"] == "applied"
        assert stories.get("shequ1", f"/jobs/{job}").get_json()["state"] == "done"
        assert count(stories, Ticket) == AT_ONCE + 1
        assert applied(stories, shown)["state"] == "applied"
        assert count(stories, Ticket) == AT_ONCE + 1

    def test_what_cannot_be_made_is_said(self, stories: Stories) -> None:
        shown = upload(stories, self.many(stories))
        apply(stories, shown)
        stories.change(update(Compound).values(retired_on=date(2026, 11, 25)))
        self.work(stories)
        seen = stories.get("shequ1", f"/tickets/imports/{shown['id']}").get_json()
        assert (seen["state"], len(seen["faults"])) == ("failed", AT_ONCE + 1)
        assert count(stories, Ticket) == 0
        assert code_of(apply(stories, shown)) == (409, "import_outdated")

    def test_a_cancelled_one_can_be_started_again(self, stories: Stories) -> None:
        shown = upload(stories, self.many(stories))
        job = apply(stories, shown).get_json()["job"]
        assert stories.post("shequ1", f"/jobs/{job}/cancel", {}).status_code == 200
        answer = apply(stories, shown)
        assert (answer.status_code, answer.get_json()["job"] == job) == (202, False)
        self.work(stories)
        assert count(stories, Ticket) == AT_ONCE + 1


class TestElsewhere:
    """What the rest of the product knows of work from elsewhere."""

    def test_the_same_number_over_the_api_is_noticed(self, stories: Stories) -> None:
        said = {"source": "hotline", "external_number": "HX-9", "photo_ids": []}
        first = stories.report("shequ1", compound=stories.code(), **said)
        again = stories.report(
            "wangge11", compound=stories.code("001", 2), category="01-10", **said
        )
        assert again["possible_duplicate_of"] == [first["id"]]
        other = stories.report("shequ1", **{**said, "source": "superior"}, category="01-17")
        assert other["possible_duplicate_of"] == []

    def test_the_external_due_time_has_its_own_light_and_order(self, stories: Stories) -> None:
        def hotline(number: str, due: str | None) -> Json:
            more = {"external_due_at": at(due)} if due else {}
            return stories.report("shequ1", source="hotline", external_number=number, **more)

        late, soon = hotline("1", "11-30 09:00"), hotline("2", "11-26 09:00")
        none = hotline("3", None)
        assert [one["external_light"] for one in (late, soon, none)] == ["green", "green", None]
        ordered = stories.ids("shequ1", sort="external_due")
        assert ordered == [soon["id"], late["id"]]
        assert stories.ids("shequ1", sort="external_due", limit=1) == ordered
        stories.later(hours=20)
        assert stories.see("shequ1", soon)["external_light"] == "yellow"
        stories.later(hours=5)
        assert stories.see("shequ1", soon)["external_light"] == "red"
        done = stories.act("wuye11", stories.see("wuye11", soon), "rectify")
        assert done["external_light"] is None

    def test_the_template_comes_back_filled(self, stories: Stories) -> None:
        answer = stories.get("shequ1", "/tickets/imports/template.xlsx")
        assert answer.status_code == 200
        workbook: Any = load_workbook(io.BytesIO(answer.data))
        sheet = workbook["工单"]
        assert [cell.value for cell in sheet[1]] == [name.partition("(")[0] for name in HEADER]
        assert sheet["B2"].number_format == "@"
        for place, value in enumerate(row(小区=stories.code()), start=1):
            sheet.cell(2, place).value = value
        out = io.BytesIO()
        workbook.save(out)
        assert upload(stories, out.getvalue())["new_count"] == 1
        listed = [cell.value for cell in workbook["事项字典"]["B"]]
        assert "01-36" in listed

    def test_old_imports_are_forgotten(self, stories: Stories, three: bytes) -> None:
        applied(stories, upload(stories, three, photos=pictures()))
        for days, left in ((29, 1), (2, 0)):
            stories.later(days=days)
            with stories.app.app_context(), unit_of_work() as session:
                forget_old_imports(session, now=stories.clock(), at_most=10)
            assert count(stories, TicketImport) == left
        assert count(stories, Ticket) == 3


def test_lines_with_blank_and_strange_times_are_kept_apart(stories: Stories) -> None:
    """Handed down just now by a clock that is minutes ahead: nothing happens in the future."""
    ahead = (stories.clock() + timedelta(minutes=3)).isoformat()
    shown = upload(stories, xlsx([HEADER, row(小区=stories.code(), 交办时间=ahead)]))
    ticket = stories.see("shequ1", applied(stories, shown)["rows"][0]["ticket"])
    assert ticket["occurred_at"] == ticket["reported_at"]
