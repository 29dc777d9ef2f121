"""A day's work of several people at once, and a hand that breaks things meanwhile."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
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


def a_day(urls: list[str], town: Town, work: Work, promises: Promises) -> None:
    """All the work done by everybody; raises what went wrong for anybody."""
    with ThreadPoolExecutor(work.people) as people:
        done = [people.submit(_one, urls, town, work, promises, n) for n in range(work.people)]
        for each in done:
            each.result()


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


@dataclass(frozen=True)
class Strikes:
    """What strikes, with which pause between, and how often at least."""

    strike: Callable[[], None]
    every_s: float
    at_least: int


def days_struck(urls: list[str], town: Town, work: Work, strikes: Strikes) -> Promises:
    """What is promised while something strikes again and again: one day's work, and more of them
    where it was done before enough had struck.

    It strikes from the caller's thread: a server that is started again dies with the thread that
    started it.
    """
    promises, struck, due = Promises(), 0, time.monotonic() + strikes.every_s
    with ThreadPoolExecutor(1) as people:
        day = people.submit(a_day, urls, town, work, promises)
        while True:
            if wait([day], timeout=max(0.0, due - time.monotonic())).done:
                day.result()
                if struck >= strikes.at_least:
                    return promises
                day = people.submit(a_day, urls, town, work, promises)
            else:
                strikes.strike()
                struck, due = struck + 1, time.monotonic() + strikes.every_s
