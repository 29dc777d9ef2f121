"""Where an uploaded photo is: datums, the device before EXIF, the cell and its candidates."""

from collections.abc import Callable
from typing import Any

import pytest

from app.demo.township import Cell
from app.kernel.geo import Datum, from_wgs84
from tests.photos import pictures
from tests.photos.phones import Phone, codes
from tests.towns import Town

Phones = Callable[[str], Phone]

# Published pairs (lng, lat), each one point on the ground.
SHENZHEN_WGS84, SHENZHEN_GCJ02 = (113.912316, 22.543847), (113.9171764808363, 22.540796131694766)
GUANGZHOU_WGS84, GUANGZHOU_BD09 = (113.2590543, 23.131788), (113.2708188, 23.135343)


def named(cell: Cell) -> dict[str, str]:
    return {"code": cell.code, "name": cell.name}


def beside_the_edge(cell: Cell) -> tuple[float, float]:
    """A point about 3 m inside the eastern edge of a cell."""
    south, north = cell.outline[1], cell.outline[2]
    middle = ((south[0] + north[0]) / 2, (south[1] + north[1]) / 2)
    lng, lat = cell.centre
    share = 0.04
    return (middle[0] + (lng - middle[0]) * share, middle[1] + (lat - middle[1]) * share)


@pytest.mark.parametrize(
    ("datum", "sent", "ground", "metres"),
    [
        (Datum.WGS84, SHENZHEN_WGS84, SHENZHEN_WGS84, 0.0),
        (Datum.GCJ02, SHENZHEN_GCJ02, SHENZHEN_WGS84, 0.1),
        (Datum.BD09, GUANGZHOU_BD09, GUANGZHOU_WGS84, 1.0),
    ],
)
def test_a_position_is_converted_from_the_datum_it_declares_and_kept_as_it_came(
    town: Town,
    phone: Phones,
    datum: Datum,
    sent: tuple[float, float],
    ground: tuple[float, float],
    metres: float,
) -> None:
    photo = phone("wangge11").send(
        pictures.photo(), lng=sent[0], lat=sent[1], datum=datum.value, accuracy_m=5
    )
    device = photo["positions"]["device"]
    assert (device["lng"], device["lat"], device["datum"]) == (*sent, datum.value)
    position = photo["position"]
    assert (position["datum"], position["source"]) == ("wgs84", "device")
    seen = (position["lng"], position["lat"])
    assert seen == pytest.approx(ground, abs=metres / 100_000 + 1e-9)


@pytest.mark.parametrize("datum", list(Datum))
def test_the_cell_is_that_of_the_ground_whatever_the_datum(
    town: Town, phone: Phones, datum: Datum
) -> None:
    lng, lat = from_wgs84(*town.cell("002", 3).centre, datum)
    photo = phone("wangge11").send(pictures.photo(), lng=lng, lat=lat, datum=datum.value)
    assert photo["cell"] == {**named(town.cell("002", 3)), "match": "inside", "candidates": []}


def test_the_device_wins_over_exif_and_both_are_kept(town: Town, phone: Phones) -> None:
    here, there = town.cell().centre, town.cell("002", 4).centre
    photo = phone("wangge11").send(pictures.photo(position=there), lng=here[0], lat=here[1])
    assert photo["position"]["source"] == "device"
    assert (photo["position"]["lng"], photo["position"]["lat"]) == here
    exif = photo["positions"]["exif"]
    assert (exif["lng"], exif["lat"]) == pytest.approx(there, abs=1e-6)
    assert photo["cell"]["code"] == town.cell().code
    assert photo["verdict"] == "needs_review"
    assert "positions_apart" in codes(photo)


def test_exif_alone_is_a_position_without_accuracy(town: Town, phone: Phones) -> None:
    photo = phone("wangge11").send(pictures.photo(position=town.cell().centre))
    assert photo["positions"]["device"] is None
    assert (photo["position"]["source"], photo["position"]["accuracy_m"]) == ("exif", None)
    assert photo["cell"]["code"] == town.cell().code


def test_a_point_near_the_boundary_is_ambiguous_with_its_neighbours(
    town: Town, phone: Phones
) -> None:
    lng, lat = beside_the_edge(town.cell("001", 1))
    warden = phone("wangge11")
    vague = warden.send(pictures.photo(), lng=lng, lat=lat, accuracy_m=20)
    assert vague["cell"] == {
        **named(town.cell("001", 1)),
        "match": "ambiguous",
        "candidates": [named(town.cell("001", 2))],
    }
    exact = warden.send(pictures.photo(software="x"), lng=lng, lat=lat, accuracy_m=1)
    assert exact["cell"] == {**named(town.cell("001", 1)), "match": "inside", "candidates": []}


def test_a_point_outside_every_cell_is_said_to_be_with_candidates_within_the_accuracy(
    town: Town, phone: Phones
) -> None:
    south = min(lat for _, lat in town.cell().outline)
    lng, lat = town.cell().centre[0], south - 0.0005
    warden = phone("wangge11")
    photo = warden.send(pictures.photo(), lng=lng, lat=lat, accuracy_m=10)
    assert photo["cell"] == {"code": None, "name": None, "match": "outside", "candidates": []}
    assert "position_outside_cells" in codes(photo)
    assert photo["verdict"] == "consistent"
    wide = warden.send(pictures.photo(software="x"), lng=lng, lat=lat, accuracy_m=90)
    assert wide["cell"]["code"] is None
    assert named(town.cell()) in wide["cell"]["candidates"]


def test_another_townships_cells_are_known_to_those_who_read_its_places(
    two_towns: tuple[Town, Town], phone: Phones
) -> None:
    theirs = two_towns[1].cell()
    lng, lat = theirs.centre
    sent = {"lng": lng, "lat": lat, "accuracy_m": 8}
    seen: dict[str, Any] = {
        who: phone(who).send(pictures.photo(software=who), **sent)["cell"]
        for who in ("wangge11", two_towns[1].who("wangge11"), "wuye11", "zhifa1")
    }
    inside = {**named(theirs), "match": "inside", "candidates": []}
    assert seen["wangge11"] == {"code": None, "name": None, "match": "outside", "candidates": []}
    assert seen[two_towns[1].who("wangge11")] == inside
    # The company is in contract in both townships; the county's enforcement body acts in all.
    assert seen["wuye11"] == seen["zhifa1"] == inside


BAD_POSITIONS: list[tuple[dict[str, str], set[str]]] = [
    ({"lng": "118.3"}, {"lng"}),
    ({"lat": "30.9"}, {"lng"}),
    ({"lng": "", "lat": "30.9"}, {"lng"}),
    ({"lng": "181", "lat": "30.9"}, {"lng"}),
    ({"lng": "118.3", "lat": "-90.001"}, {"lat"}),
    ({"lng": "30.9", "lat": "118.3"}, {"lat"}),
    ({"lng": "nan", "lat": "30.9"}, {"lng"}),
    ({"lng": "118.3", "lat": "inf"}, {"lat"}),
    ({"lng": "1e999", "lat": "30.9"}, {"lng"}),
    ({"lng": "118,3", "lat": "30.9"}, {"lng"}),
    ({"lng": "1_18.3", "lat": "30.9"}, {"lng"}),
    ({"lng": "118.3", "lat": "30.9", "accuracy_m": "1_0"}, {"accuracy_m"}),
    ({"lng": "118.3", "lat": "30.9", "datum": "cgcs2000"}, {"datum"}),
    ({"lng": "118.3", "lat": "30.9", "datum": "WGS84"}, {"datum"}),
    ({"lng": "118.3", "lat": "30.9", "accuracy_m": "-1"}, {"accuracy_m"}),
    ({"lng": "118.3", "lat": "30.9", "accuracy_m": "nan"}, {"accuracy_m"}),
    ({"lng": "118.3", "lat": "30.9", "accuracy_m": "inf"}, {"accuracy_m"}),
    ({"lng": "118.3", "lat": "30.9", "accuracy_m": "near"}, {"accuracy_m"}),
]


def test_what_cannot_be_a_position_is_refused(
    town: Town, phone: Phones, left: Callable[[], dict[str, int]]
) -> None:
    warden = phone("wangge11")
    for fields, faulty in BAD_POSITIONS:
        problem = warden.send(pictures.photo(), status=422, **fields)
        assert (problem["code"], set(problem["errors"])) == ("bad_position", faulty), fields
    assert left() == {"photos": 0, "blobs": 0, "files": 0}


def test_a_position_with_another_bad_field_names_both(town: Town, phone: Phones) -> None:
    problem = phone("wangge11").send(pictures.photo(), status=422, lng="x", lat="1", source="y")
    assert (problem["code"], set(problem["errors"])) == ("bad_position", {"lng", "source"})


def test_a_phone_without_a_fix_sends_zeros(town: Town, phone: Phones) -> None:
    taken = phone("wangge11").send(pictures.photo(), lng=0, lat=0)
    assert taken["positions"]["device"] is None
    assert taken["position"] is None
    assert taken["cell"] is None
