"""A ticket as its package tells it: what the server vouches for, apart from what devices claimed.

Outside the office there are no names and no free text, only roles, organisations and hashes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import KEPT_AS_LABELS, KeptAs
from app.evidence.hashing import digest
from app.evidence.models import EntryKind, RecordEntry
from app.grid.models import AREA_LABELS
from app.kernel.clock import rfc3339, shanghai_day
from app.kernel.db import fetch
from app.kernel.hiding import words_of
from app.people.models import ROLE_LABELS as POST_LABELS
from app.people.models import Organisation, Post
from app.photos.evidence import DIRECTION_LABELS, ROLE_LABELS, VERDICT_LABELS
from app.photos.masking.models import MASK_STATE_LABELS
from app.photos.masking.presenting import mask_state
from app.photos.models import Photo, PhotoRemoval, RemovalReason
from app.tickets.actions import EVENT_LABELS
from app.tickets.fetching import photos_of, timeline_of
from app.tickets.models import SOURCE_LABELS, STATE_LABELS, Ticket, TicketEvent, TicketPhoto
from app.tickets.showing.describing import named

Json = dict[str, Any]
Links = Mapping[tuple[EntryKind, UUID], Any]


@dataclass(frozen=True)
class Told:
    """A ticket with its photos in use, where each of its rows is on the record, and as JSON."""

    ticket: Ticket
    uses: Sequence[TicketPhoto]
    links: Links
    json: Json

    @property
    def photos(self) -> list[Photo]:
        """Each photo once, in the order of its first use."""
        return list({use.photo_id: use.photo for use in self.uses}.values())


def tell(session: Session, ticket: Ticket, *, outside: bool) -> Told:
    """A ticket whole, for inside or outside of the office."""
    events, uses = timeline_of(session, ticket), photos_of(session, ticket)
    teller = _Teller(
        outside,
        _posts(session, {e.post_id for e in events} | {u.photo.post_id for u in uses}),
        _organisations(session, {use.photo.organisation_id for use in uses}),
        _links(session, ticket, [use.photo_id for use in uses]),
        _removals(session, [use.photo_id for use in uses]),
    )
    told = Told(ticket, uses, teller.links, {})
    told.json.update(teller.ticket(ticket))
    told.json["server"] = {
        "timeline": [teller.event(event) for event in events],
        "photos": [teller.photo(number, photo) for number, photo in enumerate(told.photos, 1)],
        "uses": [teller.use(use, told.photos) for use in uses],
    }
    told.json["device"] = {
        "photos": [teller.claimed(number, photo) for number, photo in enumerate(told.photos, 1)],
        "timeline": [
            {"sequence": event.sequence, "occurred_at": rfc3339(event.occurred_at)}
            for event in events
            if event.occurred_at != event.at
        ],
    }
    return told


@dataclass(frozen=True)
class _Teller:
    outside: bool
    posts: Mapping[UUID, str]
    organisations: Mapping[UUID, str]
    links: Links
    removals: Mapping[UUID, PhotoRemoval]

    def ticket(self, ticket: Ticket) -> Json:
        return {
            "id": str(ticket.id),
            "number": ticket.number,
            "for": "outside" if self.outside else "inside",
            "state": STATE_LABELS[ticket.state],
            "category": ticket.category_name,
            "condition": ticket.condition_name,
            "standard_ref": ticket.standard_ref,
            "source": SOURCE_LABELS[ticket.source],
            "town": ticket.town.name,
            "community": named(ticket.community),
            "cell": named(ticket.cell),
            "compound": named(ticket.compound),
            "area": AREA_LABELS[ticket.area] if ticket.area else None,
            "responsible": named(ticket.responsible),
            "description": self._words(ticket.description),
            "description_sha256": digest(words_of(ticket.description)),
            "reported_at": rfc3339(ticket.reported_at),
            "closed_at": rfc3339(ticket.closed_at),
        }

    def event(self, event: TicketEvent) -> Json:
        return {
            "sequence": event.sequence,
            "at": rfc3339(event.at),
            "by": self._by(event.organisation, event.post_id, event.actor),
            "action": EVENT_LABELS.get(event.action, event.action),
            "from": STATE_LABELS[event.from_state] if event.from_state else None,
            "to": STATE_LABELS[event.to_state],
            "note": self._words(event.note),
            "note_sha256": digest(words_of(event.note)),
            "record": self._link(EntryKind.ticket_event, event.id),
        }

    def photo(self, number: int, photo: Photo) -> Json:
        organisation = self.organisations.get(photo.organisation_id, "")
        maker = None if self.outside else photo.maker
        return {
            "number": number,
            "id": str(photo.id),
            "sha256": photo.sha256,
            "bytes": photo.blob.bytes,
            "media_type": photo.blob.media_type,
            "width": photo.blob.width,
            "height": photo.blob.height,
            "received_at": rfc3339(photo.received_at),
            "purged": self._purged(photo),
            "withheld": "待人工审核" if photo.blob.quarantined_at is not None else None,
            "mask": MASK_STATE_LABELS[mask_state(photo.blob)],
            "by": self._said(organisation, photo.post_id, maker),
            "record": self._link(EntryKind.photo_received, photo.id),
        }

    def _purged(self, photo: Photo) -> Json | None:
        """When its files went, why, and where it is on the record."""
        if photo.purged_at is None:
            return None
        found, why = self.removals.get(photo.id), "清除"
        if found is not None and found.reason is RemovalReason.complaint:
            why = "办理投诉时清除"
        elif found is not None and found.rule is not None:
            use = KEPT_AS_LABELS[KeptAs(found.rule["use"])]
            why = f"保存期满清除（{use}照片保存 {found.rule['days']} 天）"
        record = self._link(EntryKind.photo_removed, photo.id)
        return {"on": f"{shanghai_day(photo.purged_at)}", "why": why, "record": record}

    def use(self, use: TicketPhoto, photos: Sequence[Photo]) -> Json:
        return {
            "number": photos.index(use.photo) + 1,
            "role": ROLE_LABELS[use.role],
            "attached_at": rfc3339(use.attached_at),
            "verdict": VERDICT_LABELS[use.verdict],
            "findings": [
                self._finding(each)
                for each in (*use.photo.findings, *use.findings, *use.later_findings)
            ],
        }

    def _finding(self, found: Json) -> Json:
        kept = {name: found[name] for name in ("code", "observed", "threshold", "message")}
        kept |= {name: found[name] for name in ("direction", "rule_version")}
        labels = {str(direction.value): label for direction, label in DIRECTION_LABELS.items()}
        return kept | {"direction_label": labels[found["direction"]]}

    def claimed(self, number: int, photo: Photo) -> Json:
        position = exif = None
        if photo.device_lng is not None and photo.device_datum is not None:
            position = {
                "lng": photo.device_lng,
                "lat": photo.device_lat,
                "datum": photo.device_datum.value,
                "accuracy_m": photo.device_accuracy_m,
            }
        if photo.exif_lng is not None:
            exif = {"lng": photo.exif_lng, "lat": photo.exif_lat, "datum": "wgs84"}
        return {
            "number": number,
            "taken_at": rfc3339(photo.device_taken_at),
            "occurred_at": rfc3339(photo.occurred_at),
            "clock_offset_s": photo.clock_offset_s,
            "source": photo.source.value,
            "position": position,
            "exif_taken_at": rfc3339(photo.exif_taken_at),
            "exif_position": exif,
            "software": photo.software,
        }

    def _words(self, text: str | None) -> str | None:
        return None if self.outside else text

    def _by(self, organisation: Organisation | None, post_id: UUID | None, person: Any) -> str:
        name = organisation.name if organisation else "系统"
        return self._said(name, post_id, None if self.outside else person)

    def _said(self, organisation: str, post_id: UUID | None, person: Any) -> str:
        role = self.posts.get(post_id, "") if post_id else ""
        return " ".join(
            each for each in (organisation, role, person.name if person else "") if each
        )

    def _link(self, kind: EntryKind, source_id: UUID) -> Json | None:
        found = self.links.get((kind, source_id))
        return found and {
            "chain": str(found.chain_id),
            "day": found.day.isoformat(),
            "position": found.position,
        }


def _posts(session: Session, ids: set[UUID | None]) -> dict[UUID, str]:
    asked = select(Post.id, Post.role).where(Post.id.in_(ids - {None}))
    return {row.id: POST_LABELS[row.role] for row in fetch(session, asked)}


def _organisations(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    asked = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return {row.id: row.name for row in fetch(session, asked)}


def _removals(session: Session, photo_ids: Sequence[UUID]) -> dict[UUID, PhotoRemoval]:
    asked = select(PhotoRemoval).where(PhotoRemoval.photo_id.in_(photo_ids))
    return {one.photo_id: one for one in session.scalars(asked)}


def _links(session: Session, ticket: Ticket, photo_ids: Sequence[UUID]) -> Links:
    """Where a ticket's steps, its photos and that they went are on the record; what still waits is
    not there."""
    columns = (
        RecordEntry.kind,
        RecordEntry.source_id,
        RecordEntry.chain_id,
        RecordEntry.day,
        RecordEntry.position,
    )
    kinds = EntryKind.photo_received, EntryKind.photo_removed
    received = RecordEntry.kind.in_(kinds), RecordEntry.source_id.in_(photo_ids)
    found = [
        *fetch(session, select(*columns).where(RecordEntry.ticket_id == ticket.id)),
        *fetch(session, select(*columns).where(*received)),
    ]
    return {(row.kind, row.source_id): row for row in found}
