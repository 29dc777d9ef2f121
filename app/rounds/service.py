"""Walking: what somebody saw is added to the round of the compound and week."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.grid.models import Compound
from app.grid.service_days import was_in_service
from app.kernel.clock import iso_week, rfc3339, shanghai_day
from app.kernel.moments import Moment
from app.people.access import Actor, ActorPost, Matter, require
from app.rounds.completeness import completion, without_result_at
from app.rounds.coverage import judged_on, week_closes_at
from app.rounds.errors import (
    CheckpointRepeated,
    CheckpointUnknown,
    CompoundUnknown,
    TicketUnknown,
    WeekClosed,
)
from app.rounds.models import CheckResult, Round, RoundCheck
from app.rounds.queries import load_service_days, round_to_add_to

TicketsSeen = Callable[[Session, Actor, Sequence[UUID], Compound], Collection[UUID]]
"""Says which of some tickets an actor sees that can be about a compound: its own, and those of its
community without a compound. The packages above know tickets and register one."""


@dataclass(frozen=True)
class SeenCheckpoint:
    """What somebody says of one checkpoint: by itself, or in one tap for all."""

    checkpoint_id: UUID
    result: CheckResult
    ticket_id: UUID | None = None
    note: str | None = None
    one_tap: bool = False


def no_tickets_seen(
    session: Session, actor: Actor, ticket_ids: Sequence[UUID], compound: Compound
) -> frozenset[UUID]:
    """Where nobody knows tickets, none is seen."""
    return frozenset()


def matter_of(compound: Compound) -> Matter:
    """What permissions ask about a compound."""
    home = compound.organisation
    return Matter(town_id=home.town_id, community_id=home.id, paths=(home.path,))


def add_to_round(
    session: Session,
    compound: Compound,
    seen: Sequence[SeenCheckpoint],
    *,
    all_fine: bool,
    tickets_seen: TicketsSeen,
    actor: Actor,
    moment: Moment,
) -> Round:
    """Add what the actor saw to the compound's round of the week in which it happened.

    `all_fine`: every checkpoint in service that day that had no result yet is fine. Raises
    NotAllowed, WeekClosed, CompoundUnknown, CheckpointUnknown, CheckpointRepeated, TicketUnknown.
    """
    post = require(actor, "rounds.walk", matter_of(compound))
    week = _open_week(moment)
    load_service_days(session, compound)
    _refuse_out_of_service(session, compound, moment)
    refuse_wrong_checks(session, compound, seen, tickets_seen, actor=actor)
    walked = _round_of_week(session, compound, week, moment=moment)
    said = [*seen, *(_others_fine(walked, seen, moment) if all_fine else ())]
    walked.checks += [_check(one, post, actor, moment) for one in said]
    day = judged_on(compound, week, moment.now)
    needed = [one.id for one in compound.checkpoints if one.serves_on(day)]
    walked.completed_at = completion(needed, walked.checks, began_at=walked.began_at)
    session.flush()
    return walked


def _open_week(moment: Moment) -> str:
    week = iso_week(shanghai_day(moment.occurred_at))
    closes_at = week_closes_at(week)
    if moment.now > closes_at:
        detail = "上一周的巡查记录最晚在周一 12:00 前送达，请在本周重新巡查。"
        raise WeekClosed(detail, week=week, closed_at=rfc3339(closes_at))
    return week


def _refuse_out_of_service(session: Session, compound: Compound, moment: Moment) -> None:
    if not was_in_service(session, compound, shanghai_day(moment.occurred_at)):
        detail = f"“{compound.name}”那天没有在用，不用巡查。"
        raise CompoundUnknown(detail, fields={"compound": [CompoundUnknown.title]})


def refuse_wrong_checks(
    session: Session,
    compound: Compound,
    seen: Sequence[SeenCheckpoint],
    tickets_seen: TicketsSeen,
    *,
    actor: Actor,
) -> None:
    """Raises CheckpointUnknown, CheckpointRepeated or TicketUnknown for results that name what the
    compound does not have, what the actor does not see, or a ticket of another compound."""
    _refuse_wrong_checkpoints(compound, seen)
    _refuse_wrong_tickets(session, compound, seen, tickets_seen, actor=actor)


def _refuse_wrong_checkpoints(compound: Compound, seen: Sequence[SeenCheckpoint]) -> None:
    """A retired checkpoint is taken: a phone that was offline did not know."""
    known = {one.id for one in compound.checkpoints}
    before: set[UUID] = set()
    for index, one in enumerate(seen):
        field = f"checks.{index}.checkpoint"
        if one.checkpoint_id not in known:
            detail = "请刷新点位后重新填写。"
            raise CheckpointUnknown(detail, fields={field: [CheckpointUnknown.title]})
        if one.checkpoint_id in before:
            raise CheckpointRepeated(fields={field: [CheckpointRepeated.title]})
        before.add(one.checkpoint_id)


def _refuse_wrong_tickets(
    session: Session,
    compound: Compound,
    seen: Sequence[SeenCheckpoint],
    tickets_seen: TicketsSeen,
    *,
    actor: Actor,
) -> None:
    asked = [(index, one.ticket_id) for index, one in enumerate(seen) if one.ticket_id]
    if not asked:
        return
    known = tickets_seen(session, actor, [ticket_id for _, ticket_id in asked], compound)
    unknown = [index for index, ticket_id in asked if ticket_id not in known]
    if unknown:
        fields = {f"checks.{index}.ticket": [TicketUnknown.title] for index in unknown}
        raise TicketUnknown("请核对工单后重新提交。", fields=fields)


def _round_of_week(session: Session, compound: Compound, week: str, *, moment: Moment) -> Round:
    """The round, locked for this transaction, or a new one; of two new ones the database refuses
    the second, which then finds the first."""
    found = round_to_add_to(session, compound_id=compound.id, week=week)
    if found is None:
        found = Round(compound=compound, week=week, began_at=moment.occurred_at, checks=[])
        session.add(found)
        session.flush()
    found.began_at = min(found.began_at, moment.occurred_at)
    return found


def _others_fine(
    walked: Round, seen: Sequence[SeenCheckpoint], moment: Moment
) -> list[SeenCheckpoint]:
    # Before its first day a compound is only walked where that day's state stands.
    day = max(shanghai_day(moment.occurred_at), walked.compound.in_service_on)
    in_service = [one.id for one in walked.compound.checkpoints if one.serves_on(day)]
    said = {one.checkpoint_id for one in seen}
    wanted = [checkpoint_id for checkpoint_id in in_service if checkpoint_id not in said]
    without = without_result_at(wanted, walked.checks, moment.occurred_at)
    return [SeenCheckpoint(one, CheckResult.fine, one_tap=True) for one in without]


def _check(said: SeenCheckpoint, post: ActorPost, actor: Actor, moment: Moment) -> RoundCheck:
    return RoundCheck(
        checkpoint_id=said.checkpoint_id,
        result=said.result,
        one_tap=said.one_tap,
        ticket_id=said.ticket_id,
        note=said.note,
        person_id=actor.person_id,
        post_id=post.id,
        occurred_at=moment.occurred_at,
        received_at=moment.now,
        clock_offset_s=moment.offset_s,
    )
