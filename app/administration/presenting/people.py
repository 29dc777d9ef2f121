"""Accounts, posts and leaves as JSON; never a password."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.administration.audit import masked_phone
from app.administration.models import Leave
from app.administration.presenting.organisations import day_text, named
from app.administration.staff.queries import leaves_of, stood_for
from app.people.models import ROLE_LABELS, Organisation, Person, Post


def person_named(person: Person) -> dict[str, str]:
    """A person inside another object."""
    return {"username": person.username, "name": person.name}


def person_state(person: Person) -> dict[str, Any]:
    """An account as the log keeps it: the phone number masked."""
    return {
        "name": person.name,
        "phone": masked_phone(person.phone),
        "active": person.deactivated_at is None,
    }


def post_state(post: Post, organisation: Organisation) -> dict[str, Any]:
    """A post as the log keeps it."""
    return {
        "role": post.role.value,
        "organisation": organisation.code,
        "from_on": post.from_on.isoformat(),
        "to_on": day_text(post.to_on),
    }


def leave_state(leave: Leave, person: Person, deputy: Person) -> dict[str, Any]:
    """A leave as the log keeps it."""
    return {
        "person": person.username,
        "deputy": deputy.username,
        "from_on": leave.from_on.isoformat(),
        "to_on": day_text(leave.to_on),
    }


def people_json(
    session: Session, people: Sequence[Person], *, day: date, past: bool = False
) -> list[dict[str, Any]]:
    """Accounts with posts that have not ended (with `past`: all) and leaves; two queries."""
    posts = {one.id: [p for p in one.posts if past or _lasts(p, day)] for one in people}
    absent = stood_for(session, [post.id for held in posts.values() for post in held])
    leaves = leaves_of(session, [one.id for one in people], day=day)
    return [
        {
            "id": str(one.id),
            "username": one.username,
            "name": one.name,
            "phone": one.phone,
            "active": one.deactivated_at is None,
            "has_password": one.password_hash is not None,
            "posts": [_post_json(post, absent.get(post.id)) for post in posts[one.id]],
            "leaves": [_leave_json(leave) for leave in leaves.get(one.id, [])],
        }
        for one in people
    ]


def _lasts(post: Post, day: date) -> bool:
    return post.to_on is None or post.to_on > day


def _post_json(post: Post, absent: Person | None) -> dict[str, Any]:
    return {
        "id": str(post.id),
        "role": post.role,
        "role_label": ROLE_LABELS[post.role],
        "organisation": named(post.organisation),
        "from_on": post.from_on.isoformat(),
        "to_on": day_text(post.to_on),
        "deputises": person_named(absent) if absent else None,
    }


def _leave_json(leave: Leave) -> dict[str, Any]:
    return {
        "id": str(leave.id),
        "deputy": person_named(leave.deputy),
        "from_on": leave.from_on.isoformat(),
        "to_on": day_text(leave.to_on),
    }
