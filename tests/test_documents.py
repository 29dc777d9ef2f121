"""What README and docs/ name is there: commands, options, make targets, links, states, actions."""

import re
import subprocess
from pathlib import Path

import click
import pytest

from app import create_app
from app.grid.township.reading import TABLES
from app.tickets.models import STATE_LABELS, LegOutcome, State
from app.tickets.workflow import ACTION_LABELS, MOVES, Action
from tests.journeys.screens import FOLDER, LARGE, SCREENS
from tests.towns import cheap_settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = re.compile(r"flask --app wsgi ((?:[^\s`#|…]+ ?)+)")
MAKE = re.compile(r"(?:`|^ *)make ([a-z]+)\b", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> click.Group:
    folder = tmp_path_factory.mktemp("commands")
    return create_app(cheap_settings(f"sqlite:///{folder}/none.db", folder / "photos")).cli


def fault_in(group: click.Group, words: list[str]) -> str | None:
    """What a command line names that does not exist."""
    command: click.Command = group
    context = click.Context(command)
    while words and isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        if found is None:
            return f"no command {words[0]}"
        command, words = found, words[1:]
    options = {name for parameter in command.params for name in parameter.opts}
    missing = [word for word in words if word.startswith("--") and word not in options]
    return f"no option {missing[0]}" if missing else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_exist(page: Path, commands: click.Group) -> None:
    named = [match.split() for match in COMMAND.findall(text_of(page))]
    assert [fault for words in named if (fault := fault_in(commands, words))] == []


def test_a_command_that_does_not_exist_is_found(commands: click.Group) -> None:
    assert fault_in(commands, ["township", "load", "x", "--retire-missing"]) is None
    assert fault_in(commands, ["township", "unload", "x"])
    assert fault_in(commands, ["township", "load", "x", "--forget"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_named_are_there(page: Path) -> None:
    named = re.findall(r"`((?:app|config|tests|docs)/[\w/.]+)`", text_of(page))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    local = [link for link in LINK.findall(text_of(page)) if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_pages_for_people_are_chinese_and_pages_about_code_english() -> None:
    of_code = ("architecture", "performance")
    about_code = {page for page in PAGES if "decisions" in page.parts or page.stem in of_code}
    chinese = {page for page in PAGES if re.search(r"^# .*[\u4e00-\u9fff]", text_of(page))}
    assert chinese == set(PAGES) - about_code


def test_a_linked_environment_is_ignored_too() -> None:
    """`/.venv/` would be a folder only, not a link to one."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/.venv" in ignored


def test_the_readme_and_make_help_name_the_same() -> None:
    helped = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = set(MAKE.findall(helped))
    assert set(MAKE.findall(text_of(ROOT / "README.md"))) == listed
    for page in PAGES:
        assert set(MAKE.findall(text_of(page))) <= listed, page


def test_the_maps_show_every_package() -> None:
    packages = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    readme, map_page = text_of(ROOT / "README.md"), text_of(ROOT / "docs" / "architecture.md")
    assert [name for name in sorted(packages) if f"  {name}/" not in readme] == []
    assert [name for name in sorted(packages) if not re.search(rf"\b{name}\b", map_page)] == []


def table(page: Path, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    under = text_of(page).partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in under.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


DOMAIN = ROOT / "docs" / "domain.md"


def test_the_states_are_the_documented_ones() -> None:
    assert {row[0].strip("`"): row[1] for row in table(DOMAIN, "状态")} == {
        state.value: STATE_LABELS[state] for state in State
    }


def test_the_actions_are_the_documented_ones() -> None:
    assert {row[0].strip("`"): row[1] for row in table(DOMAIN, "行动")} == {
        action.value: ACTION_LABELS[action] for action in Action
    }


def test_the_moves_are_the_documented_ones() -> None:
    """Where each action can be taken, and where it leads."""
    documented = {
        (State(start), Action(row[0].strip("`")), row[3].strip("`"))
        for row in table(DOMAIN, "行动")
        for start in re.findall(r"`(\w+)`", row[2])
    }
    assert documented == {
        (state, action, move.to.value if move.to else "不变")
        for (state, action), move in MOVES.items()
    }


def test_the_leg_outcomes_are_documented() -> None:
    text = text_of(DOMAIN)
    assert [outcome for outcome in LegOutcome if f"`{outcome}`" not in text] == []


def test_the_township_tables_are_documented() -> None:
    text = text_of(ROOT / "docs" / "township-format.md")
    for one in TABLES:
        assert one.file in text
        assert f"`{','.join(one.columns)}`" in text


def test_every_page_that_is_pictured_has_its_picture() -> None:
    there = {path.stem for path in FOLDER.glob("*.webp")}
    assert there == {*SCREENS, *(f"{name}-large" for name in LARGE)}
