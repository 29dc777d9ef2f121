"""Reads stand alone, writes are whole."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from app.kernel.db import begin_reading, db, unit_of_work
from app.kernel.facts import DeploymentFact, deployment_fact, record_fact
from app.web.edge import mount
from app.web.routing import BASE, Call, Routes
from tests.towns import Town


def test_what_raises_leaves_nothing(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), unit_of_work() as session:
            record_fact(session, "half", "done")
            session.flush()
            raise ZeroDivisionError
        assert deployment_fact(db.session(), "half") is None


def test_writing_after_reading_is_a_transaction(app: Flask) -> None:
    """A connection that read on its own does not go on committing each statement."""
    with app.app_context():
        for _ in range(3):
            assert begin_reading().get(DeploymentFact, "half") is None
            begin_reading()
            with pytest.raises(ZeroDivisionError), unit_of_work() as session:
                record_fact(session, "half", "done")
                session.flush()
                raise ZeroDivisionError
        assert deployment_fact(db.session(), "half") is None


def test_reads_cost_no_transaction_and_writes_do(
    new_app: Flask, town: Town, sign_in: Callable[[str], dict[str, str]]
) -> None:
    routes, seen = Routes("试验"), {}

    @routes.get("/level", permission="signed_in")
    def get_level(call: Call) -> None:
        """读"""
        call.session.execute(text("SELECT 1"))
        seen["GET"] = stands_alone(call)

    @routes.post("/level", permission="signed_in")
    def post_level(call: Call) -> None:
        """写"""
        seen["POST"] = stands_alone(call)

    mount(new_app, routes)
    client, headers = new_app.test_client(), sign_in("wangge11")
    for _ in range(2):
        client.get(f"{BASE}/level", headers=headers)
        client.post(f"{BASE}/level", headers=headers)
    assert seen["POST"] is False
    with new_app.app_context():
        assert seen["GET"] is (db.engine.dialect.name == "postgresql")


def stands_alone(call: Call) -> bool:
    """Whether each statement is its own transaction."""
    driver = call.session.connection().connection.driver_connection
    return bool(getattr(driver, "autocommit", False))
