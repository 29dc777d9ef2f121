"""How often one may ask: counters in the database, so that every process counts the same."""

import hashlib
import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import BigInteger, String, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Base, rows_changed, unit_of_work
from app.kernel.errors import TooMany

EXTENSION = "gexun_limits"
WINDOW_S = 60
LOCK_S = 15 * 60
HOUR_S = 60 * 60
MOST_REMEMBERED = 10_000


class RateWindow(Base):
    """How much of a limit is used in the window that ends at `ends_at` (Unix seconds)."""

    __tablename__ = "rate_windows"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    used: Mapped[int]
    ends_at: Mapped[int] = mapped_column(BigInteger)


class SignInLocked(TooMany):
    """The password of a name was wrong too often: for a while nobody signs in with that name."""

    code = "sign_in_locked"
    title = "口令连续输错，已暂时锁定"


def count_up(
    session: Session, key: str, amount: int, *, now: int, window_s: int = WINDOW_S
) -> tuple[int, int]:
    """Add to a counter, begun anew when its window is over, in one statement.

    The sum so far and the end of the window (Unix seconds).
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(RateWindow).values(key=key, used=amount, ends_at=now + window_s)
    over = RateWindow.ends_at <= now
    counted = fresh.on_conflict_do_update(
        index_elements=[RateWindow.key],
        set_={
            "used": case((over, amount), else_=RateWindow.used + amount),
            "ends_at": case((over, now + window_s), else_=RateWindow.ends_at),
        },
    ).returning(RateWindow.used, RateWindow.ends_at)
    used, ends_at = session.execute(counted).one()
    return used, ends_at


def forget_old_windows(session: Session, *, now: int, at_most: int) -> int:
    """Removes windows that are over; how many there were."""
    over = select(RateWindow.key).where(RateWindow.ends_at <= now).limit(at_most)
    return rows_changed(session, delete(RateWindow).where(RateWindow.key.in_(over)))


@dataclass
class Allowance:
    """Requests taken from a person's shared window and not used yet; `until` is its end.

    With `spent` the window is known to be empty.
    """

    left: int
    until: int
    spent: bool = False


class Limits:
    """The limits of one application.

    A person's requests are taken from the shared counter in blocks of a sixtieth, so that a read
    costs no write: never more than the limit is granted, whatever the number of processes, and at
    most the rest of a block in each other process is not. A limit below 120 is counted one by one.
    """

    def __init__(
        self,
        *,
        sign_ins: int,
        failures: int,
        requests: int,
        complaints: int,
        secret: str,
        clock: Callable[[], float],
    ) -> None:
        self._sign_ins = sign_ins
        self._failures = failures
        self._requests = requests
        self._complaints = complaints
        self._secret = secret.encode()
        self._clock = clock
        self._block = max(1, requests // 60)
        self._lock = threading.Lock()
        self._allowances: dict[str, Allowance] = {}

    def count_sign_in(self, *, address: str, username: str | None) -> None:
        """Counts a try from an address and for a name, where one is given; raises TooMany past the
        limit of either."""
        now = int(self._clock())
        for kind, value in (("address", address), ("name", username)):
            if value is None:
                continue
            # What is typed into the field of the name may be a password: keep its hash only.
            digest = hashlib.sha256(value.encode()).hexdigest()
            with unit_of_work() as session:
                used, ends_at = count_up(session, f"sign-in/{kind}/{digest}", 1, now=now)
            if used > self._sign_ins:
                raise _too_many(ends_at - now)

    def refuse_locked(self, session: Session, username: str) -> None:
        """Raises SignInLocked while a name is locked, whether or not anybody is called so."""
        now = int(self._clock())
        known = session.get(RateWindow, _failures_of(username))
        if known is not None and known.ends_at > now and known.used >= self._failures:
            seconds = known.ends_at - now
            detail = f"请在 {-(-seconds // 60)} 分钟后再试，或请管理员重设口令。"
            raise SignInLocked(detail, retry_after=seconds)

    def count_failure(self, username: str) -> None:
        """Counts a wrong password of a name."""
        now = int(self._clock())
        with unit_of_work() as session:
            count_up(session, _failures_of(username), 1, now=now, window_s=LOCK_S)

    def forgive_failures(self, session: Session, username: str) -> None:
        """Unlocks a name: whoever asks for it knows the password, or has given it a new one."""
        session.execute(delete(RateWindow).where(RateWindow.key == _failures_of(username)))

    def count_complaint(self, *, address: str, place: str) -> None:
        """Counts a complaint from an address about a place, for an hour; raises TooMany past the
        limit, which is five times as high for a place: many live there."""
        self._count_hourly(f"complaint/address/{self._mark(address)}", self._complaints)
        self._count_hourly(f"complaint/place/{self._mark(place)}", 5 * self._complaints)

    def count_own_complaint(self, mark: str) -> None:
        """The same of a person, who is known by a mark only."""
        self._count_hourly(f"complaint/mark/{mark}", self._complaints)

    def _mark(self, text: str) -> str:
        # With a key: all addresses there are can be tried against a plain hash.
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()

    def _count_hourly(self, key: str, most: int) -> None:
        now = int(self._clock())
        with unit_of_work() as session:
            used, ends_at = count_up(session, key, 1, now=now, window_s=HOUR_S)
        if used > most:
            minutes = -(-(ends_at - now) // 60)
            raise TooMany(f"请在 {minutes} 分钟后再试。", retry_after=ends_at - now)

    def count_request(self, person: str) -> None:
        """Counts a request of a person; raises TooMany past the limit."""
        now = int(self._clock())
        if self._taken_before(person, now):
            return
        with unit_of_work() as session:
            used, ends_at = count_up(session, f"requests/{person}", self._block, now=now)
        granted = min(self._block, self._requests - (used - self._block))
        with self._lock:
            if len(self._allowances) > MOST_REMEMBERED:
                self._allowances.clear()
            self._remember(person, granted, ends_at)
        if granted <= 0:
            raise _too_many(ends_at - now)

    def _taken_before(self, person: str, now: int) -> bool:
        """Whether an earlier block still has one; raises TooMany when the window is empty."""
        with self._lock:
            allowance = self._allowances.get(person)
            if allowance is None or allowance.until <= now:
                return False
            if allowance.left > 0:
                allowance.left -= 1
                return True
            if allowance.spent:
                raise _too_many(allowance.until - now)
            return False

    def _remember(self, person: str, granted: int, ends_at: int) -> None:
        """Keep what is left of a block beside what other threads took from the same window."""
        known = self._allowances.get(person)
        left = known.left if known and known.until == ends_at else 0
        left += max(0, granted - 1)
        self._allowances[person] = Allowance(left, ends_at, spent=granted < self._block)


def _failures_of(username: str) -> str:
    # What is typed into the field of the name may be a password: keep its hash only.
    return f"sign-in/failed/{hashlib.sha256(username.encode()).hexdigest()}"


def _too_many(seconds: int) -> TooMany:
    return TooMany("请在一分钟后再试。", retry_after=max(1, seconds))


def register_limits(app: Flask, limits: Limits) -> None:
    """Gives an application its limits."""
    app.extensions[EXTENSION] = limits


def limits() -> Limits:
    """The limits of the current application."""
    found: Limits = current_app.extensions[EXTENSION]
    return found
