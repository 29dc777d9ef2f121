"""A day's work as JSON."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row

from app.kernel.clock import rfc3339
from app.sla.lights import Light
from app.tickets.actions import ACTION_LABELS, Action
from app.tickets.agenda.ended import Ended
from app.tickets.agenda.reading import MOST, MOST_EACH, MOST_GROUPS, Agenda, Shown
from app.tickets.agenda.standing import WITH_US, Group, Standing
from app.tickets.models import PENDING_KIND_LABELS, PendingKind, State
from app.tickets.narrowing import NONE
from app.tickets.showing.describing import named
from app.tickets.showing.presenting import Viewer, ticket_items

LIST = "/api/v1/tickets"
KINDS = {
    Action.accept_send_back: PendingKind.send_back,
    Action.refuse_send_back: PendingKind.send_back,
    Action.grant_extension: PendingKind.request_extension,
    Action.refuse_extension: PendingKind.request_extension,
}
DECISIONS = {
    Action.accept_send_back: "accepted",
    Action.refuse_send_back: "refused",
    Action.grant_extension: "granted",
    Action.refuse_extension: "refused",
}


class AgendaView:
    """One agenda for one viewer; every ticket is presented once."""

    def __init__(self, viewer: Viewer, agenda: Agenda, shown: Shown) -> None:
        self.viewer, self.agenda, self.shown = viewer, agenda, shown
        items = ticket_items(viewer, list(shown.tickets.values()))
        self.items = dict(zip(shown.tickets, items, strict=True))
        for each in agenda.standing:
            # What was referred to a body has a limit too: on its own day the light is shown.
            if each.state is State.referred and each.id in self.items:
                self.items[each.id]["light"] = each.light(agenda.now)

    def json(self) -> dict[str, Any]:
        """All of it."""
        agenda = self.agenda
        return {
            "as_of": rfc3339(agenda.now),
            "totals": self._totals(),
            "compounds": [self._group(group) for group in agenda.groups[:MOST_GROUPS]],
            "contested": [self.items[each.id] for each in agenda.contested[:MOST]],
            "decided": [self._decided(row) for row in agenda.decided],
            "returned": [self._returned(each) for each in agenda.returned[:MOST]],
            "handed_over": [self._ended(each) for each in agenda.handed_over[:MOST_GROUPS]],
            "to_hand_over": [self._ended(each) for each in agenda.to_hand_over[:MOST_GROUPS]],
        }

    def _totals(self) -> dict[str, int]:
        agenda, me = self.agenda, self.viewer.actor.person_id
        return {
            **self._lights(agenda.standing),
            "suspended": sum(each.state is State.suspended for each in agenda.standing),
            "assigned_to_me": sum(each.assignee_id == me for each in agenda.standing),
            "contested": len(agenda.contested),
            "returned": len(agenda.returned),
            "decided": agenda.decided[0].total if agenda.decided else 0,
            "handed_over": sum(len(each.tickets) for each in agenda.handed_over),
            "to_hand_over": sum(len(each.tickets) for each in agenda.to_hand_over),
        }

    def _lights(self, standing: Sequence[Standing]) -> dict[str, int]:
        lights = [each.light(self.agenda.now) for each in standing]
        return {light.value: lights.count(light) for light in reversed(Light)}

    def _first(self, standing: Sequence[Standing]) -> dict[str, Any]:
        return {
            "tickets": [self.items[each.id] for each in standing[:MOST_EACH]],
            "more": max(0, len(standing) - MOST_EACH),
        }

    def _group(self, group: Group) -> dict[str, Any]:
        ticket = self.shown.tickets[group.tickets[0].id]
        place = {"compound": ticket.compound.code if ticket.compound else NONE}
        if ticket.compound is None:
            place["organisation"] = ticket.community.code
        if ticket.responsible is not None and group.is_with_one:
            # Whoever sees more of the compound than what is theirs is shown what is theirs.
            place["responsible"] = ticket.responsible.code
        states = [state.value for state in WITH_US if state is not State.suspended]
        return {
            "compound": named(ticket.compound),
            "community": named(ticket.community),
            **self._lights(group.tickets),
            **self._first(group.tickets),
            "listed": _listed(states, place),
        }

    def _returned(self, standing: Standing) -> dict[str, Any]:
        event = self.shown.returns[standing.id]
        return {"ticket": self.items[standing.id], "reason": event.note, "at": rfc3339(event.at)}

    def _decided(self, row: Row[Any]) -> dict[str, Any]:
        action = Action(row.action)
        return {
            "ticket": self.items[row.ticket_id],
            "kind": KINDS[action].value,
            "kind_label": PENDING_KIND_LABELS[KINDS[action]],
            "decision": DECISIONS[action],
            "decision_label": ACTION_LABELS[action],
            "reason": row.note,
            "asked_at": rfc3339(row.asked_at),
            "at": rfc3339(row.at),
            "due_at": row.changes.get("due_at"),
        }

    def _ended(self, ended: Ended) -> dict[str, Any]:
        compound = self.shown.tickets[ended.tickets[0].id].compound
        assert compound is not None
        states = [State.dispatched.value, State.suspended.value]
        place = {"compound": compound.code, "responsible": ended.company.code}
        return {
            "compound": named(compound),
            "company": named(ended.company),
            "ended_on": f"{ended.ended_on}",
            "successors": [named(company) for company in ended.successors],
            **self._first(ended.tickets),
            "listed": _listed(states, place),
        }


def _listed(states: Sequence[str], narrowed: dict[str, str]) -> str:
    """Where the list goes on."""
    query = [*(("state", state) for state in states), *narrowed.items(), ("sort", "due")]
    return f"{LIST}?{urlencode(query)}"
