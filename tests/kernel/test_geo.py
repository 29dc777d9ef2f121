"""Datums and distances."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.geo import Datum, Position, distance_m, from_wgs84, to_wgs84

# lng, lat in WGS-84 → datum, lng, lat, tolerance in metres
KNOWN = [
    (121.5272106, 31.1774276, Datum.GCJ02, 121.531541859215, 31.17530398364597, 0.001),
    (113.912316, 22.543847, Datum.GCJ02, 113.9171764808363, 22.540796131694766, 0.001),
    (113.2590543, 23.131788, Datum.GCJ02, 113.2643859, 23.1291146, 1.0),
    (113.2590543, 23.131788, Datum.BD09, 113.2708188, 23.135343, 1.0),
    (121.5272106, 31.1774276, Datum.WGS84, 121.5272106, 31.1774276, 0.0),
]
# The middle of China: no point here is shifted across the edge of the box.
lngs = st.floats(73.1, 136.7)
lats = st.floats(1.9, 54.7)
shifted = st.sampled_from([Datum.GCJ02, Datum.BD09])


@pytest.mark.parametrize(("lng", "lat", "datum", "to_lng", "to_lat", "tolerance"), KNOWN)
def test_known_points_are_converted_both_ways(lng, lat, datum, to_lng, to_lat, tolerance):
    there = from_wgs84(lng, lat, datum)
    assert distance_m(*there, to_lng, to_lat) <= tolerance
    back = to_wgs84(to_lng, to_lat, datum)
    assert distance_m(*back, lng, lat) <= tolerance + 0.001


@given(lngs, lats, shifted)
def test_there_and_back_is_the_same_place(lng, lat, datum):
    back = to_wgs84(*from_wgs84(lng, lat, datum), datum)
    assert back == pytest.approx((lng, lat), abs=1e-9)


@given(lngs, lats)
def test_the_shift_inside_the_box_is_metres_to_kilometres(lng, lat):
    assert 1 < distance_m(lng, lat, *from_wgs84(lng, lat, Datum.GCJ02)) < 1500


@pytest.mark.parametrize(
    ("lng", "lat"), [(2.35, 48.85), (-73.9, 40.7), (72.0, 30.0), (137.84, 35.0), (100.0, 0.82)]
)
@pytest.mark.parametrize("datum", list(Datum))
def test_outside_the_box_nothing_is_shifted(lng, lat, datum):
    assert from_wgs84(lng, lat, datum) == (lng, lat)
    assert to_wgs84(lng, lat, datum) == (lng, lat)


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((118.33, 30.92), (118.33, 30.92), 0.0),
        ((118.33, 30.92), (118.33, 31.92), 111_195.08),
        ((179.999, 0.0), (-179.999, 0.0), 222.39),
        ((0.0, 0.0), (180.0, 0.0), math.pi * 6_371_008.8),
    ],
)
def test_distances(a, b, metres):
    assert distance_m(*a, *b) == pytest.approx(metres, abs=0.01)


def test_a_position_keeps_its_accuracy_when_normalised():
    position = Position(121.531541859215, 31.17530398364597, Datum.GCJ02, 12.5).in_wgs84()
    assert (position.datum, position.accuracy_m) == (Datum.WGS84, 12.5)
    assert (position.lng, position.lat) == pytest.approx((121.5272106, 31.1774276), abs=1e-8)


@pytest.mark.parametrize(
    ("lng", "lat", "accuracy"),
    [
        (181, 0, None),
        (0, -90.1, None),
        (math.nan, 0, None),
        (0, math.inf, None),
        (0, 0, -1),
        (0, 0, math.nan),
        (0, 0, math.inf),
    ],
)
def test_an_impossible_position_is_refused(lng, lat, accuracy):
    with pytest.raises(ValueError, match="out of range"):
        Position(lng, lat, accuracy_m=accuracy)
