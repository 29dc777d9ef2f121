"""`make fuzz`: every phase and check, as every role, on both databases; what fails is shown.

ARGS go to schemathesis (--max-examples 50 --seed 1 …), the last word wins; WHO="网格员 物业" and
ON="sqlite" ask for less.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import create_app
from tests.databases import Databases
from tests.fuzz.running import PEOPLE, Fuzzed
from tests.postgres import ThrowawayCluster
from tests.servers import LiveServer
from tests.towns import Town, cheap_settings, prepare_migrated, prepare_town

PHASES = ("--phases", "examples,coverage,fuzzing,stateful")


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Townships laid on either engine; PostgreSQL starts when it is asked for."""
    cluster = ThrowawayCluster()

    def url() -> str:
        return cluster.url or cluster.start()

    preparations = {
        "migrated": (None, prepare_migrated),
        "town": ("migrated", prepare_town(folder / "town", None)),
        "two_towns": ("town", prepare_town(folder / "second", "340299102")),
    }
    try:
        yield Databases(folder, url, preparations)
    finally:
        cluster.stop()


def main() -> int:
    """How many runs found something."""
    wanted = os.environ.get("WHO", "").split() or list(PEOPLE)
    engines = os.environ.get("ON", "sqlite postgresql").split()
    faulty = 0
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as laid:
        for engine in engines:
            for who in wanted:
                folder = Path(name) / f"{engine}-{who}"
                settings = cheap_settings(laid.clone(engine, "two_towns"), folder / "photos")
                app = create_app(settings)
                towns = Town(None, ""), Town("340299102", "")
                with LiveServer(app) as server:
                    fuzzed = Fuzzed(app, server, towns)
                    for signs_in in (False, True):
                        done = fuzzed.ask(
                            PEOPLE[who], folder / f"{signs_in}", *PHASES, *sys.argv[1:],
                            signs_in=signs_in,
                        )  # fmt: skip
                        print(f"== {engine}，{who}{'，自己的登录' if signs_in else ''}：", end="")
                        if done.returncode:
                            faulty += 1
                            print(f"\n{done.stdout}\n{done.stderr}", flush=True)
                        else:
                            print(done.stdout.strip().splitlines()[-1].strip("= "), flush=True)
    print(f"{len(engines) * len(wanted) * 2} 次，{faulty} 次有发现。")
    return min(faulty, 1)


if __name__ == "__main__":
    sys.exit(main())
