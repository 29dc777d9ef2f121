"""A map behind the cells, where the county set one: degrees are shifted for drawing only."""

import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from app.kernel.geo import Datum, from_wgs84
from config.settings import Settings
from tests.journeys.desks import Desk
from tests.journeys.test_reachable import judged
from tests.photos.pictures import encoded, quadrants
from tests.towns import Town, cheap_settings

SHIFTED = """(points) => import(new URL('tiles.js', document.querySelector(
    'link[rel=modulepreload][href*="/console/app.js"]').href)).then(
    ({ toGcj02 }) => points.map(toGcj02))"""
POINTS = [(118.3109, 30.9185), (121.4737, 31.2304), (87.6, 43.8), (103.85, 1.29), (2.35, 48.85)]


PICTURE = encoded(quadrants(), "PNG")


class Tiles:
    """A server of tiles that notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: set[tuple[int, int, int]] = set()
        tiles = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """A picture, whichever is asked for."""
                zoom, x, y = (int(part) for part in self.path.removesuffix(".png").split("/")[1:])
                tiles.asked.add((zoom, x, y))
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.end_headers()
                self.wfile.write(PICTURE)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/{{z}}/{{x}}/{{y}}.png"


@pytest.fixture
def tiles() -> Iterator[Tiles]:
    """The tiles of a map on Chinese degrees."""
    made = Tiles()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def settings(database_url: str, photo_folder: Path, tiles: Tiles) -> Settings:
    """With a map set up."""
    usual = cheap_settings(database_url, photo_folder)
    return usual.model_copy(update={"tiles_url": tiles.url, "tiles_datum": "gcj02"})


def tile_at(lng: float, lat: float, zoom: int) -> tuple[int, int, int]:
    """The tile that holds a point of its own datum."""
    count = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return zoom, int((lng + 180) / 360 * count), int(y * count)


def test_tiles_lie_where_their_datum_says(desk: Desk, town: Town, tiles: Tiles) -> None:
    desk.sign_in("ducha1", "map")
    desk.reads("没有没有办结的工单")
    expect(desk.page.locator(".on-tiles image").first).to_be_attached()
    desk.page.wait_for_load_state("networkidle")
    (zoom,) = {each[0] for each in tiles.asked}
    lng, lat = town.cell("001", 1).centre
    assert tile_at(*from_wgs84(lng, lat, Datum.GCJ02), zoom) in tiles.asked
    shifted = desk.page.evaluate(SHIFTED, POINTS)
    for point, seen in zip(POINTS, shifted, strict=True):
        assert seen == pytest.approx(from_wgs84(*point, Datum.GCJ02), abs=1e-9)
    desk.tap("放大")
    desk.tap("放大")
    deeper = desk.page.locator(f'.on-tiles image[href*="/{zoom + 1}/"]')
    expect(deeper.first).to_be_attached()
    assert judged(desk, "map") == []
