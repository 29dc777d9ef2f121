"""How long it takes to load the demonstration, which somebody waits for who looks for the first
time."""

import time
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from app.demo.load import Wish, load_demo
from app.demo.weeks.world import Shares
from app.kernel.clock import utc_now
from app.kernel.db import db, unit_of_work
from app.people.passwords import HashCost
from tests.bench.databases import database, settings_for
from tests.bench.limits import DEMO_LOAD_S


def measure_demonstration(folder: Path, weeks: int) -> None:
    """Prints the seconds that `flask demo load` needs for some weeks in an empty embedded database
    with its tables, and the CPU's."""
    with database("sqlite", folder) as url:
        settings = settings_for(url, folder)
        app = create_app(settings)
        with app.app_context():
            upgrade()
            wall, cpu = time.perf_counter(), time.process_time()
            with unit_of_work() as session:
                load_demo(
                    session,
                    app.extensions["gexun_store"],
                    Wish(weeks),
                    cost=HashCost(settings.argon2_memory_kib, settings.argon2_time_cost),
                    shares=Shares(settings.second_look_percent, settings.spot_check_percent),
                    now=utc_now(),
                )
            seconds, busy = time.perf_counter() - wall, time.process_time() - cpu
            db.session.remove()
            db.engine.dispose()
    print(
        f"demo load, {weeks} weeks: {seconds:.1f} s, limit {DEMO_LOAD_S} s,"
        f" {seconds / DEMO_LOAD_S:.2f} x; CPU {busy:.1f} s\n",
        flush=True,
    )
