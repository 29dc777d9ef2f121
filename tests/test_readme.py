"""The README's tour, run as it is pasted, against a server started as `make run` starts it."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.running import ROOT, Run, copy_product

README = (ROOT / "README.md").read_text(encoding="utf-8")
BASE = "BASE=http://127.0.0.1:8000\n"
KEPT = ("PHOTO", "AGAIN", "TICKET", "ROUND", "COVERAGE")


def blocks(language: str) -> list[str]:
    """The README's fenced blocks in a language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_product(tmp_path_factory.mktemp("tour"))


@pytest.fixture(scope="module")
def server(clone: Path) -> Iterator[Run]:
    run = Run(clone)
    run.greeting()
    yield run
    run.clear_away()


@pytest.fixture(scope="module")
def printed(clone: Path, server: Run) -> str:
    """What the terminal shows; the last answers are kept as files."""
    tour = "\n".join(blocks("bash"))
    assert tour.count(BASE) == 1
    keep = "".join(f"printf '%s' \"${name}\" >{name}.json\n" for name in KEPT)
    script = "set -eu\n" + tour.replace(BASE, BASE.replace("8000", str(server.port))) + keep
    done = subprocess.run(
        ["bash"], input=script, cwd=clone, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def answers(clone: Path, printed: str) -> dict[str, Any]:
    assert printed
    return {name: json.loads((clone / f"{name}.json").read_text("utf-8")) for name in KEPT}


def test_the_photo_lies_in_its_cell_and_is_there_once(answers: dict[str, Any]) -> None:
    photo = answers["PHOTO"]
    assert photo["cell"]["code"] == "340299101001001"
    assert photo["cell"]["match"] == "inside"
    assert photo["verdict"] == "consistent"
    assert photo["positions"]["device"]["datum"] == "gcj02"
    assert answers["AGAIN"]["id"] == photo["id"]


def test_the_ticket_is_closed_with_its_whole_story(answers: dict[str, Any]) -> None:
    ticket = answers["TICKET"]
    assert ticket["state"] == "closed"
    assert ticket["compound"]["name"] == "示例花园"
    assert [photo["role"] for photo in ticket["photos"]] == ["before", "after"]
    story = [(entry["action"], entry["from"], entry["to"]) for entry in ticket["timeline"]]
    assert story == [
        ("report", None, "dispatched"),
        ("rectify", "dispatched", "rectified"),
        ("close", "rectified", "closed"),
    ]
    assert [leg["outcome"] for leg in ticket["legs"]] == ["rectified"]


def test_the_round_is_complete_and_counts(answers: dict[str, Any]) -> None:
    assert answers["ROUND"]["complete"] is True
    assert answers["ROUND"]["missing"] == []
    coverage = answers["COVERAGE"]
    assert coverage["week"] == answers["ROUND"]["week"]
    assert (coverage["due"], coverage["covered"]) == (3, 1)


def test_the_company_is_not_told_who_reported(printed: str) -> None:
    assert '"reported_by": null' in printed


def test_what_the_readme_shows_is_what_is_printed(printed: str) -> None:
    shown = {name for block in blocks("json") for name in re.findall(r'"(\w+)":', block)}
    assert len(shown) > 20
    assert {name for name in shown if f'"{name}":' not in printed} == set()
    for line in ('"state_label": "待整改"', '"state_label": "待核查"', '"state_label": "已结案"'):
        assert line in printed


def test_the_tour_leaves_the_folder_as_it_was(clone: Path, printed: str) -> None:
    assert printed
    assert {path.name for path in clone.iterdir() if path.suffix == ".jpg"} == set()
