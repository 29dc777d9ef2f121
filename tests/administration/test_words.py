"""The pages' words are the API's: a code that gets a name on one side has it on the other."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from app import console
from app.administration.models import SUBJECT_KIND_LABELS
from app.catalogue.desk.models import UNIT_KIND_LABELS
from app.catalogue.models import ACTION_LABELS, AUDIENCE_LABELS, CLOCK_LABELS
from app.duties.assignments.models import (
    ASSIGNED_KIND_LABELS,
    ASSISTANT_KIND_LABELS,
    PART_LABELS,
)
from app.grid.models import AREA_LABELS, COMPOUND_KIND_LABELS
from app.people.models import ORGANISATION_TYPE_LABELS, ROLE_HOMES, ROLE_LABELS
from app.sla.limits import Limit, LimitUnit

PAGES = console.STATIC / "admin"
WORDS = (PAGES / "words.js").read_text(encoding="utf-8")


def told(name: str) -> dict[str, str]:
    """A table of words as the pages have it."""
    found = re.search(rf"const {name} = {{ (.*) }};", WORDS)
    assert found is not None, name
    return dict(re.findall(r"(\w+): '([^']*)'", found[1]))


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("TYPES", ORGANISATION_TYPE_LABELS),
        ("ROLES", ROLE_LABELS),
        ("COMPOUND_KINDS", COMPOUND_KIND_LABELS),
        ("AREAS", AREA_LABELS),
        ("ACTIONS", ACTION_LABELS),
        ("SUBJECTS", SUBJECT_KIND_LABELS),
        ("CLOCKS", CLOCK_LABELS),
        ("TELLS", AUDIENCE_LABELS),
        ("ASSISTANTS", ASSISTANT_KIND_LABELS),
        ("PARTS", PART_LABELS),
        ("ASSIGNED", ASSIGNED_KIND_LABELS),
    ],
)
def test_the_same_words_on_both_sides(name: str, labels: Mapping[Any, str]) -> None:
    assert told(name) == {code.value: label for code, label in labels.items()}


def test_limits_are_said_as_the_api_says_them() -> None:
    said = {unit.value: Limit(2, unit).label for unit in LimitUnit}
    assert {code: f"2 {words}" for code, words in told("UNITS").items()} == said


def test_titles_of_units_have_words() -> None:
    assert (
        told("TITLES").items()
        <= {kind.value: label for kind, label in UNIT_KIND_LABELS.items()}.items()
    )


def test_roles_are_held_where_they_can_be() -> None:
    text = (PAGES / "posts.js").read_text(encoding="utf-8")
    found = dict(re.findall(r"^  (\w+): (COMMUNITIES|\[.*\]),$", text, re.MULTILINE))
    communities = re.search(r"COMMUNITIES = (\[.*\]);", (PAGES / "directory.js").read_text("utf-8"))
    assert communities is not None
    homes = {
        role: set(re.findall(r"\w+", communities[1] if types == "COMMUNITIES" else types))
        for role, types in found.items()
    }
    assert homes == {role.value: {one.value for one in types} for role, types in ROLE_HOMES.items()}
