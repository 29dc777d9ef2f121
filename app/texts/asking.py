"""Asks the host about what people wrote, hides what it warns of, and leaves the rest to a person.

Never in a request: what was written is looked for afterwards. The host answers at once, and only
about somebody who was in its app within two hours; others are not checked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.db import begin_reading, db, rows_changed, unit_of_work
from app.kernel.errors import DomainError
from app.kernel.hiding import look_again, mark_of
from app.photos.safety.models import CheckState
from app.photos.safety.port import CheckImpossible, CheckRefused
from app.texts.models import TextCheck
from app.texts.port import PASS, RISKY, TextAnswer, TextChecker
from app.texts.sources import WITHIN, Source, Written, written_lately

CHECK_TEXTS = "check_texts"
"""The kind of job."""
AT_ONCE = 100
ANSWERED_WITHIN = timedelta(minutes=30)
MOST_TRIES = 2
LAST_CHANCE = WITHIN - timedelta(minutes=5)
"""How old a text is that is left to a person when the host cannot be asked."""
KEPT = timedelta(days=1)
_FINAL = (CheckState.passed, CheckState.impossible)


@dataclass(frozen=True)
class TextAsker:
    """How texts are asked about; `clock` gives aware instants."""

    checker: TextChecker
    sources: Sequence[Source]
    clock: Callable[[], datetime]


def check_texts(asker: TextAsker) -> int:
    """Asks about 100 texts; how many. While the host is not to be had the others wait for the next
    run, and those that will be too old by then are left to a person."""
    with unit_of_work() as session:
        leave_unanswered(session, now=asker.clock())
    asked, to_ask = 0, _to_ask(asker)
    for number, (written, tries) in enumerate(to_ask):
        try:
            _ask(asker, written, tries)
        except DomainError:
            _leave(to_ask[number:], now=asker.clock())
            break
        asked += 1
    return asked


def _to_ask(asker: TextAsker) -> list[tuple[Written, int]]:
    """What was written lately and not asked about, or not answered, with how often it was asked."""
    session, now, checker = begin_reading(), asker.clock(), asker.checker
    lately = written_lately(
        session, asker.sources, host=checker.host, tenant=checker.tenant, now=now
    )
    # Of those who wrote the same, who was in the app last.
    by_mark = {mark_of(each.text): each for each in lately}
    known = {row.mark: row for row in _checks(session, list(by_mark))}
    found: list[tuple[Written, int]] = []
    for mark, each in by_mark.items():
        check = known.get(mark)
        if check is None or (check.state is CheckState.impossible and check.asked_at < each.at):
            found.append((each, 0))
        elif check.state is CheckState.asked and check.asked_at <= now - ANSWERED_WITHIN:
            found.append((each, check.tries))
    session.rollback()
    return found[:AT_ONCE]


def _checks(session: Session, marks: Sequence[str]) -> Iterator[TextCheck]:
    for begin in range(0, len(marks), 500):
        among = TextCheck.mark.in_(marks[begin : begin + 500])
        yield from session.scalars(select(TextCheck).where(among))


def _ask(asker: TextAsker, written: Written, tries: int) -> None:
    """Asks, and notes the answer; raises what the host does while it is not to be had."""
    answer, state = None, CheckState.asked
    try:
        answer = asker.checker.look_at(written.subject, written.text)
        said = {PASS: CheckState.passed, RISKY: CheckState.risky}
        state = said.get(answer.suggest, CheckState.left)
    except CheckImpossible:
        state = CheckState.impossible
    except CheckRefused:
        # As if it did not answer: it is asked once more, then left to a person.
        pass
    with unit_of_work() as session:
        _note(session, written, state, answer, tries=tries + 1, now=asker.clock())
    if state is CheckState.risky:
        look_again(db.engine)


def _note(
    session: Session,
    written: Written,
    state: CheckState,
    answer: TextAnswer | None,
    *,
    tries: int,
    now: datetime,
) -> None:
    """What became of a text; never over what was said of it or decided before."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    said = {
        "state": state,
        "said": None if state in _FINAL else written.text,
        "tries": tries,
        "asked_at": now,
        "trace_id": answer.trace_id if answer else None,
        "label": answer.label if answer else None,
    }
    first = {
        "mark": mark_of(written.text),
        "place": written.place,
        "person_id": written.person_id,
        "town_id": written.town_id,
        "written_at": written.at,
    }
    row = dialect.insert(TextCheck).values(first | said)
    still = TextCheck.state.in_((CheckState.asked, CheckState.impossible))
    session.execute(row.on_conflict_do_update(index_elements=["mark"], set_=said, where=still))


def _leave(texts: Sequence[tuple[Written, int]], *, now: datetime) -> None:
    """Leaves to a person what will be too old when the host is asked again."""
    old = [(each, tries) for each, tries in texts if each.at <= now - LAST_CHANCE]
    if old:
        with unit_of_work() as session:
            for each, tries in old:
                _note(session, each, CheckState.left, None, tries=tries, now=now)


def leave_unanswered(session: Session, *, now: datetime) -> None:
    """What was asked twice, or is too old to be asked again, is a person's."""
    waited = TextCheck.state == CheckState.asked, TextCheck.asked_at <= now - ANSWERED_WITHIN
    given_up = (TextCheck.tries >= MOST_TRIES) | (TextCheck.written_at <= now - WITHIN)
    session.execute(
        update(TextCheck).where(*waited, given_up).values(state=CheckState.left),
        execution_options={"synchronize_session": False},
    )


def forget_passed(session: Session, now: datetime, at_most: int) -> int:
    """Removes what is known of texts in which nothing was found, after a day; how many."""
    over = TextCheck.state.in_(_FINAL), TextCheck.asked_at < now - KEPT
    marks = session.scalars(select(TextCheck.mark).where(*over).limit(at_most)).all()
    return rows_changed(session, delete(TextCheck).where(TextCheck.mark.in_(marks)))
