"""A small demonstration township, the same for the same seed; no place or person in it exists.

It is written in the folder format that `township load` reads. Every kind of organisation, compound,
checkpoint and role occurs. Two townships of one county share its county rows and companies, as the
tenancy rules expect; all codes, usernames and phone numbers of their own differ.
"""

import random
from dataclasses import dataclass, field

from app.demo.plans import (
    COMPOUND_CHECKPOINTS,
    ENFORCEMENT,
    GROUPS,
    SETTLEMENT_CHECKPOINTS,
    SMALL,
    Plan,
    Unit,
)
from app.demo.plans import COUNTY as COUNTY

TOWN = f"{COUNTY}101"

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Organisation:
    """A row of organisations.csv."""

    code: str
    parent: str
    name: str
    type: str


@dataclass(frozen=True)
class Post:
    """A row of people.csv: a person in one role at one organisation."""

    username: str
    name: str
    phone: str
    organisation: str
    role: str


@dataclass(frozen=True)
class Compound:
    """A row of compounds.csv with its outline (a closed ring of lng, lat; WGS-84) and checkpoints
    (name, area)."""

    code: str
    name: str
    community: str
    company: str
    kind: str
    buildings: int
    households: int
    outline: Ring | None
    checkpoints: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """A feature of cells.geojson; the outline is a closed ring of lng, lat; WGS-84."""

    code: str
    name: str
    organisation: str
    wardens: tuple[str, ...]
    outline: Ring

    @property
    def centre(self) -> tuple[float, float]:
        """A point well inside: the mean of the corners (lng, lat)."""
        return _mean(self.outline)


@dataclass
class Township:
    """All rows of one township."""

    code: str
    plan: Plan = SMALL
    organisations: list[Organisation] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    compounds: list[Compound] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)


WEST, SOUTH = 118.3100, 30.9180
CELL_LNG, CELL_LAT = 0.0016, 0.0013
JITTER = 0.16
TOWN_STEP_LNG = 0.0100


def demonstration_township(town: str = TOWN, *, seed: int = 1, plan: Plan = SMALL) -> Township:
    """The township with this 9-digit code, laid out by a plan; the seed moves its cells' corners.

    Codes from 340299101 on lie side by side, west to east, and never overlap.
    """
    if not (len(town) == 9 and town.isdecimal() and town.startswith(COUNTY) and town >= TOWN):
        raise ValueError(f"a township code is {COUNTY} and three digits from 101 on: {town}")
    township = Township(town, plan)
    corners = _corners(town, seed, plan)
    _add_county(township)
    _add_town(township)
    for number, unit in enumerate(plan.units, start=1):
        _add_unit(township, number, unit, corners)
    return township


def username(town: str, name: str) -> str:
    """The sign-in name of a person of this township; those of the first have no prefix."""
    return name if town == TOWN else f"t{town[-3:]}{name}"


def _add_county(township: Township) -> None:
    township.organisations += [
        Organisation(COUNTY, "", "示例县", "县"),
        Organisation(ENFORCEMENT, COUNTY, "示例县查违办", "执法机构"),
    ]
    people = [
        ("guanli", "系统管理员", COUNTY, "管理员"),
        ("zhifa1", "执法员1", ENFORCEMENT, "执法人员"),
    ]
    for number, (code, name, staff) in enumerate(township.plan.companies, start=1):
        township.organisations.append(Organisation(code, COUNTY, name, "物业公司"))
        for member in range(1, staff + 1):
            people.append((f"wuye{number}{member}", f"{name}员工{member}", code, "物业人员"))
    for index, (sign_in, person, organisation, role) in enumerate(people, start=1):
        township.posts.append(Post(sign_in, person, f"13129900{index:03d}", organisation, role))


def _add_town(township: Township) -> None:
    town = township.code
    township.organisations.append(
        Organisation(town, COUNTY, f"{_place(township)}创建办", "镇创建办")
    )
    for code, name in GROUPS:
        township.organisations.append(
            Organisation(f"{town}-{code}", town, f"{_place(township)}{name}", "管理组")
        )
    for number in (1, 2):
        _add_post(township, f"ducha{number}", f"督查员{number}", town, "督查员")


def _add_unit(township: Township, number: int, unit: Unit, corners: list[Ring]) -> None:
    code = township.code + unit.suffix
    township.organisations.append(
        Organisation(code, township.code, _place(township) + unit.name, unit.type)
    )
    _add_post(township, f"shequ{number}", f"{unit.name}负责人", code, "社区负责人")
    if unit.type == "村":
        _add_post(township, f"shequ{number}", f"{unit.name}负责人", code, "网格员")
    for member in range(1, unit.wardens + 1):
        _add_post(township, f"wangge{number}{member}", f"{unit.name}网格员{member}", code, "网格员")
    outlines = _add_cells(township, number, unit, corners)
    for index, row in enumerate(unit.compounds):
        # The last compound of a community has no outline: one is optional in the format.
        outline = _inset(outlines[index]) if index < township.plan.outlined else None
        compound = _compound(code, index, row, outline, numbered=not township.plan.name)
        township.compounds.append(compound)


def _add_post(township: Township, name: str, person: str, organisation: str, role: str) -> None:
    sign_in = username(township.code, name)
    known = {post.username: post.phone for post in township.posts}
    phone = known.get(sign_in) or f"131{township.code[-3:]}{len(known):05d}"
    township.posts.append(Post(sign_in, person, phone, organisation, role))


def _add_cells(township: Township, number: int, unit: Unit, corners: list[Ring]) -> list[Ring]:
    """The unit's block of two by two cells, numbered from the south-west."""
    code = township.code + unit.suffix
    columns = township.plan.columns
    block_x, block_y = (number - 1) % columns * 2, (number - 1) // columns * 2
    outlines = []
    for index in range(4):
        x, y = block_x + index % 2, block_y + index // 2
        ring = [corners[y][x], corners[y][x + 1], corners[y + 1][x + 1], corners[y + 1][x]]
        outlines.append([*ring, ring[0]])
        warden = username(township.code, f"wangge{number}{index % unit.wardens + 1}")
        township.cells.append(
            Cell(
                f"{code}{index + 1:03d}",
                f"{_place(township)}{unit.name}第{index + 1}网格",
                code,
                (warden,),
                outlines[-1],
            )
        )
    return outlines


def _compound(
    community: str,
    index: int,
    row: tuple[str, str, str, int, int],
    outline: Ring | None,
    *,
    numbered: bool,
) -> Compound:
    name, company, kind, buildings, households = row
    prefix = community[6:9] if numbered and not community.startswith(TOWN) else ""
    checkpoints = SETTLEMENT_CHECKPOINTS if kind == "居民点" else COMPOUND_CHECKPOINTS
    return Compound(
        f"{community}C{index + 1:02d}",
        name + prefix,
        community,
        company,
        kind,
        buildings,
        households,
        outline,
        checkpoints,
    )


def _corners(town: str, seed: int, plan: Plan) -> list[Ring]:
    """The lattice of cell corners, row by row from the south-west, each moved a little."""
    chance = random.Random(f"{town}:{seed}")
    west = WEST + (int(town[-3:]) - 101) * TOWN_STEP_LNG

    def shifted(step: float) -> float:
        return step * chance.uniform(-JITTER, JITTER)

    return [
        [
            (
                round(west + x * CELL_LNG + shifted(CELL_LNG), 7),
                round(SOUTH + y * CELL_LAT + shifted(CELL_LAT), 7),
            )
            for x in range(2 * plan.columns + 1)
        ]
        for y in range(2 * plan.rows + 1)
    ]


def _inset(ring: Ring, share: float = 0.8) -> Ring:
    """The ring drawn together towards its middle, so that a compound lies inside its cell."""
    middle = _mean(ring)
    return [
        (
            round(middle[0] + (lng - middle[0]) * share, 7),
            round(middle[1] + (lat - middle[1]) * share, 7),
        )
        for lng, lat in ring
    ]


def _mean(ring: Ring) -> tuple[float, float]:
    corners = ring[:-1]
    return (
        sum(lng for lng, _ in corners) / len(corners),
        sum(lat for _, lat in corners) / len(corners),
    )


def _place(township: Township) -> str:
    number = "" if township.code == TOWN else township.code[-3:]
    return township.plan.name or f"示例{number}镇"
