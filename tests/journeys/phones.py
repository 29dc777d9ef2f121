"""A phone as a person holds it: what they tap and what they read."""

from pathlib import Path
from typing import Any, ClassVar

import axe_playwright_python
from playwright.sync_api import Browser, Locator, expect

from tests.towns import PASSWORD

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
IN_GARDEN = {"longitude": 118.3109, "latitude": 30.9185, "accuracy": 8}
"""Inside the first compound of the demonstration township."""

SMALL = """(least) => [...document.querySelectorAll('a, button, summary, input, select, textarea')]
    .filter((node) => node.checkVisibility() && !node.closest('.skip') && !node.matches('.unseen'))
    .map((node) => [node.innerText || node.ariaLabel || node.id, (node.closest('label') ?? node)
        .getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.height < least - 0.5 || box.width < least - 0.5))
    .map(([words, box]) => `${words} ${Math.round(box.width)}×${Math.round(box.height)}`)"""
SMALLEST_TEXT = """() => Math.min(...[...document.querySelectorAll('body *')]
    .filter((node) => node.checkVisibility() && !node.closest('svg')
        && [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()))
    .map((node) => parseFloat(getComputedStyle(node).fontSize)))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Phone:
    """One browser with its own cookies and storage; errors in its pages fail the story."""

    FACE = "/m"
    FRAME = "#tabs"
    """What is there once somebody has signed in."""
    DEVICE: ClassVar[dict[str, Any]] = {"is_mobile": True, "has_touch": True}

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        position: dict[str, float] | None = IN_GARDEN,
        width: int = 390,
        height: int = 844,
        agent: str | None = None,
    ) -> None:
        allowed = {"geolocation": position, "permissions": ["geolocation"]} if position else {}
        self.context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            user_agent=agent,
            **self.DEVICE,
            **allowed,  # type: ignore[arg-type]
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.clock.install()
        self.faults: list[str] = []
        self.page.on(
            "pageerror", lambda error: self.faults.append(f"{error.message} {error.stack}")
        )
        expect.set_options(timeout=20_000)

    def close(self) -> None:
        """Puts it away; raises what its pages stumbled over."""
        self.context.close()
        assert self.faults == [], self.faults

    def sign_in(self, username: str, place: str = "", *, password: str = PASSWORD) -> None:
        """Opens a page and signs in."""
        self.open(place)
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("口令", exact=True).fill(password)
        self.tap("登录")
        expect(self.page.locator(self.FRAME)).to_be_visible()

    def open(self, place: str) -> None:
        """Opens a page by its address."""
        self.page.goto(f"{self.FACE}/{place}".rstrip("/"))

    def tap(self, words: str, *, within: Locator | None = None) -> None:
        """Taps a button, a link or whatever says these words."""
        whole = within or self.page
        named = whole.get_by_role("button", name=words).or_(whole.get_by_role("link", name=words))
        named.or_(whole.locator("summary", has_text=words)).first.click()

    def shoot(self, words: str, picture: bytes) -> None:
        """Takes a photo with the button that says these words."""
        shutter = self.page.locator("label.shutter", has_text=words).locator("input")
        file: Any = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture}
        shutter.first.set_input_files(file)

    def moment_passes(self) -> None:
        """The seconds in which a report can still be changed, on the phone's clock."""
        self.reads("1 条待发")
        self.page.clock.fast_forward(7_000)

    def reads(self, words: str) -> None:
        """Waits until these words are to be read."""
        expect(self.page.get_by_text(words).locator("visible=true").first).to_be_visible()

    def reads_no_more(self, words: str) -> None:
        """Waits until these words are gone."""
        expect(self.page.get_by_text(words).locator("visible=true")).to_have_count(0)

    def barriers(self) -> list[str]:
        """What keeps somebody from using the page as it is: axe's findings at A and AA."""
        if not self.page.evaluate("() => Boolean(globalThis.axe)"):
            self.page.evaluate(AXE)
        said = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        found: Any = self.page.evaluate("(said) => axe.run(document, said)", said)
        return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]

    def small_targets(self, least: int) -> list[str]:
        """What is to be tapped and smaller than that."""
        found: list[str] = self.page.evaluate(SMALL, least)
        return found

    def smallest_text(self) -> float:
        """The size of the smallest words, in px."""
        return float(self.page.evaluate(SMALLEST_TEXT))

    def spills(self) -> int:
        """By how many px the page is wider than the phone."""
        return int(self.page.evaluate(SIDEWAYS))
