"""The walk of every route by every role, and the tables of docs/permissions.md it is held against.

A request of the walk asks for the real thing with a body that says nothing: whoever may, is told
what is missing (422) or served (2xx); whoever may not, is refused before the body is looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.assessments.models import AssessmentScore
from app.grid.codes.scenes import Spot, scene_of
from app.grid.queries import compound_by_code
from app.kernel.clock import shanghai_day, utc_now
from app.kernel.db import db, unit_of_work
from app.people.models import Role
from app.people.queries import actor_by_id, person_by_username
from app.photos.safety.models import CheckState, PhotoCheck
from app.reports.documents.making import Workshop, make_report
from app.reports.dossiers.making import Workshop as DossierShop
from app.reports.dossiers.making import make_dossier
from app.rounds.spot_checks.drawing import draw_spot_checks
from app.rounds.spot_checks.models import SpotCheck
from app.texts.models import TextCheck
from app.tickets.figures.freezes.figures import figures_of_month
from app.tickets.figures.freezes.service import FreezeAsked, freeze_month
from app.work.service import enqueue
from tests.people.posts import add_post, end_post, give, organisation
from tests.photos import pictures
from tests.towns import PASSWORD, Town, standing_token

BASE = "/api/v1"
DOCUMENT = Path(__file__).parent.parent / "docs" / "permissions.md"
MAY = "可"

# The columns of the table, the reporter last: it is the one who removes a photo for good.
VIEWERS = {
    "未登录": None,
    "网格员": "wangge12",
    "负责人": "shequ1",
    "督查员": "ducha1",
    "管理组": "group_given",
    "镇管理员": "town_admin",
    "县管理员": "guanli",
    "物业": "wuye11",
    "物业同事": "wuye12",
    "邻社区": "wangge21",
    "邻负责人": "shequ2",
    "别的管理组": "group_other",
    "别的物业": "wuye21",
    "执法": "zhifa1",
    "他镇网格员": "t102wangge11",
    "他镇督查员": "t102ducha1",
    "他镇管理员": "other_admin",
    "无岗位": "no_post",
    "上报人": "wangge11",
}


def tables() -> Iterator[list[list[str]]]:
    """Every table of the document: rows of cells without their code marks."""
    table: list[list[str]] = []
    for line in [*DOCUMENT.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("|"):
            cells = [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                table.append(cells)
        elif table:
            yield table
            table = []


def table_headed(first: str) -> list[list[str]]:
    """The rows, without the heading, of the table whose first heading is this."""
    found = next(table for table in tables() if table[0][0] == first)
    return found[1:]


def documented_permissions() -> list[str]:
    """The permissions that the document explains."""
    return [row[0] for row in table_headed("权限")]


@dataclass(frozen=True, order=True)
class Row:
    """One line of a walk: a route and the circumstances it is asked in."""

    route: str
    case: str


def documented_outcomes() -> dict[Row, dict[str, str]]:
    """What the document says of every route, case and viewer."""
    found: dict[Row, dict[str, str]] = {}
    for table in tables():
        if table[0][0] != "接口":
            continue
        viewers = table[0][2:]
        for route, case, *outcomes in table[1:]:
            cells = found.setdefault(Row(route, case), {})
            assert len(outcomes) == len(viewers), (route, case)
            cells.update(zip(viewers, outcomes, strict=True))
    return found


@dataclass
class Place:
    """Two townships with people of every kind, photos, a round, and a ticket in every state."""

    app: Flask
    client: FlaskClient
    town: Town
    other: Town
    tokens: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    administered: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def prepare(self) -> None:
        """Makes the people, then tells the stories."""
        with self.app.app_context(), unit_of_work() as session:
            groups = {"group_given": "001", "group_other": "002"}
            for number, (username, community) in enumerate(groups.items(), start=1):
                group = f"{self.town.code}-G{number}"
                add_post(session, username, Role.supervisor, group)
                give(session, group, self.town.community(community))
            add_post(session, "town_admin", Role.administrator, self.town.code)
            add_post(session, "other_admin", Role.administrator, self.other.code)
            for username in ("managed", "deputy"):
                add_post(session, username, Role.warden, self.town.community())
            ended = add_post(session, "no_post", Role.lead, self.town.community())
            end_post(session, ended)
        self.names["compound"] = self.town.compound().code
        self._hang_a_code()
        self._ask_for_work()
        self._tell()
        self._upload()
        self._upload_directly()
        self._administer()
        self._draw()
        self._freeze()
        self._assign()
        self._campaign()
        self._case()
        self._report()
        self._dossier()
        self._complain()
        self._check()
        self._assess()

    def _hang_a_code(self) -> None:
        """What the code at the compound says."""
        with self.app.app_context():
            found = compound_by_code(db.session(), self.names["compound"])
            assert found is not None
            self.names["scene"] = scene_of(Spot.compound, found.id)
            db.session.remove()

    def _tell(self) -> None:
        self.names["未用于工单"] = self.photo("wangge11")["id"]
        used = self.photo("wangge11")
        shown = self.photo("wangge11")
        self.names |= {
            "used": used["id"],
            "用于待受理工单": used["id"],
            "用于待整改工单": shown["id"],
        }
        walked = {"compound": self.names["compound"], "all_fine": True}
        self.names["round"] = self.post("wangge12", "/rounds", walked)["id"]
        unsorted = self.report("99-99", used["id"])
        sent = self.report("01-36", shown["id"])
        again = self.act(self.report("01-10"), "shequ1", "dispatch", organisation="WY299002")
        done = self.rectified(self.report("01-92"))
        closed = self.act(self.rectified(self.report("02-01")), "shequ1", "close")
        until = (utc_now() + timedelta(days=9)).isoformat()
        held = self.act(self.report("01-11"), "ducha1", "suspend", until=until)
        body = {"organisation": "340299-CWB", "until": until}
        referred = self.act(self.report("01-17"), "shequ1", "refer", **body)
        for name, ticket in {
            "待受理": unsorted,
            "待整改": sent,
            "已改派": again,
            "待核查": done,
            "已结案": closed,
            "挂账": held,
            "已移交": referred,
        }.items():
            self.names[name] = ticket["id"]

    def _upload(self) -> None:
        """A spreadsheet that the lead has uploaded and not applied."""
        rows = f"来源,编号,类别,小区\n12345热线,1,99-99,{self.names['compound']}\n"
        answer = self.client.post(
            f"{BASE}/tickets/imports",
            data={"file": (BytesIO(rows.encode()), "rows.csv")},
            headers=self.headers("shequ1"),
        )
        assert answer.status_code == 201, answer.text
        self.names["import"] = answer.get_json()["id"]

    def _upload_directly(self) -> None:
        """An address that the reporter has sent nothing to, and one whose photo is there."""
        path = "/photos/uploads"
        begun, sent = self.post("wangge11", path, {}), self.post("wangge11", path, {})
        form = {"file": (BytesIO(pictures.photo(software="direct")), "a.jpg")}
        assert self.client.post(sent["url"], data=form).status_code == 204
        self.post("wangge11", f"{path}/{sent['photo_upload_id']}/complete", {})
        self.names |= {"upload_url": begun["url"], "还没有传": begun["photo_upload_id"]}
        self.names["已登记"] = sent["photo_upload_id"]

    def _administer(self) -> None:
        """Somebody with a post and a leave, and a checkpoint, for administrators to change."""
        today = shanghai_day(utc_now())
        dates = {"from_on": f"{today}", "to_on": f"{today + timedelta(days=9)}"}
        away = self.post("guanli", "/people/managed/leave", {**dates, "deputy": "deputy"})
        path = f"/compounds/{self.names['compound']}/checkpoints"
        spot = self.post("guanli", path, {"name": "新点位", "area": "stairwell"})
        self.administered = {
            "username": "managed",
            "post": away["posts"][0]["id"],
            "leave": away["leaves"][0]["id"],
            "checkpoint": spot["checkpoints"][-1]["id"],
            "town": self.town.code,
            "category": "01-36",
            "pause": self._pause(today + timedelta(days=9)),
        }

    def _pause(self, day: date) -> str:
        """A day on which the first community stands still."""
        said = {
            "organisation": self.town.community(),
            "document": "示例〔2026〕1号",
            "reason": "示例",
        }
        hours = {"from": f"{day}T08:00:00+08:00", "to": f"{day}T18:00:00+08:00"}
        return str(self.post("guanli", "/pauses", said | hours)["id"])

    def _draw(self) -> None:
        """The round, drawn for a spot check as soon as its week is over."""
        with self.app.app_context(), unit_of_work() as session:
            later = utc_now() + timedelta(days=8)
            draw_spot_checks(session, percent=100, secret="any", now=later)
            self.names["spot_check"] = str(session.scalars(select(SpotCheck.id)).one())

    def _assign(self) -> None:
        """Somebody leads the first compound."""
        body = {
            "organisation": self.town.community(),
            "subjects": [{"kind": "compound", "code": self.names["compound"]}],
            "part": "lead",
            "person": "wangge12",
        }
        (given,) = self.post("shequ1", "/assignments", body)["items"]
        self.names["assignment"] = given["id"]
        title = {"organisation": self.town.community(), "title": "civilised_community"}
        self.names["title"] = self.post("ducha1", "/duties/titles", title)["id"]
        brand = {"kinds": ["volunteer_brand"], "subject": "品牌", "links": ["https://example.com"]}
        self.names["record"] = self.post("shequ1", "/records", brand)["id"]

    def _campaign(self) -> None:
        """This month's campaign in the first compound, with its first step, and an application."""
        today = shanghai_day(utc_now())
        said = {"compound": self.names["compound"]}
        made = self.post("shequ1", "/campaigns", {**said, "month": f"{today:%Y-%m}"})
        step = {"action": "clutter", "step": "publicise", "done_on": f"{today}"}
        proof = {"photo_ids": [self.photo("shequ1")["id"]]}
        done = self.post("shequ1", f"/campaigns/{made['id']}/steps", {**step, **proof})
        (part,) = [each for each in done["parts"] if each["action"] == "clutter"]
        award = {**said, "award": "civilised_unit", "grounds": "邻里和睦"}
        self.names["campaign"], self.names["step"] = made["id"], part["steps"][0]["id"]
        self.names["award"] = self.post("shequ1", "/awards", award)["id"]

    def _report(self) -> None:
        """A bulletin of the first community, made but not sent for approval; of those who see it,
        who began it is asked last, as it is gone after they delete it."""
        today = shanghai_day(utc_now()).isoformat()
        days = {"organisation": self.town.community(), "from": today, "to": today}
        begun = self.post("guanli", "/reports", {"kind": "bulletin", **days})
        self.names["report"] = begun["id"]
        with self.app.app_context():
            shop = Workshop(self.app.extensions["gexun_store"], None, frozenset())
            make_report(UUID(begun["id"]), shop, now=utc_now(), said=lambda _percent, _said: None)
            db.session.remove()

    def _dossier(self) -> None:
        """This half year of the first community, made."""
        today = shanghai_day(utc_now())
        term = f"{today.year}H{1 if today.month <= 6 else 2}"
        body = {"organisation": self.town.community(), "term": term}
        self.names["dossier"] = begun = self.post("guanli", "/dossiers", body)["id"]
        with self.app.app_context():
            known = self.app.extensions
            shop = DossierShop(known["gexun_store"], known["gexun_photo_uses"], frozenset())
            make_dossier(UUID(begun), shop, now=utc_now(), said=lambda _percent, _said: None)
            db.session.remove()

    def _case(self) -> None:
        """A case of the first compound."""
        said = {"kind": "unmanaged_compound", "title": "建档", "note": "登记"}
        body = {**said, "compound": self.names["compound"]}
        self.names["case"] = self.post("shequ1", "/cases", body)["id"]

    def _complain(self) -> None:
        """What a company's employee says to the office of the first township."""
        said = {"kind": "suggestion", "text": "示例", "office": self.town.code}
        number = self.post("wuye11", "/complaints", said)["number"]
        items = self.client.get(f"{BASE}/complaints", headers=self.headers("ducha1")).get_json()
        (made,) = [each for each in items["items"] if each["number"] == number]
        self.names["complaint"] = made["id"]

    def _check(self) -> None:
        """The reporter's photo, about which a host said nothing."""
        self.names["查过的"] = self.names["used"]
        with self.app.app_context(), unit_of_work() as session:
            photo_id = UUID(self.names["used"])
            said = {"state": CheckState.left, "tries": 2, "asked_at": utc_now()}
            session.add(PhotoCheck(photo_id=photo_id, **said))
            writer, town = person_by_username(session, "wangge11"), self.town.code
            assert writer is not None
            self.names["text"] = "0" * 64
            place = {"place": "示例", "town_id": organisation(session, town).id}
            mark = {"mark": self.names["text"], "said": "示例", "person_id": writer.id}
            session.add(TextCheck(**mark, **place, **said, written_at=utc_now()))

    def _assess(self) -> None:
        """Assessment is on, and last month frozen; the first community's lead objects."""
        self.post("guanli", "/assessments/switch", {"on": True, "document": "示例"})
        month = f"{shanghai_day(utc_now()).replace(day=1) - timedelta(days=1):%Y-%m}"
        said = {"organisation": self.town.code, "period": month, "scheme": "community_month"}
        freeze = self.post("ducha1", "/assessments/freezes", said)["id"]
        with self.app.app_context():
            asked = select(AssessmentScore).where(AssessmentScore.freeze_id == UUID(freeze))
            scores = {one.subject_code: one.id for one in db.session().scalars(asked)}
            db.session.remove()
        score = str(scores[self.town.community()])
        objection = {"item": "duties", "text": "示例"}
        made = self.post("shequ1", f"/assessments/scores/{score}/objections", objection)
        self.names |= {"frozen": freeze, "score": score, "objection": made["id"]}

    def _freeze(self) -> None:
        """This month of the first community, frozen as soon as it is over."""
        with self.app.app_context(), unit_of_work() as session:
            later = utc_now() + timedelta(days=32)
            person = person_by_username(session, "ducha1")
            actor = actor_by_id(session, person.id, now=utc_now()) if person else None
            assert actor is not None
            place = organisation(session, self.town.community())
            month, post = f"{shanghai_day(utc_now()):%Y-%m}", actor.posts[0]
            figures = figures_of_month(session, actor, place, month, now=later)
            asked = FreezeAsked(place, month)
            freeze = freeze_month(session, asked, figures, actor=actor, post=post, now=later)
            self.names["freeze"] = str(freeze.id)

    def _ask_for_work(self) -> None:
        """A piece of background work that the reporter asked for."""
        with self.app.app_context(), unit_of_work() as session:
            person = person_by_username(session, "wangge11")
            place = organisation(session, self.town.community())
            assert person is not None
            job_id = enqueue(
                session,
                "housekeeping",
                {},
                now=utc_now(),
                requested_by=person.id,
                requested_path=place.path,
            )
        self.names["job"] = str(job_id)

    def headers(self, username: str) -> dict[str, str]:
        """What a signed-in person sends."""
        if username not in self.tokens:
            self.tokens[username] = standing_token(username) or self.fresh_token(username)
        return {"Authorization": f"Bearer {self.tokens[username]}"}

    def fresh_token(self, username: str) -> str:
        """A sign-in of its own."""
        body = {"username": username, "password": PASSWORD}
        answer: Any = self.client.post(f"{BASE}/auth/password", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["access_token"])

    def post(self, who: str, path: str, body: dict[str, Any]) -> Any:
        """Something that succeeds."""
        answer = self.client.post(BASE + path, json=body, headers=self.headers(who))
        assert answer.status_code in (200, 201), answer.text
        return answer.get_json()

    def photo(self, who: str) -> Any:
        """A fresh photo in the first compound."""
        lng, lat = self.town.cell().centre
        picture = pictures.photo(software=f"{next(self._numbers)}")
        answer = self.client.post(
            f"{BASE}/photos",
            data={"file": (BytesIO(picture), "photo.jpg"), "lng": lng, "lat": lat},
            headers=self.headers(who),
        )
        assert answer.status_code == 201, answer.text
        return answer.get_json()

    def report(self, category: str, photo_id: str | None = None) -> Any:
        """A ticket of the first compound."""
        photo_ids = [photo_id or self.photo("wangge11")["id"]]
        body = {"category": category, "photo_ids": photo_ids, "compound": self.names["compound"]}
        return self.post("wangge11", "/tickets", body)

    def act(self, ticket: Any, who: str, action: str, **more: Any) -> Any:
        """The ticket after an action."""
        body = {"version": ticket["version"], "note": "理由", **more}
        return self.post(who, f"/tickets/{ticket['id']}/{action}", body)

    def rectified(self, ticket: Any) -> Any:
        """The ticket put right by the company."""
        return self.act(ticket, "wuye11", "rectify", photo_ids=[self.photo("wuye11")["id"]])

    def other_sign_in(self, username: str) -> str:
        """The id of a further sign-in of somebody."""
        self.fresh_token(username)
        headers = self.headers(username)
        items = self.client.get(f"{BASE}/me/sign-ins", headers=headers).get_json()["items"]
        return next(str(one["id"]) for one in items if not one["current"])

    def outcome(self, row: Row, username: str | None) -> str:
        """What a row comes to for somebody: MAY, or the status it is refused with."""
        method, _, path = row.route.partition(" ")
        headers = self.headers(username) if username else {}
        if row.route == "POST /auth/logout" and username:
            headers = {"Authorization": f"Bearer {self.fresh_token(username)}"}
        if row.route == "DELETE /me/sign-ins/{sign_in}":
            self.names["sign_in"] = self.other_sign_in(username) if username else "-"
        sent = self._request(row, path)
        answer = self.client.open(BASE + sent.pop("path"), method=method, headers=headers, **sent)
        answer.close()
        status: int = answer.status_code
        # Where the walk sends a body that says nothing, who may act on it is told so with 422.
        served = status < 300 or (status == 422 and row.route != "POST /rounds")
        return MAY if served else str(status)

    def _request(self, row: Row, path: str) -> dict[str, Any]:
        request: dict[str, Any] = {"path": self._filled(row, path)}
        if row.route == "POST /tickets/imports":
            request["content_type"] = "multipart/form-data"
        elif row.route in ("POST /photos", "POST /photos/uploads/{upload}/file"):
            request["data"] = {"lng": "1"}
            request["content_type"] = "multipart/form-data"
        elif row.route == "POST /rounds":
            request["json"] = {"compound": self.names["compound"], "all_fine": True}
        elif row.case == "当场整改":
            ids = [self.names["used"]]
            request["json"] = {
                "category": "01-36",
                "photo_ids": ids,
                "fixed_on_spot": {"photo_ids": ids},
            }
        elif row.route.endswith(("/retire", "/end")):
            request["json"] = {"on": "不是日期", "at": "不是时间"}
        elif row.route == "POST /kpis/freezes" and row.case:
            request["json"] = {"organisation": self.codes["community"]}
        elif row.route == "POST /assessments/freezes" and row.case:
            request["json"] = {"organisation": self.codes["town"]}
        elif row.route.startswith(("POST", "PUT")):
            request["json"] = {}
        query = QUERIES.get(row)
        if query is not None:
            request["query_string"] = {k: v.format(**self.codes) for k, v in query.items()}
        return request

    @property
    def codes(self) -> dict[str, str]:
        """What the queries of the walk name."""
        return {"town": self.town.code, "community": self.town.community()}

    def _filled(self, row: Row, path: str) -> str:
        if row.route == "GET /photos/{photo}/{kind}":
            return self._signed_path(row)
        if row.route == "POST /photos/uploads/{upload}/file":
            signed = self.names["upload_url"].removeprefix(BASE)
            return signed if row.case == "签名地址" else signed.partition("?")[0]
        return path.format(
            photo=self.names.get(row.case, ""),
            upload=self.names.get(row.case, ""),
            **self.administered,
            code=self._code(row),
            round=self.names["round"],
            scene=self.names["scene"],
            sign_in=self.names.get("sign_in", "-"),
            spot_check=self.names["spot_check"],
            kpi="rectified",
            ledger="rounds",
            report=self.names["report"],
            dossier=self.names["dossier"],
            freeze=self.names["freeze"],
            job=self.names["job"],
            assignment=self.names["assignment"],
            campaign=self.names["campaign"],
            case=self.names["case"],
            complaint=self.names["complaint"],
            text=self.names["text"],
            step=self.names["step"],
            award=self.names["award"],
            title=self.names["title"],
            checklist="entrance_board",
            record=self.names["record"],
            frozen=self.names["frozen"],
            score=self.names["score"],
            item="rectified",
            objection=self.names["objection"],
            **{"import": self.names["import"]},
            ticket=self.names.get(row.case, ""),
        )

    def _code(self, row: Row) -> str:
        if row.case == "物业公司":
            return "WY299001"
        named = "community" if "/organisations/" in row.route else "compound"
        return {**self.names, **self.codes}[named]

    def _signed_path(self, row: Row) -> str:
        path = f"{BASE}/photos/{self.names['used']}"
        answer: Any = self.client.get(path, headers=self.headers("wangge11"))
        signed = str(answer.get_json()["urls"]["thumb"]).removeprefix(BASE)
        return signed if row.case == "签名地址" else signed.partition("?")[0]


LAST_YEAR = f"{shanghai_day(utc_now()).year - 1}"
QUERIES: dict[Row, dict[str, str]] = {
    Row("GET /assessments", "指明本镇"): {
        "organisation": "{town}",
        "scheme": "community_year",
        "period": LAST_YEAR,
    },
    Row("GET /assessments/freezes", "指明本镇"): {"organisation": "{town}"},
    Row("GET /cells/locate", ""): {"lng": "118.31", "lat": "30.92"},
    Row("GET /tickets/nearby", ""): {"lng": "118.31", "lat": "30.92"},
    **{
        Row(f"GET {path}", "指明本社区"): {"organisation": "{community}"}
        for path in ("/cells", "/cells.geojson", "/compounds", "/tickets", "/rounds", "/coverage",
                     "/coverage/summary", "/kpis", "/kpis/{kpi}/numerator",
                     "/kpis/{kpi}/denominator", "/kpis/freezes", "/organisations", "/people",
                     "/pauses", "/audit", "/review", "/assignments", "/assignments/vacant",
                     "/assignments/people",
                     "/assignments/vacant/summary",
                     "/ledgers/{ledger}.xlsx", "/reports", "/dossiers",
                     "/campaigns", "/campaigns/progress", "/campaigns/candidates",
                     "/awards", "/cases",
                     "/duties/titles", "/duties/progress", "/duties/progress/summary",
                     "/checklists/summary", "/checklists/{checklist}/sites",
                     "/records", "/places/codes.pdf",
                     )
    },
    Row("GET /tickets/summary", "指明本社区"): {"organisation": "{community}", "by": "state"},
    Row("GET /dictionary", "指明本镇"): {"town": "{town}"},
}  # fmt: skip
