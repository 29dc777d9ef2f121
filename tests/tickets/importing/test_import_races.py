"""The same work from elsewhere, imported by two people at the same moment: each row once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
from flask import Flask
from sqlalchemy import func, select

from app.kernel.db import db
from app.tickets.models import Ticket
from tests.servers import LiveServer
from tests.tickets.importing.sheets import HEADER, row, xlsx
from tests.towns import Town

SignIn = Callable[[str], httpx.Client]
PATH = "/api/v1/tickets/imports"


def test_each_number_becomes_one_ticket(
    app: Flask, server: LiveServer, town: Town, sign_in_over_http: SignIn
) -> None:
    numbers = [str(number) for number in range(20)]
    said = [row(编号=number, 小区=town.compound().code) for number in numbers]
    data = xlsx([HEADER, *said])
    people = [sign_in_over_http(who) for who in ("shequ1", "shequ1", "ducha1")]
    shown = [
        person.post(PATH, files={"file": ("rows.xlsx", data)}).raise_for_status().json()
        for person in people[1:]
    ]
    # The lead twice with one upload, the supervisor with another of the same rows.
    wanted = [shown[0]["id"], shown[0]["id"], shown[1]["id"]]
    together = Barrier(len(people))

    def apply(person: httpx.Client, import_id: str) -> httpx.Response:
        together.wait()
        return person.post(f"{PATH}/{import_id}/apply", json={})

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(apply, people, wanted))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    named = [{each["ticket"]["number"] for each in one.json()["rows"]} for one in answers]
    assert named[0] == named[1] == named[2]
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(Ticket)) == len(numbers)
        db.session.remove()
