"""Work from elsewhere: the hotline's and superiors' spreadsheets, uploaded as an office would."""

import io
import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from openpyxl import Workbook

from app.demo.drawing import Stamp, draw_photo
from app.demo.weeks import courses
from app.demo.weeks.cast import Community
from app.demo.weeks.doing import find
from app.demo.weeks.living import begin_course
from app.demo.weeks.matters import description
from app.demo.weeks.world import MOST_BYTES, SIZE, Case, Found, Story, World, setting_of
from app.grid.models import AREA_LABELS
from app.kernel.clock import SHANGHAI
from app.kernel.spreadsheets import saved
from app.people.access import Actor
from app.tickets.importing.models import TicketImport
from app.tickets.importing.photo_files import NoFiles, PhotoFiles, ZipOfPhotos
from app.tickets.importing.photo_intake import Keeping, keep_photos
from app.tickets.importing.planning import plan_import
from app.tickets.importing.reading.rows import read_rows
from app.tickets.importing.reading.words import Column
from app.tickets.importing.service import keep_import, make_tickets
from app.tickets.words import Source

CALLER = "，来电人住{n}号楼2单元501室，电话13800138000"
"""What a hotline writes and nobody is to keep: it is masked when it is read."""

KINDS = {
    Source.hotline: ("RX", "12345热线", "热线交办单"),
    Source.superior: ("JB", "上级督查", "督查交办单"),
}
Row = dict[Column, Any]


def tell_week_of_papers(world: World, monday: date) -> None:
    """In each week each town has one spreadsheet, of the hotline or every third week of superiors,
    which a supervisor uploads and makes into tickets."""
    for place, (town, supervisors) in enumerate(sorted(world.cast.supervisors.items())):
        dice = world.dice("paper", town, monday)
        source = (Source.superior, Source.hotline, Source.hotline)[
            (monday.toordinal() // 7 + place) % 3
        ]
        begins = world.at(monday + timedelta(days=1 + place), dice.uniform(8.3, 10))
        homes = [one for one in world.cast.of_town(town) if one.compounds]
        world.tell(begins, applied(world, homes, source, dice.choice(supervisors), dice))


def tell_last_papers(world: World) -> None:
    """What lies on desks at the end: a preview nobody has applied yet, and a file with a fault."""
    home = next(
        one for one in world.cast.communities if any(each.company for each in one.compounds)
    )
    begins = max(world.begins, world.ends - timedelta(hours=30)) + timedelta(minutes=20)
    for misspelt in (False, True):
        dice = world.dice("last paper", misspelt)
        world.tell(begins, previewed(world, home, dice, misspelt=misspelt))


def applied(
    world: World, homes: list[Community], source: Source, by: Actor, dice: random.Random
) -> Story:
    """Uploaded, looked at, made into tickets. The last one's first row is in it once more."""
    found = [find(dice.choice(homes), dice) for _ in range(2 + (len(homes) > 6))]
    rows = [_row(world, source, one, number) for number, one in enumerate(found, 1)]
    again = world.papers.get(homes[0].town)
    world.papers[homes[0].town] = {**rows[0], Column.photos: None}
    photos = _photos(world, rows, found) if source is Source.superior else {}
    kept = _uploaded(world, source, [*rows, *([again] if again else [])], photos, by)
    yield world.now + timedelta(minutes=dice.uniform(4, 25))
    kept = world.session.get_one(TicketImport, kept.id)
    make_tickets(world.session, kept, actor=by, now=world.now)
    # What those above have found themselves is put right: nobody voids it or puts it off.
    course = courses.plain if source is Source.superior else None
    for made, about in zip(kept.made.values(), found, strict=False):
        begin_course(world, Case(UUID(made["id"]), *about), course)


def previewed(world: World, home: Community, dice: random.Random, *, misspelt: bool) -> Story:
    """Uploaded by the lead of a community, and only looked at; or nothing can be made of it."""
    row = _row(world, Source.hotline, find(home, dice), 1)
    if misspelt:
        row[Column.compound] += "里"
    _uploaded(world, Source.hotline, [row], {}, home.lead)
    yield world.now


def _row(world: World, source: Source, found: Found, number: int) -> Row:
    """A row as the hotline or a superior writes it."""
    community, compound, spot, matter, dice = found
    kind, name, _ = KINDS[source]
    handed_down = world.now.astimezone(SHANGHAI) - timedelta(hours=dice.uniform(1, 14))
    said = description(matter, spot.area, compound.buildings, dice)
    if source is Source.hotline and number == 1:
        said += CALLER.format(n=dice.randint(1, compound.buildings))
    return {
        Column.source: name,
        Column.number: world.number(kind),
        Column.handed_down: f"{handed_down:%Y-%m-%d %H:%M}",
        Column.due: handed_down.date() + timedelta(days=dice.randint(4, 7)),
        Column.category: matter.category,
        Column.condition: matter.condition,
        Column.community: community.name,
        Column.compound: compound.name,
        Column.area: AREA_LABELS[spot.area],
        Column.description: said,
        Column.photos: f"{number}.jpg" if source is Source.superior else None,
    }


def _photos(world: World, rows: list[Row], found: list[Found]) -> dict[str, bytes]:
    """What superiors photographed, with the place in it."""
    return {row[Column.photos]: _photo(world, one) for row, one in zip(rows, found, strict=True)}


def _photo(world: World, found: Found) -> bytes:
    _, compound, spot, matter, dice = found
    world.photographs += 1
    taken = world.now - timedelta(hours=dice.uniform(15, 30))
    return draw_photo(
        matter.scene,
        "before",
        place=spot.place,
        moment=world.photographs,
        setting=setting_of(matter, spot, village=not compound.weekly),
        hour=dice.uniform(9, 16),
        stamp=Stamp(taken, spot.lng, spot.lat),
        size=SIZE,
    )


def _uploaded(
    world: World, source: Source, rows: list[Row], photos: dict[str, bytes], by: Actor
) -> TicketImport:
    """The preview of a spreadsheet, kept as an upload is."""
    name = f"{KINDS[source][2]}{world.now.astimezone(SHANGHAI):%m%d}.xlsx"
    said = read_rows(_workbook(name, rows), now=world.now)
    files: PhotoFiles = ZipOfPhotos(_zip(photos)) if photos else NoFiles()
    kept = keep_photos(files, said.rows, Keeping(world.store, MOST_BYTES, lambda digest: False))
    plan = plan_import(world.session, said, kept, actor=by, now=world.now)
    return keep_import(world.session, plan, kept, file_name=name, actor=by, now=world.now)


def _workbook(title: str, rows: list[Row]) -> bytes:
    """As offices write them: a title, an empty line, the header with columns that are not read."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.append([title.partition(".")[0]])
    sheet.append([])
    sheet.append([*rows[0], "来电人", "办理要求"])
    for row in rows:
        sheet.append([*row.values(), "匿名", "请按期办结并回复"])
    return saved(workbook)


def _zip(files: dict[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out
