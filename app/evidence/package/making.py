"""The files of a package: each ticket's own, the stretches of the record they share, how to check.

Received files are for inside the office only. Outside there are their hashes, and the display
renditions that somebody has looked at, masked where something had to be covered.
"""

import base64
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.evidence.keys import PublicKey
from app.evidence.models import RecordDay
from app.evidence.package.bags import Item, text_item
from app.evidence.package.page import HOW_TO_CHECK, index_page, ticket_page
from app.evidence.package.stretches import lines_of_day
from app.evidence.package.telling import Told, tell
from app.evidence.timestamps.service import stamp_of
from app.photos.looks import note_look
from app.photos.models import BlobFile
from app.photos.store import BlobKind, PhotoStore, StoredBytes
from app.tickets.models import Ticket

CHECKER = Path(__file__).with_name("check_record.py")
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}


@dataclass(frozen=True)
class Making:
    """What packages are made with, and for whom."""

    session: Session
    store: PhotoStore
    keys: Mapping[str, PublicKey]
    now: datetime
    outside: bool = False
    stretches: dict[tuple[UUID, date], set[int]] = field(default_factory=lambda: defaultdict(set))
    """The days of chains that are wanted, with the positions to be given with their text."""
    received: list[UUID] = field(default_factory=list)
    """The photos whose received file is in it, as far as it is made."""


def note_given(session: Session, *, given: Sequence[UUID], by: UUID | None, now: datetime) -> None:
    """Notes that a person was given received files, as where they are served one by one."""
    for photo_id in dict.fromkeys(given):
        note_look(session, photo_id=photo_id, kind=BlobKind.RECEIVED, person_id=by, now=now)


def payload(making: Making, tickets: Iterable[Ticket]) -> Iterator[Item]:
    """Every file below data/, in the order in which it can be made: one ticket at a time. For
    outside whoever asks has seen to it that no photo waits for a mask."""
    listed = []
    for ticket in tickets:
        told = tell(making.session, ticket, outside=making.outside)
        for link in told.links.values():
            making.stretches[link.chain_id, link.day].add(link.position)
        yield from _ticket_files(making, told)
        listed.append({"number": ticket.number, "category": ticket.category_name})
        listed[-1]["state"] = told.json["state"]
    yield text_item("index.html", index_page(listed, outside=making.outside, now=making.now))
    yield from _record_files(making)
    yield text_item("check_record.py", CHECKER.read_bytes())
    yield text_item("how-to-check.txt", HOW_TO_CHECK)


def _ticket_files(making: Making, told: Told) -> Iterator[Item]:
    folder = f"tickets/{told.ticket.number}"
    photos = [*_photo_files(making, told)]
    for number, said in enumerate(told.json["server"]["photos"], 1):
        said["files"] = names = [name for at, name, _ in photos if at == number]
        said["display"] = next((name for name in names if "-display." in name), None)
    days = _days(making, told)
    yield text_item(f"{folder}/ticket.json", _json(told.json | {"record": days}))
    yield text_item(f"{folder}/report.html", ticket_page(told.json, days, now=making.now))
    for _, name, item in photos:
        yield item(f"{folder}/{name}")


def _photo_files(making: Making, told: Told) -> Iterator[tuple[int, str, Callable[[str], Item]]]:
    """Number of the photo, name of the file, and what makes it; a file that is missing is not."""
    kinds = (BlobKind.DISPLAY,) if making.outside else tuple(BlobKind)
    for number, photo in enumerate(told.photos, 1):
        if photo.purged_at is not None or photo.blob.quarantined_at is not None:
            continue
        media_type = photo.blob.media_type
        for kind, file in photo.blob.shown_files().items():
            size = making.store.size(file.key) if kind in kinds else None
            if size is not None:
                received = kind is BlobKind.RECEIVED
                if received:
                    making.received.append(photo.id)
                ending = _ENDINGS.get(media_type, "bin") if received else "jpg"
                name = f"photos/{number:02d}-{kind}.{ending}"
                yield number, name, _stored(making.store, file, size)


def _stored(store: PhotoStore, file: BlobFile, size: int) -> Callable[[str], Item]:
    def opened() -> StoredBytes:
        return store.open(file.key)

    return lambda path: Item(path, file.sha256, size, opened, packed=True)


def _days(making: Making, told: Told) -> list[dict[str, Any]]:
    """The days of chains on which the ticket's rows were linked, with their heads where signed."""
    wanted = sorted({(link.day, link.chain_id) for link in told.links.values()}, key=str)
    found = []
    for day, chain_id in wanted:
        signed = making.session.get(RecordDay, (chain_id, day))
        said = {"chain": str(chain_id), "day": day.isoformat(), "file": _stretch(chain_id, day)}
        found.append(said | {"signed": _signature(signed) if signed else None})
    return found


def _signature(day: RecordDay) -> dict[str, Any]:
    return {"head": day.head, "position": day.position, "key": day.key_id}


def _stretch(chain_id: UUID, day: date) -> str:
    return f"record/{chain_id}/{day.isoformat()}.jsonl"


def _record_files(making: Making) -> Iterator[Item]:
    for (chain_id, day), positions in sorted(making.stretches.items(), key=str):
        whole, outside = positions.__contains__, making.outside
        lines = lines_of_day(making.session, chain_id, day, whole=whole, outside=outside)
        name = _stretch(chain_id, day)
        yield text_item(name, "".join(lines))
        signed = making.session.get(RecordDay, (chain_id, day))
        if signed is not None:
            yield text_item(name.replace(".jsonl", ".statement.txt"), signed.statement)
            signature = base64.b64decode(signed.signature)
            yield text_item(name.replace(".jsonl", ".signature.bin"), signature)
        stamp = stamp_of(making.session, chain_id, day)
        if stamp is not None:
            yield text_item(name.replace(".jsonl", ".tsr"), stamp.answer)
    for key in making.keys.values():
        yield text_item(f"record/keys/{key.id}.pem", key.pem)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
