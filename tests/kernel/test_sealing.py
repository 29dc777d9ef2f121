"""What is sealed is opened by its purpose and one of its keys, for as long as it is good."""

from datetime import timedelta

import pytest

from app.kernel.clock import utc_now
from app.kernel.sealing import Sealer

NOW = utc_now()
OURS = Sealer(("a", "b"), purpose="tickets")


def test_what_was_sealed_is_opened() -> None:
    sealed = OURS.seal("某人", now=NOW)
    assert "某人" not in sealed
    assert OURS.opened(sealed, now=NOW) == "某人"
    assert OURS.opened(sealed, now=NOW + timedelta(minutes=9), within=timedelta(minutes=10))
    assert Sealer(("c", "a"), purpose="tickets").opened(sealed, now=NOW) == "某人"


SEALED = OURS.seal("x", now=NOW)


@pytest.mark.parametrize(
    ("sealer", "sealed", "later"),
    [
        (Sealer(("c",), purpose="tickets"), SEALED, 0),
        (Sealer(("a",), purpose="tokens"), SEALED, 0),
        (OURS, SEALED, 11),
        (OURS, SEALED[:-4], 0),
        (OURS, "说明", 0),
        (OURS, "\ud800", 0),
        (OURS, "", 0),
    ],
    ids=["other key", "other purpose", "late", "cut", "chinese", "surrogate", "empty"],
)
def test_anything_else_is_not(sealer: Sealer, sealed: str, later: int) -> None:
    at = NOW + timedelta(minutes=later)
    assert sealer.opened(sealed, now=at, within=timedelta(minutes=10)) is None
