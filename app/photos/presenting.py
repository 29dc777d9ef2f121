"""Photos as JSON, as far as the viewer may see them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.kernel.clock import rfc3339
from app.kernel.links import to_be_signed
from app.photos.evidence import DIRECTION_LABELS, VERDICT_LABELS
from app.photos.models import Photo
from app.photos.store import BlobKind


def photo_link(photo_id: UUID, kind: BlobKind) -> str:
    """The path of a photo's bytes, to be signed."""
    return to_be_signed(f"/photos/{photo_id}/{kind.value}")


def photo_json(photo: Photo, *, whole: bool, others: set[UUID]) -> dict[str, Any]:
    """A photo; without its maker's device, fix and received file unless `whole`.

    `others` are the other photos that the viewer may see.
    """
    return {
        "id": str(photo.id),
        "sha256": photo.sha256,
        "bytes": photo.blob.bytes,
        "media_type": photo.blob.media_type,
        "width": photo.blob.width,
        "height": photo.blob.height,
        "received_at": rfc3339(photo.received_at),
        "purged_at": rfc3339(photo.purged_at),
        "taken_at": {
            "device": rfc3339(photo.device_taken_at) if whole else None,
            "exif": rfc3339(photo.exif_taken_at) if whole else None,
        },
        "positions": {
            "device": _device_position(photo) if whole else None,
            "exif": _exif_position(photo) if whole else None,
        },
        "position": _position(photo) if whole else None,
        "cell": photo.cell if whole else None,
        "verdict": photo.verdict.value,
        "verdict_label": VERDICT_LABELS[photo.verdict],
        "findings": findings_json(photo.findings, whole=whole, others=others),
        "urls": {
            "thumb": photo_link(photo.id, BlobKind.THUMB),
            "display": photo_link(photo.id, BlobKind.DISPLAY),
            "received": photo_link(photo.id, BlobKind.RECEIVED) if whole else None,
        },
    }


def findings_json(
    findings: Iterable[dict[str, Any]], *, whole: bool, others: set[UUID]
) -> list[dict[str, Any]]:
    """Findings as the viewer may see them: none of another's device and fix, and the other photo
    only when it is in sight."""
    if not whole:
        return []
    shown = []
    for found in findings:
        other = found["photo_id"]
        shown.append(
            {
                "code": found["code"],
                "direction": found["direction"],
                "direction_label": DIRECTION_LABELS[found["direction"]],
                "observed": found["observed"] or None,
                "threshold": found["threshold"] or None,
                "message": found["message"],
                "patch": found.get("patch"),
                "areas": found.get("areas", []),
                "photo_id": other if other and UUID(other) in others else None,
            }
        )
    return shown


def _device_position(photo: Photo) -> dict[str, Any] | None:
    if photo.device_lng is None or photo.device_datum is None:
        return None
    return {
        "lng": photo.device_lng,
        "lat": photo.device_lat,
        "datum": photo.device_datum.value,
        "accuracy_m": photo.device_accuracy_m,
        "fixed_at": rfc3339(photo.device_fixed_at),
    }


def _exif_position(photo: Photo) -> dict[str, Any] | None:
    if photo.exif_lng is None:
        return None
    return {"lng": photo.exif_lng, "lat": photo.exif_lat, "datum": "wgs84"}


def _position(photo: Photo) -> dict[str, Any] | None:
    if photo.lng is None:
        return None
    from_device = photo.device_lng is not None
    return {
        "lng": photo.lng,
        "lat": photo.lat,
        "datum": "wgs84",
        "accuracy_m": photo.device_accuracy_m if from_device else None,
        "source": "device" if from_device else "exif",
    }
