"""A desk as a supervisor sits at it: what they press and what they read."""

from typing import Any, ClassVar

from playwright.sync_api import Browser, expect

from tests.journeys.phones import Phone

A_LOOK_MS = 1_000
"""How long somebody looks at a ticket at least before they decide."""
UNDO_MS = 6_000
"""After so long a decision has gone."""


class Desk(Phone):
    """A browser on a large screen with a keyboard."""

    FACE = "/console"
    FRAME = "#top .who"
    DEVICE: ClassVar[dict[str, Any]] = {}

    def __init__(self, browser: Browser, url: str, *, width: int = 1280, height: int = 800) -> None:
        super().__init__(browser, url, position=None, width=width, height=height)

    def press(self, *keys: str) -> None:
        """Presses keys one after the other, each after a look."""
        for key in keys:
            self.page.clock.fast_forward(A_LOOK_MS)
            self.page.keyboard.press(key)

    def shows(self, number: str) -> None:
        """Waits until the ticket with a number is on the desk."""
        expect(self.page.locator(".desk-main .ticket-head")).to_contain_text(number)

    def time_passes(self) -> None:
        """The seconds in which the last decision can be undone."""
        self.page.clock.fast_forward(UNDO_MS)

    def submit(self) -> None:
        """Sends the form that is open over the page."""
        self.page.locator("dialog form > .button").click()
