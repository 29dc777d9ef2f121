"""One access token for all processes: whoever finds it over fetches it, the others wait for that.

Every step is a transaction of its own and none is open while the host is asked.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.db import db, rows_changed
from app.kernel.ids import new_id
from app.kernel.sealing import Sealer
from app.people.hosts.errors import HostUnavailable
from app.people.hosts.models import HostToken

CLAIM = timedelta(seconds=60)
"""Longer than any fetching; a process that died in it delays the next one by so much."""
REST = timedelta(seconds=2)
"""How long nobody asks after the host has given none."""
WAIT_S = 20.0
LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class FetchedToken:
    """A token as the host gave it, and how long it is good, in seconds from now."""

    text: str
    good_for_s: int


Fetch = Callable[[bool], FetchedToken]
"""Asks the host for its token; with True for one that replaces what it gave before."""


class SharedToken:
    """The token of one app. `clock` gives aware instants."""

    def __init__(
        self, name: str, fetch: Fetch, *, sealer: Sealer, clock: Callable[[], datetime]
    ) -> None:
        self._name, self._fetch = name, fetch
        self._sealer, self._clock = sealer, clock

    def current(self) -> str:
        """A token that is good; raises what fetching raises, or HostUnavailable."""
        return self._other_than(None)

    def renewed(self, refused: str) -> str:
        """Another token than the one that the host has just refused."""
        return self._other_than(refused)

    def _other_than(self, refused: str | None) -> str:
        gives_up = time.monotonic() + WAIT_S
        while True:
            token = self._kept()
            if token is not None and token != refused:
                return token
            claim = self._claimed(over_now=token is not None)
            if claim is not None:
                return self._fetched(claim, refused)
            if time.monotonic() > gives_up:
                raise HostUnavailable("请稍后再试；内容没有保存。")
            time.sleep(LOOK_S)

    def _kept(self) -> str | None:
        with Session(db.engine) as session:
            row, now = session.get(HostToken, self._name), self._clock()
            if row is None or row.sealed is None or row.good_until is None:
                return None
            return self._sealer.opened(row.sealed, now=now) if row.good_until > now else None

    def _claimed(self, *, over_now: bool) -> UUID | None:
        """The right to fetch, for one of all who ask; with `over_now` though the token kept would
        be good for longer."""
        now, claim = self._clock(), new_id()
        over = or_(HostToken.good_until.is_(None), HostToken.good_until <= now)
        free = or_(HostToken.claimed_until.is_(None), HostToken.claimed_until <= now)
        with _writing() as session:
            dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
            session.execute(
                dialect.insert(HostToken).values(name=self._name).on_conflict_do_nothing()
            )
            wanted = (self._is_ours(), free) if over_now else (self._is_ours(), free, over)
            taken = update(HostToken).where(*wanted)
            held = taken.values(claim=claim, claimed_until=now + CLAIM)
            return claim if rows_changed(session, held) else None

    def _fetched(self, claim: UUID, refused: str | None) -> str:
        """A fresh token, kept for all. One that was refused is given again while the host holds it
        for good: only then is it asked to replace it, which it does a few times a day."""
        try:
            # Somebody may have fetched another one between our look and our claim.
            known = self._kept()
            if known is not None and known != refused:
                self._release(claim, rest=timedelta())
                return known
            fetched = self._fetch(False)
            if fetched.text == refused:
                fetched = self._fetch(True)
        except BaseException:
            self._release(claim, rest=REST)
            raise
        self._keep(claim, fetched)
        return fetched.text

    def _keep(self, claim: UUID, fetched: FetchedToken) -> None:
        now = self._clock()
        kept = {
            "sealed": self._sealer.seal(fetched.text, now=now),
            "good_until": now + timedelta(seconds=fetched.good_for_s),
            "claim": None,
            "claimed_until": None,
        }
        with _writing() as session:
            mine = update(HostToken).where(self._is_ours(), HostToken.claim == claim)
            session.execute(mine.values(kept))

    def _release(self, claim: UUID, *, rest: timedelta) -> None:
        with _writing() as session:
            mine = update(HostToken).where(self._is_ours(), HostToken.claim == claim)
            session.execute(mine.values(claim=None, claimed_until=self._clock() + rest))

    def _is_ours(self) -> ColumnElement[bool]:
        return HostToken.name == self._name


@contextmanager
def _writing() -> Iterator[Session]:
    """A transaction beside whatever the caller reads."""
    with Session(db.engine) as session, session.begin():
        session.connection(execution_options={"writes": True})
        yield session
