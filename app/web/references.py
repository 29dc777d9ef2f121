"""What a phone names before it knows an id: `key:` and the Idempotency-Key that made the thing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import BaseConverter

from app.kernel.errors import Rejected
from app.kernel.ids import parse_id
from app.kernel.schemas import KEY
from app.web.idempotency import RequestRecord


class ReferenceUnknown(Rejected):
    """A `key:` names something that this person has not made yet."""

    code = "reference_unknown"
    title = "所引用的内容还没有送达"


class ReferenceInPath(BaseConverter):
    """An id, or `key:` and a key, which may hold a slash: a path's %2F is one before it is read.

    What stands beside ids as an address of its own is none: /photos/uploads is no photo.
    """

    regex = r"key:.{1,64}?|(?!(?:uploads|rectify)(?:/|$))[^/]+"
    part_isolating = False


@dataclass(frozen=True)
class References:
    """What the keys in one request name: ids of things made, by their kind and key."""

    made: Mapping[tuple[str, str], UUID]

    def one(self, kind: str, text: str) -> UUID:
        """The id that a reference names; raises ReferenceUnknown for what is not made yet."""
        is_keyed = text.startswith(KEY)
        known = self.made.get((kind, text.removeprefix(KEY))) if is_keyed else parse_id(text)
        if known is None:
            raise ReferenceUnknown("请在它所引用的内容送达之后再发送。", reference=text)
        return known

    def all(self, kind: str, texts: Iterable[str]) -> list[UUID]:
        """The ids that references name in their order, without repetition."""
        return list(dict.fromkeys(self.one(kind, text) for text in texts))


def references(session: Session, texts: Iterable[str | None], *, person_id: UUID) -> References:
    """What this person made under the keys among some references; one query, none without keys."""
    keys = {text.removeprefix(KEY) for text in texts if text and text.startswith(KEY)}
    if not keys:
        return References({})
    rows = session.execute(
        select(RequestRecord.made_kind, RequestRecord.key, RequestRecord.made_id).where(
            RequestRecord.person_id == person_id,
            RequestRecord.key.in_(keys),
            RequestRecord.made_id.is_not(None),
        )
    )
    return References({(kind, key): made_id for kind, key, made_id in rows if kind and made_id})


def resolve_reference(session: Session, text: str, *, kind: str, person_id: UUID) -> UUID | None:
    """The id that a reference in a path names, or None when it cannot be one; raises
    ReferenceUnknown for a key under which there is nothing yet."""
    if not text.startswith(KEY):
        return parse_id(text)
    return references(session, [text], person_id=person_id).one(kind, text)
