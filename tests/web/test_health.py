"""Up, ready, and measured."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app
from app.kernel.db import db, unit_of_work
from config.settings import Settings
from tests.towns import cheap_settings
from tests.web.asking import refused


def ready(client: FlaskClient) -> tuple[int, dict[str, str]]:
    """The status of readiness and what each part says."""
    answer = client.get("/readyz")
    return answer.status_code, answer.get_json()["checks"]


def test_up_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    status, checks = ready(client)
    assert (status, checks["database"], checks["photo_store"]) == (200, "ok", "ok")


def test_a_database_that_is_not_migrated(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    status, checks = ready(client)
    assert (status, checks["photo_store"]) == (503, "ok")
    assert "db upgrade" in checks["database"]
    with app.app_context(), unit_of_work() as session:
        session.execute(text("DROP TABLE alembic_version"))
    status, checks = ready(client)
    assert status == 503
    assert checks["database"].startswith("unavailable")


def test_a_database_that_is_away(
    app: Flask, client: FlaskClient, databases: Any, database_url: str
) -> None:
    databases.drop(database_url)
    with app.app_context():
        db.engine.dispose()
    status, checks = ready(client)
    assert (status, checks["photo_store"]) == (503, "ok")
    assert checks["database"].startswith("unavailable")


def test_nobody_listens_at_the_databases_port(photo_folder: Path) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    client = create_app(cheap_settings(url, photo_folder)).test_client()
    assert ready(client)[0] == 503
    answer = client.get("/api/v1/me", headers={"Authorization": "Bearer x"})
    assert refused(answer) == (503, "unavailable")


def test_a_store_that_cannot_be_written(client: FlaskClient, photo_folder: Path) -> None:
    photo_folder.write_bytes(b"a file where the folder should be")
    status, checks = ready(client)
    assert (status, checks["database"]) == (503, "ok")
    assert checks["photo_store"].startswith("unavailable")


class TestMetrics:
    """Prometheus reads them from this machine, or with the token."""

    @pytest.fixture
    def settings(self, tmp_path: Path, photo_folder: Path) -> Settings:
        """With a token."""
        known = cheap_settings(f"sqlite:///{tmp_path}/a.db", photo_folder).model_dump()
        return Settings(**{**known, "metrics_token": "0123456789abcdef"}, _env_file=None)

    @pytest.fixture
    def elsewhere(self, client: FlaskClient) -> Iterator[FlaskClient]:
        """A client on another machine."""
        client.environ_base["REMOTE_ADDR"] = "10.0.0.7"
        yield client

    def test_on_this_machine(self, client: FlaskClient) -> None:
        client.get("/healthz")
        client.get("/api/v1/me")
        answer = client.get("/metrics")
        assert answer.status_code == 200
        assert 'gexun_requests_total{route="root.healthz",status="200"} 1.0' in answer.text
        assert 'gexun_refusals_total{code="not_signed_in"} 1.0' in answer.text

    def test_behind_a_proxy_on_this_machine(self, client: FlaskClient) -> None:
        for name in ("X-Forwarded-For", "Forwarded"):
            answer = client.get("/metrics", headers={name: "for=10.0.0.7"})
            assert refused(answer) == (403, "not_allowed")

    def test_elsewhere(self, elsewhere: FlaskClient) -> None:
        for wrong in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer é"}):
            assert refused(elsewhere.get("/metrics", headers=wrong)) == (403, "not_allowed")
        right = {"Authorization": "Bearer 0123456789abcdef"}
        assert elsewhere.get("/metrics", headers=right).status_code == 200
