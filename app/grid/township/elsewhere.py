"""People whom a township names and who hold posts in another one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.people.models import Organisation, Person, Post


class Elsewhere:
    """The posts, past ones too, of some people in townships other than one."""

    def __init__(
        self, session: Session, people: Iterable[Person], *, town_code: str, today: date
    ) -> None:
        own = select(Organisation.id).where(Organisation.code == town_code).scalar_subquery()
        rows = session.execute(
            select(Post, Organisation.name)
            .join(Organisation, Organisation.id == Post.organisation_id)
            .where(
                Post.person_id.in_([person.id for person in people]),
                Organisation.town_id.is_not(None),
                or_(own.is_(None), Organisation.town_id != own),
            )
            .order_by(Organisation.code)
        )
        self._known: set[UUID] = set()
        self._serving: dict[UUID, list[str]] = defaultdict(list)
        for post, name in rows:
            self._known.add(post.person_id)
            if post.holds_on(today):
                self._serving[post.person_id].append(name)

    def knows(self, person: Person) -> bool:
        """Whether another township has, or had, the person: it alone changes the account."""
        return person.id in self._known

    def serving(self, person: Person) -> list[str]:
        """The names of the organisations in other townships where the person holds a post now."""
        return list(dict.fromkeys(self._serving.get(person.id, ())))
