"""Rounds of a township as rows to be kept."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grid.models import Checkpoint, Compound
from app.kernel.clock import SHANGHAI
from app.kernel.spreadsheets import Ledger
from app.people.models import Organisation, Person
from app.rounds.models import CHECK_RESULT_LABELS, Round, RoundCheck

_COLUMNS = (
    ("周", 10), ("小区编码", 18), ("小区", 18), ("点位", 14), ("结果", 8), ("谁看的", 12),
    ("时间", 18), ("说明", 30), ("本周巡查完成时间", 18),
)  # fmt: skip


def rounds_ledger(session: Session, town: Organisation) -> Ledger:
    """Everything that was seen on the rounds of a township, in the order of the weeks."""
    return Ledger("巡查", _COLUMNS, _rows(session, town))


def _rows(session: Session, town: Organisation) -> Iterator[tuple[int, Sequence[str | int]]]:
    found = session.execute(
        select(RoundCheck, Round, Compound, Checkpoint.name, Person.name)
        .join(Round, Round.id == RoundCheck.round_id)
        .join(Compound, Compound.id == Round.compound_id)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .join(Checkpoint, Checkpoint.id == RoundCheck.checkpoint_id)
        .join(Person, Person.id == RoundCheck.person_id)
        .where(Organisation.town_id == town.id)
        .order_by(Round.week, Compound.code, RoundCheck.id)
        .execution_options(yield_per=1000)
    )
    for check, walk, compound, checkpoint, person in found:
        done = walk.completed_at
        yield (
            int(walk.week[:4]),
            (
                walk.week,
                compound.code,
                compound.name,
                checkpoint,
                CHECK_RESULT_LABELS[check.result],
                person,
                f"{check.occurred_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
                check.note or "",
                f"{done.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if done else "",
            ),
        )
