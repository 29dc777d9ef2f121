"""What counts among the checks of a round, and when it was complete. Pure.

The order in which calls arrive makes no difference: everything follows from when they happened.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID


class Checked(Protocol):
    """What these rules read of a check."""

    @property
    def id(self) -> UUID: ...
    @property
    def checkpoint_id(self) -> UUID: ...
    @property
    def one_tap(self) -> bool: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def received_at(self) -> datetime: ...


C = TypeVar("C", bound=Checked)


def counting_checks(checks: Iterable[C]) -> Mapping[UUID, C]:
    """The check that counts, by checkpoint id.

    The latest result that was given for the checkpoint by itself, receipt being the tie-break.
    One tap speaks only for checkpoints without a result: it counts where there is no other, and
    then the first tap does.
    """
    counting: dict[UUID, C] = {}
    for check in checks:
        other = counting.get(check.checkpoint_id)
        if other is None or _outranks(check, other):
            counting[check.checkpoint_id] = check
    return counting


def _outranks(check: Checked, other: Checked) -> bool:
    if check.one_tap != other.one_tap:
        return other.one_tap
    later = _moment(check) > _moment(other)
    return not later if check.one_tap else later


def _moment(check: Checked) -> tuple[datetime, datetime, UUID]:
    return check.occurred_at, check.received_at, check.id


def without_result_at(
    wanted: Iterable[UUID], checks: Iterable[Checked], at: datetime
) -> list[UUID]:
    """The checkpoints that nobody had looked at by an instant."""
    seen = {check.checkpoint_id for check in checks if check.occurred_at <= at}
    return [checkpoint_id for checkpoint_id in wanted if checkpoint_id not in seen]


def completion(
    needed: Collection[UUID], checks: Iterable[Checked], *, began_at: datetime
) -> datetime | None:
    """When the last of the needed checkpoints got its first result, or None while one has none.

    A compound without checkpoints is complete with the first call, at `began_at`.
    """
    first: dict[UUID, datetime] = {}
    for check in checks:
        earliest = first.get(check.checkpoint_id, check.occurred_at)
        first[check.checkpoint_id] = min(earliest, check.occurred_at)
    if any(checkpoint_id not in first for checkpoint_id in needed):
        return None
    return max((first[checkpoint_id] for checkpoint_id in needed), default=began_at)
