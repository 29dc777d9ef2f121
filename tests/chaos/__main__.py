"""`python -m tests.chaos [--photos 1000] [--people 8] [--disaster NAME]`: break it, and count."""

import argparse
import logging
import os
import tempfile
import time
from pathlib import Path

from app import create_app
from config.settings import load_settings
from tests.bench.databases import ENGINES
from tests.chaos.days import Strikes, Work, days_struck
from tests.chaos.disasters import DISASTERS, Disaster, a_place, small_disk
from tests.chaos.people import Promises, Warden
from tests.chaos.reckoning import reckon
from tests.chaos.stand import Stand
from tests.towns import PASSWORD, Town

FASTER = 20.0


def main() -> None:
    """Every disaster on every engine that it can befall."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    told = _arguments()
    work = Work(told.photos, told.people)
    for disaster in DISASTERS:
        if told.disaster and disaster.name not in told.disaster:
            continue
        for engine in disaster.engines:
            if engine in (told.engine or ENGINES):
                with tempfile.TemporaryDirectory(prefix="gexun-chaos-") as name:
                    print(_befallen(disaster, engine, Path(name), work), flush=True)


def _befallen(disaster: Disaster, engine: str, folder: Path, work: Work) -> str:
    if not disaster.on_small_disk:
        return _suffered(disaster, engine, folder, folder, work)
    if os.geteuid():
        return f"{disaster.name} ({engine}): left out: only root can make a small disk"
    with small_disk(folder / "disk") as disk:
        return _suffered(disaster, engine, folder, disk, work)


def _suffered(disaster: Disaster, engine: str, folder: Path, disk: Path, work: Work) -> str:
    """One line: what was done, how often it struck, and that every promise was kept."""
    town, began, strikes = Town(None, PASSWORD), time.monotonic(), 0
    with a_place(engine, disk) as place:
        stand = Stand(place.variables, folder, instances=2, faster=FASTER)

        def strike() -> None:
            nonlocal strikes
            disaster.strike(place, stand)
            strikes += 1

        try:
            stand.wait_until_ready()
            struck = Strikes(strike, disaster.every_s, disaster.at_least)
            promises = days_struck(stand.urls, town, work, struck)
            recovered_s = stand.wait_until_ready()
            reader = Warden(stand.urls, "ducha1", Promises(), seed=9)
            reader.sign_in()
            os.environ.update(place.variables)
            counted = reckon(create_app(load_settings()), promises, reader)
        finally:
            stand.close()
    said = ", ".join(f"{count} {what}" for what, count in counted.items())
    return (
        f"{disaster.name} ({engine}): {said}; struck {strikes} times, {stand.kills} kills, "
        f"ready again after {recovered_s:.1f} s, slowest 503 {promises.slowest_503_s:.1f} s, "
        f"{promises.without_retry_after} without Retry-After; {time.monotonic() - began:.0f} s"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description="边用边破坏，事后核对")
    parser.add_argument("--photos", type=int, default=1000, help="照片数；三分之一成为工单")
    parser.add_argument("--people", type=int, default=8, help="同时做事的人数")
    parser.add_argument("--engine", action="append", choices=ENGINES)
    parser.add_argument("--disaster", action="append", choices=[each.name for each in DISASTERS])
    return parser.parse_args()


if __name__ == "__main__":
    main()
