"""Pictures near-identical to a photo in use, of other bytes: what place each belongs to."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from app.kernel.geo import distance_m
from app.photos.evidence import LikePlace, PhotoRole, PhotoSource, Thresholds, UsedLike
from app.photos.likeness.lookup import fine_distance
from app.photos.models import Photo
from app.tickets.handling.copies import Evidence, PhotoUse, are_neighbours, counts
from app.tickets.models import Ticket

MetresAway = Callable[[Photo], float | None]
"""How far a photo was taken from the place of the ticket; None: not known."""

_VISIT = timedelta(hours=1)


def pictures_alike(
    ticket: Ticket, evidence: Evidence, photo: Photo, limits: Thresholds, away: MetresAway
) -> tuple[UsedLike, ...]:
    """The photos near-identical to one in use, each with its place.

    Photos put to use together may look alike; so may what one phone made of one file; and what
    others sent later was made of this one.
    """
    uses: dict[object, list[PhotoUse]] = {}
    for use in evidence.uses:
        uses.setdefault(use.photo.id, []).append(use)
    together = {each.id for each in evidence.photos}
    found = (
        _like(ticket, photo, used, limits, away)
        for photo_id, used in uses.items()
        if photo_id not in together
        and _may_tell(photo, used[0].photo)
        and evidence.apart.get((photo.sha256, used[0].photo.sha256), 64) <= limits.near_distance
    )
    return tuple(like for like in found if like is not None)


def pictures_before(
    photo: Photo, before: Sequence[Photo], limits: Thresholds
) -> tuple[UsedLike, ...]:
    """Those of the before-photos of the same report that are near-identical to an after-photo."""
    found = (
        UsedLike(each.id, each.received_at, _apart(photo, each), LikePlace.HERE, is_before=True)
        for each in before
    )
    return tuple(like for like in found if like.fine_distance <= limits.near_fine_distance)


def _apart(one: Photo, other: Photo) -> int:
    """How many of their 256 bits differ; all, where one of them says nothing."""
    if one.blob.low_detail is not False or other.blob.low_detail is not False:
        return 256
    assert one.blob.fine_hash is not None and other.blob.fine_hash is not None
    return fine_distance(one.blob.fine_hash, other.blob.fine_hash)


def _may_tell(photo: Photo, other: Photo) -> bool:
    if other.sha256 == photo.sha256:
        return False
    if other.maker_id != photo.maker_id:
        return other.id < photo.id
    return photo.client_sha256 is None or photo.client_sha256 != other.client_sha256


def _like(
    ticket: Ticket,
    photo: Photo,
    used: Sequence[PhotoUse],
    limits: Thresholds,
    away: MetresAway,
) -> UsedLike | None:
    other, apart = used[0].photo, _apart(photo, used[0].photo)
    if apart > limits.near_fine_distance:
        return None
    mine = [use.use for use in used if use.use and use.use.ticket_id == ticket.id]
    tickets = [use.ticket for use in used if use.ticket and counts(ticket, use)]
    metres = None if _one_visit(photo, other) else _metres_off(ticket, other, limits, away)
    place = LikePlace.HERE if mine else _place(ticket, tickets, metres, limits)
    is_before = any(use.role is PhotoRole.BEFORE for use in mine)
    return UsedLike(other.id, other.received_at, apart, place, is_before)


def _place(
    ticket: Ticket, tickets: Sequence[Ticket], metres: float | None, limits: Thresholds
) -> LikePlace:
    """The place of a picture by the tickets that use it, and by where it was taken."""
    near = metres is not None and metres <= limits.place_tolerance_m
    if near or any(are_neighbours(ticket, each) for each in tickets):
        return LikePlace.HERE
    far = metres is not None and metres > limits.other_place_m
    if far or any(_far_apart(ticket, each, limits) for each in tickets):
        return LikePlace.FAR
    return LikePlace.ELSEWHERE if tickets else LikePlace.UNKNOWN


def _one_visit(photo: Photo, other: Photo) -> bool:
    """Whether one person sent both within an hour: where they differ in place, one fix was lost."""
    apart = abs(photo.received_at - other.received_at)
    return photo.maker_id == other.maker_id and apart <= _VISIT


def _metres_off(ticket: Ticket, other: Photo, limits: Thresholds, away: MetresAway) -> float | None:
    """How far from the place of the ticket it was taken, for certain; None where that is not known:
    what comes out of an album may be sent from anywhere."""
    accuracy = other.device_accuracy_m if other.device_lng is not None else None
    if other.source is PhotoSource.ALBUM or (accuracy or 0.0) > limits.other_place_accuracy_m:
        return None
    metres = away(other)
    doubt = _doubt(accuracy, limits) + (ticket.accuracy_m or 0.0)
    return None if metres is None else max(0.0, metres - doubt)


def _far_apart(ticket: Ticket, other: Ticket, limits: Thresholds) -> bool:
    if ticket.lng is None or ticket.lat is None or other.lng is None or other.lat is None:
        return False
    metres = distance_m(ticket.lng, ticket.lat, other.lng, other.lat)
    doubt = _doubt(ticket.accuracy_m, limits) + _doubt(other.accuracy_m, limits)
    return metres > limits.other_place_m + doubt


def _doubt(accuracy: float | None, limits: Thresholds) -> float:
    return limits.assumed_accuracy_m if accuracy is None else accuracy
