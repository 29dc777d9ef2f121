"""The house rules that a parser can hold: the ladder, the edge, and short pieces."""

from pathlib import Path

import pytest

from tests.architecture import (
    RANK,
    Module,
    ladder_faults,
    length_faults,
    modules_below,
    request_faults,
)

ROOT = Path(__file__).resolve().parent.parent
MODULES = modules_below(ROOT, "app")


def test_every_package_has_its_rung() -> None:
    folders = {path.name for path in (ROOT / "app").iterdir() if (path / "__init__.py").exists()}
    assert folders - {"web", "adapters", "migrations"} <= set(RANK)


def test_imports_only_point_down() -> None:
    assert [fault for module in MODULES for fault in ladder_faults(module)] == []


def test_flasks_request_stays_at_the_edge() -> None:
    assert [fault for module in MODULES for fault in request_faults(module)] == []


def test_functions_and_modules_are_short() -> None:
    modules = [*MODULES, *modules_below(ROOT, "config")]
    assert [fault for module in modules for fault in length_faults(module)] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app/photos/service.py", "from app.tickets.models import Ticket"),
        ("app/photos/service.py", "def f():\n    import app.tickets.models"),
        ("app/grid/queries.py", "from app.catalogue.models import Category"),
        ("app/grid/queries.py", "from ..catalogue import models"),
        ("app/tickets/service.py", "from app.web.edge import view"),
        ("app/photos/routes.py", "from app.adapters.local_store import LocalStore"),
        ("app/kernel/db.py", "from app import create_app"),
        ("app/web/edge.py", "from app.photos.models import Photo"),
        ("app/people/queries.py", "from app.unheard_of import thing"),
    ],
)
def test_a_wrong_import_is_found(path: str, source: str) -> None:
    assert ladder_faults(Module(path, source))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app/tickets/service.py", "from app.photos.models import Photo"),
        ("app/tickets/routes.py", "from app.web.edge import view"),
        ("app/grid/township/loading.py", "from ..models import Cell"),
        ("app/__init__.py", "from app.adapters.local_store import LocalStore"),
        ("app/jobs/run.py", "from app import create_app"),
        ("app/demo/load.py", "import app.grid.models\nimport flask"),
    ],
)
def test_a_right_import_passes(path: str, source: str) -> None:
    assert ladder_faults(Module(path, source)) == []


def test_request_outside_the_edge_is_found() -> None:
    source = "from flask import request"
    assert request_faults(Module("app/photos/service.py", source))
    assert request_faults(Module("app/photos/routes.py", source)) == []


def test_length_is_found() -> None:
    body = "".join(f"    x = {number}\n" for number in range(45))
    assert length_faults(Module("app/photos/service.py", f"def long():\n{body}"))
    assert length_faults(Module("app/photos/service.py", "x = 1\n" * 301))
    assert length_faults(Module("app/photos/service.py", "x = 1\n" * 300)) == []
