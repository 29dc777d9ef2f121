"""Which backups stay."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.backup.thinning import DAYS, MONTHS, WEEKS, kept_among

NIGHT = datetime(2026, 11, 26, 18, tzinfo=UTC)  # 02:00 of 27 November in Shanghai

instants = st.sets(
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), max_size=60
)


def test_a_year_of_nights() -> None:
    nights = {NIGHT - timedelta(days=back) for back in range(365)}
    kept = sorted((NIGHT - one).days for one in kept_among(nights))
    # The last week; the Sundays of the three weeks before (26 November is a Thursday, 27 a Friday);
    # the last nights of the months before, of which 31 October is no Sunday.
    assert kept == [0, 1, 2, 3, 4, 5, 6, 12, 19, 27, 58, 88, 119, 150, 180, 211, 241, 272, 300, 331]


def test_days_are_of_shanghai() -> None:
    before, after = NIGHT - timedelta(hours=3), NIGHT  # 23:00 and 02:00 of the next day
    earlier = NIGHT - timedelta(hours=4)
    assert kept_among({earlier, before, after}) == {before, after}


@given(instants)
def test_the_newest_stays_and_the_number_is_bounded(made: set[datetime]) -> None:
    kept = kept_among(made)
    assert kept <= made
    assert not made or max(made) in kept
    assert len(kept) <= DAYS + WEEKS + MONTHS


@given(instants)
def test_thinning_twice_is_thinning_once(made: set[datetime]) -> None:
    assert kept_among(kept_among(made)) == kept_among(made)
