"""Texts that wait for a person, hidden wherever a row is read.

What is hidden is known by the hashes of texts: a process asks for them when it begins to read and
has not asked for two seconds, so whatever is hidden by one process is hidden by all within that
time. The words stay under what is shown, for the few who read below it, and for the record.
"""

import time
from dataclasses import dataclass
from hashlib import sha256
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Engine, Select
from sqlalchemy.exc import DBAPIError

PLACEHOLDER = "（这段文字待人工核对，暂不显示）"
"""What is read in the place of a text that is hidden."""
ASKED_AGAIN_S = 2.0
_UNDEFINED_TABLE = "42P01"


class Hidden(str):
    """The placeholder, and the words that it hides."""

    words: str

    def __new__(cls, words: str) -> "Hidden":
        made = super().__new__(cls, PLACEHOLDER)
        made.words = words
        return made

    def __reduce__(self) -> tuple[type["Hidden"], tuple[str]]:
        return Hidden, (self.words,)


@dataclass
class _Known:
    marks: frozenset[str] = frozenset()
    asked_at: float = float("-inf")


_known: WeakKeyDictionary[Dialect, _Known] = WeakKeyDictionary()
"""By the dialect, which every engine has for itself and a column's type is given."""
_asked: list[Select[str]] = []


def hides(asked: Select[str]) -> None:
    """Hides the texts whose marks a query gives."""
    _asked.append(asked)


def mark_of(text: str) -> str:
    """What a text is known by: its SHA-256 (hex). Without a key: the words lie beside it."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def shown(text: str | None, dialect: Dialect) -> str | None:
    """A text as it is read: itself, or the placeholder while it is hidden."""
    known = _known.get(dialect)
    if not text or known is None or not known.marks or mark_of(text) not in known.marks:
        return text
    return Hidden(text)


def words_of(text: str | None) -> str | None:
    """The words themselves, also of what is hidden."""
    return text.words if isinstance(text, Hidden) else text


def look(engine: Engine) -> None:
    """Asks what is hidden, unless that was done a moment ago. Not inside of a transaction of the
    same thread: it takes a connection for itself."""
    known = _known.setdefault(engine.dialect, _Known())
    if time.monotonic() - known.asked_at < ASKED_AGAIN_S:
        return
    began = time.monotonic()
    with engine.connect() as connection:
        try:
            marks = frozenset(mark for asked in _asked for mark in connection.scalars(asked))
        except DBAPIError as problem:
            # The tables of this version are not there yet: nothing can be hidden. Anything else
            # must not show what is.
            if not _is_of_a_missing_table(problem):
                raise
            marks = known.marks
    known.marks, known.asked_at = marks, began


def _is_of_a_missing_table(problem: DBAPIError) -> bool:
    state = getattr(problem.orig, "sqlstate", None)
    return state == _UNDEFINED_TABLE or "no such table" in str(problem.orig)


def look_again(engine: Engine) -> None:
    """Lets this process ask before it reads again."""
    _known.setdefault(engine.dialect, _Known()).asked_at = float("-inf")
