"""Timestamp queries and answers: made, and held against what was stamped. Pure.

Whether a certificate was good is asked for the instant of the stamp: it may have run out since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerifierBuilder,
    decode_timestamp_response,
)

Roots = Sequence[Certificate]
MOST_BYTES = 64 * 1024


class StampRefused(Exception):
    """An answer is no good stamp of what was asked; the message is Chinese."""


@dataclass(frozen=True)
class Query:
    """What is asked: its bytes, and the number that the answer has to repeat."""

    data: bytes
    nonce: int | None


def roots_in(pem: bytes) -> Roots:
    """The certificates of a PEM file; raises ValueError for none."""
    return load_pem_x509_certificates(pem)


def query_for(statement: str) -> Query:
    """A query for a stamp of a statement, by its SHA-256, with the certificate in the answer."""
    asked = TimestampRequestBuilder(statement.encode(), HashAlgorithm.SHA256).build()
    return Query(asked.as_bytes(), asked.nonce)


def stamped_at(answer: bytes, statement: str, roots: Roots, nonce: int | None = None) -> datetime:
    """When a statement was stamped (UTC); raises StampRefused for anything but a good stamp.

    Without roots only what was stamped is checked, not by whom.
    """
    stamp = _decoded(answer)
    at = _instant(stamp)
    if stamp.tst_info.message_imprint.message != sha256(statement.encode()).digest():
        raise StampRefused("盖的不是这一天的签名内容")
    if roots:
        builder = VerifierBuilder(roots=list(roots), nonce=nonce)
        try:
            builder.build().verify_message(stamp, statement.encode())
        except Exception as problem:
            # The wheel's parts are foreign code: whatever they raise, the stamp is no good.
            raise StampRefused(f"签名、证书或回执编号不对（{problem}）") from None
    return at


def _decoded(answer: bytes) -> TimeStampResponse:
    if len(answer) > MOST_BYTES:
        raise StampRefused("太长")
    try:
        return decode_timestamp_response(answer)
    except Exception:
        raise StampRefused("不是时间戳") from None


def _instant(stamp: TimeStampResponse) -> datetime:
    try:
        if stamp.status != 0:
            raise StampRefused(f"时间戳服务没有给（状态 {stamp.status}）")
        at = stamp.tst_info.gen_time
    except ValueError:
        raise StampRefused("不是时间戳") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
