"""Who the loaded townships lack: the supervisors of management groups, with what they are given."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.administration.audit import Act
from app.administration.organisations import set_given
from app.administration.staff.accounts import make_person
from app.administration.staff.posts import give_post
from app.demo.plans import GROUPS
from app.demo.township import Township, username
from app.people.administration import organisation_named
from app.people.models import Role

GIVEN = {"G1": ("001", "002", "003"), "G2": ("004", "005", "006"), "G3": ("201", "202", "203")}


def appoint_groups(session: Session, township: Township, *, now: datetime) -> None:
    """Gives the communities of a township to its management groups, and each a supervisor."""
    act = Act(now)
    for number, (suffix, name) in enumerate(GROUPS, 1):
        group = organisation_named(session, f"{township.code}-{suffix}")
        homes = [organisation_named(session, township.code + home) for home in GIVEN[suffix]]
        set_given(session, group, homes, act=act)
        person = make_person(
            session,
            username=username(township.code, f"zuzhang{number}"),
            name=f"{name}组长",
            phone=None,
            home=group,
            act=act,
        )
        give_post(session, person, role=Role.supervisor, organisation=group, from_on=None, act=act)
