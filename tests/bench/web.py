"""`python -m tests.bench.web [--smallest]`: how heavy the pages are and how soon they serve."""

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser

from tests.bench import limits
from tests.bench.databases import database, settings_for
from tests.bench.filling import fill
from tests.bench.pages import Seat, desk, panned, phone
from tests.bench.serving import Service, gunicorn
from tests.browser import a_browser
from tests.deploy.nginx import Nginx

CUT = (7, 2)
"""Cells of a unit: 1,036 in the county."""
TICKETS, TIMES, FRAMES = 5_000, 7, 240
LINE = "{:<52}{:>12}{:>12}{:>8}"
Line = tuple[str, float, float | None, str]
"""A name, the figure, its limit if it has one, and the unit."""


def main() -> None:
    """Fill, open in a browser, print."""
    parser = argparse.ArgumentParser(prog="make bench-web", description="网页的大小和用时")
    parser.add_argument("--smallest", action="store_true", help="每项只做一次：只看做不做得成")
    smallest = parser.parse_args().smallest
    times, frames, tickets = (1, 8, 300) if smallest else (TIMES, FRAMES, TICKETS)
    with tempfile.TemporaryDirectory(prefix="gexun-bench-") as name:
        folder = Path(name)
        with database("sqlite", folder) as url:
            settings = settings_for(url, folder)
            tokens = fill(settings, tickets, CUT)
            print(_heading(), flush=True)
            with gunicorn(settings) as service, a_browser() as browser:
                for line in _lines(browser, service, folder, tokens, times, frames):
                    print(printed(line), flush=True)


def _lines(
    browser: Browser,
    service: Service,
    folder: Path,
    tokens: dict[str, str],
    times: int,
    frames: int,
) -> Iterator[Line]:
    warden, clerk = tokens["wangge101001"], tokens["guanli"]
    supervisor = tokens["ducha101"]
    plain = f"http://127.0.0.1:{service.port}"
    with Nginx(folder / "nginx", service.port) as nginx:
        secure = f"https://127.0.0.1:{nginx.secure}"
        with phone(browser, secure, warden) as seat:
            yield from _report_page(seat)
            yield _usable(seat, times, "behind nginx, HTTP/2", limits.FORM_USABLE_S)
        with phone(browser, plain, warden) as seat:
            yield _usable(seat, times, "without a proxy, HTTP/1.1", None)
            seat.settle("/m/report")
            yield _usable(seat, times, "opened before", limits.FORM_USABLE_S, again=True)
        with desk(browser, secure, supervisor) as seat:
            yield from _desk_page(seat)
        with desk(browser, plain, clerk) as seat:
            yield from _map(seat, frames)


def _report_page(seat: Seat) -> Iterator[Line]:
    seat.open_anew("/m/report", ".shutter input")
    named = seat.named_by_the_page()
    yield "report page, its files", seat.bytes_of(named), limits.REPORT_PAGE_BYTES, "B"
    headers = seat.header_bytes_of(named)
    yield f"  headers of these {len(named)} answers", headers, None, "B"


def _usable(seat: Seat, times: int, how: str, limit: float | None, *, again: bool = False) -> Line:
    seat.slow_down()
    open_it = seat.open_again if again else seat.open_anew
    took = [open_it("/m/report", ".shutter input") for _ in range(times)]
    seat.back_to_speed()
    return f"report form usable, {how}", median(took), limit, "s"


def _desk_page(seat: Seat) -> Iterator[Line]:
    seat.open_anew("/console", ".desk-main .ticket-head")
    files, answers = seat.named_by_the_page(), seat.answers()
    weight = seat.bytes_of(files + answers)
    yield "desk's first page, files and answers", weight, limits.DESK_PAGE_BYTES, "B"
    yield f"  of these {len(answers)} answers of the API", seat.bytes_of(answers), None, "B"


def _map(seat: Seat, frames: int) -> Iterator[Line]:
    seat.open_anew("/console/map", ".cells path")
    cells = seat.page.locator(".cells path").count()
    took = panned(seat.page, frames)
    yield f"map of {cells:,} cells panned, median frame", median(took), limits.PAN_FRAME_MS, "ms"
    yield "  one frame in twenty is longer than", quantiles(took, n=20)[-1], None, "ms"


def _heading() -> str:
    said = f"\npages, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    return f"{said}\n{LINE.format('figure', 'measured', 'limit', 'ratio')}"


def printed(line: Line) -> str:
    """One line; the ratio is what was measured over the limit."""
    name, found, limit, unit = line
    text = f"{found:,.2f} s" if unit == "s" else f"{found:,.0f} {unit}"
    if limit is None:
        return LINE.format(name, text, "-", "-")
    ratio = f"{found / limit:.2f}{'!' if found > limit else ''}"
    return LINE.format(name, text, f"{limit:,g} {unit}", ratio)


if __name__ == "__main__":
    main()
