"""A small dose of what `make chaos` does: processes are killed while people work."""

from pathlib import Path
from typing import Any

from flask import Flask

from config.settings import Settings
from tests.chaos.days import Strikes, Work, days_struck
from tests.chaos.people import Promises, Warden
from tests.chaos.reckoning import reckon
from tests.chaos.stand import Stand
from tests.towns import Town


def variables_of(settings: Settings, **more: str) -> dict[str, str]:
    """The environment of processes with these settings."""
    return {
        "GEXUN_ENV": "production",
        "GEXUN_DATABASE_URL": settings.database_url,
        "GEXUN_PHOTO_STORE": settings.photo_store,
        "GEXUN_SECRET_KEY": settings.secret_key.get_secret_value(),
        "GEXUN_LIMIT_REQUESTS": "1000000",
        "GEXUN_LIMIT_SIGN_INS": "1000000",
        **more,
    }


def test_what_was_acknowledged_is_there_once_whoever_is_killed(
    app: Flask, town: Town, settings: Settings, tmp_path: Path
) -> None:
    stand = Stand(variables_of(settings), tmp_path, instances=2, faster=20)
    try:
        stand.wait_until_ready()
        strikes = Strikes(stand.kill_something, every_s=0.5, at_least=3)
        promises = days_struck(stand.urls, town, Work(photos=9, people=3), strikes)
        stand.wait_until_ready()
        reader: Any = Warden(stand.urls, "ducha1", Promises(), seed=9)
        reader.sign_in()
        counted = reckon(app, promises, reader)
        assert stand.kills >= 2
        assert counted["photos"] >= 9
        assert counted["tickets"] * 3 == counted["actions"] > 0
    finally:
        stand.close()
