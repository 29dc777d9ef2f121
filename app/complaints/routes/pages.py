"""The page for residents: plain forms that work without JavaScript."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Flask, Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.complaints import TEMPLATES
from app.complaints.models import COMPLAINT_KIND_LABELS
from app.complaints.presenting import office_json, received_json
from app.complaints.queries import complaint_by_receipt, office_lines
from app.complaints.routes.public import (
    compound_of,
    count_complaint,
    count_look,
    office_of,
    receipt_json,
    said_by_resident,
)
from app.complaints.schemas import LONGEST, ReceiptIn, ResidentIn
from app.complaints.service import answering_limit
from app.kernel.db import begin_reading, unit_of_work
from app.kernel.errors import DomainError
from app.web.assets import Assets
from app.web.pages import prefix_of
from app.web.parsing import form_values, validated
from app.web.problems import status_of
from config.settings import Settings

FIELDS = ("kind", "text", "phone", "ticket_number", "once", "number", "code")
_TEMPLATES = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def register_say(app: Flask, assets: Assets, settings: Settings) -> None:
    """Serves /say, where an answer is read, and /say/<scene>, the form of a place."""
    pages = _Pages(assets, settings, app.extensions["gexun_clock"])
    app.add_url_rule("/say", endpoint="say", view_func=pages.look, methods=["GET", "POST"])
    app.add_url_rule(
        "/say/<scene>", endpoint="say_place", view_func=pages.say, methods=["GET", "POST"]
    )


class _Pages:
    """The pages of one application."""

    def __init__(self, assets: Assets, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._assets, self._settings, self._clock = assets, settings, clock
        self._prefix = prefix_of(settings)

    def say(self, scene: str) -> Response:
        """The form of a place; what was sent with it; what is wrong with that, and nothing lost."""
        sent = _sent()
        try:
            place = self._place(begin_reading(), scene)
        except DomainError as error:
            return self._shown("gone.html", status_of(error), problem=error)
        if request.method == "GET":
            return self._form(place, {"once": secrets.token_urlsafe(18)})
        try:
            said = validated(ResidentIn, sent)
            count_complaint(scene)
            receipt = self._received(scene, said)
        except DomainError as error:
            return self._form(place, sent, error)
        return self._shown("receipt.html", 200, place=place, receipt=receipt)

    def look(self) -> Response:
        """Where the two halves of a receipt are typed, and what was answered."""
        sent = _sent() if request.method == "POST" else {}
        if not sent:
            return self._shown("look.html", 200, sent={}, problem=None, found=None)
        try:
            count_look()
            asked = validated(ReceiptIn, sent)
            complaint = complaint_by_receipt(begin_reading(), asked.number, asked.code)
        except DomainError as error:
            status = status_of(error)
            return self._shown("look.html", status, sent=sent, problem=error, found=None)
        found = received_json(complaint)
        return self._shown("look.html", 200, sent={}, problem=None, found=found)

    def _received(self, scene: str, body: ResidentIn) -> dict[str, str]:
        try:
            return self._received_once(scene, body)
        except IntegrityError:
            # Sent twice at the same moment, or a number drawn twice: this time it is there.
            return self._received_once(scene, body)

    def _received_once(self, scene: str, body: ResidentIn) -> dict[str, str]:
        secret = self._settings.secret_key.get_secret_value()
        with unit_of_work() as session:
            compound = compound_of(session, scene)
            made = said_by_resident(session, compound, body, secret=secret, now=self._clock())
            return receipt_json(made)

    def _place(self, session: Session, scene: str) -> dict[str, Any]:
        compound = compound_of(session, scene)
        office = office_of(session, compound)
        limit = answering_limit(session, office, now=self._clock())
        told = office_json(office, office_lines(session, office), limit)
        return {"scene": scene, "compound": compound.name, "office": told}

    def _form(
        self, place: Mapping[str, Any], sent: Mapping[str, str], error: DomainError | None = None
    ) -> Response:
        status = 200 if error is None else status_of(error)
        kinds, longest = COMPLAINT_KIND_LABELS, LONGEST
        return self._shown(
            "say.html", status, place=place, sent=sent, problem=error, kinds=kinds, longest=longest
        )

    def _shown(self, template: str, status: int, **said: Any) -> Response:
        prefix, asset = self._prefix, self._assets.url
        text = _TEMPLATES.get_template(template).render(prefix=prefix, asset=asset, **said)
        response = Response(text, status, content_type="text/html; charset=utf-8")
        retry_after = getattr(said.get("problem"), "extra", {}).get("retry_after")
        if retry_after is not None:
            response.headers["Retry-After"] = str(retry_after)
        return response


def _sent() -> dict[str, str]:
    """What a form brought; what was left empty was not said."""
    values = form_values(request.form)
    return {name: str(values[name]) for name in FIELDS if values.get(name)}
