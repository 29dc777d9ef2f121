"""Passwords: argon2id hashes, and the few rules for a new one."""

from dataclasses import dataclass
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kernel.errors import Rejected

MINIMUM_LENGTH = 8
MAXIMUM_LENGTH = 128


class WeakPassword(Rejected):
    """A new password is too short or says the username."""

    code = "weak_password"
    title = "口令不合要求"


@dataclass(frozen=True)
class HashCost:
    """What one hash costs: memory in KiB and passes (argon2id, one lane)."""

    memory_kib: int = 19 * 1024
    time: int = 2


def _hasher(cost: HashCost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.time, memory_cost=cost.memory_kib, parallelism=1)


def hash_password(password: str, *, cost: HashCost) -> str:
    """The argon2id hash of a password."""
    return _hasher(cost).hash(password)


def password_matches(password_hash: str, password: str) -> bool:
    """Whether a password is the one hashed."""
    try:
        return PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def check_password_rules(password: str, *, username: str, phone: str | None) -> None:
    """Raises WeakPassword unless 8–128 characters that are neither username, once or repeated, nor
    phone number, nor digits that all follow one another or are all the same."""
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
        raise WeakPassword(f"口令须为 {MINIMUM_LENGTH} 至 {MAXIMUM_LENGTH} 个字符。")
    if password == phone or _repeats(password, username):
        raise WeakPassword("口令不能与用户名或手机号相同，也不能是用户名的重复。")
    if _is_digit_run(password):
        raise WeakPassword("口令不能全是相同或连续的数字，如 11111111、12345678。")


def _repeats(password: str, username: str) -> bool:
    return bool(username) and not password.replace(username, "")


def _is_digit_run(password: str) -> bool:
    """Whether it is digits with one step between all: 1, 0 or -1, where 0 follows 9."""
    if not (password.isascii() and password.isdigit()):
        return False
    digits = [int(digit) for digit in password]
    steps = {(following - digit) % 10 for digit, following in pairwise(digits)}
    return len(steps) == 1 and steps <= {0, 1, 9}
