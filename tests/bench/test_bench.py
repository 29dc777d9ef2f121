"""The measuring still works: of each line of the table there is one, beside its limit.

What is measured is not asserted: so little is asked that it says nothing.
"""

import re
import subprocess
import sys

from config.settings import ROOT
from tests.bench.limits import CREATE, DEMO_LOAD_S, EIGHT_CREATE_P99_MS, LIMITS_MS, ONE, UPLOAD
from tests.bench.operations import VIEWERS, readings

ROW = re.compile(r"(?P<name>.{26}).{35}(?P<limit>.{8})(?P<ratio>.{7})")


def test_every_line_is_printed_beside_its_limit() -> None:
    asked = [sys.executable, "-m", "tests.bench", "--smallest", "--engine", "sqlite"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    head, _, rest = told.stdout.partition("peer ms")
    table, _, look_ups = rest.partition("likeness, ")
    found = [
        (row["name"].strip(), row["limit"].strip(), row["ratio"].strip())
        for row in map(ROW.match, table.splitlines())
        if row is not None
    ]
    assert [(name, limit) for name, limit, _ in found] == lines()
    for name, limit, ratio in found:
        assert re.fullmatch(r"-" if limit == "-" else r"\d+\.\d\d!?", ratio), name
    assert re.search(r"^pipeline of .+: [\d.]+ ms, limit [\d.]+ ms, [\d.]+ x$", head, re.MULTILINE)
    demo = rf"^demo load, 0 weeks: [\d.]+ s, limit {DEMO_LOAD_S} s, [\d.]+ x"
    assert re.search(demo, head, re.MULTILINE)
    assert look_ups.startswith("sqlite, 60 photos")


def lines() -> list[tuple[str, str]]:
    """The names of the table's lines and their limits, as they are to be printed."""
    limits = {kind: f"{limit:g}" for kind, limit in LIMITS_MS["sqlite"].items()}
    return [
        ("upload of 12 MP", limits[UPLOAD]),
        ("create", limits[CREATE]),
        ("comment", "-"),
        ("dispatch", "-"),
        ("8 at once create", f"{EIGHT_CREATE_P99_MS}"),
        *((reading.name, limits.get(reading.kind, "-")) for reading in readings()),
        *(("one ticket", limits[ONE]) for _ in VIEWERS),
    ]
