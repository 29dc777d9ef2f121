"""Which ledgers there are: a further one is a further row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.kernel.streaming_sheets import Column, Value
from app.people.models import Organisation
from app.reports.ledgers import of_records, of_rounds, of_tickets
from app.reports.periods import Days
from app.tickets.showing.presenting import Viewer

Pages = Iterator[list[Sequence[Value]]]
"""Rows, some at a time, each part of its own read."""


@dataclass(frozen=True)
class LedgerKind:
    """One kind of ledger. `pages` gives the rows that a viewer sees of an organisation (None: of
    all in sight) for some days, without the running number that comes first in each."""

    code: str
    name: str
    says: str
    columns: tuple[Column, ...]
    pages: Callable[[Viewer, Organisation | None, Days], Pages]


LEDGERS = (
    LedgerKind(
        "rounds",
        "巡查台账",
        "这些天开始的每次小区巡查：谁走的、看了几个点位、发现几处问题、转了哪些工单",
        of_rounds.COLUMNS,
        of_rounds.pages,
    ),
    LedgerKind(
        "rectifications",
        "问题整改台账",
        "这些天上报的每个问题：在哪里、谁负责、期限、整改情况、是否按期、结案",
        of_tickets.COLUMNS,
        of_tickets.pages,
    ),
    *(
        LedgerKind(code, name, says, of_records.COLUMNS, of_records.pages_of(*kinds))
        for code, name, says, kinds in (
            (
                "records",
                "活动台账",
                "这些天做的每件事：活动、走访、会议、信息等",
                (),
            ),
            ("waste_haulage", "垃圾分类清运台账", "这些天的每次清运", ("waste_haulage",)),
            (
                "waste_visits",
                "垃圾分类入户宣传台账",
                "这些天的每次入户宣传",
                ("waste_household_visit",),
            ),
            ("waste_training", "垃圾分类培训台账", "这些天的每次培训", ("waste_training",)),
        )
    ),
)
BY_CODE = {kind.code: kind for kind in LEDGERS}
NUMBER: Column = ("序号", 6)


def numbered(pages: Pages) -> Iterator[Sequence[Value]]:
    """The rows one by one, each with its number before it."""
    number = 0
    for page in pages:
        for row in page:
            number += 1
            yield [number, *row]
