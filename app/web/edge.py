"""The life of a request: one order of checks, one transaction, one answer.

Sign-in (401), what the path names (404), replay, permission (403), then the view: version and
state (409), and last the body (422). A write commits once, here, when its view has returned.
"""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, json, request
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from app.kernel.db import begin_reading, unit_of_work
from app.kernel.errors import DomainError, PreparedInVain, UnsupportedMedia
from app.kernel.turns import Turn, take_turn
from app.people.access import Actor, require
from app.web.auth import authenticate
from app.web.idempotency import (
    BadIdempotencyKey,
    Claim,
    IdempotencyKeyReused,
    KeyedRequest,
    Replay,
    RequestInProgress,
    checked_key,
    claim,
    claim_within,
    free,
    record_answer,
)
from app.web.limits import limits
from app.web.parsing import canonical_digest, refuse_unknown_parameters
from app.web.references import ReferenceInPath
from app.web.routing import BASE, Answer, Call, Route, Routes
from app.web.signing import UrlSigner

OPEN = frozenset({"public", "signed_in"})
"""Permissions that ask for no post: nobody in particular, and anybody with a live token."""

IN_TURN = {"administration.write", "assignments.write", "titles.write", "thresholds.write"}
"""Permissions of what is done by one after the other: see `administering`."""

Held = Claim | KeyedRequest | Replay | None
"""What a keyed request has: its claim, or not yet one, or the answer it was given before."""


_REFERENCE = re.compile(r"<(ticket|photo)>(?!/<)")
"""What a path names by a key too; the signed addresses of a photo's bytes do not."""


def mount(app: Flask, *packages: Routes) -> None:
    """Serves the routes of packages under /api/v1."""
    app.url_map.converters.setdefault("reference", ReferenceInPath)
    declared: list[Route] = app.extensions.setdefault("gexun_routes", [])
    for package in packages:
        for route in package.declared:
            declared.append(route)
            app.add_url_rule(
                BASE + _REFERENCE.sub(r"<reference:\1>", route.path),
                endpoint=route.endpoint,
                view_func=_view_function(app, route),
                methods=[route.method],
            )


def _view_function(app: Flask, route: Route) -> Callable[..., Response]:
    def view(**args: Any) -> Response:
        return run(Call(route, app, args))

    return view


def run(call: Call) -> Response:
    """The whole life of a request."""
    route = call.route
    if route.permission != "public":
        begin_reading()
        call.actor = _known_actor(call)
        limits().count_request(str(call.actor.person_id))
    if route.admits is not None:
        begin_reading()
        route.admits(call)
    if route.method == "GET":
        if route.permission != "public":
            begin_reading()
        _load_and_permit(call)
        return _read(call)
    if route.form is not None:
        _read_form(call)
    asked = _keyed_request(call)
    held: Held = asked
    if asked is not None and not _claims_with_its_work(call):
        # The lease begins now, not when a slow upload began.
        held = _claim(call, lambda: claim(asked, now=call.clock()))
    done = held if isinstance(held, Replay) else _work(call, held)
    if isinstance(done, Replay):
        return respond(call, Answer(done.answer, done.status), replayed=True)
    if route.afterwards is not None:
        route.afterwards(call)
    return respond(call, done)


def _read(call: Call) -> Response:
    """The answer to a read, or its refusal, once what is noted about it is written."""
    try:
        return respond(call, call.route.view(call))
    finally:
        call.write_notes()


def _known_actor(call: Call) -> Actor:
    secrets = call.settings.keys_for("sessions")
    return authenticate(call.session, request, secrets=secrets, now=call.now)


def _read_form(call: Call) -> None:
    """Reads a multipart body under the cap of a photo, or its own, and its few fields."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMedia("请用 multipart/form-data 上传。")
    maximum = call.route.form_max_bytes or call.settings.photo_max_bytes
    request.max_content_length = most = maximum + 64 * 1024
    try:
        request.form  # noqa: B018
    except RequestEntityTooLarge:
        # Too many fields, or too much in them, is refused too, and is not the photo's fault.
        if call.route.too_large is None or (request.content_length or most + 1) <= most:
            raise
        detail = f"每个文件不超过 {maximum / (1 << 20):.3g} MB。"
        raise call.route.too_large(detail, max_bytes=maximum) from None


def _load_and_permit(call: Call) -> None:
    """404 before 403: what is not visible is not refused but absent. Then unknown parameters, but
    not of public addresses: signed ones travel, and pick up others' parameters on their way."""
    route = call.route
    if route.loads is not None:
        call.loaded = route.loads(call)
    if route.permission not in OPEN and not route.checked_by_view:
        require(call.actor, route.permission, route.matter(call) if route.matter else None)
    if route.permission != "public":
        refuse_unknown_parameters(request.args, route.query)


def _keyed_request(call: Call) -> KeyedRequest | None:
    key = request.headers.get("Idempotency-Key")
    if key is None or not call.route.keyed:
        return None
    try:
        path, key = request.path[:300], checked_key(key)
    except BadIdempotencyKey:
        _load_only(call)
        raise
    return KeyedRequest(call.actor.person_id, request.method, path, key, _digest(call))


def _claims_with_its_work(call: Call) -> bool:
    """Where one transaction writes at a time, a claim of its own would only be one more."""
    return call.settings.embedded and call.route.prepare is None


def _claim(call: Call, take: Callable[[], Claim | Replay]) -> Claim | Replay:
    try:
        held = take()
    except (IdempotencyKeyReused, RequestInProgress):
        _load_only(call)
        raise
    if isinstance(held, Replay):
        _load_only(call)
    return held


def _load_only(call: Call) -> None:
    """What is not visible is 404 before anything is said about its replay."""
    begin_reading()
    if call.route.loads is not None:
        call.loaded = call.route.loads(call)


def _digest(call: Call) -> str:
    """The same for the same parsed fields and files, however they were written and whenever sent.

    What does not fit the schema is compared as it came; what cannot be parsed stands for itself.
    """
    # Looking for files reads a body as a form: only where one is expected.
    sent = sorted(request.files) if call.route.form is not None else []
    files = [_file_digest(name) for name in sent]
    try:
        fields = _parsed_fields(call)
        # The phone's clock at each sending: the one field that differs in a repetition.
        fields.pop("sent_at", None)
        return canonical_digest(fields, files)
    except DomainError:
        return canonical_digest(request.get_data(cache=True).decode("latin-1"), files)


def _parsed_fields(call: Call) -> dict[str, Any]:
    route, raw = call.route, dict(call.raw)
    schema = route.body or route.form
    if schema is None:
        return raw
    try:
        # A file's bytes are compared by themselves; its name stands in for it, as "" is no file.
        parsed = schema.model_validate({**raw, "file": "file"} if route.form else raw)
    except ValidationError:
        return raw
    return parsed.model_dump(mode="json", exclude_none=True)


def _file_digest(name: str) -> str:
    stream = request.files[name].stream
    stream.seek(0)
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    stream.seek(0)
    return f"{name}:{digest}"


def _work(call: Call, held: Held) -> Answer | Replay:
    try:
        try:
            return _prepared_work(call, held)
        except PreparedInVain:
            # What was found while preparing is gone by now: prepared again, it is not missed.
            return _prepared_work(call, held)
    except BaseException:
        if isinstance(held, Claim):
            free(held)
        raise


def _prepared_work(call: Call, held: Held) -> Answer | Replay:
    if call.route.prepare is not None:
        begin_reading()
        _load_and_permit(call)
        call.prepared = call.route.prepare(call)
    try:
        return _work_once(call, held)
    except IntegrityError:
        # Somebody made the same thing at the same moment: this time it is there to be seen.
        return _work_once(call, held)


def _work_once(call: Call, held: Held) -> Answer | Replay:
    with unit_of_work() as session:
        if call.route.permission in IN_TURN:
            take_turn(session, Turn.administration)
            # Meanwhile this very account or post may have ended, and the day.
            call.actor, call.now = _known_actor(call), call.clock()
        if isinstance(held, KeyedRequest):
            asked = held
            held = _claim(call, lambda: claim_within(session, asked, now=call.clock()))
        if isinstance(held, Replay):
            return held
        _load_and_permit(call)
        answer = _as_answer(call.route.view(call), call.route)
        if held is not None:
            _record(session, call, held, answer)
    return answer


def _as_answer(result: Any, route: Route) -> Answer:
    answer = result if isinstance(result, Answer) else Answer(result)
    answer.status = answer.status or route.status
    return answer


def _record(session: Session, call: Call, held: Claim, answer: Answer) -> None:
    made = (call.route.made, answer.made) if call.route.made and answer.made else None
    record_answer(
        session,
        held,
        status=answer.status or call.route.status,
        answer=answer.data if answer.kept is None else answer.kept,
        made=made,
        now=call.now,
    )


def respond(call: Call, result: Any, *, replayed: bool = False) -> Response:
    """The HTTP answer: photo marks become signed urls only here, also in a replay."""
    if isinstance(result, Response):
        return result
    answer = _as_answer(result, call.route)
    if isinstance(answer.data, Response):
        return answer.data
    signer: UrlSigner = current_app.extensions["gexun_signer"]
    if answer.status == 204:
        return Response(status=204, headers=answer.headers)
    data = answer.data if call.route.dressed is None else call.route.dressed(call, answer.data)
    viewer = str(call.actor.person_id)
    text = json.dumps(signer.sign_answer(data, now=call.now, viewer=viewer))
    response = Response(text, answer.status, content_type=call.route.media_type)
    response.headers.update(answer.headers)
    if replayed:
        response.headers["Idempotent-Replay"] = "true"
    return response
