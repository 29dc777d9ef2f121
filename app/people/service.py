"""Verbs about persons: sign in and out, set a password, close an account."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.kernel.errors import NotSignedIn, NotThere, Rejected
from app.people.models import AGENT_LENGTH, AccessToken, Person
from app.people.passwords import (
    HashCost,
    check_password_rules,
    hash_password,
    password_matches,
)
from app.people.queries import person_by_username

# Verified when the username is unknown, so that both refusals take the same time.
_NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$Mtpy/dfjYDGMuXFF22Vrgw"
    "$mFEqKDK+nY3a9vf+Rb5sGhj2qV6heMO/0FA4ZtrIXFU"
)


class BadCredentials(NotSignedIn):
    """The username or the password is wrong; which one is not said."""

    code = "bad_credentials"
    title = "用户名或口令不正确"


class WrongPassword(Rejected):
    """The password that one has is not the one given."""

    code = "wrong_password"
    title = "原口令不正确"


@dataclass(frozen=True)
class SignIn:
    """A fresh sign-in: the token is known to the caller only."""

    person: Person
    token: str
    expires_at: datetime


def token_digest(token: str) -> str:
    """The SHA-256 (hex) under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_with_password(session: Session, *, username: str, password: str) -> Person:
    """The person who knows the password; raises BadCredentials. Costs 50 ms: hold no lock."""
    person = person_by_username(session, username)
    known = person.password_hash if person and not person.deactivated_at else None
    if not password_matches(known or _NOBODYS_HASH, password) or person is None or known is None:
        raise BadCredentials("请核对后重新输入；忘记口令请联系管理员。")
    return person


def issue_token(
    session: Session,
    person: Person,
    *,
    lifetime: timedelta,
    now: datetime,
    agent: str | None = None,
) -> SignIn:
    """A new access token of a person, kept as its digest."""
    token = secrets.token_urlsafe(32)
    expires_at = now + lifetime
    session.add(
        AccessToken(
            person_id=person.id,
            token_hash=token_digest(token),
            issued_at=now,
            expires_at=expires_at,
            agent=agent[:AGENT_LENGTH] if agent else None,
        )
    )
    return SignIn(person, token, expires_at)


def sign_out(session: Session, *, token: str, now: datetime) -> None:
    """Ends one sign-in."""
    session.execute(
        update(AccessToken)
        .where(AccessToken.token_hash == token_digest(token), AccessToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def end_sign_in(session: Session, person_id: UUID, sign_in_id: UUID, *, now: datetime) -> None:
    """Ends one of a person's own sign-ins; raises NotThere when it is none or over."""
    ended = update(AccessToken).where(
        AccessToken.id == sign_in_id,
        AccessToken.person_id == person_id,
        AccessToken.revoked_at.is_(None),
        AccessToken.expires_at > now,
    )
    if not rows_changed(session, ended.values(revoked_at=now)):
        raise NotThere("没有这次登录，或已经结束。")


def end_other_sign_ins(session: Session, person_id: UUID, *, token: str, now: datetime) -> None:
    """Ends all of a person's sign-ins but the one with this token."""
    session.execute(
        update(AccessToken)
        .where(
            AccessToken.person_id == person_id,
            AccessToken.token_hash != token_digest(token),
            AccessToken.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def revoke_tokens(session: Session, person: Person, *, now: datetime) -> None:
    """Ends all of a person's sign-ins."""
    session.execute(
        update(AccessToken)
        .where(AccessToken.person_id == person.id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def forget_ended_sign_ins(session: Session, *, now: datetime, at_most: int) -> int:
    """Removes sign-ins whose time is over, revoked ones among them; how many there were."""
    ended = select(AccessToken.id).where(AccessToken.expires_at <= now).limit(at_most)
    return rows_changed(session, delete(AccessToken).where(AccessToken.id.in_(ended)))


def set_password(
    session: Session, person: Person, password: str, *, cost: HashCost, now: datetime
) -> None:
    """Gives a person a new password and ends the sign-ins made with the old one."""
    check_password_rules(password, username=person.username, phone=person.phone)
    person.password_hash = hash_password(password, cost=cost)
    person.password_set_at = now
    revoke_tokens(session, person, now=now)


def change_password(
    session: Session, person: Person, password_hash: str, *, token: str, now: datetime
) -> None:
    """Gives a person the password that they chose and ends their other sign-ins."""
    person.password_hash, person.password_set_at = password_hash, now
    end_other_sign_ins(session, person.id, token=token, now=now)


def deactivate_person(session: Session, person: Person, *, now: datetime) -> None:
    """Closes an account: nobody signs in with it; what it did stays."""
    person.deactivated_at = person.deactivated_at or now
    revoke_tokens(session, person, now=now)


def activate_person(session: Session, person: Person) -> None:
    """Opens a closed account again."""
    person.deactivated_at = None
