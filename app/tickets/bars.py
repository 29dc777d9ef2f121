"""Who must not make a move though the row of the table names them, and what they are told.

Nobody checks their own work, looks again at their own closing, or answers their own request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.kernel.errors import NotAllowed
from app.people.access import Actor, Matter, allowing_post
from app.people.models import Role
from app.tickets.circumstances import Circumstances
from app.tickets.errors import OwnWork
from app.tickets.models import SecondLook


@dataclass(frozen=True)
class Bar:
    """What keeps somebody from a move, and the refusal that says so."""

    keeps_out: Callable[[Actor, Circumstances], bool]
    error: type[NotAllowed]
    detail: str


def _is_own_work(actor: Actor, circumstances: Circumstances) -> bool:
    """Whether the actor would check their own work or that of their own organisation.

    The fixes of the community of the place may be checked by its lead, unless the lead made them.
    """
    matter = circumstances.matter
    if matter.rectifier_id == actor.person_id:
        return True
    return _is_of(actor, matter.rectifying_organisation_id, matter)


def _closed_it(actor: Actor, circumstances: Circumstances) -> bool:
    """Whether the actor would look again at what they closed, in whichever post they did."""
    waits = circumstances.ticket.second_look is SecondLook.waiting
    return waits and circumstances.closer_id == actor.person_id


def _asked_for_it(actor: Actor, circumstances: Circumstances) -> bool:
    """Whether the actor would answer what they or their own organisation asked for.

    What the community of the place asks for its lead answers, unless the lead asked.
    """
    ticket = circumstances.ticket
    if ticket.pending_by_id == actor.person_id:
        return True
    return _is_of(actor, ticket.responsible_id, circumstances.matter)


def _closes_what_is_contradicted(actor: Actor, circumstances: Circumstances) -> bool:
    """Whether the actor would close over a contradicted after-photo, which a supervisor may."""
    if not circumstances.after_photo_contradicted:
        return False
    matter = circumstances.matter
    overrules = allowing_post(actor, "tickets.overrule", matter) is not None
    return not overrules and allowing_post(actor, "tickets.close", matter) is not None


def _is_of(actor: Actor, organisation_id: UUID | None, matter: Matter) -> bool:
    """Whether the actor is of an organisation, other than as the lead of the place."""
    roles = {p.role for p in actor.posts if p.organisation_id == organisation_id}
    leads_the_place = organisation_id == matter.community_id and Role.lead in roles
    return bool(roles) and not leads_the_place


OWN_WORK = Bar(_is_own_work, OwnWork, "请由其他人员核查。")
OWN_CLOSING = Bar(_closed_it, OwnWork, "这张工单是您结案的，请由其他督查员复核。")
OWN_REQUEST = Bar(_asked_for_it, NotAllowed, "请由其他人员答复本人或本单位的申请。")
CONTRADICTED = Bar(
    _closes_what_is_contradicted,
    NotAllowed,
    "整改后照片与事实不符，须由督查员写明理由后结案。",
)
