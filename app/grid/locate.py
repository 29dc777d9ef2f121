"""Which cell holds a position, how sure that is, and which compounds hold it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import cos, radians
from types import MappingProxyType
from uuid import UUID

from shapely import Point, STRtree, box, prepare
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from app.kernel.geo import EARTH_RADIUS_M

MOST_CANDIDATES = 20
"""A fix of kilometres leaves no choice: nobody looks through hundreds of cells."""

METRES_PER_DEGREE = EARTH_RADIUS_M * radians(1)
"""Length of one degree of a great circle."""


class Match(StrEnum):
    """How well a position with its accuracy fits one cell."""

    inside = "inside"
    ambiguous = "ambiguous"
    outside = "outside"


MATCH_LABELS = {
    Match.inside: "在网格内",
    Match.ambiguous: "靠近网格边界",
    Match.outside: "不在网格内",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A cell or compound with its outline in WGS-84 degrees (x = lng, y = lat)."""

    id: UUID
    code: str
    name: str
    organisation_id: UUID
    outline: BaseGeometry


@dataclass(frozen=True, slots=True)
class Located:
    """The answer to `locate`; `candidates` are the other cells that the warden may choose."""

    match: Match
    cell: Place | None
    candidates: tuple[Place, ...]


class OutlineIndex:
    """Outlines in force on one day, never changed after it is built; safe to share by threads."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self.places: tuple[Place, ...] = tuple(sorted(places, key=lambda place: place.code))
        self._tree = STRtree([place.outline for place in self.places])
        self._by_id: Mapping[UUID, Place] = MappingProxyType({p.id: p for p in self.places})
        for place in self.places:
            prepare(place.outline)

    def __len__(self) -> int:
        return len(self.places)

    def get(self, place_id: UUID) -> Place | None:
        """The place with this id, when it has an outline in force."""
        return self._by_id.get(place_id)

    def holding(self, lng: float, lat: float) -> tuple[Place, ...]:
        """Places whose outline holds the position or touches it, the lowest code first."""
        found = self._tree.query(Point(lng, lat), predicate="intersects")
        return tuple(self.places[index] for index in sorted(found))

    def sharing_ground_with(self, outline: BaseGeometry) -> tuple[Place, ...]:
        """Places that have some area in common with an outline, the lowest code first."""
        found = (self.places[index] for index in sorted(self._tree.query(outline)))
        return tuple(p for p in found if p.outline.intersection(outline).area > 0)

    def within(self, lng: float, lat: float, metres: float) -> list[tuple[float, Place]]:
        """Places at most `metres` from the position with their distance, nearest first."""
        found = self._tree.query(_box_around(lng, lat, metres))
        measured = (
            (distance_to_outline_m(self.places[index].outline, lng, lat), self.places[index])
            for index in found
        )
        near = [pair for pair in measured if pair[0] <= metres]
        return sorted(near, key=lambda pair: (pair[0], pair[1].code))


class CellIndex(OutlineIndex):
    """The cells' outlines in force on one day."""


class CompoundIndex(OutlineIndex):
    """The compounds' outlines that are known on one day."""


def locate(index: CellIndex, lng: float, lat: float, accuracy_m: float | None = None) -> Located:
    """The cell of a WGS-84 position in degrees, known to `accuracy_m` metres (None counts as 0).

    inside: a cell holds it and that cell's boundary is not nearer than the accuracy. ambiguous:
    the boundary is nearer; `candidates` are the other cells within the accuracy. outside: no cell
    holds it; `candidates` are those within the accuracy. The cell itself is never a candidate;
    nearest candidates come first, 20 at most; on a shared edge the lowest code holds the position.
    """
    accuracy = accuracy_m or 0.0
    holding = index.holding(lng, lat)
    if not holding:
        return Located(Match.outside, None, _others(index, None, lng, lat, accuracy))
    cell = holding[0]
    if accuracy <= 0 or distance_to_boundary_m(cell.outline, lng, lat) >= accuracy:
        return Located(Match.inside, cell, ())
    return Located(Match.ambiguous, cell, _others(index, cell, lng, lat, accuracy))


def compounds_holding(index: CompoundIndex, lng: float, lat: float) -> tuple[Place, ...]:
    """Compounds whose outline holds a WGS-84 position, the lowest code first."""
    return index.holding(lng, lat)


def distance_to_outline_m(outline: BaseGeometry, lng: float, lat: float) -> float:
    """Metres from a WGS-84 position to an outline; 0 when the outline holds it."""
    return float(_projected(outline, lng, lat).distance(Point(0, 0)))


def distance_to_boundary_m(outline: BaseGeometry, lng: float, lat: float) -> float:
    """Metres from a WGS-84 position, inside or outside, to the nearest edge of an outline."""
    return float(_projected(outline, lng, lat).boundary.distance(Point(0, 0)))


def area_m2(outline: BaseGeometry) -> float:
    """Area of a WGS-84 geometry in square metres, projected at its own middle."""
    if outline.is_empty:
        return 0.0
    middle = outline.centroid
    return float(_projected(outline, middle.x, middle.y).area)


def _others(
    index: CellIndex, cell: Place | None, lng: float, lat: float, accuracy: float
) -> tuple[Place, ...]:
    if accuracy <= 0:
        return ()
    near = index.within(lng, lat, accuracy)
    return tuple(place for _, place in near if place is not cell)[:MOST_CANDIDATES]


def _projected(outline: BaseGeometry, lng: float, lat: float) -> BaseGeometry:
    """The outline in metres around a position (equirectangular, true at its latitude)."""
    east = METRES_PER_DEGREE * cos(radians(lat))
    north = METRES_PER_DEGREE
    return affine_transform(outline, [east, 0, 0, north, -lng * east, -lat * north])


def _box_around(lng: float, lat: float, metres: float) -> BaseGeometry:
    """A box in degrees that holds every point at most `metres` from the position."""
    high = min(metres * 1.001 / METRES_PER_DEGREE, 180.0)
    wide = high / max(cos(radians(lat)), 0.01)
    return box(lng - wide, lat - high, lng + wide, lat + high)
