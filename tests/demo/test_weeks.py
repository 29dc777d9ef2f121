"""The living demonstration: everything occurs, and what was loaded obeys the product's rules."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app import create_app
from app.administration.models import Leave
from app.assessments.models import AssessmentSwitch
from app.campaigns.models import Campaign
from app.cases.models import Case
from app.catalogue.models import PausePeriod
from app.catalogue.pauses import weeks_paused
from app.complaints.models import ComplaintOffice
from app.demo.load import Wish, beginning, load_demo
from app.demo.plans import LARGE, SMALL
from app.demo.weeks.matters import MATTERS
from app.demo.weeks.reasons import MORE_TIME, NOT_DONE, NOT_OURS, kind_of
from app.demo.weeks.world import Shares
from app.duties.assignments.models import AssignedKind, Assignment, Part
from app.duties.checklists.models import ItemState
from app.duties.records.models import DutyRecord
from app.grid.models import Compound
from app.kernel.clock import SHANGHAI, day_start
from app.kernel.db import db, unit_of_work
from app.kernel.facts import DEMONSTRATION, deployment_fact
from app.kernel.masking import HIDDEN
from app.notices.models import Notice
from app.people.administration import person_named
from app.people.models import GroupScope, Organisation, Role
from app.people.queries import actor_by_id
from app.photos.evidence import PhotoRole, Verdict
from app.photos.models import Photo
from app.rounds.models import Round, RoundCheck
from app.rounds.spot_checks.models import SpotCheck, SpotCheckState
from app.tickets.actions import MERGED_IN, REPORT
from app.tickets.figures.freezes.models import KpiFreeze
from app.tickets.importing.models import ImportState, TicketImport
from app.tickets.models import (
    Leg,
    LegOutcome,
    PendingKind,
    SecondLook,
    Source,
    State,
    Ticket,
    TicketEvent,
    TicketPhoto,
    TicketWitness,
)
from app.tickets.workflow import MOVES, Action
from tests.databases import Databases
from tests.towns import CHEAP, cheap_settings

NOW = datetime(2026, 11, 6, 16, 20, tzinfo=SHANGHAI)
"""A Friday: the weeks of the county are those of 26 October and of 2 November."""
Loaded = tuple[Flask, list[str]]


@pytest.fixture(scope="module")
def loading(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Wish], Loaded]]:
    """Loads a demonstration into a database of its own; the application, and what was said."""
    made: list[tuple[str, Flask]] = []

    def load(wish: Wish, now: datetime = NOW) -> Loaded:
        url = databases.clone("sqlite", "migrated")
        app = create_app(cheap_settings(url, tmp_path_factory.mktemp("photos")))
        made.append((url, app))
        said: list[str] = []
        with app.app_context(), unit_of_work() as session:
            load_demo(
                session,
                app.extensions["gexun_store"],
                wish,
                cost=CHEAP,
                shares=Shares(second_looks=20, spot_checks=30),
                now=now,
                say=said.append,
            )
        return app, said

    yield load
    for url, app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        databases.drop(url)


@pytest.fixture(scope="module")
def county(loading: Callable[[Wish], Loaded]) -> Loaded:
    """Two weeks of the county: the last one is half done."""
    return loading(Wish(weeks=2))


@pytest.fixture
def session(county: Loaded) -> Iterator[Session]:
    with county[0].app_context():
        yield db.session()
        db.session.remove()


def tickets(session: Session) -> list[Ticket]:
    """All tickets with their legs."""
    return list(session.scalars(select(Ticket).options(selectinload(Ticket.legs))))


def figures(app: Flask) -> dict[str, object]:
    """What a second load shall give again."""
    with app.app_context():
        session = db.session()
        rows = session.execute(
            select(
                Ticket.id,
                Ticket.number,
                Ticket.state,
                Ticket.version,
                Ticket.description,
                Ticket.reported_at,
                Ticket.due_at,
                Ticket.closed_at,
                Ticket.second_look,
            ).order_by(Ticket.number)
        ).all()
        rounds = session.execute(
            select(Round.week, Round.began_at, Round.completed_at).order_by(
                Round.week, Round.began_at
            )
        ).all()
        pictures = session.scalars(select(Photo.sha256).order_by(Photo.sha256)).all()
        db.session.remove()
    return {"tickets": rows, "rounds": rounds, "pictures": pictures}


def test_it_says_how_far_it_is(county: Loaded) -> None:
    said = county[1]
    assert len(said) == 2
    assert "第 1/2 周（10-26 起）" in said[0]
    assert "第 2/2 周（11-02 起）" in said[1]


def test_every_state_and_side_path_is_there(session: Session) -> None:
    found = tickets(session)
    assert {ticket.state for ticket in found} == set(State)
    assert {ticket.source for ticket in found} == set(Source)
    assert {ticket.pending_kind for ticket in found} == {None, *PendingKind}
    assert {ticket.second_look for ticket in found} >= {SecondLook.waiting, SecondLook.ok}
    assert {leg.outcome for ticket in found for leg in ticket.legs} == {None, *LegOutcome}
    done = set(session.scalars(select(TicketEvent.action).distinct()))
    assert done == {REPORT, MERGED_IN, *(action.value for action in Action)}
    assert any(ticket.fixed_on_spot for ticket in found)
    assert any(ticket.supervised_at for ticket in found)
    assert any(ticket.recurrence_of_id for ticket in found)
    assert any(ticket.possible_duplicate_of for ticket in found)
    assert any(ticket.outside for ticket in found)
    assert session.scalar(select(func.count()).select_from(TicketWitness))
    numbered = [one for one in found if one.source in (Source.hotline, Source.superior)]
    assert all(one.external_number for one in numbered)


def test_what_people_ask_of_one_another_is_there(session: Session) -> None:
    """Disputes, extensions, merges and referrals, each with both of its ends."""
    acts = Counter(session.scalars(select(TicketEvent.action)))
    for action in (
        *(Action.send_back, Action.accept_send_back, Action.refuse_send_back),
        *(Action.request_extension, Action.grant_extension, Action.refuse_extension),
        *(Action.return_, Action.reopen, Action.recall, Action.merge_into, Action.explain),
    ):
        assert acts[action.value], action
    witnessed = session.scalars(select(TicketWitness)).all()
    merged = [session.get_one(Ticket, one.merged_ticket_id) for one in witnessed]
    assert all(one.merged_into_id for one in merged)
    answered = select(TicketEvent).where(TicketEvent.action == Action.dispatch.value,
                                         TicketEvent.from_state == State.referred)  # fmt: skip
    assert all("答复" in (one.note or "") for one in session.scalars(answered))
    assert session.scalars(answered).first()
    assert any(one.rework_count for one in tickets(session))


def test_spreadsheets_came_from_the_hotline_and_from_above(session: Session) -> None:
    imports = session.scalars(select(TicketImport).order_by(TicketImport.id)).all()
    states = Counter(one.state for one in imports)
    assert set(states) == {ImportState.applied, ImportState.previewed, ImportState.faulty}
    done = [one for one in imports if one.state is ImportState.applied]
    assert all(one.new_count >= 2 and one.organisation_id for one in done)
    assert any(one.already_there_count for one in done)
    made = [UUID(row["id"]) for one in done for row in one.made.values()]
    sources = Counter(session.get_one(Ticket, one).source for one in made)
    assert set(sources) == {Source.hotline, Source.superior}
    said = [session.get_one(Ticket, one).description for one in made]
    assert any(HIDDEN in one and "***室" in one for one in said)
    told = [*said, *map(str, (one.rows for one in imports))]
    assert not any("13800138000" in one or "501室" in one for one in told)
    used = select(TicketPhoto.id).where(TicketPhoto.ticket_id.in_(made), TicketPhoto.sequence == 1)
    assert session.scalars(used).first()


def test_clocks_were_paused(session: Session) -> None:
    """In a whole week of one village, for some categories even now, and one ended early."""
    pauses = session.scalars(select(PausePeriod).order_by(PausePeriod.from_at)).all()
    assert len(pauses) == 3
    assert weeks_paused(session)
    assert [one.document for one in pauses if one.ended_at] == ["示例县创建办〔2026〕12号"]
    assert [one.categories for one in pauses if one.to_at > NOW] == [["01-17", "01-91"]]


def test_assessment_is_switched_on_for_reference(session: Session) -> None:
    (row,) = session.scalars(select(AssessmentSwitch))
    assert row.from_on < NOW.date()
    assert row.to_on is None


def test_residents_are_told_a_number_to_call(session: Session) -> None:
    offices = session.scalars(select(ComplaintOffice)).all()
    assert offices and all("示例" in one.phone for one in offices)


def test_the_community_that_tours_show_plans_each_month(session: Session) -> None:
    first = select(Campaign.month).join(Compound, Compound.id == Campaign.compound_id)
    first = first.join(Organisation, Organisation.id == Compound.organisation_id)
    months = session.scalars(first.where(Organisation.code == "340299101001")).all()
    assert {"2026-10", "2026-11"} <= set(months)


def test_a_month_was_frozen_and_has_changed_since(session: Session) -> None:
    freezes = session.scalars(select(KpiFreeze)).all()
    assert {(one.month, one.organisation.code) for one in freezes} == {
        ("2026-10", "340299101"), ("2026-10", "340299102"),
    }  # fmt: skip
    assert all(one.counted for one in freezes)


def test_clean_rounds_were_walked_again(session: Session) -> None:
    checks = session.scalars(select(SpotCheck)).all()
    assert {one.state for one in checks} == set(SpotCheckState)
    for check in checks:
        if check.result is not None:
            assert check.walked_at is not None
            assert check.drawn_at <= check.walked_at <= NOW
    walkers = {one.person_id for one in checks if one.person_id}
    walked = select(RoundCheck.person_id).join(SpotCheck, SpotCheck.round_id == RoundCheck.round_id)
    assert walkers.isdisjoint(session.scalars(walked))


def test_groups_have_supervisors_and_somebody_stands_in(session: Session) -> None:
    given = session.scalars(select(GroupScope)).all()
    assert len({one.organisation_id for one in given}) == 9
    (leave,) = session.scalars(select(Leave))
    assert leave.holds_on(NOW.date())
    standing_in = actor_by_id(session, leave.deputy_id, now=NOW)
    assert standing_in is not None
    assert [post.role for post in standing_in.posts].count(Role.lead) == 1
    one = actor_by_id(session, person_named(session, "t102zuzhang1").id, now=NOW)
    assert one is not None
    assert len(one.posts[0].given) == 3


def test_nothing_is_masked_that_the_stories_say_themselves(session: Session) -> None:
    """What wardens and companies write in them has nothing to hide."""
    notes = session.execute(
        select(TicketEvent.note, Ticket.source)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.note.contains("*"))
    ).all()
    assert {source for _, source in notes} <= {Source.hotline}


def test_a_picture_used_twice_is_noticed_and_explained(session: Session) -> None:
    verdicts = session.scalars(
        select(TicketPhoto.verdict).where(TicketPhoto.role == PhotoRole.AFTER)
    )
    counted = Counter(verdicts)
    assert counted[Verdict.CONTRADICTED] >= 1
    assert counted[Verdict.CONSISTENT] > 10 * counted[Verdict.CONTRADICTED]
    explained = select(func.count()).where(TicketEvent.action == Action.explain.value)
    assert session.scalar(explained)


def test_every_community_has_rounds_and_tickets(session: Session) -> None:
    walked = {one.compound.organisation.code for one in session.scalars(select(Round))}
    units = {f"340299101{unit.suffix}" for unit in SMALL.units}
    units |= {f"340299102{unit.suffix}" for unit in LARGE.units if unit.type != "村"}
    assert units - {"340299101202"} <= walked
    assert any(one.completed_at is None for one in session.scalars(select(Round)))
    codes = session.scalars(
        select(Organisation.code).join(Ticket, Ticket.community_id == Organisation.id).distinct()
    )
    assert units - {"340299101202"} <= set(codes)


def test_the_timeline_replays_to_the_state(session: Session) -> None:
    events: dict[object, list[TicketEvent]] = {}
    for event in session.scalars(select(TicketEvent).order_by(TicketEvent.sequence)):
        events.setdefault(event.ticket_id, []).append(event)
    for ticket in tickets(session):
        story = events[ticket.id]
        assert [event.sequence for event in story] == list(range(1, ticket.version + 1))
        assert story[0].from_state is None
        assert story[-1].to_state is ticket.state
        for one, following in pairwise(story):
            assert following.from_state is one.to_state
            assert one.at <= following.at
            came_in = following.action == MERGED_IN and one.to_state is following.to_state
            assert came_in or (one.to_state, Action(following.action)) in MOVES
        assert all(event.at <= NOW for event in story)


def test_legs_never_overlap_and_only_the_last_is_open(session: Session) -> None:
    for ticket in tickets(session):
        for one, following in pairwise(ticket.legs):
            assert one.to_at is not None
            assert one.to_at <= following.from_at
        under_way = [leg for leg in ticket.legs if leg.to_at is None]
        at_a_body = ticket.state is State.referred and ticket.outside is None
        runs = ticket.state in (State.dispatched, State.suspended) or at_a_body
        assert len(under_way) == runs, ticket.number


def test_nobody_closes_their_own_work(session: Session) -> None:
    closing = select(TicketEvent).where(TicketEvent.action == Action.close.value)
    for event in session.scalars(closing):
        before = session.scalars(
            select(TicketEvent.actor_id)
            .where(
                TicketEvent.ticket_id == event.ticket_id,
                TicketEvent.sequence < event.sequence,
                TicketEvent.action.in_([Action.rectify.value]),
            )
            .order_by(TicketEvent.sequence.desc())
        ).first()
        assert before != event.actor_id


def test_it_happened_in_its_weeks_and_not_later(session: Session) -> None:
    begins = beginning(NOW, 2)
    assert begins == day_start(NOW.date() - timedelta(days=11))
    for ticket in tickets(session):
        assert begins <= ticket.reported_at <= ticket.updated_at <= NOW
    sent = session.scalars(select(Photo.received_at)).all()
    assert begins <= min(sent) <= max(sent) <= NOW


def test_units_shared_out_their_work_and_recorded_it(session: Session) -> None:
    begins = beginning(NOW, 2)
    records = session.scalars(select(DutyRecord)).all()
    assert len(records) > 40
    assert {kind for one in records for kind in one.kinds} >= {"activity", "information"}
    for record in records:
        assert begins <= record.received_at <= NOW
    led = session.scalars(select(Assignment.kind).where(Assignment.part == Part.lead)).all()
    assert set(led) == {AssignedKind.compound, AssignedKind.duty, AssignedKind.line}


def test_compounds_are_put_in_order_and_boards_looked_through(session: Session) -> None:
    campaigns = session.scalars(select(Campaign)).all()
    assert {one.month for one in campaigns} == {"2026-10", "2026-11"}
    assert any(one.steps for one in campaigns)
    assert {one.kind_code for one in session.scalars(select(Case))} >= {"illegal_building"}
    hanging = Counter(session.scalars(select(ItemState.present)))
    assert hanging[True] > 10 * hanging[False] > 0


def test_second_looks_follow_from_the_ids_and_from_doubtful_photos(session: Session) -> None:
    """The product's own rule, told again: nobody can choose, not even a demonstration."""
    uses = session.execute(
        select(TicketPhoto.ticket_id, TicketEvent.sequence, TicketPhoto.role, TicketPhoto.verdict)
        .join(TicketEvent, TicketEvent.id == TicketPhoto.event_id)
        .order_by(TicketEvent.sequence)
    ).all()
    newest = {use.ticket_id: use.sequence for use in uses if use.role is PhotoRole.AFTER}
    doubtful = {
        use.ticket_id
        for use in uses
        if use.verdict is not Verdict.CONSISTENT
        and (use.role is not PhotoRole.AFTER or use.sequence == newest[use.ticket_id])
    }
    looked_at = Counter[tuple[bool, bool, bool]]()
    for ticket in tickets(session):
        if ticket.state is State.closed:
            digest = hashlib.sha256(str(ticket.id).encode()).digest()
            chosen = int.from_bytes(digest[:8]) % 100 < 20
            looked = ticket.second_look is not None
            looked_at[looked, chosen, ticket.id in doubtful] += 1
            assert looked == (chosen or ticket.id in doubtful), ticket.number
    assert looked_at[True, True, False]
    assert looked_at[True, False, True]
    assert looked_at[False, False, False]


def test_units_differ(session: Session) -> None:
    late: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for leg in session.scalars(select(Leg).where(Leg.outcome == LegOutcome.rectified)):
        every[leg.organisation.code] += 1
        late[leg.organisation.code] += not leg.in_time
    companies = [code for code in every if code.startswith("WY")]
    assert len(companies) == 4
    assert len({late[code] / every[code] for code in companies}) > 1


def test_the_same_seed_and_day_give_the_same_figures(loading: Callable[[Wish], Loaded]) -> None:
    one, again, other = (figures(loading(Wish(1, seed))[0]) for seed in (1, 1, 7))
    assert one == again
    assert one["tickets"] != other["tickets"]
    assert one["pictures"] != other["pictures"]


def test_without_weeks_it_is_two_townships_and_their_people(
    loading: Callable[[Wish], Loaded],
) -> None:
    app, said = loading(Wish(weeks=0))
    assert said == []
    with app.app_context():
        session = db.session()
        assert deployment_fact(session, DEMONSTRATION) is not None
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0
        codes = set(session.scalars(select(Organisation.code)))
        assert {"340299", "340299101", "340299102", "WY299004", "340299-CWB"} <= codes
        db.session.remove()


@pytest.mark.parametrize(
    ("weeks", "day", "first"),
    [(1, 23, 23), (1, 29, 23), (2, 25, 16), (8, 24, 5)],
)
def test_weeks_are_counted_back_from_this_one(weeks: int, day: int, first: int) -> None:
    now = datetime(2026, 11, day, 9, tzinfo=SHANGHAI)
    begins = beginning(now, weeks).astimezone(SHANGHAI)
    assert (begins.weekday(), begins.hour, begins.day) == (0, 0, first)
    assert beginning(now, 0) == now


def test_the_command_refuses_a_database_that_holds_something(
    county: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOST", raising=False)
    refused = county[0].test_cli_runner().invoke(args=["demo", "load"])
    assert refused.exit_code == 1
    assert refused.output.strip() == (
        "数据库里已有资料，演示资料只能装入空的数据库；什么都没有写入。"
    )


@pytest.mark.parametrize(
    ("host", "env", "says"),
    [
        ("0.0.0.0", "development", "HOST=0.0.0.0"),
        ("127.0.0.1", "production", "GEXUN_ENV=production"),
    ],
)
def test_the_command_keeps_to_this_machine(
    databases: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    env: str,
    says: str,
) -> None:
    url = databases.clone("sqlite", "migrated")
    settings = cheap_settings(url, tmp_path).model_copy(update={"env": env})
    app = create_app(settings)
    monkeypatch.setenv("HOST", host)
    refused = app.test_cli_runner().invoke(args=["demo", "load", "--weeks", "0"])
    assert refused.exit_code == 1
    assert says in refused.output
    assert refused.output.count("。") == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 0
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def test_the_command_keeps_to_the_embedded_database(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOST", raising=False)
    url = databases.clone("postgresql", "migrated")
    app = create_app(cheap_settings(url, tmp_path))
    refused = app.test_cli_runner().invoke(args=["demo", "load", "--weeks", "0"])
    assert refused.exit_code == 1
    assert "自备的数据库" in refused.output
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def test_people_act_in_the_daytime(session: Session) -> None:
    acts = session.execute(
        select(TicketEvent.at, TicketEvent.action, Ticket.category_code, TicketEvent.actor_id)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.actor_id.is_not(None))
    ).all()
    assert acts
    for at, action, category, _ in acts:
        local = at.astimezone(SHANGHAI)
        hour = local.hour + local.minute / 60
        danger = action == "report" and category in DANGER
        assert 7.5 <= hour < (23.5 if danger else 21.1), (local, action, category)


def test_no_ticket_is_done_over_more_than_twice(session: Session) -> None:
    again = (Action.return_.value, Action.reopen.value)
    actions = select(TicketEvent.ticket_id).where(TicketEvent.action.in_(again))
    counted = Counter(session.scalars(actions))
    assert max(counted.values()) <= 2


def test_on_national_day_only_danger_is_reported(loading: Callable[..., Loaded]) -> None:
    app, _ = loading(Wish(weeks=2), now=datetime(2026, 10, 8, 16, tzinfo=SHANGHAI))
    with app.app_context():
        reported = db.session.execute(select(Ticket.reported_at, Ticket.category_code)).all()
        walked = list(db.session.scalars(select(Round.began_at)))
        db.session.remove()
    holiday = [code for at, code in reported if date(2026, 10, 1) <= day(at) <= GOLDEN_WEEK_ENDS]
    assert set(holiday) <= DANGER
    assert not [at for at in walked if date(2026, 10, 1) <= day(at) <= GOLDEN_WEEK_ENDS]
    assert [at for at, _ in reported if day(at) < date(2026, 10, 1)]
    assert [at for at, _ in reported if day(at) == date(2026, 10, 8)]


DANGER = {"05-96", "01-80"}
GOLDEN_WEEK_ENDS = date(2026, 10, 7)


def day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def test_every_kind_of_matter_has_reasons_of_its_own() -> None:
    kinds = {kind_of(matter) for matter in MATTERS.values()} - {""}
    for reasons in (MORE_TIME, NOT_OURS, NOT_DONE):
        assert kinds <= set(reasons)
        assert all(said for said in reasons.values())
    assert kind_of(MATTERS["dirty_green"]) == "waste"
    assert kind_of(MATTERS["fire_lane"]) == "fire_lane"


def test_only_the_last_days_news_is_unread(session: Session) -> None:
    read = {notice.created_at: notice.read_at for notice in session.scalars(select(Notice))}
    assert read
    assert all((at < NOW - timedelta(days=3)) == (when is not None) for at, when in read.items())
