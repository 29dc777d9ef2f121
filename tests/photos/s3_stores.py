"""The S3 store on the real server, each in a prefix of its own, for as long as a test wants it."""

import secrets
from typing import Any

from app.adapters import StoreOptions, open_store
from app.adapters.s3_store import S3Options
from app.photos.store import PhotoStore
from tests.s3_server import BUCKET, S3Address


def s3_store(
    address: S3Address, *, bucket: str = BUCKET, prefix: str | None = None, **options: Any
) -> PhotoStore:
    """The store in a bucket of a server, in a fresh prefix unless one is named."""
    known = {
        "endpoint_url": address.endpoint,
        "access_key": address.access_key,
        "secret_key": address.secret_key,
        "addressing_style": "path",
    }
    url = f"s3://{bucket}/{prefix or secrets.token_hex(8)}"
    return open_store(url, StoreOptions(s3=S3Options(**{**known, **options})))
