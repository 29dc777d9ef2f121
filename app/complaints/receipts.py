"""Receipts: a number that may be said aloud, and a code that only who complained knows. Pure."""

import hashlib
import hmac
import secrets
from datetime import date

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, 1, I and L: it is copied by hand."""

CODE_LENGTH = 12
"""Of 31 letters: 59 bits."""


def new_number(day: date) -> str:
    """A number for a day; its last part is drawn, so that it tells nothing of others."""
    return f"TS{day:%y%m%d}-{secrets.randbelow(100_000):05}"


def receipt_code(key: str, *, secret: str) -> str:
    """The code that belongs to what was sent with a key: the same for each repetition."""
    said = f"complaint\n{key}".encode()
    number = int.from_bytes(hmac.new(secret.encode(), said, hashlib.sha256).digest())
    found = ""
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(LETTERS))
        found += LETTERS[place]
    return "-".join(found[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def code_hash(code: str) -> str:
    """What is kept of a code, however it was typed."""
    plain = "".join(each for each in code.upper() if each.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def plain_number(number: str) -> str:
    """A number as it is kept, however it was typed."""
    digits = "".join(each for each in number if each.isascii() and each.isdigit())
    return f"TS{digits[:6]}-{digits[6:]}"
