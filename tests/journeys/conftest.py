"""Stories of people with a phone in hand or at a desk, in a real browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import BrowserUnavailable, a_browser
from tests.journeys.desks import Desk
from tests.journeys.phones import Phone
from tests.servers import LiveServer


@pytest.fixture(params=("sqlite",))
def backend(request: pytest.FixtureRequest) -> str:
    """One engine: what the database does is told elsewhere, on both; a browser is slow."""
    return str(request.param)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all stories of a process."""
    try:
        with a_browser(as_people_have=False) as opened:
            yield opened
    except BrowserUnavailable as problem:
        pytest.fail(str(problem), pytrace=False)


@pytest.fixture
def open_phone(browser: Browser) -> Iterator[Callable[..., Phone]]:
    """Takes a phone out of a pocket: `open_phone(url, width=360, position=None)`."""
    phones: list[Phone] = []

    def opened(url: str, **properties: Any) -> Phone:
        phones.append(Phone(browser, url, **properties))
        return phones[-1]

    yield opened
    for phone in phones:
        phone.close()


@pytest.fixture
def phone(server: LiveServer, open_phone: Callable[..., Phone]) -> Phone:
    """A phone that knows where it is, with the pages of this test's server."""
    return open_phone(server.url)


@pytest.fixture
def open_desk(browser: Browser, server: LiveServer) -> Iterator[Callable[..., Desk]]:
    """Sits down at a desk: `open_desk(width=1920)`."""
    desks: list[Desk] = []

    def opened(**properties: Any) -> Desk:
        desks.append(Desk(browser, server.url, **properties))
        return desks[-1]

    yield opened
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """A desk of the usual size."""
    return open_desk()
