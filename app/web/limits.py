"""How often one may ask: counters in the database, so that every process counts the same."""

import time
from dataclasses import dataclass, field

from flask import Flask, current_app
from limits import RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import BigInteger, String, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, db, rows_changed, unit_of_work
from app.kernel.errors import TooMany

EXTENSION = "gexun_limits"


class RateWindow(Base):
    """How much of a limit is used in the window that ends at `ends_at` (Unix seconds)."""

    __tablename__ = "rate_windows"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    used: Mapped[int]
    ends_at: Mapped[int] = mapped_column(BigInteger)


class DatabaseStorage(Storage):
    """The counters of the `limits` library as rows, each counted up in one statement."""

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Adds to a counter, begun anew when its window is over; the sum so far."""
        now = int(time.time())
        dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        fresh = dialect.insert(RateWindow).values(key=key, used=amount, ends_at=now + expiry)
        over = RateWindow.ends_at <= now
        counted = fresh.on_conflict_do_update(
            index_elements=[RateWindow.key],
            set_={
                "used": case((over, amount), else_=RateWindow.used + amount),
                "ends_at": case((over, now + expiry), else_=RateWindow.ends_at),
            },
        ).returning(RateWindow.used)
        with unit_of_work() as session:
            return int(session.execute(counted).scalar_one())

    def _row(self, key: str) -> tuple[int, int]:
        with unit_of_work() as session:
            row = session.execute(
                select(RateWindow.used, RateWindow.ends_at).where(RateWindow.key == key)
            ).one_or_none()
        return (row.used, row.ends_at) if row and row.ends_at > time.time() else (0, 0)

    def get(self, key: str) -> int:
        """What a running window has counted."""
        return self._row(key)[0]

    def get_expiry(self, key: str) -> float:
        """When a running window ends, in Unix seconds."""
        return self._row(key)[1] or time.time()

    def check(self) -> bool:
        """The database answers wherever the application does."""
        return True

    def reset(self) -> int | None:
        """Forgets every counter."""
        with unit_of_work() as session:
            return rows_changed(session, delete(RateWindow))

    def clear(self, key: str) -> None:
        """Forgets one counter."""
        with unit_of_work() as session:
            session.execute(delete(RateWindow).where(RateWindow.key == key))


@dataclass
class Allowance:
    """Requests a process has taken from a person's shared window and not yet used."""

    left: int = 0
    until: float = 0.0


@dataclass
class Limits:
    """The limits of one application.

    A person's requests are taken from the shared counter in small blocks, so that a read costs
    no write: never more than the limit is granted, whatever the number of processes.
    """

    sign_ins: int
    requests: int
    limiter: FixedWindowRateLimiter = field(
        default_factory=lambda: FixedWindowRateLimiter(DatabaseStorage())
    )
    allowances: dict[str, Allowance] = field(default_factory=dict)

    def count_sign_in(self, *, address: str, username: str) -> None:
        """Counts a try from an address and for a name; raises TooMany past the limit of either."""
        item = RateLimitItemPerMinute(self.sign_ins)
        for kind, value in (("address", address), ("name", username[:64])):
            if not self.limiter.hit(item, "sign-in", kind, value):
                self._refuse(item, "sign-in", kind, value)

    def count_request(self, person: str) -> None:
        """Counts a request of a person; raises TooMany past the limit."""
        allowance = self.allowances.setdefault(person, Allowance())
        if allowance.left > 0 and allowance.until > time.time():
            allowance.left -= 1
            return
        item = RateLimitItemPerMinute(self.requests)
        block = max(1, self.requests // 20)
        if not self.limiter.hit(item, "requests", person, cost=block):
            self._refuse(item, "requests", person)
        if len(self.allowances) > 10_000:
            self.allowances.clear()
        self.allowances[person] = Allowance(block - 1, time.time() + 15)

    def _refuse(self, item: RateLimitItemPerMinute, *identifiers: str) -> None:
        ends_at = self.limiter.get_window_stats(item, *identifiers).reset_time
        raise TooMany("请在一分钟后再试。", retry_after=ends_at - time.time())


def register_limits(app: Flask, *, sign_ins: int, requests: int) -> None:
    """Gives an application its limits."""
    app.extensions[EXTENSION] = Limits(sign_ins, requests)


def limits() -> Limits:
    """The limits of the current application."""
    found: Limits = current_app.extensions[EXTENSION]
    return found
