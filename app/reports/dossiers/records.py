"""The photos of what a unit recorded, as files of their own."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from app.duties.records.models import DutyRecord, RecordPhoto
from app.evidence.package.bags import Item, text_item
from app.photos.models import Photo
from app.reports.dossiers.asking import Asked
from app.reports.dossiers.files import named
from app.reports.dossiers.pictures import Pictures
from app.reports.ledgers.of_records import COUNTING

FOLDER = "记录照片"
AT_ONCE = 100


def record_photos(asked: Asked, pictures: Pictures) -> Iterator[Item]:
    """Those that somebody decided about, record by record, the oldest first."""
    for record in _records(asked):
        shown = [one for one in record.photos if one.position is not None]
        name = named(f"{record.happened_on}", record.organisation.name, record.subject)
        # The end of an id: its beginning says when it was made, which two may share.
        folder = f"{FOLDER}/{name} {record.id.hex[-8:]}"
        for number, one in enumerate(sorted(shown, key=lambda one: one.position or 0), 1):
            found = pictures.shown(one.photo)
            if isinstance(found, bytes):
                item = text_item(f"{folder}/{number:02d}.jpg", found)
                yield Item(item.path, item.sha256, item.size, item.opened, packed=True)


def _records(asked: Asked) -> Iterator[DutyRecord]:
    last: tuple[date, UUID] | None = None
    while found := _after(asked, last):
        last = found[-1].happened_on, found[-1].id
        yield from found


def _after(asked: Asked, last: tuple[date, UUID] | None) -> Sequence[DutyRecord]:
    days = asked.term.days
    has_photos = exists().where(
        RecordPhoto.record_id == DutyRecord.id, RecordPhoto.position.is_not(None)
    )
    wanted = (
        select(DutyRecord)
        .join(DutyRecord.organisation)
        .where(asked.area.holds(), DutyRecord.state.in_(COUNTING), has_photos)
        .where(DutyRecord.happened_on.between(days.first, days.last))
        .options(
            contains_eager(DutyRecord.organisation),
            selectinload(DutyRecord.photos).joinedload(RecordPhoto.photo).joinedload(Photo.blob),
        )
        .order_by(DutyRecord.happened_on, DutyRecord.id)
        .limit(AT_ONCE)
    )
    if last is not None:
        day, after = last
        behind = and_(DutyRecord.happened_on == day, DutyRecord.id > after)
        wanted = wanted.where(or_(DutyRecord.happened_on > day, behind))
    return asked.session.scalars(wanted).all()
