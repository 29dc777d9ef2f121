"""What the edge keeps only for a while, and how it is forgotten."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.people.service import forget_ended_sign_ins
from app.web.idempotency import forget_old_answers
from app.web.limits import forget_old_windows
from app.work.service import forget_ended_jobs


@dataclass(frozen=True)
class Chore:
    """One kind of row that is forgotten; `forget(session, now, at_most)` says how many went."""

    name: str
    forget: Callable[[Session, datetime, int], int]


def _old_windows(session: Session, now: datetime, at_most: int) -> int:
    return forget_old_windows(session, now=int(now.timestamp()), at_most=at_most)


CHORES = (
    Chore("请求记录", lambda s, now, at_most: forget_old_answers(s, now=now, at_most=at_most)),
    Chore("过期登录", lambda s, now, at_most: forget_ended_sign_ins(s, now=now, at_most=at_most)),
    Chore("限流计数", _old_windows),
    Chore("后台任务", lambda s, now, at_most: forget_ended_jobs(s, now=now, at_most=at_most)),
)
