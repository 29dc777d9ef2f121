"""Drawing cells in tests: rings cut, joined and sent."""

from collections.abc import Sequence
from typing import Any

from app.demo.township import Cell, Ring


def feature(
    code: str, organisation: str, *rings: Ring, name: str = "网格", **more: Any
) -> dict[str, Any]:
    """A GeoJSON feature of one polygon, or of several."""
    polygons = [[[list(point) for point in ring]] for ring in rings]
    geometry: dict[str, Any] = {"type": "Polygon", "coordinates": polygons[0]}
    if len(polygons) > 1:
        geometry = {"type": "MultiPolygon", "coordinates": polygons}
    properties = {"code": code, "name": name, "organisation": organisation, **more}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature collection."""
    return {"type": "FeatureCollection", "features": list(features)}


def halves(cell: Cell) -> tuple[Ring, Ring]:
    """A cell's four-cornered outline cut from the middle of its south edge to that of its north:
    west and east. Neighbours' corners stay corners."""
    south_west, south_east, north_east, north_west = cell.outline[:4]
    south, north = _middle(south_west, south_east), _middle(north_west, north_east)
    west = [south_west, south, north, north_west, south_west]
    east = [south, south_east, north_east, north, south]
    return west, east


def joined(west: Cell, east: Cell) -> Ring:
    """The outline of two cells side by side that share an edge."""
    a, b, c, d = west.outline[:4]
    _, f, g, _ = east.outline[:4]
    return [a, b, f, g, c, d, a]


def middle_of(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The mean of the corners."""
    corners = ring[:-1]
    return (
        sum(lng for lng, _ in corners) / len(corners),
        sum(lat for _, lat in corners) / len(corners),
    )


def _middle(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
