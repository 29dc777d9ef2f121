"""Afterwards: every promise kept once, every refusal without a trace, every ticket possible."""

from collections import Counter
from contextlib import closing
from hashlib import sha256

from flask import Flask
from sqlalchemy import func, select

from app.kernel.db import begin_reading, db
from app.photos.models import Photo
from app.photos.store import BlobKind, blob_key
from app.tickets.models import Ticket, TicketEvent
from app.web.idempotency import RequestRecord
from tests.chaos.people import Promises, Warden
from tests.tickets.replaying import check_legs, check_replay


def reckon(app: Flask, promises: Promises, reader: Warden) -> dict[str, int]:
    """Raises AssertionError where a promise was broken; what was counted."""
    with app.app_context():
        _photos_are_there_once(app, promises)
        _tickets_are_there_once(promises)
        _refusals_left_nothing(promises)
        db.session.remove()
    for ticket_id in promises.tickets.values():
        ticket = reader.insist("GET", f"/tickets/{ticket_id}").json()
        assert ticket["version"] == 1 + promises.actions[ticket_id]
        check_replay(ticket)
        check_legs(ticket)
    return {
        "photos": len(promises.photos),
        "tickets": len(promises.tickets),
        "actions": promises.actions.total(),
        "refusals": promises.refused.total(),
        "retries": promises.retries.total(),
    }


def _photos_are_there_once(app: Flask, promises: Promises) -> None:
    session, store = begin_reading(), app.extensions["gexun_store"]
    known = {str(row.id): row.sha256 for row in session.execute(select(Photo.id, Photo.sha256))}
    acknowledged = dict(promises.photos.values())
    assert known == acknowledged
    for digest in known.values():
        with closing(store.open(blob_key(digest, BlobKind.RECEIVED))) as file:
            assert sha256(file.read()).hexdigest() == digest
        for kind in (BlobKind.DISPLAY, BlobKind.THUMB):
            with closing(store.open(blob_key(digest, kind))) as file:
                assert file.read(2) == b"\xff\xd8"


def _tickets_are_there_once(promises: Promises) -> None:
    session = begin_reading()
    known = Counter(str(each) for each in session.scalars(select(Ticket.id)))
    assert known == Counter(promises.tickets.values())
    events = select(TicketEvent.ticket_id, func.count()).group_by(TicketEvent.ticket_id)
    for ticket_id, count in session.execute(events):
        assert count == 1 + promises.actions[str(ticket_id)]


def _refusals_left_nothing(promises: Promises) -> None:
    kept = select(RequestRecord.key).where(
        RequestRecord.key.in_(promises.refused_keys), RequestRecord.answered_at.is_not(None)
    )
    assert list(begin_reading().scalars(kept)) == []
