"""One digest a day at most for each person: what is left to walk, and how the week before went."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.pauses import weeks_paused
from app.catalogue.queries import work_calendar
from app.escalations.digest_days import week_to_finish, weeks_to_sum_up
from app.grid.models import Compound, CompoundKind
from app.grid.queries import cells_of_compound, wardens_of_cells
from app.kernel.clock import day_start, shanghai_day, week_days
from app.kernel.facts import WEEK_SUMMED_UP, deployment_fact, record_fact
from app.notices.models import Notice, NoticeKind
from app.notices.quiet import quiet_until
from app.notices.service import News, tell
from app.people.models import Organisation
from app.rounds.coverage_queries import CoverageItem, DueRules, compounds_due
from app.tickets.telling.people import Recipients
from app.work.service import enqueue

DIGESTS = "daily_digests"
"""The kind of job that gathers the digests of a day."""

AFTER = timedelta(hours=12, minutes=20)
"""When a day's digests are gathered: the week before takes no late arrivals any more."""

_ABOUT = "digest"
_NAMED = 6
"""How many compounds a sentence names."""

Sentences = dict[UUID, list[str]]


def tell_digests(
    session: Session, *, kinds: Collection[CompoundKind], day: date | None, now: datetime
) -> None:
    """Tells the digests of a day (by default that of the present slot), each person once a day.

    In the quiet hours it makes a job for the morning.
    """
    day = day or shanghai_day(now - AFTER)
    morning = quiet_until(now)
    if morning is not None:
        enqueue(session, DIGESTS, {"day": day.isoformat()}, now=now, run_at=morning)
        return
    gathered = _Gathering(session, day, now, kinds)
    said: Sentences = {}
    calendar = work_calendar(session)
    for week in weeks_to_sum_up(day, calendar, deployment_fact(session, WEEK_SUMMED_UP)):
        gathered.sum_up(week, said)
        record_fact(session, WEEK_SUMMED_UP, week)
    if (unfinished := week_to_finish(day, calendar)) is not None:
        gathered.what_is_left(unfinished, said)
    for person_id in said.keys() - _told_today(session, now):
        text = "".join(said[person_id])
        tell(session, [person_id], News(NoticeKind.digest, None, text, _ABOUT), now=now)


def _told_today(session: Session, now: datetime) -> set[UUID]:
    """Who has had a digest today."""
    begins = day_start(shanghai_day(now))
    asked = select(Notice.person_id).where(Notice.about == _ABOUT, Notice.created_at >= begins)
    return set(session.scalars(asked))


class _Gathering:
    """What is gathered for a day, by whom it is for."""

    def __init__(
        self, session: Session, day: date, now: datetime, kinds: Collection[CompoundKind]
    ) -> None:
        self._session, self._day = session, day
        self._rules = DueRules(kinds, weeks_paused(session))
        self._recipients = Recipients(session, shanghai_day(now))

    def sum_up(self, week: str, said: Sentences) -> None:
        """How a week went, community by community, for their leads."""
        for community, items in _by_community(self._due(week)):
            text = summed_up(community.name, week, items)
            for person_id in sorted(self._recipients.of(community)):
                said.setdefault(person_id, []).append(text)

    def what_is_left(self, week: str, said: Sentences) -> None:
        """The compounds not yet walked, for their wardens: those of its cells, else all of the
        community."""
        left = [item.compound for item in self._due(week) if not item.covered]
        mine: dict[UUID, list[str]] = {}
        for compound, people in self._wardens(left):
            for person_id in sorted(people):
                mine.setdefault(person_id, []).append(compound.name)
        for person_id, names in mine.items():
            said.setdefault(person_id, []).append(left_to_walk(week, names))

    def _due(self, week: str) -> Sequence[CoverageItem]:
        return compounds_due(self._session, week, self._rules)

    def _wardens(self, compounds: Sequence[Compound]) -> Iterable[tuple[Compound, frozenset[UUID]]]:
        day = self._day
        cells = {one.id: cells_of_compound(self._session, one, day=day) for one in compounds}
        every = {cell.id for places in cells.values() for cell in places}
        known = wardens_of_cells(self._session, every, day=day) if every else {}
        for compound in compounds:
            near = (each.id for cell in cells[compound.id] for each in known.get(cell.id, ()))
            all_of_it = self._recipients.wardens(compound.organisation)
            yield compound, (self._recipients.instead(near) & all_of_it) or all_of_it


def _by_community(
    items: Sequence[CoverageItem],
) -> Iterable[tuple[Organisation, list[CoverageItem]]]:
    found: dict[UUID, tuple[Organisation, list[CoverageItem]]] = {}
    for item in items:
        home = item.compound.organisation
        found.setdefault(home.id, (home, []))[1].append(item)
    return found.values()


def left_to_walk(week: str, names: Sequence[str]) -> str:
    """What a warden hears of compounds that are not walked yet."""
    return f"{_spoken(week)}还有 {len(names)} 个小区没有走完：{_listed(names)}。"


def summed_up(community: str, week: str, items: Sequence[CoverageItem]) -> str:
    """What a lead hears of a week in their community."""
    left = [item.compound.name for item in items if not item.covered]
    covered = len(items) - len(left)
    rest = f"没有走完的：{_listed(left)}。" if left else "全部走完。"
    return (
        f"{community}{_spoken(week)}应巡查 {len(items)} 个小区，走完 {covered} 个，"
        f"覆盖率 {100 * covered // len(items)}%，{rest}"
    )


def _spoken(week: str) -> str:
    monday, sunday = week_days(week)
    first, last = (f"{day.month}月{day.day}日" for day in (monday, sunday))
    return f"第 {int(week[-2:])} 周（{first}至{last}）"


def _listed(names: Sequence[str]) -> str:
    named = "、".join(names[:_NAMED])
    return named if len(names) <= _NAMED else f"{named}等"
