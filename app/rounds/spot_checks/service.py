"""What a supervisor found is written beside the round, which stays as it was reported."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.kernel.masking import masked
from app.kernel.moments import Moment
from app.people.access import Actor, Matter, require
from app.rounds.errors import SpotCheckTooEarly, SpotCheckWalked, WalkedByOneself
from app.rounds.models import CheckResult, RoundCheck
from app.rounds.service import SeenCheckpoint, TicketsSeen, refuse_wrong_checks
from app.rounds.spot_checks.models import SpotCheck

GRACE = timedelta(minutes=5)


def matter_of(check: SpotCheck) -> Matter:
    """What permissions ask about a spot check."""
    path = check.compound.organisation.path
    return Matter(town_id=check.town_id, community_id=check.community_id, paths=(path,))


def record_spot_check(
    session: Session,
    check: SpotCheck,
    seen: Sequence[SeenCheckpoint],
    *,
    note: str | None,
    tickets_seen: TicketsSeen,
    actor: Actor,
    moment: Moment,
) -> SpotCheck:
    """Writes down what was found, after `require_walkable`: fine, or a problem when one checkpoint
    has one.

    Raises SpotCheckWalked, SpotCheckTooEarly, CheckpointUnknown, CheckpointRepeated or
    TicketUnknown.
    """
    post = require(actor, "spot_checks.walk", matter_of(check))
    refuse_wrong_checks(session, check.compound, seen, tickets_seen, actor=actor)
    if moment.occurred_at < check.drawn_at - GRACE:
        detail = "抽查的时间早于抽取的时间，请核对手机时钟。"
        raise SpotCheckTooEarly(detail, fields={"occurred_at": [detail]})
    _take_turn(session, check)
    problems = [one for one in seen if one.result is CheckResult.problem]
    check.result = CheckResult.problem if problems else CheckResult.fine
    check.checks, check.note = [_as_kept(one) for one in seen], note
    check.person_id, check.post_id = actor.person_id, post.id
    check.walked_at, check.received_at = moment.occurred_at, moment.now
    check.clock_offset_s = moment.offset_s
    session.flush()
    return check


def require_walkable(session: Session, check: SpotCheck, *, actor: Actor) -> None:
    """Raises NotAllowed, WalkedByOneself or SpotCheckWalked unless the actor can walk it now."""
    require(actor, "spot_checks.walk", matter_of(check))
    if _walked_by(session, check.round_id, actor.person_id):
        raise WalkedByOneself("请由没有参加这次巡查的人员抽查。")
    if check.result is not None:
        raise SpotCheckWalked("请刷新后查看结果。")


def _walked_by(session: Session, round_id: UUID, person_id: UUID) -> bool:
    own = exists().where(RoundCheck.round_id == round_id, RoundCheck.person_id == person_id)
    return bool(session.scalar(select(own)))


def _take_turn(session: Session, check: SpotCheck) -> None:
    """Of two who walk at once one wins: the other finds the row written. Raises
    SpotCheckWalked."""
    turn = update(SpotCheck).where(SpotCheck.id == check.id, SpotCheck.result.is_(None))
    if rows_changed(session, turn.values(result=CheckResult.fine)) == 0:
        raise SpotCheckWalked("请刷新后查看结果。")


def _as_kept(seen: SeenCheckpoint) -> dict[str, str | None]:
    return {
        "checkpoint": str(seen.checkpoint_id),
        "result": seen.result.value,
        "ticket": str(seen.ticket_id) if seen.ticket_id else None,
        "note": masked(seen.note) if seen.note else None,
    }
