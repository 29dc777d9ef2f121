"""The ledger of rounds: who walked which compound when, what was seen, what became of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from app.grid.models import Compound
from app.kernel.clock import iso_week, shanghai_day
from app.kernel.streaming_sheets import Column, Value
from app.people.models import Organisation
from app.reports.periods import Days
from app.rounds.completeness import counting_checks
from app.rounds.models import CheckResult, Round, RoundCheck
from app.rounds.queries import Scope
from app.tickets.showing.presenting import Viewer
from app.tickets.showing.sight import ticket_numbers_seen

COLUMNS: tuple[Column, ...] = (
    ("周", 10), ("开始时间", 12), ("社区（村）", 16), ("小区", 18), ("巡查人", 16),
    ("查看点位", 10), ("有问题", 8), ("问题点位", 26), ("转工单", 28), ("完成时间", 12),
    ("是否全覆盖", 12),
)  # fmt: skip
AT_ONCE = 200
_Last = tuple[datetime, UUID]


def pages(
    viewer: Viewer, under: Organisation | None, days: Days
) -> Iterator[list[Sequence[Value]]]:
    """Every round in sight that began on these days, in the order in which they did."""
    last: _Last | None = None
    while True:
        rounds = _after(viewer, under, days, last)
        if not rounds:
            return
        last = rounds[-1].began_at, rounds[-1].id
        checks = [check for one in rounds for check in one.checks]
        wanted = {check.ticket_id for check in checks if check.ticket_id}
        numbers = ticket_numbers_seen(viewer.session, viewer.actor, sorted(wanted))
        yield [_row(one, numbers) for one in rounds]
        # As in the export of tickets: a long ledger keeps no snapshot.
        viewer.session.expunge_all()
        viewer.session.rollback()


def _after(
    viewer: Viewer, under: Organisation | None, days: Days, last: _Last | None
) -> Sequence[Round]:
    scope = Scope(viewer.actor, shanghai_day(viewer.now), under)
    asked = (
        select(Round)
        .join(Round.compound)
        .join(Compound.organisation)
        .options(
            contains_eager(Round.compound).contains_eager(Compound.organisation),
            selectinload(Round.checks).joinedload(RoundCheck.person),
            contains_eager(Round.compound).selectinload(Compound.checkpoints),
        )
        .where(scope.holds(), *_on(days))
    )
    if last is not None:
        at, round_id = last
        behind = and_(Round.began_at == at, Round.id > round_id)
        asked = asked.where(or_(Round.began_at > at, behind))
    found = asked.order_by(Round.began_at, Round.id).limit(AT_ONCE)
    return viewer.session.scalars(found).unique().all()


def _on(days: Days) -> list[ColumnElement[bool]]:
    """The weeks are said too: there is an index of them."""
    return [
        Round.week.between(iso_week(days.first), iso_week(days.last)),
        Round.began_at >= days.begins_at,
        Round.began_at < days.ends_at,
    ]


def _row(walked: Round, numbers: dict[UUID, str]) -> list[Value]:
    counting = counting_checks(walked.checks)
    names = {one.id: one.name for one in walked.compound.checkpoints}
    faulty = [one for one in counting.values() if one.result is CheckResult.problem]
    tickets = (numbers.get(one.ticket_id) for one in walked.checks if one.ticket_id)
    return [
        walked.week,
        walked.began_at,
        walked.compound.organisation.name,
        walked.compound.name,
        "、".join(dict.fromkeys(check.person.name for check in walked.checks)),
        len(counting),
        len(faulty),
        "；".join(_said(names.get(one.checkpoint_id, ""), one.note) for one in faulty),
        "、".join(dict.fromkeys(number for number in tickets if number)),
        walked.completed_at,
        "是" if walked.complete else "否",
    ]


def _said(checkpoint: str, note: str | None) -> str:
    return f"{checkpoint}（{note}）" if note else checkpoint
