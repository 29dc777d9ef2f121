"""Pages as a browser opens them: what came over the wire, when they served, how smooth they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from app.web.auth import COOKIE

CPU_SLOWER = 6
NETWORK = {"offline": False, "latency": 300, "downloadThroughput": 200_000}
"""300 ms until an answer begins, 1.6 Mbit/s; a megabit back."""
UPLOAD = 125_000
SERVES = """(selector) => new Promise((done) => {
    const look = () => document.querySelector(selector)
        ? setTimeout(() => done(performance.now() / 1000)) : requestAnimationFrame(look);
    look();
})"""
"""The seconds since the page was asked for once something is there and the thread is free."""
NAMED = """() => [location.href, ...[...document.querySelectorAll('link[href], script[src]')]
    .filter((one) => one.rel !== 'manifest').map((one) => one.href || one.src)]"""
PAN = """(frames) => new Promise((done, failed) => {
    const map = document.querySelector('.cells');
    const { left, top, width, height } = map.getBoundingClientRect();
    const at = (turn) => ({ bubbles: true, buttons: 1,
        clientX: left + width / 2 + Math.cos(turn / 20) * width / 4,
        clientY: top + height / 2 + Math.sin(turn / 20) * height / 4 });
    const times = [];
    const seen = new Set();
    const step = (time) => {
        times.push(time);
        seen.add(map.getAttribute('viewBox'));
        const isOver = times.length > frames + 1;
        if (isOver && seen.size < frames) return failed(new Error('The map stands still'));
        if (isOver) return done(times.slice(2).map((t, i) => t - times[i + 1]));
        map.dispatchEvent(new PointerEvent('pointermove', at(times.length)));
        requestAnimationFrame(step);
    };
    map.dispatchEvent(new PointerEvent('pointerdown', at(0)));
    requestAnimationFrame(step);
})"""
"""The map follows a pointer that goes round, one step a frame: how long each frame took."""


@dataclass
class _Came:
    """One answer: its bytes with headers, and those of its headers."""

    whole: float
    headers: float


class Seat:
    """One signed-in browser window and what its page fetched."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._devtools = page.context.new_cdp_session(page)
        self._addresses: dict[str, str] = {}
        self._headers: dict[str, float] = {}
        self._came: dict[str, _Came] = {}
        self._devtools.send("Network.enable")
        self._devtools.on("Network.responseReceived", self._begun)
        self._devtools.on("Network.loadingFinished", self._ended)

    def _begun(self, told: dict[str, Any]) -> None:
        self._addresses[told["requestId"]] = told["response"]["url"]
        self._headers[told["requestId"]] = told["response"]["encodedDataLength"]

    def _ended(self, told: dict[str, Any]) -> None:
        address = self._addresses[told["requestId"]]
        came = _Came(told["encodedDataLength"], self._headers[told["requestId"]])
        self._came.setdefault(address, came)

    def open_anew(self, place: str, selector: str) -> float:
        """Opens a page with nothing kept of its files; the seconds until an element is there."""
        self._devtools.send("Network.clearBrowserCache")
        self._devtools.send("Network.setBypassServiceWorker", {"bypass": True})
        return self._open(place, selector)

    def open_again(self, place: str, selector: str) -> float:
        """Opens a page whose worker keeps its files; the seconds until an element is there."""
        self._devtools.send("Network.setBypassServiceWorker", {"bypass": False})
        return self._open(place, selector)

    def _open(self, place: str, selector: str) -> float:
        # What the page before still fetches is not this one's.
        self.page.goto("about:blank")
        self._came.clear()
        self.page.goto(place, wait_until="commit")
        took = float(self.page.evaluate(SERVES, selector))
        self.page.wait_for_load_state("networkidle")
        return took

    def settle(self, place: str) -> None:
        """Opens a page and waits until its worker has kept everything."""
        self.page.goto(place)
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
        self.page.wait_for_load_state("networkidle")

    def slow_down(self) -> None:
        """From now on as on a slow phone with a slow network."""
        self._devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
        slow = NETWORK | {"uploadThroughput": UPLOAD}
        self._devtools.send("Network.emulateNetworkConditions", slow)

    def back_to_speed(self) -> None:
        """As fast as this machine is."""
        self._devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        fast = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self._devtools.send("Network.emulateNetworkConditions", fast)

    def named_by_the_page(self) -> list[str]:
        """The page's address and those of the files that it names, each fetched once."""
        return [one for one in dict.fromkeys(self.page.evaluate(NAMED)) if one in self._came]

    def answers(self) -> list[str]:
        """The addresses of what the page read from the API."""
        return [one for one in self._came if "/api/v1/" in one and "/photos/" not in one]

    def bytes_of(self, addresses: list[str]) -> float:
        """What came as bodies, packed."""
        return sum(self._came[one].whole - self._came[one].headers for one in addresses)

    def header_bytes_of(self, addresses: list[str]) -> float:
        """What came as headers."""
        return sum(self._came[one].headers for one in addresses)


@contextmanager
def phone(browser: Browser, url: str, token: str) -> Iterator[Seat]:
    """A phone whose person is signed in and stands at a place."""
    position = {"longitude": 118.2012, "latitude": 30.8009, "accuracy": 8}
    allowed = {"geolocation": position, "permissions": ["geolocation"]}
    held = {"is_mobile": True, "has_touch": True, "viewport": {"width": 390, "height": 844}}
    with _seat(browser, url, token, "/m", **allowed, **held) as seat:
        yield seat


@contextmanager
def desk(browser: Browser, url: str, token: str) -> Iterator[Seat]:
    """A desk whose person is signed in."""
    with _seat(browser, url, token, "/console", viewport={"width": 1280, "height": 800}) as seat:
        yield seat


@contextmanager
def _seat(browser: Browser, url: str, token: str, home: str, **more: Any) -> Iterator[Seat]:
    context = browser.new_context(base_url=url, locale="zh-CN", ignore_https_errors=True, **more)
    context.add_cookies([{"name": COOKIE, "value": token, "url": url, "httpOnly": True}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    # The first time the browser learns who it is that signed in.
    page.goto(home)
    page.wait_for_load_state("networkidle")
    yield Seat(page)
    context.close()


def panned(page: Page, frames: int) -> list[float]:
    """How long each frame took, in ms, while the map went round with a pointer."""
    took: list[float] = page.evaluate(PAN, frames)
    return took
