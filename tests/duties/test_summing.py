"""The summary counts in the database what a recount finds record by record."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign
from app.campaigns.rules import FOCUS_AREAS
from app.catalogue.pauses import DaysPaused
from app.catalogue.service import load_catalogue
from app.duties.progress.service import progress_between
from app.duties.progress.summing import progress_by_line
from app.duties.progress.units import TYPES
from app.duties.records.models import DutyRecord, RecordMark, RecordState
from app.duties.titles.models import TITLES, UnitTitle
from app.grid.models import Compound
from app.kernel.db import db, unit_of_work
from app.people.models import Organisation, Person, Post
from app.people.queries import actor_by_id
from app.rounds.coverage import kinds_walked
from app.rounds.coverage_queries import DueRules, organisations_rolled_up
from app.rounds.queries import Scope
from tests.catalogue.folders import SHIPPED
from tests.duties.office import Office
from tests.duties.recount import recounted
from tests.tickets.stories import WEDNESDAY

TODAY = date(2026, 11, 25)
KINDS = (
    "activity", "theory_lecture", "information", "volunteer_teams", "volunteer_brand",
    "customs_publicity", "board_update", "renovation_list", "waste_training", "compound_meeting",
)  # fmt: skip
RULES = DueRules(kinds_walked(settlements=False))

a_record = st.fixed_dictionaries(
    {
        "unit": st.integers(0, 9),
        "in_compound": st.booleans(),
        "kinds": st.sets(st.sampled_from(KINDS), min_size=1, max_size=3),
        "ago": st.integers(0, 40),
        "state": st.sampled_from(list(RecordState)),
        "quantity": st.none() | st.integers(0, 7),
    }
)
a_title = st.tuples(
    st.integers(0, 9), st.sampled_from(TITLES), st.integers(-5, 60), st.none() | st.integers(1, 70)
)

a_campaign = st.tuples(
    st.integers(0, 20), st.none() | st.sampled_from(FOCUS_AREAS), st.booleans(), st.integers(0, 40)
)
a_pause = st.tuples(st.integers(0, 12), st.integers(-3, 40), st.integers(1, 35))
"""Of the county, of a town or of a unit; how long ago it began, how many days it lasts."""

OF_COMPOUNDS = """
[[duties]]
code = "each_compound"
section = "9.4"
name = "各小区活动"
period = "month"
line = "environment"
kinds = ["activity", "compound_meeting"]
quotas = [{ unit = "compound", count = 2 }]
"""

_RECORD = {
    "unit": 1, "in_compound": True, "kinds": {"activity"}, "ago": 3,
    "state": RecordState.recorded, "quantity": 2,
}  # fmt: skip


def test_the_summary_is_what_a_recount_finds(office: Office, tmp_path: Path) -> None:
    for path in SHIPPED.glob("*.toml"):
        added = OF_COMPOUNDS if path.name == "duties.toml" else ""
        text = path.read_text(encoding="utf-8") + added
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    with office.stories.app.app_context():
        with unit_of_work() as writing:
            load_catalogue(writing, directory=tmp_path, now=WEDNESDAY)
        session = db.session()
        units = session.scalars(
            select(Organisation).where(Organisation.type.in_(TYPES)).order_by(Organisation.code)
        ).all()
        post = session.scalars(select(Post)).first()
        assert post is not None
        scopes = [_scope(session, who) for who in ("guanli", "ducha1")]

        @settings(
            max_examples=5,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.explicit, Phase.generate],
        )
        @given(
            st.lists(a_record, min_size=8, max_size=30),
            st.lists(a_title, max_size=4, unique_by=lambda one: one[:2]),
            st.lists(a_campaign, max_size=9, unique_by=lambda one: one[:2]),
            st.lists(a_pause, max_size=2),
            st.integers(0, 35),
        )
        @example([_RECORD], [], [], [(3, 30, 35), (0, 10, 4)], 2)
        def holds(
            records: list[dict[str, Any]],
            titles: list[Any],
            campaigns: list[Any],
            pauses: list[tuple[int, int, int]],
            ago: int,
        ) -> None:
            day, paused = TODAY - timedelta(days=ago), _paused(units, pauses)
            with session.begin_nested() as undone:
                _write(session, list(units), post, records, titles)
                _plan(session, post, campaigns)
                for scope in scopes:
                    _compare(session, scope, list(units), day, paused)
                undone.rollback()
            session.expire_all()

        holds()
        session.rollback()
        db.session.remove()


def _scope(session: Session, username: str) -> Scope:
    person = session.scalars(select(Person).where(Person.username == username)).one()
    actor = actor_by_id(session, person.id, now=WEDNESDAY)
    assert actor is not None
    return Scope(actor, TODAY)


def _write(
    session: Session,
    units: list[Organisation],
    post: Post,
    records: list[dict[str, Any]],
    titles: list[Any],
) -> None:
    for said in records:
        unit, kinds = units[said["unit"] % len(units)], sorted(said["kinds"])
        happened_on = TODAY - timedelta(days=said["ago"])
        record = DutyRecord(
            organisation_id=unit.id,
            kinds=kinds,
            state=said["state"],
            version=1,
            happened_on=happened_on,
            subject="一次活动",
            quantity=said["quantity"],
            links=[],
            person_id=post.person_id,
            post_id=post.id,
            occurred_at=WEDNESDAY,
            received_at=WEDNESDAY,
        )
        session.add(record)
        session.flush()
        its: dict[str, Any] = {
            "record_id": record.id,
            "happened_on": happened_on,
            "organisation_id": unit.id,
        }
        if said["in_compound"]:
            its["compound_id"] = session.scalars(
                select(Compound.id).where(Compound.organisation_id == unit.id)
            ).first()
        session.add_all(RecordMark(kind=kind, **its) for kind in kinds)
    for number, title, ago, lasts in titles:
        from_on = TODAY - timedelta(days=ago)
        to_on = from_on + timedelta(days=lasts) if lasts else None
        unit = units[number % len(units)]
        session.add(UnitTitle(organisation_id=unit.id, title=title, from_on=from_on, to_on=to_on))
    session.flush()


def _plan(session: Session, post: Post, campaigns: list[Any]) -> None:
    compounds = session.scalars(select(Compound).order_by(Compound.code)).all()[:21]
    for at, area, completed, ago in campaigns:
        if at < len(compounds):
            day = TODAY - timedelta(days=ago)
            session.add(
                Campaign(
                    town_id=compounds[at].organisation.town_id,
                    community_id=compounds[at].organisation_id,
                    compound_id=compounds[at].id,
                    area=area,
                    month=f"{day:%Y-%m}",
                    person_id=post.person_id,
                    post_id=post.id,
                    planned_at=WEDNESDAY,
                    completed_on=day if completed else None,
                )
            )
    session.flush()


def _paused(
    units: Sequence[Organisation], pauses: list[tuple[int, int, int]]
) -> dict[str, set[date]]:
    """The days that some pauses take, by the paths that they name."""
    paths = sorted({one.path[:32] for one in units} | {one.path for one in units})
    found: dict[str, set[date]] = {}
    for at, ago, lasts in pauses:
        first = TODAY - timedelta(days=ago)
        days = {first + timedelta(days=number) for number in range(lasts)}
        found.setdefault(paths[at % len(paths)], set()).update(days)
    return found


def _as_rules(paused: dict[str, set[date]]) -> DueRules:
    """The same as the product has it: a subtree's own days and those of what lies above it."""
    spans = []
    for path in paused:
        days = sorted(set().union(*(paused[one] for one in paused if path.startswith(one))))
        spans += [DaysPaused(path, day, day) for day in days]
    return DueRules(RULES.kinds, (), spans)


def _compare(
    session: Session,
    scope: Scope,
    units: list[Organisation],
    day: date,
    paused: dict[str, set[date]],
) -> None:
    lines, rules = organisations_rolled_up(session, scope), _as_rules(paused)
    found = progress_by_line(session, scope, lines, rules, day=day)
    one_by_one = progress_between(session, scope, first_on=day, last_on=day, rules=rules)
    for line, by_duty in zip(lines, found, strict=True):
        below = [unit for unit in units if unit.path.startswith(line.path)]
        recount = recounted(session, below, day=day, today=scope.day, paused=paused)
        said = {
            code: (+counts.standings, counts.missing, counts.done)
            for code, counts in by_duty.items()
            if not counts.rule.derived and not counts.rule.of_compounds
        }
        assert said == {
            code: (one.standings, one.missing, one.done) for code, one in recount.items()
        }
        for code, counts in by_duty.items():
            theirs = [
                one for one in one_by_one
                if one.rule.code == code and one.unit.path.startswith(line.path)
            ]  # fmt: skip
            assert counts.missing == sum(one.tally.missing for one in theirs)
            assert counts.done == sum(one.tally.done for one in theirs)
            assert +counts.standings == Counter(one.standing for one in theirs)
        assert set(by_duty) == {
            one.rule.code for one in one_by_one if one.unit.path.startswith(line.path)
        }
