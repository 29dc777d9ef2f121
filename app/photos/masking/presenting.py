"""Masks as JSON."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session, joinedload

from app.grid.indexes import Towns
from app.kernel.clock import rfc3339
from app.kernel.links import to_be_signed
from app.people.models import Organisation, Post
from app.photos.looks import UNMASKED
from app.photos.masking.models import (
    MASK_DECISION_LABELS,
    MASK_STATE_LABELS,
    PURPOSE_LABELS,
    MaskState,
    PhotoLook,
    PhotoMask,
    PhotoWanted,
)
from app.photos.models import Photo, PhotoBlob
from app.photos.presenting import photo_link
from app.photos.store import BlobKind

LOOK_LABELS = {
    "received": "原图",
    UNMASKED: "没有遮盖的显示图",
    "quarantined": "待人工审核的图",
}
"""By what was looked at."""


def mask_state(blob: PhotoBlob, *, is_wanted: bool = False) -> MaskState:
    """Where a picture stands; `is_wanted`: somebody wants it outside of the office."""
    if blob.mask_id is None:
        return MaskState.pending if is_wanted else MaskState.not_reviewed
    return MaskState.masked if blob.is_masked else MaskState.clear


def masks_json(session: Session, photo: Photo, *, towns: Towns) -> dict[str, Any]:
    """Where a photo stands, all decisions about its picture, and who waits for one.

    The same bytes may be photos of several townships: who of one outside of `towns` (None: all)
    decided or waits is not said.
    """
    masks = _masks(session, photo.sha256)
    wanted = _wanted(session, photo.sha256, towns)
    state = mask_state(photo.blob, is_wanted=bool(wanted))
    in_force = next((one for one, _ in masks if one.id == photo.blob.mask_id), None)
    return {
        "photo_id": str(photo.id),
        "state": state,
        "state_label": MASK_STATE_LABELS[state],
        "version": len(masks),
        "boxes": in_force.boxes if in_force else [],
        "wanted": [wanted_json(one) for one in wanted],
        "items": [
            _mask_json(one, is_named=towns is None or town_id is None or town_id in towns)
            for one, town_id in masks
        ],
        "urls": {
            "display": photo_link(photo.id, BlobKind.DISPLAY),
            "unmasked": to_be_signed(f"/photos/{photo.id}/{UNMASKED}"),
        },
    }


def _masks(session: Session, sha256: str) -> Sequence[Row[PhotoMask, UUID | None]]:
    """The versions of a mask, the newest first, each with the township it was made in."""
    asked = (
        select(PhotoMask, Organisation.town_id)
        .join(Post, Post.id == PhotoMask.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(PhotoMask.sha256 == sha256)
    )
    asked = asked.options(joinedload(PhotoMask.made_by)).order_by(PhotoMask.version.desc())
    return session.execute(asked).all()


def _wanted(session: Session, sha256: str, towns: Towns) -> Sequence[PhotoWanted]:
    """Who waits; of those in sight with a photo in sight."""
    asked = select(PhotoWanted).join(Photo, Photo.id == PhotoWanted.photo_id)
    asked = asked.where(Photo.sha256 == sha256).options(joinedload(PhotoWanted.wanted_by))
    if towns is not None:
        here = or_(Organisation.town_id.is_(None), Organisation.town_id.in_(towns))
        people = select(Post.person_id).join(Organisation, Organisation.id == Post.organisation_id)
        asked = asked.where(
            or_(Photo.town_id.is_(None), Photo.town_id.in_(towns)),
            PhotoWanted.wanted_by_id.in_(people.where(here)),
        )
    return session.scalars(asked.order_by(PhotoWanted.id)).all()


def look_json(look: PhotoLook) -> dict[str, Any]:
    """A look at what is sealed."""
    return {
        "kind": look.kind,
        "kind_label": LOOK_LABELS[look.kind],
        "looked_at": rfc3339(look.looked_at),
        "person": look.person.name if look.person else "系统",
    }


def _mask_json(mask: PhotoMask, *, is_named: bool) -> dict[str, Any]:
    return {
        "version": mask.version,
        "decision": mask.decision,
        "decision_label": MASK_DECISION_LABELS[mask.decision],
        "boxes": mask.boxes,
        "made_at": rfc3339(mask.made_at),
        "made_by": mask.made_by.name if is_named else None,
    }


def wanted_json(wanted: PhotoWanted) -> dict[str, Any]:
    return {
        "purpose": wanted.purpose,
        "purpose_label": PURPOSE_LABELS[wanted.purpose],
        "wanted_at": rfc3339(wanted.wanted_at),
        "wanted_by": wanted.wanted_by.name,
    }
