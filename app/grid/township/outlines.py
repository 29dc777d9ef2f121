"""Outlines: a GeoJSON geometry checked point by point, then as a shape."""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

from shapely import STRtree, is_valid_reason
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.grid.locate import area_m2

CHINA_LNG = (72.004, 137.8347)
CHINA_LAT = (0.8293, 55.8271)
"""The box that holds China's land, in degrees of WGS-84."""

SLIVER_M2 = 1.0
"""Two outlines may share this much: rounding of corners, not a dispute over ground."""


def polygon_of(geometry: Any) -> tuple[BaseGeometry, dict[str, Any]] | str:
    """The shape and its tidy GeoJSON (two coordinates a point), or what is wrong in Chinese."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return "轮廓应是 Polygon 或 MultiPolygon"
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    wrong = _wrong_rings(polygons) or _wrong_place(list(_points(polygons)))
    if wrong:
        return wrong
    tidy = [[[[float(p[0]), float(p[1])] for p in ring] for ring in one] for one in polygons]
    outline = {"type": kind, "coordinates": tidy[0] if kind == "Polygon" else tidy}
    drawn = shape(outline)
    return _wrong_shape(drawn) or (drawn, outline)


def overlapping_pairs(outlines: Sequence[BaseGeometry]) -> list[tuple[int, int, float]]:
    """Index pairs (lower first) of outlines that share more than a sliver, with the area in m²."""
    if not outlines:
        return []
    pairs = STRtree(outlines).query(outlines, predicate="intersects").T.tolist()
    shared = ((a, b, area_m2(outlines[a].intersection(outlines[b]))) for a, b in pairs if a < b)
    return sorted((a, b, area) for a, b, area in shared if area > SLIVER_M2)


def _wrong_rings(polygons: Any) -> str | None:
    if not isinstance(polygons, list) or not polygons:
        return "轮廓没有坐标"
    for rings in polygons:
        if not isinstance(rings, list) or not rings:
            return "轮廓没有坐标"
        for ring in rings:
            if wrong := _wrong_ring(ring):
                return wrong
    return None


def _wrong_ring(ring: Any) -> str | None:
    if not isinstance(ring, list) or not all(_is_point(point) for point in ring):
        return "坐标应是数字 [经度, 纬度]"
    if len(ring) < 4:
        return "轮廓少于 4 个点"
    if ring[0][:2] != ring[-1][:2]:
        return "轮廓没有闭合，最后一点应与第一点相同"
    return None


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, list)
        and len(point) >= 2
        and all(type(value) in (int, float) for value in point[:2])
        and all(abs(value) < 1e6 and isfinite(value) for value in point[:2])
    )


def _points(polygons: Any) -> Iterator[tuple[float, float]]:
    return ((p[0], p[1]) for rings in polygons for ring in rings for p in ring)


def _wrong_place(points: Sequence[tuple[float, float]]) -> str | None:
    strays = [(lng, lat) for lng, lat in points if not _in_china(lng, lat)]
    if not strays:
        return None
    lng, lat = strays[0]
    if all(_in_china(lat, lng) for lng, lat in points):
        return f"经纬度写反了：[{lng}, {lat}]，应先写经度"
    return f"坐标 [{lng}, {lat}] 不在中国范围内"


def _in_china(lng: float, lat: float) -> bool:
    return CHINA_LNG[0] <= lng <= CHINA_LNG[1] and CHINA_LAT[0] <= lat <= CHINA_LAT[1]


def _wrong_shape(drawn: BaseGeometry) -> str | None:
    if drawn.area == 0:
        return "轮廓面积为零"
    if drawn.is_valid:
        return None
    reason = is_valid_reason(drawn)
    if "Self-intersection" in reason:
        where = reason[reason.find("[") + 1 : -1].replace(" ", ", ")
        return f"轮廓自相交（在 {where} 附近）"
    return f"轮廓不是有效的多边形（{reason}）"
