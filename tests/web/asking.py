"""How tests of the edge ask and what they look at."""

import io
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from tests.photos.pictures import encoded, quadrants

BASE = "/api/v1"
COMPOUND = "340299101001C01"
"""Looked after by WY299001 (wuye11, wuye12) in the first community (shequ1, wangge11, wangge12)."""


def keyed(headers: Mapping[str, str], key: str | None = None) -> dict[str, str]:
    """Headers with an Idempotency-Key, a fresh one unless given."""
    return {**headers, "Idempotency-Key": key or str(uuid4())}


def refused(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, which is always a problem."""
    assert answer.content_type == "application/problem+json", answer.get_data(as_text=True)
    body = answer.get_json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:gexun:problem:{body['code']}"
    return answer.status_code, body["code"]


def a_report(**more: Any) -> dict[str, Any]:
    """A report that needs no photo, which routing gives to the compound's company."""
    return {"category": "01-36", "source": "resident", "compound": COMPOUND, **more}


def a_picture(width: int = 64, height: int = 48) -> bytes:
    """A small JPEG; another size is another file."""
    return encoded(quadrants(width, height))


def upload(client: Any, headers: Mapping[str, str], data: bytes, **fields: str) -> TestResponse:
    """Sends a photo as a form."""
    form = {"file": (io.BytesIO(data), "a.jpg"), **fields}
    answer: TestResponse = client.post(f"{BASE}/photos", data=form, headers=headers)
    return answer


def reported(client: Any, headers: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """A fresh ticket."""
    answer = client.post(f"{BASE}/tickets", json=a_report(**more), headers=keyed(headers))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    ticket: dict[str, Any] = answer.get_json()
    return ticket
