"""A dossier made by the worker: files are made one at a time, packed as they come, and kept."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, joinedload

from app.duties.units import matter_of_unit
from app.evidence.outgoing.service import Wish, want_no_more, want_photos
from app.evidence.package.bags import Item, bagged, zipped
from app.grid.models import CompoundKind
from app.kernel.db import begin_reading, rows_changed, unit_of_work
from app.people.access import allowing_post
from app.people.queries import actor_by_id
from app.photos.access import PhotoUses
from app.photos.masking.models import Purpose
from app.photos.store import PhotoStore
from app.reports.dossiers.asking import Asked
from app.reports.dossiers.contents import payload
from app.reports.dossiers.files import named
from app.reports.dossiers.models import Dossier, DossierPhoto, DossierPiece
from app.reports.dossiers.periods import term_of
from app.reports.dossiers.pictures import Pictures
from app.rounds.coverage_queries import due_rules_of
from app.tickets.showing.presenting import Viewer

PERMISSION = "dossiers.make"
PIECE_BYTES = 1 << 18
PIECES_AT_ONCE = 16
Said = Callable[[int, str], None]


@dataclass(frozen=True)
class Workshop:
    """What dossiers are made with: the photos, what one sees of them, what is walked."""

    store: PhotoStore
    uses: PhotoUses
    kinds: frozenset[CompoundKind]


def make_dossier(dossier_id: UUID, shop: Workshop, *, now: datetime, said: Said) -> None:
    """Makes a dossier's file; of one that is made already or gone, or whose asker may not have it
    any more, nothing."""
    said(1, "统计")
    asked = _asked(dossier_id, shop, now)
    if asked is None:
        said(100, "没有做：已经做好，或提出的人现在没有这项权限")
        return
    pictures = Pictures(shop.store)
    with tempfile.TemporaryFile() as file:
        files = _pack(asked, pictures, file, said)
        asked.session.rollback()
        made = _Made(*_measured(file), files, len(pictures.waiting))
        said(92, "保存")
        _keep_pieces(dossier_id, made.sha256, file, said)
    with unit_of_work() as session:
        if _keep(session, dossier_id, made, now):
            _keep_given(session, dossier_id, pictures.given)
            want_no_more(session, dossier_id)
            wish = Wish(Purpose.dossier, asked.viewer.actor.person_id, now, dossier_id)
            want_photos(session, pictures.undecided, wish=wish)
    said(100, "已做好")


@dataclass(frozen=True)
class _Made:
    sha256: str
    bytes: int
    files: int
    waiting: int


def _asked(dossier_id: UUID, shop: Workshop, now: datetime) -> Asked | None:
    session = begin_reading()
    wanted = select(Dossier).where(Dossier.id == dossier_id)
    dossier = session.scalar(wanted.options(joinedload(Dossier.organisation)))
    actor = actor_by_id(session, dossier.began_by_id, now=now) if dossier else None
    if dossier is None or dossier.made_at is not None or actor is None:
        return None
    organisation = dossier.organisation
    if allowing_post(actor, PERMISSION, matter_of_unit(organisation)) is None:
        return None
    # Long ledgers let go of everything that was read.
    session.expunge(organisation)
    rules = due_rules_of(session, shop.kinds)
    viewer = Viewer(session, actor, now, shop.uses)
    return Asked(viewer, shop.store, organisation, term_of(dossier.term), rules)


def _pack(asked: Asked, pictures: Pictures, file: IO[bytes], said: Said) -> int:
    """Writes the zip; how many files it holds. Nothing of the present instant goes into it."""
    count = 0

    def counted() -> Iterator[Item]:
        nonlocal count
        for item in payload(asked, pictures, said):
            count += 1
            yield item

    days, unit = asked.term.days, asked.organisation
    items = bagged(counted(), now=None, about=f"{unit.code} {asked.term.code}")
    name = named(unit.name, asked.term.label, "档案")
    file.writelines(zipped(items, folder=name, now=days.ends_at))
    return count


def _measured(file: IO[bytes]) -> tuple[str, int]:
    digest, size = sha256(), 0
    file.seek(0)
    while piece := file.read(PIECE_BYTES):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _keep_pieces(dossier_id: UUID, digest: str, file: IO[bytes], said: Said) -> None:
    """The bytes, some at a time, so that nobody waits long for the turn to write; of an earlier
    try that was broken off nothing is left."""
    with unit_of_work() as session:
        session.execute(delete(DossierPiece).where(DossierPiece.dossier_id == dossier_id))
    file.seek(0)
    position = 0
    while pieces := _next(file):
        said(92, "保存")
        with unit_of_work() as session:
            for piece in pieces:
                named_so = {"dossier_id": dossier_id, "sha256": digest, "position": position}
                session.execute(insert(DossierPiece).values(**named_so, data=piece))
                position += 1


def _next(file: IO[bytes]) -> list[bytes]:
    pieces = (file.read(PIECE_BYTES) for _ in range(PIECES_AT_ONCE))
    return [piece for piece in pieces if piece]


def _keep_given(session: Session, dossier_id: UUID, given: Mapping[UUID, UUID]) -> None:
    """Which photos are in the file."""
    session.execute(delete(DossierPhoto).where(DossierPhoto.dossier_id == dossier_id))
    rows = [
        {"dossier_id": dossier_id, "photo_id": photo_id, "mask_id": mask_id}
        for photo_id, mask_id in given.items()
    ]
    if rows:
        session.execute(insert(DossierPhoto), rows)


def _keep(session: Session, dossier_id: UUID, made: _Made, now: datetime) -> bool:
    """Says what was made; whether the dossier is still there."""
    found = update(Dossier).where(Dossier.id == dossier_id)
    return bool(rows_changed(session, found.values(made_at=now, **asdict(made))))
