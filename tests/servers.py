"""The application behind a real socket."""

import threading
from types import TracebackType
from urllib.parse import unquote

import httpx
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.contract import contract_of
from tests.towns import PASSWORD, standing_token


class _Silent(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


class LiveServer:
    """Serves an application from threads on a free loopback port while the block runs."""

    def __init__(self, app: Flask) -> None:
        self._server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._clients: list[httpx.Client] = []
        self._contract = contract_of(app)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.client = self.new_client()

    def __enter__(self) -> "LiveServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for client in self._clients:
            client.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def new_client(self, headers: dict[str, str] | None = None) -> httpx.Client:
        """Another client, as if from another phone; closed with the server."""
        hooks = {"response": [self._check]}
        client = httpx.Client(
            base_url=self.url, headers=headers, timeout=30, trust_env=False, event_hooks=hooks
        )
        self._clients.append(client)
        return client

    def _check(self, answer: httpx.Response) -> None:
        """Holds every answer against the OpenAPI document."""
        method, path = answer.request.method, unquote(answer.request.url.path)
        self._contract.check(method, path, answer.status_code, answer.headers, answer.read())

    def signed_in(self, username: str, password: str) -> httpx.Client:
        """A client that carries a person's token; one of a loaded township has had it all along."""
        if password == PASSWORD and (token := standing_token(username)):
            return self.new_client({"Authorization": f"Bearer {token}"})
        return self.signed_in_anew(username, password)

    def signed_in_anew(self, username: str, password: str) -> httpx.Client:
        """The same by a sign-in of its own."""
        answer = self.client.post(
            "/api/v1/auth/password", json={"username": username, "password": password}
        )
        answer.raise_for_status()
        return self.new_client({"Authorization": f"Bearer {answer.json()['access_token']}"})
