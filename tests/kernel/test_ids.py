"""Where ids come from: a source may be lent for a while, to one thread."""

from threading import Thread
from uuid import UUID

import pytest

from app.kernel.ids import ids_from, new_id, parse_id

KNOWN = UUID("0190a0a0-0000-7000-8000-000000000000")


def test_they_sort_as_they_were_made() -> None:
    made = [new_id() for _ in range(2000)]
    assert made == sorted(set(made))
    assert {one.version for one in made} == {7}


def test_another_source_is_lent_to_its_block_and_thread() -> None:
    beside: list[UUID] = []
    with ids_from(lambda: KNOWN):
        thread = Thread(target=lambda: beside.append(new_id()))
        thread.start()
        thread.join()
        assert new_id() == KNOWN
    assert KNOWN not in (new_id(), *beside)


def test_the_source_is_given_back_when_something_goes_wrong() -> None:
    with pytest.raises(ZeroDivisionError), ids_from(lambda: KNOWN):
        raise ZeroDivisionError
    assert new_id() != KNOWN


def test_what_is_no_id() -> None:
    assert (parse_id(str(KNOWN)), parse_id("key:1")) == (KNOWN, None)
