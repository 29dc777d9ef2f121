"""schemathesis against a live server with two townships in it, as one person after the other."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from tests.permissions import Place
from tests.servers import LiveServer
from tests.towns import Town

EXPECTED = Path(__file__).with_name("expected.toml")
PEOPLE = {
    "网格员": "wangge12",
    "负责人": "shequ1",
    "督查员": "ducha1",
    "镇管理员": "town_admin",
    "县管理员": "guanli",
    "物业": "wuye11",
    "执法": "zhifa1",
    "无岗位": "no_post",
}
"""One of each role, as docs/permissions.md names them."""


class Fuzzed:
    """Two townships with something of everything, served, and asked made-up questions."""

    def __init__(self, app: Flask, server: LiveServer, towns: tuple[Town, Town]) -> None:
        self._server = server
        self._place = Place(app, app.test_client(), *towns)
        self._place.prepare()

    def ask(
        self, username: str, folder: Path, *options: str, signs_in: bool = False
    ) -> "subprocess.CompletedProcess[str]":
        """What schemathesis says after asking as a person; `signs_in`: only about sign-ins."""
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "schemathesis.toml"
        config.write_text(self._configuration(signs_in=signs_in), "utf-8")
        token = self._place.fresh_token(username)
        words: Sequence[str] = (
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run",
            f"{self._server.url}/api/v1/openapi.json", "-H", f"Authorization: Bearer {token}",
            "--request-timeout", "60", "--warnings", "off", "--continue-on-failure", *options,
        )  # fmt: skip
        if signs_in:
            words = [*words, "--include-path-regex", "/me/"]
        return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)

    def _configuration(self, *, signs_in: bool) -> str:
        names = {**self._place.names, **self._place.administered}
        known = {
            "ticket": names["待整改"],
            "photo": names["used"],
            "upload": names["还没有传"],
            "kpi": "rectified",
            **{
                name: names[name]
                for name in ("round", "spot_check", "freeze", "import", "job", "username", "post",
                             "leave", "checkpoint", "town", "category", "pause")
            },
        }  # fmt: skip
        lines = [f'"path.{name}" = "{value}"' for name, value in known.items()]
        text = EXPECTED.read_text("utf-8").replace("{{…}}", "What stands in braces")
        text = text.replace("{parameters}", "\n".join(lines))
        return text.replace("{signs_in}", str(signs_in).lower())
