"""A person's phone: sends photos over real HTTP and reads what comes back."""

from typing import Any
from uuid import uuid4

import httpx

BASE = "/api/v1"


class Phone:
    """Somebody signed in; `send` uploads, every other verb goes to a path below the API's base."""

    def __init__(self, client: httpx.Client, person: str) -> None:
        self.client = client
        self.person = person

    def upload(
        self, data: bytes | None, *, key: str | None = None, name: str = "photo.jpg", **fields: Any
    ) -> httpx.Response:
        """Sends a file with text fields; None: no file."""
        return self.client.post(
            f"{BASE}/photos",
            files=None if data is None else {"file": (name, data, "image/jpeg")},
            data={field: str(value) for field, value in fields.items()},
            headers={"Idempotency-Key": key or str(uuid4())},
        )

    def send(self, data: bytes, *, status: int = 201, **fields: Any) -> Any:
        """The photo (or the problem) that an upload comes to, after checking the status."""
        answer = self.upload(data, **fields)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path: str, *, status: int = 200) -> Any:
        """The JSON at a path, after checking the status."""
        answer = self.client.get(BASE + path)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any], *, status: int = 200) -> Any:
        """The JSON that a POST comes to, after checking the status."""
        headers = {"Idempotency-Key": str(uuid4())}
        answer = self.client.post(BASE + path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def delete(self, path: str) -> httpx.Response:
        """What a DELETE comes to."""
        return self.client.delete(BASE + path)

    def report(self, *photo_ids: str, **more: Any) -> Any:
        """A ticket with these before-photos, by default of things piled up."""
        body = {"category": "01-36", "photo_ids": list(photo_ids), **more}
        return self.post("/tickets", body, status=201)


def codes(photo: dict[str, Any]) -> list[str]:
    """The codes of a photo's findings, sorted."""
    return sorted(finding["code"] for finding in photo["findings"])
