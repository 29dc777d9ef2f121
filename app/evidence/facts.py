"""What an entry says of the row it is about: what the server itself did and saw, and beside it, by
that name, what a device claimed when it came.

Texts and findings stand as hashes: the record stays when a text may be kept no longer. What may
change later (a photo's own verdict, a ticket's state) is not here; a use's verdict is.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.evidence.hashing import digest, digest_of_json, instant
from app.evidence.judged import photos_judged, uses_judged
from app.evidence.models import EntryKind
from app.evidence.recordable import Recordable, chain_under
from app.kernel.db import fetch
from app.kernel.hiding import words_of
from app.people.models import Organisation
from app.photos.evidence import Verdict
from app.photos.findings import graver
from app.photos.models import Photo, PhotoBlob, PhotoRemoval
from app.tickets.judgements import UseJudgement, gravest
from app.tickets.models import Ticket, TicketEvent, TicketPhoto


def photos_received(session: Session, ids: Collection[UUID]) -> dict[UUID, Recordable]:
    """Those of some photos that are there, by id."""
    asked = (
        select(*Photo.__table__.c, PhotoBlob.bytes, PhotoBlob.media_type, Organisation.path)
        .join(PhotoBlob, PhotoBlob.sha256 == Photo.sha256)
        .join(Organisation, Organisation.id == Photo.organisation_id)
        .where(Photo.id.in_(ids))
    )
    return {row.id: _photo_received(row) for row in fetch(session, asked)}


def _photo_received(row: Row[Any]) -> Recordable:
    facts = {
        "photo": str(row.id),
        "sha256": row.sha256,
        "bytes": row.bytes,
        "media_type": row.media_type,
        "received_at": instant(row.received_at),
        **_doer(row.maker_id, row.post_id, row.organisation_id),
        "claimed": _claimed(row),
    }
    chain = chain_under(row.town_id, row.path)
    return Recordable(
        EntryKind.photo_received, row.id, chain, row.received_at, row.record_state, facts
    )


def _claimed(row: Row[Any]) -> dict[str, Any]:
    """What came with the photo or in it. The server vouches for having been told so."""
    return {
        "source": row.source.value,
        "occurred_at": instant(row.occurred_at),
        "clock_offset_s": row.clock_offset_s,
        "client_sha256": row.client_sha256,
        "taken_at": instant(row.device_taken_at),
        "position": _position(row),
        "exif_taken_at": instant(row.exif_taken_at),
        "exif_position": None if row.exif_lng is None else [row.exif_lng, row.exif_lat],
        "software": row.software,
    }


def _position(row: Row[Any]) -> dict[str, Any] | None:
    if row.device_lng is None:
        return None
    return {
        "lng": row.device_lng,
        "lat": row.device_lat,
        "datum": row.device_datum.value,
        "accuracy_m": row.device_accuracy_m,
        "fixed_at": instant(row.device_fixed_at),
    }


def photos_removed(session: Session, ids: Collection[UUID]) -> dict[UUID, Recordable]:
    """Those of some photos that were rightly removed, by the photo's id."""
    asked = (
        select(*PhotoRemoval.__table__.c, Organisation.path)
        .join(Organisation, Organisation.id == PhotoRemoval.organisation_id)
        .where(PhotoRemoval.photo_id.in_(ids))
    )
    return {row.photo_id: _photo_removed(row) for row in fetch(session, asked)}


def _photo_removed(row: Row[Any]) -> Recordable:
    facts = {
        "photo": str(row.photo_id),
        "sha256": row.sha256,
        "removed_at": instant(row.removed_at),
        "actor": _id(row.remover_id),
        "reason": row.reason.value,
    }
    if row.rule is not None:
        facts["rule"] = without_words(row.rule)
    chain = chain_under(row.town_id, row.path)
    kind, photo_id = EntryKind.photo_removed, row.photo_id
    return Recordable(kind, photo_id, chain, row.removed_at, row.record_state, facts)


def without_words(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The rule by which a photo went, with what somebody wrote about it as its hash."""
    kept = {name: value for name, value in rule.items() if name != "reason"}
    return kept | {"reason_sha256": digest(rule["reason"])} if "reason" in rule else kept


def ticket_events(session: Session, ids: Collection[UUID]) -> dict[UUID, Recordable]:
    """Those of some entries of timelines that are there, by id, each with the photos it brought."""
    asked = (
        select(
            *TicketEvent.__table__.c,
            Ticket.number,
            Ticket.town_id,
            Ticket.source,
            Ticket.description,
            Ticket.external_number,
            Ticket.reporter_id,
        )
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.id.in_(ids))
    )
    rows = fetch(session, asked)
    uses = _uses(session, {row.ticket_id for row in rows})
    return {row.id: _ticket_event(row, uses[row.id]) for row in rows}


def _uses(session: Session, ticket_ids: Collection[UUID]) -> Mapping[UUID, list[dict[str, Any]]]:
    """The photos in use in some tickets, by the event that brought them, in their order."""
    asked = (
        select(*TicketPhoto.__table__.c, Photo.sha256)
        .join(Photo, Photo.id == TicketPhoto.photo_id)
        .where(TicketPhoto.ticket_id.in_(ticket_ids))
        .order_by(TicketPhoto.sequence)
    )
    judged = _judgements(session, ticket_ids)
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in fetch(session, asked):
        found[row.event_id].append(_use(row, judged[row.id]))
    return found


def _judgements(session: Session, ticket_ids: Collection[UUID]) -> Mapping[UUID, list[Any]]:
    """What was found later about the photos in use in some tickets, by use, the first first."""
    columns = UseJudgement.use_id, UseJudgement.verdict_before, UseJudgement.verdict
    asked = (
        select(*columns, UseJudgement.findings)
        .where(UseJudgement.ticket_id.in_(ticket_ids))
        .order_by(UseJudgement.id)
    )
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in fetch(session, asked):
        found[row.use_id].append(row)
    return found


def _use(row: Row[Any], judged: Sequence[Any]) -> dict[str, Any]:
    then = _verdict_then(row, judged)
    return {
        "photo": str(row.photo_id),
        "sha256": row.sha256,
        "role": row.role.value,
        "sequence": row.sequence,
        "verdict": then.value if then else None,
        "rule_versions": sorted({each["rule_version"] for each in row.findings}),
        "findings_sha256": digest_of_json(row.findings),
    }


def _verdict_then(row: Row[Any], judged: Sequence[Any]) -> Verdict | None:
    """The verdict when the photo was put to use, got back from what was found since; None, which no
    entry says, where the one of now does not follow from the judgements that are kept."""
    now = Verdict(row.verdict)
    if not row.later_findings and not judged:
        return now
    if not judged:
        # From before later findings went on the record.
        then = gravest(row.findings)
        return then if now is graver(then, gravest(row.later_findings)) else None
    held = judged[-1].verdict is now and judged[-1].findings == row.later_findings
    held = held and all(one.verdict is other.verdict_before for one, other in pairwise(judged))
    return _first_verdict(row, judged[0]) if held else None


def _first_verdict(row: Row[Any], first: Any) -> Verdict:
    """Of a use with findings from before they went on the record, what its findings lead to."""
    return gravest(row.findings) if len(first.findings) > 1 else Verdict(first.verdict_before)


def _ticket_event(row: Row[Any], uses: list[dict[str, Any]]) -> Recordable:
    facts = {
        "ticket": str(row.ticket_id),
        "number": row.number,
        "event": str(row.id),
        "sequence": row.sequence,
        "at": instant(row.at),
        **_doer(row.actor_id, row.post_id, row.organisation_id),
        "action": row.action,
        "from": row.from_state.value if row.from_state else None,
        "to": row.to_state.value,
        "note_sha256": digest(words_of(row.note)),
        "changes_sha256": digest_of_json(row.changes),
        "uses": uses,
        "claimed": {
            "occurred_at": instant(row.occurred_at),
            "clock_offset_s": row.clock_offset_s,
        },
    }
    if row.sequence == 1:
        facts["report"] = _report(row)
    kind, at = EntryKind.ticket_event, row.at
    return Recordable(kind, row.id, row.town_id, at, row.record_state, facts, row.ticket_id)


def _report(row: Row[Any]) -> dict[str, Any]:
    """What a ticket was reported with and keeps."""
    return {
        "source": row.source.value,
        "description_sha256": digest(words_of(row.description)),
        "external_number": row.external_number,
        "reporter": str(row.reporter_id),
    }


def _doer(person: UUID | None, post: UUID | None, organisation: UUID | None) -> dict[str, Any]:
    return {"actor": _id(person), "post": _id(post), "organisation": _id(organisation)}


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)


FACTS_OF: Mapping[EntryKind, Callable[[Session, Collection[UUID]], dict[UUID, Recordable]]] = {
    EntryKind.photo_received: photos_received,
    EntryKind.photo_removed: photos_removed,
    EntryKind.ticket_event: ticket_events,
    EntryKind.use_judged: uses_judged,
    EntryKind.photo_judged: photos_judged,
}
"""How the rows of each kind are read."""
