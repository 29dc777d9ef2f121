"""The page for people: everything of the document, nothing from elsewhere."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.web.routing import BASE
from tests.towns import cheap_settings


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes ids, addresses and inline styles."""
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An application whose database is not needed."""
    return create_app(cheap_settings(f"sqlite:///{tmp_path}/none.db", tmp_path / "photos"))


@pytest.fixture
def text(client: FlaskClient) -> str:
    """The page."""
    answer = client.get(f"{BASE}/docs")
    assert answer.content_type == "text/html; charset=utf-8"
    return answer.get_data(as_text=True)


def test_every_operation_and_schema_has_its_place(client: FlaskClient, text: str) -> None:
    document = client.get(f"{BASE}/openapi.json").get_json()
    page = Page(text)
    wanted = {o["operationId"] for methods in document["paths"].values() for o in methods.values()}
    schemas = document["components"]["schemas"].items()
    wanted |= {name for name, schema in schemas if schema.get("properties")}
    assert wanted <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"] in text
            assert operation.get("description", "") in text
            assert (
                operation["x-permission"] in text
                or not operation["security"]
                or (operation["x-permission"] == "signed_in")
            )


def test_links_lead_somewhere_and_stay_here(client: FlaskClient, text: str) -> None:
    page = Page(text)
    anchors = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert anchors <= set(page.ids)
    for link in (link for link in page.links if not link.startswith("#")):
        assert re.fullmatch(r"[a-z]+[a-z./]*(\?v=\w+)?", link), link
        assert client.get(f"{BASE}/{link}").status_code == 200


def test_nothing_that_the_policy_forbids(text: str) -> None:
    page = Page(text)
    assert page.inline == []
    assert {"script", "style"}.isdisjoint(page.tags)
    assert 'lang="zh-CN"' in text
    assert 'name="viewport"' in text


def test_the_style_is_kept_by_browsers(client: FlaskClient) -> None:
    answer = client.get(f"{BASE}/docs/style.css")
    assert answer.content_type == "text/css; charset=utf-8"
    assert "max-age" in answer.headers["Cache-Control"]
    assert "url(" not in answer.text
    assert "@import" not in answer.text
