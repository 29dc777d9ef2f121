"""A hundred thousand believable tickets, with their legs, photos and timelines, as plain rows."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import Category, Condition
from app.grid.models import Area, Cell, Checkpoint, CompanyContract, Compound
from app.kernel.geo import Datum
from app.people.models import Organisation, Post, Role
from app.photos.evidence import PhotoRole, PhotoSource, Verdict
from app.tickets.models import LegOutcome, SecondLook, Source, State

Row = dict[str, Any]
YEARS = timedelta(days=730)
COMMON, RARE, ABSENT = "垃圾", "孔雀", "麒麟"
RARE_TICKETS = 7
"""How many descriptions hold the rare word; the common one is in about every third."""
LAST = 2
"""Hexadecimal digits at the end of each id and of each SHA-256 that are nought: there is room for
copies (see scale/copying.py)."""

STATES = (
    (State.closed, 0.915),
    (State.dispatched, 0.03),
    (State.rectified, 0.01),
    (State.reported, 0.007),
    (State.rejected, 0.012),
    (State.voided, 0.01),
    (State.withdrawn, 0.008),
    (State.referred, 0.005),
    (State.suspended, 0.003),
)
WITH_LEG = frozenset(
    {State.closed, State.dispatched, State.rectified, State.referred, State.suspended}
)
RECTIFIED = frozenset({State.closed, State.rectified})
PLACES = (
    "东门",
    "西门",
    "三号楼前",
    "地下车库入口",
    "儿童乐园旁",
    "围墙内侧",
    "五单元楼道",
    "配电房边",
)
THINGS = (
    f"生活{COMMON}堆放多日",
    f"{COMMON}桶满溢散落一地",
    f"建筑{COMMON}无人清运",
    "废旧沙发占用通道",
    "居民私自种菜毁坏绿地",
    "飞线给电瓶车充电",
    "污水井冒溢气味难闻",
    "小广告贴满墙面",
    "路灯不亮已有三天",
    "车辆占用消防通道",
    "草坪枯死需要补种",
)
ENDS = ("请尽快处理", "居民多次反映", "存在安全隐患", "已现场劝导", "请物业核实", "与上周情况相同")


@dataclass(frozen=True)
class Ground:
    """What is in the loaded county."""

    places: list[tuple[Compound, Cell, Organisation, UUID | None]]
    wardens: dict[UUID, tuple[UUID, UUID]]
    """Person and post by community."""
    conditions: list[tuple[Category, Condition]]
    checkpoints: dict[UUID, list[UUID]]


def ground_of(session: Session, town: str | None = None) -> Ground:
    """Reads the county's compounds, or those of one township, its wardens and dictionary."""
    cells: dict[UUID, list[Cell]] = {}
    for cell in session.scalars(select(Cell)):
        cells.setdefault(cell.organisation_id, []).append(cell)
    companies = {
        contract.compound_id: contract.company_id
        for contract in session.scalars(select(CompanyContract))
    }
    homes = {each.id: each for each in session.scalars(select(Organisation))}
    places = []
    for index, compound in enumerate(session.scalars(select(Compound).order_by(Compound.code))):
        home = compound.organisation_id
        if town is not None and not homes[home].code.startswith(town):
            continue
        cell = cells[home][index % len(cells[home])]
        places.append((compound, cell, homes[home], companies.get(compound.id)))
    wardens = {
        post.organisation_id: (post.person_id, post.id)
        for post in session.scalars(select(Post).where(Post.role == Role.warden))
    }
    conditions = session.execute(
        select(Category, Condition).join(Condition, Condition.category_code == Category.code)
    )
    checkpoints: dict[UUID, list[UUID]] = {}
    for each in session.scalars(select(Checkpoint)):
        checkpoints.setdefault(each.compound_id, []).append(each.id)
    return Ground(places, wardens, [(row[0], row[1]) for row in conditions], checkpoints)


@dataclass(frozen=True)
class Filling:
    """The rows of one ticket, by the name of their table."""

    tickets: list[Row]
    legs: list[Row]
    ticket_events: list[Row]
    blobs: list[Row]
    photos: list[Row]
    ticket_photos: list[Row]


def fillings(
    ground: Ground, count: int, *, now: datetime, seed: int = 7, befores: int = 1
) -> Iterator[Filling]:
    """The rows of `count` tickets reported in the two years before now, the oldest first, each with
    so many before-photos and an after-photo where it was rectified."""
    chance = random.Random(seed)
    rare = set(chance.sample(range(count), RARE_TICKETS))
    step = YEARS / count
    for index in range(count):
        reported_at = now - YEARS + step * (index + chance.random() * 0.9)
        maker = _Maker(ground, chance, index, reported_at, now)
        yield maker.made(RARE if index in rare else "", befores)


class _Maker:
    """One ticket in the making."""

    def __init__(
        self, ground: Ground, chance: random.Random, index: int, at: datetime, now: datetime
    ) -> None:
        self.chance, self.index, self.at, self.now = chance, index, at, now
        self.compound, self.cell, self.home, self.company = chance.choice(ground.places)
        self.category, self.condition = chance.choice(ground.conditions)
        self.person_id, self.post_id = ground.wardens[self.home.id]
        self.state = self._state()
        self.id = self._new_id(at)
        self.responsible_id = (self.company or self.home.id) if self.state in WITH_LEG else None
        self.due_at = at + timedelta(hours=chance.choice((4, 28, 50, 130, 200)))
        self.rectified_at = at + timedelta(hours=chance.uniform(1, 60))
        self.closed_at = self.rectified_at + timedelta(hours=chance.uniform(0.2, 20))

    def _state(self) -> State:
        """Nothing waits for two years: what would be open and old is closed, or overdue."""
        drawn = self.chance.choices([s for s, _ in STATES], [w for _, w in STATES])[0]
        old = self.now - self.at > timedelta(days=240)
        return State.closed if old and drawn in (State.reported, State.rectified) else drawn

    def _new_id(self, at: datetime) -> UUID:
        """A UUIDv7 of that time."""
        high = int(at.timestamp() * 1000) << 80
        left = self.chance.getrandbits(60 - 4 * LAST) << 4 * LAST
        return UUID(int=high | 7 << 76 | 2 << 62 | left)

    def made(self, word: str, befores: int) -> Filling:
        events, blobs, photos, used = self._events(), [], [], []
        rectified = self.state in RECTIFIED
        afters = (PhotoRole.AFTER,) if rectified else ()
        for sequence, role in enumerate((*(PhotoRole.BEFORE,) * befores, *afters), start=1):
            event = events[0] if role is PhotoRole.BEFORE else events[1]
            blob = self._blob(sequence)
            photo = self._photo(blob["sha256"], event["at"])
            blobs.append(blob)
            photos.append(photo)
            used.append(self._use(photo, event, role, sequence))
        legs = [self._leg()] if self.state in WITH_LEG else []
        return Filling([self._ticket(word, len(events))], legs, events, blobs, photos, used)

    def _ticket(self, word: str, version: int) -> Row:
        say = self.chance.choice
        compound, condition = self.compound, self.condition
        rectified, closed = self.state in RECTIFIED, self.state is State.closed
        old = self.now - self.at > timedelta(days=20)
        waits = closed and not old and self.chance.random() < 0.2
        return {
            "id": self.id,
            "number": f"{self.home.code[:9]}-{self.at:%Y%m%d}-{self.index:06d}",
            "state": self.state,
            "version": version,
            "town_id": self.home.town_id,
            "community_id": self.home.id,
            "cell_id": self.cell.id,
            "compound_id": compound.id,
            "area": say(list(Area)),
            **dict(zip(("lng", "lat"), self._point(), strict=True)),
            "accuracy_m": 12.0,
            "category_code": self.category.code,
            "category_name": self.category.name,
            "condition_code": condition.code,
            "condition_name": condition.name,
            "limit_amount": condition.limit_amount,
            "limit_unit": condition.limit_unit,
            "standard_ref": self.category.standard_ref,
            "closing_test": condition.closing_test,
            "description": f"{compound.name}{say(PLACES)}{say(THINGS)}{word}，{say(ENDS)}。",
            "source": say(list(Source)),
            "fixed_on_spot": False,
            "reporter_id": self.person_id,
            "reported_at": self.at,
            "occurred_at": self.at,
            "filing_due_at": self.at + timedelta(hours=2),
            "dispatched_at": self.at if self.state in WITH_LEG else None,
            "due_at": self.due_at if self.state in WITH_LEG else None,
            "yellow_at": self.at + (self.due_at - self.at) * 0.8
            if self.state in WITH_LEG
            else None,
            "due_provisional": False,
            "rectified_at": self.rectified_at if rectified else None,
            "check_due_at": self.rectified_at + timedelta(hours=24) if rectified else None,
            "closed_at": self.closed_at if closed else None,
            "updated_at": min(self.closed_at, self.now) if closed else self.at,
            "rework_count": 0,
            "extension_count": 0,
            "responsible_id": self.responsible_id,
            "rectifier_id": self.person_id if rectified else None,
            "possible_duplicate_of": [],
            "suspended_at": self.at if self.state is State.suspended else None,
            "suspended_until": self.now + timedelta(days=30)
            if self.state is State.suspended
            else None,
            "referred_at": self.at if self.state is State.referred else None,
            "second_look": SecondLook.waiting if waits else None,
            "witness_ids": [],
        }

    def _point(self) -> tuple[float, float]:
        outline = self.compound.outline or {"coordinates": [[[118.2, 30.8]]]}
        corner = outline["coordinates"][0][0]
        spread = self.chance.random
        return corner[0] + spread() * 0.0007, corner[1] + spread() * 0.0005

    def _leg(self) -> Row:
        rectified = self.state in RECTIFIED
        return {
            "id": self._new_id(self.at),
            "ticket_id": self.id,
            "sequence": 1,
            "organisation_id": self.responsible_id,
            "from_at": self.at,
            "to_at": self.rectified_at if rectified else None,
            "limit_from_at": self.at,
            "limit_amount": self.condition.limit_amount,
            "limit_unit": self.condition.limit_unit,
            "due_at": self.due_at,
            "outcome": LegOutcome.rectified if rectified else None,
            "in_time": self.rectified_at <= self.due_at if rectified else None,
            "sent_back": False,
            "exempt": False,
            "extension_count": 0,
            "standstills": [],
        }

    def _events(self) -> list[Row]:
        started = State.dispatched if self.state in WITH_LEG else State.reported
        steps = [("report", None, started, self.at)]
        if self.state in RECTIFIED:
            steps.append(("rectify", State.dispatched, State.rectified, self.rectified_at))
        if self.state is State.closed:
            steps.append(("close", State.rectified, State.closed, self.closed_at))
        last = {
            State.rejected: "reject",
            State.voided: "void",
            State.withdrawn: "withdraw",
            State.referred: "refer",
            State.suspended: "suspend",
        }.get(self.state)
        if last:
            steps.append((last, started, self.state, self.at + timedelta(minutes=9)))
        return [self._event(number, *step) for number, step in enumerate(steps, start=1)]

    def _event(
        self, sequence: int, action: str, from_state: State | None, to: State, at: datetime
    ) -> Row:
        return {
            "id": self._new_id(at),
            "ticket_id": self.id,
            "sequence": sequence,
            "at": at,
            "occurred_at": at,
            "actor_id": self.person_id,
            "post_id": self.post_id,
            "organisation_id": self.home.id,
            "action": action,
            "from_state": from_state,
            "to_state": to,
            "note": None if action == "report" else "已到现场核实，情况属实。",
            "changes": {"responsible": self.home.code} if action == "report" else {},
        }

    def _blob(self, sequence: int) -> Row:
        digest = hashlib.sha256(f"{self.index}/{sequence}".encode()).hexdigest()
        digest = digest[:-LAST] + "0" * LAST
        return {
            "sha256": digest,
            "bytes": 2_400_000,
            "media_type": "image/jpeg",
            "width": 3024,
            "height": 4032,
            "display_sha256": digest,
            "thumb_sha256": digest,
            "stored_at": self.at,
        }

    def _photo(self, sha256: str, at: datetime) -> Row:
        lng, lat = self._point()
        return {
            "id": self._new_id(at),
            "sha256": sha256,
            "maker_id": self.person_id,
            "post_id": self.post_id,
            "organisation_id": self.home.id,
            "town_id": self.home.town_id,
            "received_at": at,
            "occurred_at": at,
            "source": PhotoSource.CAMERA,
            "device_taken_at": at,
            "device_lng": lng,
            "device_lat": lat,
            "device_datum": Datum.WGS84,
            "device_accuracy_m": 12.0,
            "device_fixed_at": at,
            "lng": lng,
            "lat": lat,
            "cell": {"code": self.cell.code, "name": self.cell.name, "match": "inside"}
            | {"candidates": []},
            "cell_id": self.cell.id,
            "verdict": Verdict.CONSISTENT,
            "findings": [FINDING],
        }

    def _use(self, photo: Row, event: Row, role: PhotoRole, sequence: int) -> Row:
        return {
            "id": self._new_id(event["at"]),
            "ticket_id": self.id,
            "photo_id": photo["id"],
            "event_id": event["id"],
            "role": role,
            "attached_at": event["at"],
            "sequence": sequence,
            "verdict": Verdict.CONSISTENT,
            "findings": [FINDING],
        }


FINDING = {
    "code": "fix_in_cell",
    "direction": "supports",
    "observed": "inside",
    "threshold": "inside",
    "message": "拍摄位置在网格内。",
    "photo_id": None,
    "rule_version": "2026-11",
    "leads_to": "consistent",
}
