"""Reads about dossiers: who sees which, the bytes."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor
from app.people.models import Organisation
from app.photos.models import Photo, PhotoBlob, PhotoRemoval, RemovalReason
from app.reports.documents.queries import made_by
from app.reports.dossiers.models import Dossier, DossierPhoto, DossierPiece


def dossier_in_sight(session: Session, actor: Actor, dossier_id: UUID | None) -> Dossier:
    """The dossier with an id, when the actor may make it; raises NotThere."""
    asked = _whole(actor).where(Dossier.id == dossier_id)
    found: Dossier | None = session.scalar(asked) if dossier_id else None
    if found is None:
        raise NotThere("没有这份档案（只保存 30 天），或不在您的范围内。")
    return found


def dossiers_page(
    session: Session, actor: Actor, *narrower: ColumnElement[bool], limit: int, cursor: str | None
) -> Page[Dossier]:
    """A page of the dossiers in sight, the one begun last first; one query."""
    asked = _whole(actor).where(*narrower)
    if cursor is not None:
        (after,) = decode_cursor(cursor, lambda text: UUID(str(text)))
        asked = asked.where(Dossier.id < after)
    rows = session.scalars(asked.order_by(Dossier.id.desc()).limit(limit + 1)).all()
    return cut_page(rows, limit, lambda one: (str(one.id),))


def _whole(actor: Actor) -> Select[Dossier]:
    asked = select(Dossier).join(Organisation, Organisation.id == Dossier.organisation_id)
    return asked.where(made_by(actor)).options(joinedload(Dossier.organisation))


def outdated_among(session: Session, dossier_ids: Iterable[UUID]) -> set[UUID]:
    """Of some dossiers those with a photo that was removed since because a complaint was right, or
    that is covered otherwise now or in quarantine; one query. What was purged since, its period
    being over, is left as it is."""
    complained = exists().where(
        PhotoRemoval.photo_id == DossierPhoto.photo_id,
        PhotoRemoval.reason == RemovalReason.complaint,
    )
    otherwise = or_(
        PhotoBlob.mask_id.is_(None),
        PhotoBlob.mask_id != DossierPhoto.mask_id,
        PhotoBlob.quarantined_at.is_not(None),
    )
    asked = (
        select(DossierPhoto.dossier_id)
        .join(Photo, Photo.id == DossierPhoto.photo_id)
        .join(PhotoBlob, PhotoBlob.sha256 == Photo.sha256)
        .where(DossierPhoto.dossier_id.in_(list(dossier_ids)))
        .where(or_(complained, and_(PhotoBlob.purged_at.is_(None), otherwise)))
    )
    return set(session.scalars(asked.distinct()))


def pieces_of(session: Session, dossier_id: UUID, sha256: str) -> Iterator[bytes]:
    """A dossier's bytes, a piece at a time."""
    position = 0
    while True:
        found = session.scalar(
            select(DossierPiece.data).where(
                DossierPiece.dossier_id == dossier_id,
                DossierPiece.sha256 == sha256,
                DossierPiece.position == position,
            )
        )
        if found is None:
            return
        yield found
        position += 1
