"""Positions on the ground: the datums of Chinese maps, and distances. Pure."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

EARTH_RADIUS_M = 6_371_008.8
_KRASOVSKY_A = 6378245.0
_KRASOVSKY_EE = 0.00669342162296594323
_BD_PI = math.pi * 3000.0 / 180.0
_INVERSE_PRECISION = 1e-10
_INVERSE_STEPS = 30
_SHIFTED_LNG = (72.004, 137.8347)
_SHIFTED_LAT = (0.8293, 55.8271)

LngLat = tuple[float, float]


class Datum(StrEnum):
    """What a pair of degrees refers to: GPS, Chinese maps (Amap, Tencent), or Baidu."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class Position:
    """A fix as it was given: degrees on `datum`, accuracy as a radius in metres (None: not said).

    ValueError when a number is not finite or out of range.
    """

    lng: float
    lat: float
    datum: Datum = Datum.WGS84
    accuracy_m: float | None = None

    def __post_init__(self) -> None:
        if not (abs(self.lng) <= 180 and abs(self.lat) <= 90):
            raise ValueError("degrees out of range")
        if self.accuracy_m is not None and not 0 <= self.accuracy_m < math.inf:
            raise ValueError("accuracy out of range")

    def in_wgs84(self) -> "Position":
        """The same place and accuracy in WGS-84."""
        lng, lat = to_wgs84(self.lng, self.lat, self.datum)
        return Position(lng, lat, Datum.WGS84, self.accuracy_m)


def from_wgs84(lng: float, lat: float, datum: Datum) -> LngLat:
    """Degrees (lng, lat) of a WGS-84 point on another datum; unshifted outside China's box."""
    return _SHIFTS[datum](lng, lat)


def to_wgs84(lng: float, lat: float, datum: Datum) -> LngLat:
    """Degrees (lng, lat) in WGS-84 of a point given on `datum`, by fixed point to 1e-10 degrees."""
    shift = _SHIFTS[datum]
    x, y = lng, lat
    for _ in range(_INVERSE_STEPS):
        shifted_x, shifted_y = shift(x, y)
        error_x, error_y = lng - shifted_x, lat - shifted_y
        x, y = x + error_x, y + error_y
        if max(abs(error_x), abs(error_y)) < _INVERSE_PRECISION:
            break
    return x, y


def distance_m(lng1: float, lat1: float, lng2: float, lat2: float) -> float:
    """Metres between two points on the same datum along a great circle (haversine)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_lng = math.radians(lng2 - lng1) / 2
    h = math.sin((phi2 - phi1) / 2) ** 2
    h += math.cos(phi1) * math.cos(phi2) * math.sin(half_lng) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))


def _is_shifted(lng: float, lat: float) -> bool:
    return _SHIFTED_LNG[0] <= lng <= _SHIFTED_LNG[1] and _SHIFTED_LAT[0] <= lat <= _SHIFTED_LAT[1]


def _waves(value: float) -> float:
    """The terms that the published GCJ-02 formula has for both axes."""
    return (20.0 * math.sin(6.0 * value * math.pi) + 20.0 * math.sin(2.0 * value * math.pi)) * 2 / 3


def _north_m(x: float, y: float) -> float:
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += _waves(x)
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2 / 3
    tail = 160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)
    return north + tail * 2 / 3


def _east_m(x: float, y: float) -> float:
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += _waves(x)
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2 / 3
    tail = 150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)
    return east + tail * 2 / 3


def _to_gcj02(lng: float, lat: float) -> LngLat:
    """WGS-84 to GCJ-02 on Krasovsky's ellipsoid (the formula published in 2013)."""
    if not _is_shifted(lng, lat):
        return lng, lat
    phi = math.radians(lat)
    magic = 1 - _KRASOVSKY_EE * math.sin(phi) ** 2
    meridian = _KRASOVSKY_A * (1 - _KRASOVSKY_EE) / magic**1.5
    parallel = _KRASOVSKY_A / math.sqrt(magic) * math.cos(phi)
    x, y = lng - 105.0, lat - 35.0
    return (
        lng + math.degrees(_east_m(x, y) / parallel),
        lat + math.degrees(_north_m(x, y) / meridian),
    )


def _to_bd09(lng: float, lat: float) -> LngLat:
    """WGS-84 to Baidu's datum, by way of GCJ-02."""
    if not _is_shifted(lng, lat):
        return lng, lat
    x, y = _to_gcj02(lng, lat)
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * _BD_PI)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _BD_PI)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def _unshifted(lng: float, lat: float) -> LngLat:
    return lng, lat


_SHIFTS: dict[Datum, Callable[[float, float], LngLat]] = {
    Datum.WGS84: _unshifted,
    Datum.GCJ02: _to_gcj02,
    Datum.BD09: _to_bd09,
}
