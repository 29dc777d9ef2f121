"""A day's work of several people at once, and a hand that breaks things meanwhile."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.chaos.people import Promises, Warden, act
from tests.towns import Town

WARDENS = ("wangge11", "wangge12")


@dataclass(frozen=True)
class Work:
    """How much is done: photos in all, and what comes of each third of them."""

    photos: int
    people: int

    @property
    def each(self) -> int:
        """Photos of one person."""
        return -(-self.photos // self.people)


def a_day(urls: list[str], town: Town, work: Work) -> Promises:
    """All the work done by everybody; raises what went wrong for anybody."""
    promises = Promises()
    with ThreadPoolExecutor(work.people) as people:
        done = [people.submit(_one, urls, town, work, promises, n) for n in range(work.people)]
        for each in done:
            each.result()
    return promises


def _one(urls: list[str], town: Town, work: Work, promises: Promises, number: int) -> None:
    """A warden's photos and reports; for each report the company and the lead come as well."""
    warden = Warden(urls, WARDENS[number % len(WARDENS)], promises, seed=number)
    company = Warden(urls, "wuye11", promises, seed=100 + number)
    lead = Warden(urls, "shequ1", promises, seed=200 + number)
    for person in (warden, company, lead):
        person.sign_in()
    for turn in range(work.each):
        photo = warden.photo(town)
        if turn % 3 == 0:
            ticket = warden.report(town, photo)
            after = company.photo(town)
            ticket = act(company, ticket, "rectify", photo_ids=[f"key:{after}"])
            ticket = act(lead, ticket, "return", note="没有清干净")
            act(company, ticket, "comment", note="明天再去")
        elif turn % 3 == 1:
            warden.report_wrongly()


class Meanwhile:
    """Does something again and again while the block runs."""

    def __init__(self, does: Callable[[], None], every_s: float) -> None:
        self._does, self._every_s = does, every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go, daemon=True)

    def _go(self) -> None:
        while not self._over.wait(self._every_s):
            self._does()

    def __enter__(self) -> "Meanwhile":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def in_between(does: list[Callable[[], None]], pause_s: float) -> Callable[[], None]:
    """One after the other, with a pause before each."""

    def go() -> None:
        for one in does:
            time.sleep(pause_s)
            one()

    return go
