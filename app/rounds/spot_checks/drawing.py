"""Which clean rounds of a week are drawn: a share of each township's, that nobody can foretell.

Every week is drawn once, when it takes no late arrivals any more, with the share of that day: also
when the share is zero or nothing was clean, so that raising the share draws no old weeks. A week in
which nobody drew, because no worker ran, is made up for. Where nothing was ever drawn, it begins
with the newest week.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.catalogue.pauses import weeks_paused
from app.grid.models import WALKED_WEEKLY, Compound, CompoundKind
from app.kernel.clock import iso_week, shanghai_day, week_days
from app.people.models import Organisation
from app.rounds.completeness import counting_checks
from app.rounds.coverage import week_closes_at
from app.rounds.coverage_queries import DueRules, is_due
from app.rounds.models import CheckResult, Round
from app.rounds.spot_checks.models import DrawnWeek, SpotCheck

MADE_UP = 8
"""How many weeks back are made up for: those that the summary of coverage shows at first. What was
seen longer ago nobody can see again."""


def weeks_to_draw(now: datetime, drawn_before: Collection[str]) -> list[str]:
    """The ISO weeks (Asia/Shanghai) that take no late arrivals any more and are still to be drawn,
    oldest first: of the last 8 those after the first that was drawn, else the newest."""
    today = shanghai_day(now)
    weeks = [iso_week(today - timedelta(weeks=back)) for back in range(1, MADE_UP + 2)]
    closed = [week for week in weeks if now > week_closes_at(week)][:MADE_UP]
    begun = min(drawn_before, default=closed[0])
    return sorted(week for week in closed if week >= begun and week not in drawn_before)


def drawn(round_ids: Iterable[UUID], *, percent: int, key: bytes) -> list[UUID]:
    """A share (0–100) of some rounds, at least one where there is any and the share is not zero.

    Ordered by HMAC-SHA-256 under a key that only the server has: even, the same every time, and
    not to be foretold by whoever walks.
    """
    ordered = sorted(round_ids, key=lambda each: hmac.new(key, each.bytes, hashlib.sha256).digest())
    if not ordered or not percent:
        return []
    return ordered[: max(1, round(len(ordered) * percent / 100))]


def draw_spot_checks(
    session: Session,
    *,
    percent: int,
    secret: str,
    now: datetime,
    kinds: Collection[CompoundKind] = WALKED_WEEKLY,
) -> int:
    """Draws from the clean rounds of the weeks that are over and were not drawn yet, for each
    township; how many were drawn. `kinds` are the kinds of compound that coverage counts.

    Doing it again changes nothing, also with another share: a drawing is not repeated.
    """
    made, rules = 0, DueRules(kinds, weeks_paused(session))
    for week in weeks_to_draw(now, session.scalars(select(DrawnWeek.week)).all()):
        for town_id in _towns_with_rounds(session, week):
            clean = {each.id: each for each in _clean_rounds(session, town_id, week, rules)}
            chosen = drawn(clean, percent=percent, key=_key(secret))
            session.add_all(_spot_check(clean[each], now=now) for each in chosen)
            made += len(chosen)
        session.add(DrawnWeek(week=week, drawn_at=now))
    session.flush()
    return made


def _clean_rounds(session: Session, town_id: UUID, week: str, rules: DueRules) -> Sequence[Round]:
    """The complete rounds of a township and week whose results that count are all fine, of what
    coverage counts: what nobody had to walk stands beside nothing."""
    rounds = session.scalars(
        select(Round)
        .join(Round.compound)
        .join(Compound.organisation)
        .where(
            Organisation.town_id == town_id,
            is_due(*week_days(week), rules),
            Round.week == week,
            Round.completed_at.is_not(None),
        )
        .options(
            joinedload(Round.compound).joinedload(Compound.organisation),
            selectinload(Round.checks),
        )
    ).all()
    return [each for each in rounds if _is_clean(each)]


def _is_clean(walked: Round) -> bool:
    counting = counting_checks(walked.checks).values()
    return all(check.result is CheckResult.fine for check in counting)


def _towns_with_rounds(session: Session, week: str) -> Sequence[UUID]:
    found = session.scalars(
        select(Organisation.town_id)
        .join(Compound, Compound.organisation_id == Organisation.id)
        .join(Round, Round.compound_id == Compound.id)
        .where(Round.week == week, Organisation.town_id.is_not(None))
        .distinct()
    )
    return [each for each in found if each is not None]


def _spot_check(walked: Round, *, now: datetime) -> SpotCheck:
    home = walked.compound.organisation
    return SpotCheck(
        round_id=walked.id,
        compound_id=walked.compound_id,
        town_id=home.town_id,
        community_id=home.id,
        week=walked.week,
        drawn_at=now,
    )


def _key(secret: str) -> bytes:
    return hashlib.sha256(b"spot-checks\n" + secret.encode()).digest()
