"""Cursors are ours or refused."""

import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import parse_instant
from app.kernel.paging import BadCursor, cut_page, decode_cursor, encode_cursor


def test_there_and_back() -> None:
    row_id = uuid4()
    cursor = encode_cursor("2026-11-23T09:30:00+08:00", str(row_id))
    assert cursor.isascii()
    assert "=" not in cursor
    found = decode_cursor(cursor, parse_instant, UUID)
    assert found == [parse_instant("2026-11-23T09:30:00+08:00"), row_id]


@pytest.mark.parametrize(
    "values",
    [(), (1,), (1, 2), (1, 2, 3), (None, None), ("x", 5), ([], {}), (True, "x"), (1e308, "\x00")],
)
def test_others_are_refused(values: tuple[object, ...]) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(encode_cursor(*values), parse_instant, UUID)


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(text, parse_instant, UUID)


@given(st.recursive(st.none() | st.floats() | st.text(), st.lists, max_leaves=8))
def test_no_values_break_it(value: object) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(encode_cursor(value, json.dumps(value)), parse_instant, UUID)


def test_a_page_and_the_next() -> None:
    page = cut_page([1, 2, 3], 2, lambda row: (row,))
    assert list(page.items) == [1, 2]
    assert page.next_cursor is not None
    assert decode_cursor(page.next_cursor, int) == [2]
    assert cut_page([1, 2], 2, lambda row: (row,)).next_cursor is None
