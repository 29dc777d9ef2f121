"""The measuring of the pages still works: of each line there is one, beside its limit.

What is measured is not asserted: so little is asked that it says nothing.
"""

import re
import subprocess
import sys

from config.settings import ROOT

ROW = re.compile(r"(.{52})(.{12})(.{12})(.{8})")
LIMITS = {
    "report page, its files": "30,000 B",
    "headers of these answers": "-",
    "report form usable, behind nginx, HTTP/2": "1.5 s",
    "report form usable, without a proxy, HTTP/1.1": "-",
    "report form usable, opened before": "1.5 s",
    "desk's first page, files and answers": "120,000 B",
    "of these answers of the API": "-",
    "map of cells panned, median frame": "50 ms",
    "one frame in twenty is longer than": "-",
}


def test_every_figure_is_printed_beside_its_limit() -> None:
    asked = [sys.executable, "-m", "tests.bench.web", "--smallest"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    rows = [row.groups() for row in map(ROW.fullmatch, told.stdout.splitlines()) if row]
    found = [[one.strip() for one in row] for row in rows][1:]
    assert {re.sub(r" [\d,]+ (?=\w)", " ", name): limit for name, _, limit, _ in found} == LIMITS
    for name, measured, limit, ratio in found:
        assert re.fullmatch(r"[\d,.]*[1-9][\d,.]* (B|s|ms)", measured), (name, measured)
        assert re.fullmatch(r"-" if limit == "-" else r"\d+\.\d\d!?", ratio), (name, ratio)
