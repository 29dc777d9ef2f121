"""The rules for a new password, and its hash."""

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from hypothesis import given, settings
from hypothesis import strategies as st

from app.people.passwords import (
    HashCost,
    WeakPassword,
    check_password_rules,
    hash_password,
    password_matches,
)

CHEAP = HashCost(memory_kib=8, time=1)


@pytest.mark.parametrize(
    "password", ["12345679", "长长的中文口令呀", "  spaces  ", "x" * 128, "wangge11x", "Wangge11"]
)
def test_a_password_of_8_to_128_characters_is_taken(password: str) -> None:
    check_password_rules(password, username="wangge11", phone="13100000001")


@pytest.mark.parametrize(
    "password",
    [
        *("", "1234567", "短口令", "x" * 129, "wangge11", "13100000001"),
        *("wangge11wangge11", "12345678", "11111111", "87654321", "1234567890", "78901234"),
    ],
)
def test_a_short_or_long_one_or_ones_own_name_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password_rules(password, username="wangge11", phone="13100000001")
    assert refused.value.code == "weak_password"
    assert refused.value.detail


def test_without_a_phone_number_there_is_none_to_compare() -> None:
    check_password_rules("13100000001", username="wangge11", phone=None)


def test_the_hash_is_argon2id_of_the_cost_asked_for_in_one_lane() -> None:
    made = extract_parameters(hash_password("password", cost=HashCost(memory_kib=64, time=3)))
    assert made.type is Type.ID
    assert (made.memory_cost, made.time_cost, made.parallelism) == (64, 3, 1)


def test_the_cost_when_nothing_is_said_is_the_recommended_one() -> None:
    assert HashCost() == HashCost(memory_kib=19 * 1024, time=2)


def test_the_same_password_has_another_hash_each_time() -> None:
    one, two = (hash_password("password", cost=CHEAP) for _ in range(2))
    assert one != two
    assert password_matches(one, "password") and password_matches(two, "password")


@settings(deadline=None, max_examples=30)
@given(st.text(max_size=40), st.text(max_size=40))
def test_only_the_very_same_text_matches(password: str, other: str) -> None:
    try:
        made = hash_password(password, cost=CHEAP)
    except UnicodeEncodeError:
        return
    assert password_matches(made, password)
    if other != password:
        try:
            other.encode()
        except UnicodeEncodeError:
            return
        assert not password_matches(made, other)


@pytest.mark.parametrize("broken", ["", "plain", "$argon2id$v=19$m=8", "$2b$12$abcdefghijk"])
def test_what_is_no_hash_matches_nothing(broken: str) -> None:
    assert not password_matches(broken, "")
    assert not password_matches(broken, broken)


def test_a_hash_of_another_cost_still_matches() -> None:
    """Settings may be raised later: passwords of before stay good."""
    assert password_matches(hash_password("password", cost=HashCost(16, 2)), "password")
