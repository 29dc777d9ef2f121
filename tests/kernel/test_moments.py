"""When offline work happened."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from app.kernel.moments import BadOccurredAt, moment_of
from app.kernel.schemas import EARLIEST, LATEST, Instant

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Said(BaseModel):
    """One instant."""

    at: Instant


@pytest.mark.parametrize(
    ("ago", "taken"),
    [(72 * HOUR, True), (72 * HOUR + MINUTE, False), (-5 * MINUTE, True), (-6 * MINUTE, False)],
)
def test_the_bounds(ago: timedelta, taken: bool) -> None:
    if taken:
        assert moment_of(NOW, NOW - ago).occurred_at == min(NOW, NOW - ago)
    else:
        with pytest.raises(BadOccurredAt):
            moment_of(NOW, NOW - ago)


def test_now_when_nothing_is_said() -> None:
    moment = moment_of(NOW)
    assert (moment.now, moment.occurred_at, moment.offset_s) == (NOW, NOW, None)


@pytest.mark.parametrize("wrong_by", [timedelta(days=-20_000), -2 * HOUR, 2 * HOUR, 9000 * HOUR])
def test_a_clock_that_is_wrong_is_put_right(wrong_by: timedelta) -> None:
    """An hour ago by a wrong clock is still an hour ago."""
    by_phone = NOW + wrong_by
    moment = moment_of(NOW, by_phone - HOUR, by_phone)
    assert moment.occurred_at == NOW - HOUR
    assert moment.offset_s == -wrong_by.total_seconds()


def test_a_clock_that_is_a_little_wrong_is_believed() -> None:
    moment = moment_of(NOW, NOW - HOUR, NOW - 4 * MINUTE)
    assert (moment.occurred_at, moment.offset_s) == (NOW - HOUR, 240.0)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_whatever_is_said_is_taken_or_refused(occurred_at: datetime, sent_at: datetime) -> None:
    try:
        said = [Said(at=occurred_at.isoformat()), Said(at=sent_at.isoformat())]
    except ValidationError:
        assert not all(EARLIEST <= one < LATEST for one in (occurred_at, sent_at))
        return
    try:
        moment = moment_of(NOW, said[0].at, said[1].at)
    except BadOccurredAt:
        return
    assert NOW - 72 * HOUR <= moment.occurred_at <= NOW


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T09:30:00+08:00",
        "2026-11-23T01:30:00Z",
        "2026-11-23t01:30z",
        "2026-11-23T09:30+0800",
    ],
)
def test_ways_to_write_an_instant(text: str) -> None:
    assert Said.model_validate({"at": text}).at == NOW


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-23T09:30:00",
        "2026-11-23",
        "1700000000",
        "1700000000000",
        1700000000,
        1.5,
        None,
        "",
        "2026-11-23T09:30:00+08:00 ",
        "２026-11-23T09:30:00+08:00",
        "2026-13-23T09:30:00+08:00",
        "1969-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
    ],
)
def test_what_is_no_instant(value: object) -> None:
    with pytest.raises(ValidationError):
        Said.model_validate({"at": value})
