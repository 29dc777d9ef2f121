"""docs/errors.md lists every code there is, and every code means one thing."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import app
from app.kernel.errors import DomainError
from app.web.problems import HTTP_TITLES, STATUS_OF_FAMILY

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| `(\w+)` \| (\d{3}|4xx) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
OF_THE_EDGE = {("internal_error", "500"), ("http_error", "4xx")}


def errors() -> Iterator[type[DomainError]]:
    """Every refusal of the product."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)
    waiting = [DomainError]
    while waiting:
        below = waiting.pop().__subclasses__()
        yield from (one for one in below if one.__module__.startswith("app."))
        waiting += below


def status(error: type[DomainError]) -> str:
    """The HTTP status of a refusal."""
    return str(next(s for family, s in STATUS_OF_FAMILY.items() if issubclass(error, family)))


def documented() -> list[tuple[str, str, str, str]]:
    """Code, status, title and meaning as the page has them."""
    return ROW.findall((ROOT / "docs" / "errors.md").read_text(encoding="utf-8"))


def test_the_page_lists_what_there_is() -> None:
    known = {(error.code, status(error)) for error in errors()} | OF_THE_EDGE
    known |= {(code, str(number)) for number, (code, _) in HTTP_TITLES.items()}
    listed = [(code, number) for code, number, _, _ in documented()]
    assert sorted(listed) == sorted(known)


def test_the_page_has_the_titles() -> None:
    titles: dict[str, set[str]] = {}
    for error in errors():
        titles.setdefault(error.code, set()).add(error.title)
    for code, _, title, _ in documented():
        if code in titles:
            assert title.strip() in titles[code], code


def test_a_code_means_one_thing() -> None:
    """Two errors share a code only when one is a kind of the other, so with one status."""
    by_code: dict[str, list[type[DomainError]]] = {}
    for error in errors():
        by_code.setdefault(error.code, []).append(error)
    for code, same in by_code.items():
        first = min(same, key=lambda one: len(one.__mro__))
        assert all(issubclass(one, first) for one in same), code


def test_titles_are_fit_to_show() -> None:
    for error in errors():
        assert re.search(r"[\u4e00-\u9fff]", error.title), error
        assert re.fullmatch(r"[a-z_]+", error.code), error
