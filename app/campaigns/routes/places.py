"""The compound that a request is about, and the day it is asked on."""

from collections.abc import Callable
from datetime import date
from typing import Protocol, cast

from pydantic import BaseModel

from app.campaigns.service import matter_of_compound
from app.grid import sight
from app.grid.models import Compound
from app.kernel.clock import shanghai_day
from app.kernel.errors import DomainError
from app.people.access import Matter
from app.people.models import Role
from app.web.routing import Call


def today(call: Call) -> date:
    """The day of the request, in Asia/Shanghai."""
    return shanghai_day(call.now)


def compound_in_sight(call: Call, code: str) -> Compound:
    """The compound with a code in one of the asker's townships; raises NotThere."""
    towns = sight.towns_in_sight(call.session, call.actor, day=today(call))
    return sight.compound_in_sight(call.session, code, towns)


class CompoundInBody(Protocol):
    """A body that names a compound."""

    compound: str


def compound_named(body: type[BaseModel]) -> Callable[[Call], Compound | None]:
    """What finds the compound that such a body names, when the asker sees it."""

    def found(call: Call) -> Compound | None:
        try:
            said = cast(CompoundInBody, call.body(body))
            return compound_in_sight(call, said.compound)
        except DomainError:
            return None

    return found


def matter_of_body(call: Call) -> Matter:
    """The compound's matter; of one that cannot be told, the asker's own, so that who may plan
    anywhere learns that the body is at fault."""
    if call.loaded is not None:
        return matter_of_compound(call.loaded)
    own = next(iter(call.actor.posts_as(Role.lead, Role.supervisor)), None)
    if own is None:
        return Matter()
    given = next(iter(own.given), own.organisation_id)
    return Matter(town_id=own.town_id, community_id=given)
