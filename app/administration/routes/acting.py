"""What the routes of administration share: who acts, what is in sight, cursors by code."""

from datetime import date
from typing import Any

from flask import g

from app.administration.audit import Act
from app.administration.sight import (
    matter_changed,
    matter_read,
    organisation_meant,
    towns_administered,
)
from app.grid import sight
from app.grid.indexes import Towns
from app.kernel.clock import shanghai_day
from app.kernel.errors import DomainError
from app.kernel.paging import decode_cursor
from app.people.access import Matter, allowing_post
from app.people.models import Organisation
from app.web.routing import Call

READ = "administration.read"
WRITE = "administration.write"


def today(call: Call) -> date:
    """The day of the request in Asia/Shanghai."""
    return shanghai_day(call.now)


def act_of(call: Call) -> Act:
    """Who does this, by the post that allowed it."""
    matter = call.route.matter(call) if call.route.matter else Matter()
    post = allowing_post(call.actor, call.route.permission, matter)
    return Act(call.now, call.actor.person_id, post.id if post else None, g.get("request_id"))


def towns_seen(call: Call) -> Towns:
    """The townships that the asker sees, by whatever post."""
    return sight.towns_in_sight(call.session, call.actor, day=today(call))


def towns_ruled(call: Call) -> Towns:
    """The townships that the asker administers."""
    return towns_administered(call.actor)


def organisation_asked_for(call: Call) -> Organisation:
    """The organisation named in the path; raises NotThere."""
    return sight.organisation_in_sight(call.session, call.args["code"], towns_seen(call))


def organisation_of_query(call: Call, code: str | None) -> Organisation | None:
    """The organisation that a query names; raises NotThere."""
    if code is None:
        return None
    return sight.organisation_in_sight(call.session, code, towns_seen(call))


def organisation_of_body(call: Call, field: str) -> Organisation | None:
    """The organisation that a field of the body names, or None when it cannot be told.

    Then any administrator may go on, and learns from the view what is at fault.
    """
    try:
        code = call.raw.get(field)
        return meant(call, code, field) if isinstance(code, str) else None
    except DomainError:
        return None


def meant(call: Call, code: str, field: str = "organisation") -> Organisation:
    """The organisation that a field names; raises OrganisationUnknown."""
    return organisation_meant(
        call.session, code.strip(), towns_seen(call), day=today(call), field=field
    )


def ruled(call: Call, code: str, field: str = "organisation") -> Organisation:
    """The organisation that a field names, if the asker may change it; raises NotAllowed too."""
    found = meant(call, code, field)
    call.require(WRITE, matter_changed(found))
    return found


def changed(call: Call) -> Matter:
    """The matter of a change to the organisation loaded, when there is one."""
    return matter_changed(call.loaded) if call.loaded is not None else Matter()


def read(call: Call) -> Matter:
    """The matter of reading the organisation loaded."""
    return matter_read(call.loaded)


def text_after(cursor: str | None) -> str | None:
    """The code or username that a cursor stands behind; raises BadCursor."""
    return None if cursor is None else str(decode_cursor(cursor, _text)[0])


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise ValueError(value)
    return value
