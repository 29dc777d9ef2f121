"""What each move does besides changing the state; each answers what the timeline shall keep."""

from collections.abc import Callable

from app.catalogue.queries import CategoryView, category_in_force
from app.kernel.clock import shanghai_day
from app.kernel.errors import Rejected
from app.kernel.ids import new_id
from app.people.models import Organisation, OrganisationType
from app.tickets.errors import CategoryUnknown, OrganisationMissing
from app.tickets.handling.afterwards import (
    back_to_work,
    confirm,
    merge_into,
    reopen,
    rework,
    second_look_of,
    supervise,
    void,
)
from app.tickets.handling.clocks import (
    begin_leg,
    carry_on,
    change_limit,
    count_due,
    end_leg,
    file_under,
    mark_rectified,
    reopen_leg,
)
from app.tickets.handling.disputes import (
    accept_send_back,
    assign,
    grant_extension,
    refuse,
    request_extension,
    send_back,
)
from app.tickets.handling.recounting import recount_clocks
from app.tickets.handling.standstill import refer, resume, suspend
from app.tickets.handling.turns import Changes, Turn
from app.tickets.intake.placing import (
    forget_position_elsewhere,
    place_moved_to,
    put_in_place,
)
from app.tickets.intake.repeats import mark_repeats
from app.tickets.intake.routing import responsible_by_code
from app.tickets.intake.telling import tell_of_filing
from app.tickets.models import Leg, LegOutcome, State, Ticket, TicketMove
from app.tickets.workflow import Action

ONLY_REFERRED_TO = (OrganisationType.enforcement_body,)
COMES_BACK = (None, LegOutcome.sent_back, LegOutcome.referred)
"""What became of a leg whose limit goes on when the same organisation gets the ticket again."""


class NothingChanged(Rejected):
    """A reclassification that says what the ticket says already."""

    code = "nothing_changed"
    title = "没有任何变化"


def _nothing(turn: Turn) -> Changes:
    return {}


def _dispatch(turn: Turn) -> Changes:
    """Ends the running leg and starts the next organisation's, with its own limit; to the same
    organisation again the limit goes on."""
    ticket, asked = turn.ticket, turn.asked
    if asked.organisation is None:
        fields = {"organisation": ["必填"]}
        raise OrganisationMissing("请填写责任单位编码。", fields=fields)
    if ticket.outside is not None and ticket.state is State.referred:
        ticket.outside = {**ticket.outside, "answer": asked.note}
    responsible = responsible_by_code(
        turn.session, asked.organisation, community=ticket.community, day=shanghai_day(turn.now)
    )
    changes: Changes = {"responsible": responsible.code}
    before, left = _leg_before(ticket, responsible), ticket.condition_key
    if ticket.open_leg is not None:
        end_leg(ticket, ticket.open_leg, LegOutcome.dispatched_again, now=turn.now)
    if asked.condition is not None:
        changes |= _refile(turn, ticket.category_code, asked.condition)
    ticket.dispatched_at = turn.now
    leg = begin_leg(turn.session, ticket, responsible, now=turn.now)
    if before is not None:
        carry_on(turn.session, ticket, before, leg, left, now=turn.now)
    return changes


def _leg_before(ticket: Ticket, responsible: Organisation) -> Leg | None:
    """The leg that an organisation goes on with: the one it has, or had until a send-back was
    accepted or the ticket referred, when nobody but a body for referrals has had it since."""
    own = (leg for leg in reversed(ticket.legs) if leg.organisation.type not in ONLY_REFERRED_TO)
    last = next(own, None)
    if last is None or last.organisation_id != responsible.id:
        return None
    return last if last.outcome in COMES_BACK else None


def _refile(turn: Turn, category_code: str, condition_code: str | None) -> Changes:
    """Files the ticket under another category or condition, as they were on the day it began."""
    ticket = turn.ticket
    day = shanghai_day(ticket.occurred_at)
    category = category_in_force(turn.session, category_code, day=day, town_id=ticket.town_id)
    condition = category.condition(condition_code) if category else None
    if category is None or condition is None:
        name = "condition" if category else "category"
        raise CategoryUnknown("请重新选择。", fields={name: [CategoryUnknown.title]})
    before = {"category": ticket.category_code, "condition": ticket.condition_code}
    _copy_category(ticket, category)
    file_under(ticket, condition)
    after = {"category": ticket.category_code, "condition": ticket.condition_code}
    if before["category"] != after["category"]:
        tell_of_filing(turn.session, ticket, category, by=turn.actor.person_id, now=turn.now)
    return {} if before == after else {"filed_under": {"from": before, "to": after}}


def _copy_category(ticket: Ticket, category: CategoryView) -> None:
    ticket.category_code, ticket.category_name = category.code, category.name
    ticket.standard_ref = category.standard_ref


def _reclassify(turn: Turn) -> Changes:
    """Another category, condition or place; a new condition restarts the limit, one that the leg
    was under before goes on. Which pauses hold depends on all of them."""
    ticket, left = turn.ticket, turn.ticket.condition_key
    moved = _move(turn)
    refiled = _file_anew(turn)
    if refiled and ticket.open_leg is not None:
        change_limit(turn.session, ticket, ticket.open_leg, left, now=turn.now)
    changes = {**refiled, **moved}
    if not changes:
        raise NothingChanged("请修改类别、立案条件或地点后再提交。")
    recount_clocks(turn.session, ticket)
    mark_repeats(turn.session, ticket)
    return changes


def _file_anew(turn: Turn) -> Changes:
    """The condition may be left out with another category: then it is that category's first."""
    ticket, asked = turn.ticket, turn.asked
    if asked.condition is None and asked.category in (None, ticket.category_code):
        return {}
    return _refile(turn, asked.category or ticket.category_code, asked.condition)


def _move(turn: Turn) -> Changes:
    """Another place: what is not named stays while it fits what is."""
    ticket, asked = turn.ticket, turn.asked
    changes: Changes = {}
    if asked.compound is not None or asked.cell is not None:
        known, home = (ticket.compound_id, ticket.cell_id), ticket.community_id
        put_in_place(ticket, place_moved_to(turn.session, ticket, asked.compound, asked.cell))
        if known != (ticket.compound_id, ticket.cell_id):
            forget_position_elsewhere(turn.session, ticket)
            if home != ticket.community_id:
                left = TicketMove(id=new_id(), ticket_id=ticket.id, community_id=home, at=turn.now)
                turn.session.add(left)
            changes["place"] = {
                "compound": ticket.compound.code if ticket.compound else None,
                "cell": ticket.cell.code if ticket.cell else None,
            }
    if asked.area is not None and asked.area is not ticket.area:
        ticket.area = asked.area
        changes["area"] = asked.area.value
    return changes


def _withdraw(turn: Turn) -> Changes:
    if turn.ticket.open_leg is not None:
        end_leg(turn.ticket, turn.ticket.open_leg, LegOutcome.withdrawn, now=turn.now)
    return {}


def _rectify(turn: Turn) -> Changes:
    leg = turn.ticket.open_leg
    assert leg is not None
    end_leg(turn.ticket, leg, LegOutcome.rectified, now=turn.now)
    mark_rectified(turn.session, turn.ticket, by=turn.actor, now=turn.now)
    return {}


def _recall(turn: Turn) -> Changes:
    """The leg goes on as if it had not ended: nothing is gained by rectifying too early, and what
    was paused meanwhile is."""
    leg = turn.ticket.last_leg
    assert leg is not None
    reopen_leg(leg)
    count_due(turn.session, turn.ticket, leg)
    back_to_work(turn.ticket)
    return {}


def _close(turn: Turn) -> Changes:
    turn.ticket.closed_at = turn.now
    turn.ticket.second_look = second_look_of(turn)
    return {}


EFFECTS: dict[Action, Callable[[Turn], Changes]] = {
    Action.dispatch: _dispatch,
    Action.reject: _nothing,
    Action.reclassify: _reclassify,
    Action.withdraw: _withdraw,
    Action.rectify: _rectify,
    Action.recall: _recall,
    Action.close: _close,
    Action.return_: rework,
    Action.comment: _nothing,
    Action.assign: assign,
    Action.send_back: send_back,
    Action.accept_send_back: accept_send_back,
    Action.refuse_send_back: refuse,
    Action.request_extension: request_extension,
    Action.grant_extension: grant_extension,
    Action.refuse_extension: refuse,
    Action.suspend: suspend,
    Action.resume: resume,
    Action.refer: refer,
    Action.reopen: reopen,
    Action.void: void,
    Action.merge_into: merge_into,
    Action.supervise: supervise,
    Action.confirm: confirm,
    Action.explain: _nothing,
}
