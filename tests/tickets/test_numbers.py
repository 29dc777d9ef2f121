"""Numbers: town code, Shanghai day, counter; unique, never given out again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import httpx
from sqlalchemy import update

from app.tickets.models import TicketCounter
from tests.servers import LiveServer
from tests.tickets.stories import Stories, at
from tests.towns import Town


def numbers(stories: Stories, count: int) -> list[str]:
    """The numbers of new tickets, without the town's code."""
    made = [stories.report(source="hotline", photo_ids=[])["number"] for _ in range(count)]
    assert all(number.startswith(f"{stories.town.code}-") for number in made)
    return [number.removeprefix(f"{stories.town.code}-") for number in made]


def test_a_new_day_in_shanghai_begins_anew(stories: Stories) -> None:
    stories.now(at("11-25 23:59"))
    assert numbers(stories, 2) == ["20261125-0001", "20261125-0002"]
    stories.later(minutes=1)
    assert numbers(stories, 2) == ["20261126-0001", "20261126-0002"]


def test_a_number_is_not_given_out_again(stories: Stories) -> None:
    first = stories.report()
    stories.act("wangge11", first, "withdraw")
    refused = stories.try_report(category="77-77")
    assert refused.status_code == 422
    assert numbers(stories, 1) == ["20261125-0002"]


def test_more_than_ten_thousand_a_day(stories: Stories) -> None:
    assert numbers(stories, 1) == ["20261125-0001"]
    stories.change(update(TicketCounter).values(last=9998))
    assert numbers(stories, 3) == ["20261125-9999", "20261125-10000", "20261125-10001"]


def test_each_town_counts_for_itself(stories: Stories, two_towns: tuple[Town, Town]) -> None:
    second = two_towns[1]
    assert numbers(stories, 1) == ["20261125-0001"]
    answer = stories.post(
        second.who("wangge11"),
        "/tickets",
        {"category": "01-36", "source": "hotline", "compound": second.compound().code},
    )
    assert answer.get_json()["number"] == f"{second.code}-20261125-0001"


def test_a_day_of_work_is_counted_by_receipt(stories: Stories) -> None:
    ticket = stories.report(occurred_at=at("11-24 10:00"))
    assert ticket["number"].split("-")[1] == f"{date(2026, 11, 25):%Y%m%d}"


def test_sixteen_at_once(
    server: LiveServer, town: Town, sign_in_over_http: Callable[[str], httpx.Client]
) -> None:
    names = ("wangge11", "wangge12", "shequ1", "ducha1")
    people = [sign_in_over_http(names[index % 4]) for index in range(16)]
    together = Barrier(len(people))
    body = {"category": "01-36", "source": "resident", "compound": town.compound().code}

    def report(client: httpx.Client) -> str:
        together.wait()
        answer = client.post("/api/v1/tickets", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["number"])

    with ThreadPoolExecutor(len(people)) as pool:
        made = list(pool.map(report, people))
    assert sorted(number[-4:] for number in made) == [f"{n:04d}" for n in range(1, 17)]
