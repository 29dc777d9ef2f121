"""The ledgers of what units did: their records, all of them or those of some kinds."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.catalogue.desk.queries import desk_known
from app.duties.records.models import RECORD_STATE_LABELS, DutyRecord, RecordState
from app.duties.records.queries import RecordFilter
from app.kernel.clock import shanghai_day
from app.kernel.streaming_sheets import Column, Value
from app.people.models import Organisation
from app.reports.periods import Days
from app.rounds.queries import Scope
from app.tickets.showing.presenting import Viewer

COLUMNS: tuple[Column, ...] = (
    ("日期", 12), ("单位", 18), ("小区", 16), ("种类", 18), ("内容", 34), ("地点", 18),
    ("数量", 7), ("照片", 6), ("链接", 26), ("说明", 26), ("状态", 9),
)  # fmt: skip
AT_ONCE = 300
COUNTING = (RecordState.recorded, RecordState.waiting, RecordState.accepted)
Pages = Iterator[list[Sequence[Value]]]
_Last = tuple[date, UUID]


def pages_of(*kinds: str) -> Callable[[Viewer, Organisation | None, Days], Pages]:
    """How a ledger of records of some kinds (none: of all) gives its rows, the oldest first."""

    def pages(viewer: Viewer, under: Organisation | None, days: Days) -> Pages:
        names = {kind.code: kind.name for kind in desk_known(viewer.session).kinds}
        scope = Scope(viewer.actor, shanghai_day(viewer.now), under)
        wanted = RecordFilter(kinds, COUNTING, first_on=days.first, last_on=days.last)
        last: _Last | None = None
        while found := _after(viewer, scope, wanted, last):
            last = found[-1].happened_on, found[-1].id
            yield [_row(one, names) for one in found]
            viewer.session.expunge_all()
            viewer.session.rollback()

    return pages


def _after(
    viewer: Viewer, scope: Scope, wanted: RecordFilter, last: _Last | None
) -> Sequence[DutyRecord]:
    asked = select(DutyRecord).join(DutyRecord.organisation)
    asked = asked.where(scope.holds(), *wanted.holds())
    if last is not None:
        day, after = last
        behind = and_(DutyRecord.happened_on == day, DutyRecord.id > after)
        asked = asked.where(or_(DutyRecord.happened_on > day, behind))
    asked = asked.options(
        contains_eager(DutyRecord.organisation),
        joinedload(DutyRecord.compound),
        selectinload(DutyRecord.photos),
    )
    found = asked.order_by(DutyRecord.happened_on, DutyRecord.id).limit(AT_ONCE)
    return viewer.session.scalars(found).all()


def _row(record: DutyRecord, names: dict[str, str]) -> list[Value]:
    return [
        record.happened_on.isoformat(),
        record.organisation.name,
        record.compound.name if record.compound else None,
        "、".join(names.get(kind, kind) for kind in record.kinds),
        record.subject,
        record.place,
        record.quantity,
        sum(photo.position is not None for photo in record.photos) or None,
        "\n".join(record.links),
        record.note,
        RECORD_STATE_LABELS[record.state],
    ]
