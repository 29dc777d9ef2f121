"""Addresses of a bucket that take one file from a phone: presigned POST."""

from datetime import timedelta

from app.adapters.s3_store import S3Options, s3_client, s3_prefix, store_failures
from app.photos.direct.signer import UploadAddress
from app.photos.store import checked_key


class S3UploadSigner:
    """An UploadSigner for one bucket, every key below `prefix`; the policy names key and length."""

    def __init__(self, bucket: str, prefix: str, options: S3Options) -> None:
        self._bucket = bucket
        self._prefix = s3_prefix(prefix)
        self._client = s3_client(options)

    def sign(self, key: str, *, max_bytes: int, lives: timedelta) -> UploadAddress:
        """Signs here, without asking the bucket."""
        with store_failures():
            made = self._client.generate_presigned_post(
                self._bucket,
                self._prefix + checked_key(key),
                Conditions=[["content-length-range", 1, max_bytes]],
                ExpiresIn=int(lives.total_seconds()),
            )
        return UploadAddress(made["url"], made["fields"])
