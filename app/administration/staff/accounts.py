"""Verbs about accounts: make, change, close and open, sign out, give a fresh password."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import AlreadyTaken, OwnAccount
from app.administration.models import ChangeKind, SubjectKind
from app.administration.presenting.people import person_state
from app.administration.staff.deputies import refuse_while_deputising
from app.administration.staff.last_administrator import refuse_without_administrator
from app.administration.staff.queries import home_of
from app.people.hosts.binding import part
from app.people.models import Organisation, Person
from app.people.queries import person_by_username
from app.people.service import activate_person, deactivate_person, revoke_tokens


def make_person(
    session: Session,
    *,
    username: str,
    name: str,
    phone: str | None,
    home: Organisation,
    act: Act,
) -> Person:
    """A new account without a password, logged where its first post is; raises AlreadyTaken."""
    if person_by_username(session, username) is not None:
        raise AlreadyTaken(f"用户名 {username} 已有人使用。", fields={"username": ["已被使用"]})
    _refuse_known_phone(session, phone, username)
    person = Person(username=username, name=name, phone=phone)
    session.add(person)
    session.flush()
    subject = Subject(SubjectKind.person, username, home)
    record_change(session, act, subject, ChangeKind.create, after=person_state(person))
    return person


def change_person(
    session: Session,
    person: Person,
    *,
    name: str,
    phone: str | None,
    home: Organisation | None,
    act: Act,
) -> None:
    """Give an account another name and phone number; raises AlreadyTaken."""
    _refuse_known_phone(session, phone, person.username)
    before, known = person_state(person), (person.name, person.phone)
    person.name, person.phone = name, phone
    session.flush()
    after = person_state(person)
    if known != (name, phone) and before == after:
        # The part that changed is masked: the log says that it did.
        after = {**after, "phone_changed": True}
    _record(session, act, person, home, ChangeKind.change, before=before, after=after)


def close_account(session: Session, person: Person, *, home: Organisation | None, act: Act) -> None:
    """Nobody signs in with an account any more; raises OwnAccount for one's own, LastAdministrator
    for the only county's administrator, or the only one at all, in use, and Deputising for who
    stands in for somebody on leave: that person's work would lie."""
    if person.id == act.actor_id:
        raise OwnAccount("请由另一位管理员操作。")
    if person.deactivated_at is None:
        refuse_while_deputising(session, person, today=act.today)
        held = [post for post in person.posts if post.holds_on(act.today)]
        refuse_without_administrator(session, person, held, day=act.today, what="停用")
    before = person_state(person)
    deactivate_person(session, person, now=act.now)
    after = person_state(person)
    _record(session, act, person, home, ChangeKind.deactivate, before=before, after=after)


def open_account(session: Session, person: Person, *, home: Organisation | None, act: Act) -> None:
    """A closed account can be used again."""
    before = person_state(person)
    activate_person(session, person)
    after = person_state(person)
    _record(session, act, person, home, ChangeKind.activate, before=before, after=after)


def end_sign_ins(session: Session, person: Person, *, home: Organisation | None, act: Act) -> None:
    """End all of a person's sign-ins."""
    revoke_tokens(session, person, now=act.now)
    _record(session, act, person, home, ChangeKind.sign_out)


def unbind(session: Session, person: Person, *, home: Organisation | None, act: Act) -> None:
    """Part a person from their hosts, so that they can bind again; sign-ins made there end too."""
    if part(session, person.id, by=act.actor_id, now=act.now):
        revoke_tokens(session, person, now=act.now)
        _record(session, act, person, home, ChangeKind.unbind)


def keep_password(
    session: Session, person: Person, password_hash: str, *, home: Organisation | None, act: Act
) -> None:
    """A fresh password, of which only the hash comes here; earlier sign-ins end."""
    person.password_hash, person.password_set_at = password_hash, act.now
    revoke_tokens(session, person, now=act.now)
    _record(session, act, person, home, ChangeKind.reset_password)


def record_password(session: Session, person: Person, *, act: Act) -> None:
    """Log that an account got a password at the terminal; which one is nowhere."""
    home = home_of(person, day=act.today)
    _record(session, act, person, home, ChangeKind.reset_password)


def _refuse_known_phone(session: Session, phone: str | None, username: str) -> None:
    if phone is None:
        return
    holder: UUID | None = session.scalar(
        select(Person.id).where(Person.phone == phone, Person.username != username)
    )
    if holder is not None:
        raise AlreadyTaken("这个手机号已有人使用。", fields={"phone": ["已被使用"]})


def _record(
    session: Session,
    act: Act,
    person: Person,
    home: Organisation | None,
    action: ChangeKind,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    subject = Subject(SubjectKind.person, person.username, home)
    record_change(session, act, subject, action, before=before, after=after)
