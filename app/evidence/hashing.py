"""How an entry is written and hashed, and what is signed of a day; docs/evidence.md says it for
outsiders. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

FORM = "gexun-record-1"
NOTHING_YET = "0" * 64
"""What the first entry of a chain is linked to."""


def canonical(value: Any) -> str:
    """JSON with the members in the order of their names, no spaces, and no escapes but JSON's own
    few: the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str | None) -> str | None:
    """SHA-256, in hex, of a text's UTF-8; None for none."""
    return None if text is None else sha256(text.encode()).hexdigest()


def digest_of_json(value: Any) -> str:
    """SHA-256, in hex, of a value's canonical JSON."""
    return sha256(canonical(value).encode()).hexdigest()


def instant(at: datetime | None) -> str | None:
    """An instant in UTC with six decimals, as entries have it."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def leaf_of(body: str) -> str:
    """What an entry adds to the chain: the SHA-256 of its text."""
    return sha256(body.encode()).hexdigest()


def linked(before: str, leaf: str) -> str:
    """The hash of a chain with one entry more: SHA-256 of the two hashes as 64 bytes."""
    return sha256(bytes.fromhex(before) + bytes.fromhex(leaf)).hexdigest()


@dataclass(frozen=True)
class Place:
    """Where and when an entry was linked; `from_before`: what it is about was older than the
    record, which vouches for it from that instant only."""

    chain_id: UUID
    position: int
    day: date
    linked_at: datetime
    from_before: bool = False


def body_of(place: Place, kind: str, facts: Mapping[str, Any]) -> str:
    """The text of an entry."""
    return canonical(
        {
            "form": FORM,
            "chain": str(place.chain_id),
            "position": place.position,
            "day": place.day.isoformat(),
            "linked_at": instant(place.linked_at),
            "origin": "from_before" if place.from_before else "live",
            "kind": kind,
            "facts": facts,
        }
    )


def statement_of(
    chain_id: UUID, day: date, position: int, head: str, *, signed_at: datetime, key_id: str
) -> str:
    """What is signed at the end of a day: seven lines."""
    return (
        f"{FORM}\nchain {chain_id}\nday {day.isoformat()}\nposition {position}\nhead {head}\n"
        f"signed_at {instant(signed_at)}\nkey {key_id}\n"
    )
