"""What is measured: each operation as requests of the people who do it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from app.kernel.clock import rfc3339, shanghai_day, utc_now
from tests.bench import limits
from tests.bench.clients import Phone, Request, get, post
from tests.bench.county import COUNTY, TOWNS
from tests.bench.pictures import FORM, form, large_photos, small_photos
from tests.bench.tickets import ABSENT, COMMON, RARE, YEARS

TOWN, COMMUNITY = TOWNS[0], f"{TOWNS[0]}001"
VIEWERS = {
    "warden": f"wangge{TOWN[-3:]}001",
    "company": "wuye1",
    "supervisor": f"ducha{TOWN[-3:]}",
    "county": "guanli",
}
"""Who looks: a warden of one community, a company's employee, a town's supervisor, and the
administrator of the whole county."""

Tokens = Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """A read to be measured, asked by some of the viewers."""

    name: str
    kind: str
    path: str
    viewers: tuple[str, ...] = tuple(VIEWERS)


def readings() -> list[Reading]:
    """Lists, their filters and coverage."""
    above = ("supervisor", "county")
    week_old = rfc3339(utc_now() - timedelta(days=7)) or ""
    old = (shanghai_day(utc_now() - YEARS) + timedelta(days=40)).isoformat()
    filters: list[tuple[str, dict[str, str], tuple[str, ...]]] = [
        ("state: dispatched", {"state": "dispatched"}, tuple(VIEWERS)),
        ("state: rejected", {"state": "rejected"}, tuple(VIEWERS)),
        ("suspended in a community", {"state": "suspended", "organisation": COMMUNITY}, above),
        ("withdrawn in the county", {"state": "withdrawn", "organisation": COUNTY}, above),
        ("waiting for second look", {"second_look": "waiting"}, tuple(VIEWERS)),
        ("cell", {"cell": f"{COMMUNITY}002"}, tuple(VIEWERS)),
        ("compound", {"compound": f"{COMMUNITY}C03"}, tuple(VIEWERS)),
        ("category", {"category": "05-96"}, tuple(VIEWERS)),
        ("responsible", {"responsible": "WY297003"}, tuple(VIEWERS)),
        ("red lights", {"light": "red"}, tuple(VIEWERS)),
        ("red lights of a town", {"light": "red", "organisation": TOWN}, above),
        ("yellow lights", {"light": "yellow"}, tuple(VIEWERS)),
        ("green lights", {"light": "green"}, tuple(VIEWERS)),
        ("due first", {"sort": "due"}, tuple(VIEWERS)),
        ("due first, dispatched", {"sort": "due", "state": "dispatched"}, tuple(VIEWERS)),
        ("one old day", {"reported_from": old, "reported_to": old}, tuple(VIEWERS)),
        ("up to an old day", {"reported_to": old}, tuple(VIEWERS)),
        ("old and dispatched", {"reported_to": old, "state": "dispatched"}, tuple(VIEWERS)),
        ("changed since", {"updated_since": week_old}, tuple(VIEWERS)),
        ("mine", {"mine": "1"}, ("warden", "supervisor")),
        ("word: common", {"q": COMMON}, tuple(VIEWERS)),
        ("word: rare", {"q": RARE}, tuple(VIEWERS)),
        ("word: absent", {"q": ABSENT}, tuple(VIEWERS)),
        ("word: a compound", {"q": "松苑8"}, tuple(VIEWERS)),
        ("words: two, rare", {"q": f"{COMMON} {RARE}"}, tuple(VIEWERS)),
        ("number", {"q": f"{TOWN}-{old.replace('-', '')}"}, tuple(VIEWERS)),
    ]
    return [
        Reading("list page", limits.LIST, "/tickets"),
        *(
            Reading(name, limits.FILTER, f"/tickets?{urlencode(query)}", viewers)
            for name, query, viewers in filters
        ),
        Reading("waiting for a decision", limits.FILTER, "/review", ("supervisor",)),
        Reading(
            "coverage of a town", limits.COVERAGE, f"/coverage?organisation={TOWN}&limit=100", above
        ),
        Reading(
            "coverage, 8 weeks", limits.COVERAGE, f"/coverage/summary?organisation={TOWN}", above
        ),
    ]


def tickets_of(phone: Phone, tokens: Tokens, viewer: str, count: int) -> list[Request]:
    """Reads of single tickets of all ages that a viewer sees."""
    token = tokens[VIEWERS[viewer]]
    found: list[str] = []
    for back in range(0, YEARS.days, 73):
        day = shanghai_day(utc_now() - timedelta(days=back)).isoformat()
        page = phone.ask(get(token, f"/tickets?limit=20&reported_to={day}"))
        found += [each["id"] for each in page["items"]]
    random.Random(3).shuffle(found)
    return [get(token, f"/tickets/{found[n % len(found)]}") for n in range(count)]


def uploads(tokens: Tokens, count: int, *, large: bool) -> list[tuple[str, Request]]:
    """Uploads by the wardens in turn, each with the username."""
    photos = large_photos(count) if large else small_photos(count)
    made = []
    for index, photo in enumerate(photos):
        name = _warden(index)
        lng, lat = _point(index)
        fields = {"lng": lng, "lat": lat, "accuracy_m": "12", "source": "camera"}
        body = form(photo, **{key: str(value) for key, value in fields.items()})
        made.append((name, Request(tokens[name], "POST", "/photos", body, FORM)))
    return made


def reports(tokens: Tokens, photos: list[tuple[str, str]]) -> list[Request]:
    """One report for each photo (username, id) by who took it."""
    chance = random.Random(9)
    categories = ("01-36", "01-35", "01-10", "01-17", "02-01", "01-30", "99-02")
    return [
        post(
            tokens[name],
            "/tickets",
            {
                "category": chance.choice(categories),
                "description": f"三号楼前堆放杂物，占用公共通道，第{index}次发现",
                "photo_ids": [photo_id],
                "position": dict(zip(("lng", "lat"), _point(index), strict=True)),
                "area": chance.choice(("main_entrance", "main_road", "stairwell")),
            },
        )
        for index, (name, photo_id) in enumerate(photos)
    ]


def comments(tokens: Tokens, ticket_ids: list[str]) -> list[Request]:
    """The supervisor's comment on each ticket that nobody acted on yet."""
    token = tokens[VIEWERS["supervisor"]]
    body = {"version": 1, "note": "请今日内处理并回复。"}
    return [post(token, f"/tickets/{ticket_id}/comment", body) for ticket_id in ticket_ids]


def dispatches(tokens: Tokens, ticket_ids: list[str]) -> list[Request]:
    """The supervisor dispatches each ticket, commented on before, to a company."""
    token = tokens[VIEWERS["supervisor"]]
    body = {"version": 2, "note": "由合同单位负责。", "organisation": "WY297002"}
    return [post(token, f"/tickets/{ticket_id}/dispatch", body) for ticket_id in ticket_ids]


def _warden(index: int) -> str:
    return f"wangge{TOWN[-3:]}{1 + index % 14:03d}"


def _point(index: int) -> tuple[float, float]:
    """A point in the town's first 32 units."""
    chance = random.Random(index)
    return round(118.2 + chance.random() * 0.032, 6), round(30.8 + chance.random() * 0.012, 6)
