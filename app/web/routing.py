"""How a route is declared, and the request as its view sees it.

A package's `routes.py` makes `routes = Routes("标签")` and declares each route once:

    @routes.post("/photos", permission="photos.upload", form=PhotoUpload, answer=PhotoOut,
                 status=201, made="photo")
    def post_photo(call: Call) -> Answer: ...

The declaration is also the entry in the OpenAPI document: the first line of the view's docstring is
its summary, whatever follows its description. A view is parse → one service call →
present: it gets the actor, the instant and the session with the `call` and returns JSON-ready
data, or `Answer` for another status. `loads` finds what the path names (404), `prepare` does what
must not hold a transaction (decoding a photo) before the view runs; `call.body(Schema)` validates
last (422). The order of all checks is in `edge.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, current_app, request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.kernel.db import db, unit_of_work
from app.kernel.errors import TooLarge
from app.people.access import Actor, Matter, allowing_post, require
from app.web.parsing import form_values, parse_json, validated, validated_query
from app.web.signing import UrlSigner
from config.settings import Settings

M = TypeVar("M", bound=BaseModel)
BASE = "/api/v1"
NOBODY = Actor(UUID(int=0), "", "", ())


@dataclass
class Answer:
    """What a view returns when 'data with the declared status' is not enough."""

    data: Any
    status: int | None = None
    made: UUID | None = None
    """The id that `key:` references to this request shall mean."""
    headers: dict[str, str] = field(default_factory=dict)
    kept: Any = None
    """What a replay gives again, where the data holds a secret that is told once."""


@dataclass(frozen=True)
class Route:
    """One declared route."""

    method: str
    path: str
    permission: str
    view: Callable[["Call"], Any]
    tag: str
    summary: str
    description: str = ""
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    form: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    other_statuses: tuple[int, ...] = ()
    refusals: tuple[int, ...] = ()
    loads: Callable[["Call"], Any] | None = None
    matter: Callable[["Call"], Matter] | None = None
    checked_by_view: bool = False
    """The view asks for the permission itself, because the state decides who may."""
    prepare: Callable[["Call"], Any] | None = None
    made: str | None = None
    too_large: type[TooLarge] | None = None
    form_max_bytes: int | None = None
    """How much a form may bring; that of one photo, when it is not said."""
    media_type: str = "application/json"
    admits: Callable[["Call"], None] | None = None
    """Who may ask a public address, before any body is read."""
    afterwards: Callable[["Call"], None] | None = None
    """What is tidied up once the work is committed; it raises nothing."""
    unlinked: bool = False
    """Nothing is kept beside who asked, not even the answer for a replay."""
    dressed: Callable[["Call", Any], Any] | None = None
    """What an answer gets each time it leaves, in a replay too: addresses that die soon."""

    @property
    def keyed(self) -> bool:
        """Whether an Idempotency-Key is taken: every POST of a person's outside /auth/, save where
        nothing is to be kept beside them."""
        is_post = self.method == "POST" and self.permission != "public" and not self.unlinked
        return is_post and not self.path.startswith("/auth/")

    @property
    def endpoint(self) -> str:
        """The route's name in Flask."""
        return f"{self.method} {self.path}"


class Call:
    """One request on its way through a route."""

    def __init__(self, route: Route, app: Flask, args: dict[str, Any]) -> None:
        self.route = route
        self.args = args
        self.clock: Callable[[], datetime] = app.extensions["gexun_clock"]
        self.now: datetime = self.clock()
        self.settings: Settings = app.extensions["gexun_settings"]
        self.actor: Actor = NOBODY
        self.loaded: Any = None
        self.prepared: Any = None
        self.noted: list[Callable[[Session], None]] = []

    def note(self, written: Callable[[Session], None]) -> None:
        """Has something about a read written, in a transaction of its own, before it is answered
        or refused."""
        self.noted.append(written)

    def write_notes(self) -> None:
        """Writes what was to be noted."""
        if self.noted:
            with unit_of_work() as session:
                for written in self.noted:
                    written(session)

    @property
    def session(self) -> Session:
        """The session of this request."""
        return db.session()

    @cached_property
    def raw(self) -> dict[str, Any]:
        """The parsed but not yet validated body: JSON, or the text fields of a form."""
        if self.route.form is not None:
            return form_values(request.form)
        values: dict[str, Any] = parse_json(request)
        return values

    def body(self, schema: type[M]) -> M:
        """The validated body; raises InvalidInput."""
        return validated(schema, self.raw)

    def query(self, schema: type[M]) -> M:
        """The validated query parameters; raises InvalidInput."""
        return validated_query(schema, request.args)

    def require(self, permission: str, matter: Matter | None = None) -> None:
        """Raises NotAllowed unless the actor has a permission on a matter."""
        require(self.actor, permission, matter)

    def signed(self, data: Any) -> Any:
        """Data whose photo marks are signed urls, for what leaves inside an error."""
        signer: UrlSigner = current_app.extensions["gexun_signer"]
        return signer.sign_answer(data, now=self.now, viewer=str(self.actor.person_id))

    def may(self, permission: str, matter: Matter | None = None) -> bool:
        """Whether the actor has a permission on a matter."""
        return allowing_post(self.actor, permission, matter or Matter()) is not None


class Routes:
    """The routes of one package under one tag of the document."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.declared: list[Route] = []

    def _declare(self, method: str, path: str, **options: Any) -> Callable[[Any], Any]:
        def decorator(view: Callable[[Call], Any]) -> Callable[[Call], Any]:
            summary, *more = (view.__doc__ or "").strip().split("\n")
            said = {"summary": summary, "description": "".join(line.strip() for line in more)}
            self.declared.append(Route(method, path, view=view, tag=self.tag, **said | options))
            return view

        return decorator

    def get(self, path: str, *, permission: str, **options: Any) -> Callable[[Any], Any]:
        """Declares a read."""
        return self._declare("GET", path, permission=permission, **options)

    def post(self, path: str, *, permission: str, **options: Any) -> Callable[[Any], Any]:
        """Declares a write that takes an Idempotency-Key."""
        return self._declare("POST", path, permission=permission, **options)

    def put(self, path: str, *, permission: str, **options: Any) -> Callable[[Any], Any]:
        """Declares a change that brings the whole new state."""
        return self._declare("PUT", path, permission=permission, **options)

    def delete(self, path: str, *, permission: str, **options: Any) -> Callable[[Any], Any]:
        """Declares a removal."""
        return self._declare("DELETE", path, permission=permission, **options)
