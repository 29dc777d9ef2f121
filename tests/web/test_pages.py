"""The pages' shells and files: nothing inline, kept for good, light, and nobody's data in them."""

import gzip
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import console, create_app, faces, phone
from app.web.assets import Assets, without_comments
from tests.towns import cheap_settings
from tests.web.asking import refused

PACKED = {"Accept-Encoding": "gzip"}
FIRST_PAGE_BYTES = {"/m": 30_000, "/console": 120_000}
IMPORTED = re.compile(r"""(?:from|import\(|^import)\s*['"](\.[^'"]+)['"]""", re.MULTILINE)


class Page(HTMLParser):
    """What a page loads, and what in it the policy would forbid."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.modules: list[str] = []
        self.others: list[str] = []
        self.forbidden: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes addresses, and what is inline."""
        said = {name: value or "" for name, value in attrs}
        if tag == "link" and said["rel"] == "modulepreload":
            self.modules.append(said["href"])
        elif tag == "link":
            self.others.append(said["href"])
        if tag == "style" or (tag == "script" and "src" not in said):
            self.forbidden.append(tag)
        self.forbidden += [name for name in said if name == "style" or name.startswith("on")]


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., FlaskClient]:
    """A client of an application whose database is not needed."""

    def made(**settings: Any) -> FlaskClient:
        known = cheap_settings(f"sqlite:///{tmp_path}/none.db", tmp_path / "photos")
        app: Flask = create_app(known.model_copy(update=settings))
        return app.test_client()

    return made


@pytest.fixture
def client(make: Callable[..., FlaskClient]) -> FlaskClient:
    """A client at the root of a host."""
    return make()


def directives(policy: str) -> dict[str, str]:
    """A policy by its directives."""
    return {name: rest for name, _, rest in (one.partition(" ") for one in policy.split("; "))}


def test_the_bare_address_leads_to_the_phones_pages(client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/m")
    same = [client.get(path) for path in ("/m", "/m/report", "/m/tickets/some/where")]
    assert {answer.status_code for answer in same} == {200}
    assert len({answer.text for answer in same}) == 1


@pytest.mark.parametrize("path", ["/m", "/console", "/console/tickets"])
def test_a_page_runs_nothing_of_others(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    found = directives(answer.headers["Content-Security-Policy"])
    assert found["default-src"] == "'none'"
    assert (found["script-src"], found["style-src"]) == ("'self'", "'self'")
    assert found["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert Page(answer.text).forbidden == []
    for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"):
        assert name in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_a_map_behind_the_cells_is_the_desks_alone(make: Callable[..., FlaskClient]) -> None:
    client = make(tiles_url="https://tiles.example/{z}/{x}/{y}.png", tiles_datum="gcj02")
    desk, phone = client.get("/console"), client.get("/m")
    policy = directives(desk.headers["Content-Security-Policy"])
    assert policy["img-src"] == "'self' blob: https://tiles.example"
    assert 'data-tiles="https://tiles.example/{z}/{x}/{y}.png"' in desk.text
    assert "tiles" not in phone.text + phone.headers["Content-Security-Policy"]
    assert "data-tiles" not in make().get("/console").text


def test_a_page_is_asked_for_again_and_its_files_are_not(client: FlaskClient) -> None:
    first = client.get("/m")
    assert first.headers["Cache-Control"] == "no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/m", headers=known)
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    page = Page(first.text)
    for address in [*page.modules, *(one for one in page.others if one.startswith("/assets/"))]:
        whole, packed = client.get(address), client.get(address, headers=PACKED)
        assert whole.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert whole.headers["Vary"] == "Accept-Encoding"
        if packed.headers.get("Content-Encoding") == "gzip":
            assert gzip.decompress(packed.get_data()) == whole.get_data()
            assert packed.headers["ETag"] != whole.headers["ETag"]
        assert (
            client.get(address, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
        )


def test_files_of_another_release_are_gone(client: FlaskClient) -> None:
    address = Page(client.get("/m").text).modules[0]
    mark = address.split("/")[2]
    for wrong in ("0" * len(mark), f"{mark}/../{mark}"):
        assert refused(client.get(address.replace(mark, wrong))) == (404, "not_found")
    assert refused(client.get(f"/assets/{mark}/faces/nothing.js")) == (404, "not_found")
    assert refused(client.get(f"/assets/{mark}/phone/../__init__.py")) == (404, "not_found")


def test_a_changed_file_changes_every_address(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("import './b.js';\n")
    (tmp_path / "b.js").write_text("export {};\n")
    before = Assets({"x": tmp_path})
    assert before.modules("x/a.js") == ["x/a.js", "x/b.js"]
    (tmp_path / "b.js").write_text("export const b = 1;\n")
    assert Assets({"x": tmp_path}).url("x/a.js") != before.url("x/a.js")


def test_comments_stay_here_and_lines_keep_their_numbers() -> None:
    script = b"// a\n/**\n * b\n */\nlet c = 'https://d'; // e\n  // f\nlet g = 1 /* h */;\n"
    script += b"/** i */ let j;\n/** k */\n"
    assert without_comments(script, ".js") == (
        b"\n\n\n\nlet c = 'https://d'; // e\n\nlet g = 1 /* h */;\n/** i */ let j;\n\n"
    )
    assert (
        without_comments(b"/* a\n b */ p { }\n/*! kept */\n", ".css") == b"\n p { }\n/*! kept */\n"
    )
    assert without_comments(b"<!-- // -->", ".svg") == b"<!-- // -->"


def test_modules_import_what_is_there() -> None:
    folders = {"faces": faces.STATIC, "phone": phone.STATIC, "console": console.STATIC}
    assets = Assets(folders)
    for name, sent in assets.files.items():
        for relative in IMPORTED.findall(sent.body.decode()) if name.endswith(".js") else []:
            target = (Path("/") / name).parent.joinpath(relative)
            resolved = "/".join(_resolved(target))
            assert resolved in assets.files, f"{name} imports {relative}"
    shared = [name for name in assets.files if name.startswith("faces/") and name.endswith(".js")]
    bodies = {name: sent.body for name, sent in assets.files.items() if name.endswith(".js")}
    upward = [n for n in shared if b"../phone/" in bodies[n] or b"../console/" in bodies[n]]
    assert upward == [], "what both faces share knows neither"
    across = [n for n in bodies if n.startswith("console/") and b"../phone/" in bodies[n]]
    across += [n for n in bodies if n.startswith("phone/") and b"../console/" in bodies[n]]
    assert across == [], "a face takes nothing of the other"


def _resolved(path: Path) -> list[str]:
    parts: list[str] = []
    for part in path.parts[1:]:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return parts


@pytest.mark.parametrize("path", FIRST_PAGE_BYTES)
def test_the_first_page_is_light(client: FlaskClient, path: str) -> None:
    """The page and all it loads before it can be used, packed as browsers take it."""
    answer = client.get(path, headers=PACKED)
    page = Page(gzip.decompress(answer.get_data()).decode())
    loaded = [answer] + [client.get(one, headers=PACKED) for one in page.modules + page.others]
    assert {one.status_code for one in loaded} == {200}
    assert sum(len(one.get_data()) for one in loaded) <= FIRST_PAGE_BYTES[path]


def test_the_worker_keeps_what_a_phone_needs(client: FlaskClient) -> None:
    answer = client.get("/m/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/m"
    assert answer.headers["Cache-Control"] == "no-cache"
    files = re.findall(r'"(/assets/[^"]+)"', answer.text)
    assert set(Page(client.get("/m").text).modules) <= set(files)
    assert {client.get(one).status_code for one in files} == {200}
    manifest = client.get("/m/manifest.json").get_json()
    assert client.get(manifest["icons"][0]["src"]).status_code == 200


def test_below_a_path_of_a_proxy(make: Callable[..., FlaskClient]) -> None:
    """The proxy takes the path away; addresses have it, and photos come from the public address."""
    client = make(public_url="https://gexun.example/town")
    answer = client.get("/m")
    page = Page(answer.text)
    assert all(one.startswith("/town/") for one in page.modules + page.others)
    assert 'data-prefix="/town"' in answer.text
    assert client.get(page.modules[0].removeprefix("/town")).status_code == 200
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["img-src"] == "'self' blob: https://gexun.example"
    assert client.get("/m/worker.js").headers["Service-Worker-Allowed"] == "/town/m"
    assert client.get("/").headers["Location"] == "/town/m"
