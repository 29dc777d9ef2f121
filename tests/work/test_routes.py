"""A job over HTTP: who sees how far it is, and who stops it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.kernel.db import unit_of_work
from app.people.models import Organisation, Person, Role
from app.work.leases import complete_job, report_progress, take_due_job
from app.work.service import beat, enqueue
from tests.clocks import MovableClock
from tests.people.posts import add_post
from tests.towns import Town

SignIn = Callable[[str], dict[str, str]]
KINDS = frozenset({"photo_sweep"})


@pytest.fixture
def asked(app: Flask, town: Town, clock: MovableClock) -> Callable[..., UUID]:
    """A job that a supervisor asked for, for the town."""

    def make(*, by: str | None = "ducha1") -> UUID:
        with app.app_context(), unit_of_work() as session:
            person = session.scalar(select(Person.id).where(Person.username == by))
            path = select(Organisation.path).where(Organisation.code == town.code)
            made = enqueue(
                session,
                "photo_sweep",
                {"secret": "x"},
                now=clock(),
                requested_by=person,
                requested_path=session.scalar(path) if by else None,
            )
        assert made is not None
        return made

    return make


def answered(client: FlaskClient, path: str, headers: dict[str, str], how: str = "get") -> Any:
    answer = getattr(client, how)(f"/api/v1/jobs/{path}", headers=headers)
    return answer.status_code, answer.get_json()


def test_the_requester_sees_how_far_it_is(
    app: Flask, client: FlaskClient, asked: Callable[..., UUID], sign_in: SignIn,
    clock: MovableClock,
) -> None:  # fmt: skip
    job_id, headers = asked(), sign_in("ducha1")
    status, body = answered(client, f"{job_id}", headers)
    assert status == 200
    assert body.pop("requested_at")
    assert body == {
        "id": str(job_id), "kind": "photo_sweep", "kind_label": "清理无主照片文件",
        "state": "waiting", "state_label": "等待中", "progress": 0, "progress_text": "",
        "attempts": 0, "ended_at": None,
    }  # fmt: skip
    with app.app_context(), unit_of_work() as session:
        taken = take_due_job(session, KINDS, now=clock())
        assert taken is not None
        report_progress(session, taken, 40, "查找文件", now=clock())
    _, body = answered(client, f"{job_id}", headers)
    assert (body["state"], body["progress"], body["progress_text"]) == ("running", 40, "查找文件")
    with app.app_context(), unit_of_work() as session:
        complete_job(session, taken, now=clock())
    _, body = answered(client, f"{job_id}", headers)
    assert (body["state"], body["progress"]) == ("done", 100)
    assert body["ended_at"] is not None
    status, body = answered(client, f"{job_id}/cancel", headers, "post")
    assert (status, body["code"]) == (409, "job_finished")


def test_cancelling_twice_is_the_same(
    client: FlaskClient, asked: Callable[..., UUID], sign_in: SignIn
) -> None:
    job_id, headers = asked(), sign_in("ducha1")
    for _ in range(2):
        status, body = answered(client, f"{job_id}/cancel", headers, "post")
        assert (status, body["state"]) == (200, "cancelled")


def test_one_under_way_is_asked_to_stop(
    app: Flask, client: FlaskClient, asked: Callable[..., UUID], sign_in: SignIn,
    clock: MovableClock,
) -> None:  # fmt: skip
    job_id = asked()
    with app.app_context(), unit_of_work() as session:
        assert take_due_job(session, KINDS, now=clock()) is not None
    _, body = answered(client, f"{job_id}/cancel", sign_in("guanli"), "post")
    assert (body["state"], body["state_label"]) == ("cancelling", "正在取消")


def test_only_who_asked_and_administrators_above_know_of_it(
    app: Flask, client: FlaskClient, asked: Callable[..., UUID], sign_in: SignIn,
    two_towns: tuple[Town, Town],
) -> None:  # fmt: skip
    one, other = two_towns
    with app.app_context(), unit_of_work() as session:
        add_post(session, "town_admin", Role.administrator, one.code)
        add_post(session, "other_admin", Role.administrator, other.code)
    job_id, of_nobody = asked(), asked(by=None)
    for username, wanted in {
        "ducha1": 200, "town_admin": 200, "guanli": 200, "other_admin": 404, "ducha2": 404,
        "shequ1": 404, "wangge11": 404, "wuye11": 404,
    }.items():  # fmt: skip
        headers = sign_in(username)
        assert answered(client, f"{job_id}", headers)[0] == wanted, username
        assert answered(client, f"{of_nobody}", headers)[0] == 404, username
        assert answered(client, f"{of_nobody}/cancel", headers, "post")[0] == 404, username
        if wanted == 404:
            assert answered(client, f"{job_id}/cancel", headers, "post")[0] == 404, username
    assert answered(client, f"{job_id}", {})[0] == 401
    assert answered(client, "no-id", sign_in("guanli"))[0] == 404


class TestReadiness:
    """`/readyz` says that no worker is at work, and no balancer drops the instance for it."""

    def state(self, client: FlaskClient) -> tuple[int, str, str]:
        answer = client.get("/readyz")
        told = answer.get_json()
        return answer.status_code, told["status"], told["checks"]["worker"]

    def test_no_worker_and_one_that_stopped(
        self, client: FlaskClient, app: Flask, clock: MovableClock, now: Any
    ) -> None:
        status, whole, said = self.state(client)
        assert (status, whole) == (200, "degraded")
        assert said.startswith("none yet") and "flask --app wsgi worker" in said
        with app.app_context(), unit_of_work() as session:
            beat(session, "one", now=clock())
            beat(session, "another", now=clock() + timedelta(seconds=10))
        assert self.state(client) == (200, "ok", "ok")
        clock.move(timedelta(minutes=5, seconds=10))
        assert self.state(client) == (200, "ok", "ok")
        clock.move(timedelta(seconds=1))
        status, whole, said = self.state(client)
        assert (status, whole) == (200, "degraded")
        assert said.startswith("unavailable")
        assert said.endswith("最近一次活动在 2026-11-23T09:30:10+08:00")

    def test_one_that_cron_begins_each_minute_is_a_worker(
        self, client: FlaskClient, app: Flask, clock: MovableClock, now: Any
    ) -> None:
        for _ in range(2):
            done = app.test_cli_runner().invoke(args=["worker", "--once"])
            assert done.exit_code == 0, done.output
            assert self.state(client) == (200, "ok", "ok")
            clock.move(timedelta(minutes=1))
        assert self.state(client) == (200, "ok", "ok")
