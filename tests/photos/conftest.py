"""What stories about photos are told with."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel.db import unit_of_work
from app.photos.models import Photo, PhotoBlob
from tests.photos.phones import Phone
from tests.servers import LiveServer
from tests.towns import PASSWORD

Left = dict[str, int]


@pytest.fixture
def phone(server: LiveServer) -> Callable[[str], Phone]:
    """The phone of a person of the township, signed in once."""
    known: dict[str, Phone] = {}

    def of(username: str) -> Phone:
        if username not in known:
            known[username] = Phone(server.signed_in(username, PASSWORD), username)
        return known[username]

    return of


@pytest.fixture
def left(app: Flask, photo_folder: Path) -> Callable[[], Left]:
    """Counts what is kept: rows of photos, rows of blobs, files in the store."""

    def count() -> Left:
        with app.app_context(), unit_of_work() as session:
            photos = session.scalar(select(func.count()).select_from(Photo)) or 0
            blobs = session.scalar(select(func.count()).select_from(PhotoBlob)) or 0
        files = sum(1 for path in photo_folder.rglob("*") if path.is_file())
        return {"photos": photos, "blobs": blobs, "files": files}

    return count
