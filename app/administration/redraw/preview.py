"""What a drawing would change: ground that moves, compounds, overlaps, gaps. Pure but for ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely import STRtree, unary_union
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from app.administration.redraw.drawing import Drawing, towns_of
from app.grid.locate import CellIndex, CompoundIndex, Place, area_m2
from app.grid.township.outlines import SLIVER_M2, overlapping_pairs
from app.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Redrawing:
    """Two maps of the townships concerned: until the day, and from the day on."""

    from_on: date
    town_ids: frozenset[UUID]
    before: CellIndex
    after: CellIndex

    def moves(self, lng: float, lat: float) -> bool:
        """Whether a WGS-84 position lies in another cell from the day on, or in none."""
        then, now = self.before.holding(lng, lat), self.after.holding(lng, lat)
        return (then[0].code if then else None) != (now[0].code if now else None)


@dataclass(frozen=True, slots=True)
class Moved:
    """Ground that goes from one cell to another; None: it was, or will be, in none."""

    from_cell: Place | None
    to_cell: Place | None
    area_m2: float


@dataclass(frozen=True, slots=True)
class MovedCompound:
    """A compound whose cells change."""

    compound: Place
    from_cells: tuple[Place, ...]
    to_cells: tuple[Place, ...]


def redrawing_of(drawing: Drawing) -> Redrawing:
    """The two maps of a drawing, of the townships whose cells it touches."""
    towns = towns_of(drawing)
    before = {
        code: Place(one.cell.id, code, one.cell.name, one.cell.organisation_id, one.shape)
        for code, one in drawing.standing.items()
        if one.shape is not None and one.cell.organisation.town_id in towns
    }
    after = {code: place for code, place in before.items() if code not in drawing.retired}
    after |= {place.code: place for place in _drawn_places(drawing)}
    return Redrawing(drawing.from_on, towns, CellIndex(before.values()), CellIndex(after.values()))


def faults_of_ground(drawing: Drawing, redrawing: Redrawing) -> list[str]:
    """Overlaps with any cell of the county, and ground that would be in no cell any more."""
    elsewhere = [
        Place(one.cell.id, code, one.cell.name, one.cell.organisation_id, one.shape)
        for code, one in drawing.standing.items()
        if one.shape is not None and one.cell.organisation.town_id not in redrawing.town_ids
    ]
    places = [*redrawing.after.places, *elsewhere]
    drawn = {cell.row.code for cell in drawing.drawn}
    wrong = [
        f"网格 {places[a].code} 与 {places[b].code} 重叠 {area:.0f} 平方米"
        for a, b, area in overlapping_pairs([place.outline for place in places])
        if places[a].code in drawn or places[b].code in drawn
    ]
    return wrong + _gaps(redrawing)


def ground_moved(redrawing: Redrawing) -> list[Moved]:
    """The ground that changes its cell by pairs of cells, more than a sliver, the largest first."""
    before, after = redrawing.before, redrawing.after
    same = {place.code: place.outline for place in before.places}
    moved = []
    for place in after.places:
        if _is_same(same.get(place.code), place.outline):
            continue
        near = before.sharing_ground_with(place.outline)
        for other in near:
            if other.code != place.code:
                shared = area_m2(other.outline.intersection(place.outline))
                moved.append(Moved(other, place, shared))
        fresh = area_m2(place.outline.difference(unary_union([o.outline for o in near])))
        moved.append(Moved(None, place, fresh))
    moved += _given_up(redrawing)
    kept = [one for one in moved if one.area_m2 > SLIVER_M2]
    return sorted(kept, key=lambda one: -one.area_m2)


def compounds_moved(redrawing: Redrawing, compounds: CompoundIndex) -> list[MovedCompound]:
    """The compounds whose outline lies in other cells from the day on."""
    moved = []
    for compound in compounds.places:
        then = redrawing.before.sharing_ground_with(compound.outline)
        now = redrawing.after.sharing_ground_with(compound.outline)
        if [one.code for one in then] != [one.code for one in now]:
            moved.append(MovedCompound(compound, then, now))
    return moved


def _drawn_places(drawing: Drawing) -> list[Place]:
    places = []
    for cell in drawing.drawn:
        there = drawing.standing.get(cell.row.code)
        home = drawing.communities[cell.row.organisation_code]
        place_id = there.cell.id if there else new_id()
        places.append(Place(place_id, cell.row.code, cell.row.name, home.id, cell.shape))
    return places


def _is_same(before: BaseGeometry | None, after: BaseGeometry) -> bool:
    return before is not None and before.equals(after)


def _given_up(redrawing: Redrawing) -> list[Moved]:
    """Ground of each earlier cell that no cell has any more."""
    names: Mapping[str, BaseGeometry] = {p.code: p.outline for p in redrawing.after.places}
    given_up = []
    for place in redrawing.before.places:
        if _is_same(names.get(place.code), place.outline):
            continue
        near = redrawing.after.sharing_ground_with(place.outline)
        left = place.outline.difference(unary_union([one.outline for one in near]))
        given_up.append(Moved(place, None, area_m2(left)))
    return given_up


def _gaps(redrawing: Redrawing) -> list[str]:
    """Ground lost, cell by cell, and holes that were not there before."""
    lost = [one for one in _given_up(redrawing) if one.area_m2 > SLIVER_M2]
    wrong = [
        f"网格 {one.from_cell.code} 有 {one.area_m2:.0f} 平方米不再属于任何网格"
        for one in lost
        if one.from_cell is not None
    ]
    known = STRtree(_holes(redrawing.before))
    for hole in _holes(redrawing.after):
        inside = hole.representative_point()
        if not lost and not len(known.query(inside, predicate="within")):
            wrong.append(
                f"在 {inside.x:.6f}, {inside.y:.6f} 附近留下 {area_m2(hole):.0f} 平方米的空洞"
            )
    return wrong


def _holes(index: CellIndex) -> list[Polygon]:
    """The gaps of more than a sliver that cells enclose."""
    ground = unary_union([place.outline for place in index.places])
    parts = getattr(ground, "geoms", [ground])
    holes = [Polygon(ring) for part in parts for ring in getattr(part, "interiors", ())]
    return [hole for hole in holes if area_m2(hole) > SLIVER_M2]
