"""A small dose for every role: `make fuzz` is the long one."""

from pathlib import Path

import pytest
from flask import Flask

from tests.fuzz.running import PEOPLE, Fuzzed
from tests.servers import LiveServer
from tests.towns import Town

DOSE = ("--phases", "fuzzing", "--max-examples", "1", "--no-shrink")


@pytest.mark.parametrize("who", PEOPLE)
def test_made_up_requests_get_what_the_document_promises(
    app: Flask, server: LiveServer, two_towns: tuple[Town, Town], tmp_path: Path, who: str
) -> None:
    said = Fuzzed(app, server, two_towns).ask(PEOPLE[who], tmp_path, *DOSE)
    assert said.returncode == 0, said.stdout[-8000:] + said.stderr[-2000:]
