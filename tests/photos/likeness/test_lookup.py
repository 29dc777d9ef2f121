"""The look-up finds exactly what comparing with every hash finds, on both databases."""

import numpy as np
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.kernel.clock import utc_now
from app.photos.likeness.bands import BANDS, RADIUS, distances, keys_around, keys_of
from app.photos.likeness.hashing import HASH_VERSION, MIDDLE, WINDOWS, Hashes
from app.photos.likeness.keeping import keep_hashes, keep_pairs, looks_of
from app.photos.likeness.lookup import WHOLE, _candidates, _listed, alike_blobs, near_blobs
from app.photos.models import PhotoBlob

Chance = np.random.Generator
BLOBS = 120
HELD = ["whole", "middle", "window", "turned", "gradient"]


def random_hashes(chance: Chance, count: int) -> NDArray[np.uint64]:
    return chance.integers(0, 1 << 64, count, np.uint64)


def flipped(chance: Chance, value: np.uint64, count: int) -> np.uint64:
    """A hash with so many bits changed."""
    for bit in chance.choice(64, count, replace=False).tolist():
        value ^= np.uint64(1) << np.uint64(bit)
    return value


def picture(chance: Chance) -> Hashes:
    return Hashes(
        windows=random_hashes(chance, len(WINDOWS)),
        turned=random_hashes(chance, 7),
        gradient=random_hashes(chance, 1)[0],
        fine=chance.bytes(32),
        detail=1.0,
        entropy=7.0,
    )


def neighbour_of(chance: Chance, old: Hashes, held: str, count: int) -> Hashes:
    """Another picture that has one hash so many bits from one of an old picture's."""
    new, part = picture(chance), int(chance.integers(0, len(WINDOWS)))
    if held == "whole":
        new.windows[0] = flipped(chance, old.windows[part], count)
    elif held == "middle":
        new.windows[MIDDLE] = flipped(chance, old.windows[part], count)
    elif held == "window":
        new.windows[part] = flipped(chance, old.whole, count)
    elif held == "turned":
        new.turned[chance.integers(0, 7)] = flipped(chance, old.whole, count)
    else:
        near = flipped(chance, old.gradient, count)
        new = Hashes(new.windows, new.turned, near, new.fine, 1.0, 7.0)
    return new


def brute_force(new: Hashes, old: Hashes) -> tuple[int, int] | None:
    """The smallest distance between hashes that are held against each other, and that of the whole
    pictures as they hang; None when the first is beyond the radius."""
    held = [
        distances(new.windows[:1], old.windows),
        distances(new.windows[[MIDDLE]], old.windows[1:]),
        distances(new.windows, old.windows[:1]),
        distances(new.turned, old.windows[:1]),
        distances(np.array([new.gradient]), np.array([old.gradient])),
    ]
    least = min(int(each.min()) for each in held)
    whole = int(held[0][0, 0])
    return (least, whole) if least <= RADIUS else None


def stored(session: Session, looks: Hashes) -> int:
    """The number of a blob with these hashes."""
    now = utc_now()
    blob = PhotoBlob(
        sha256=looks.fine.hex(), bytes=1, media_type="image/jpeg", width=1, height=1,
        display_sha256="", thumb_sha256="", stored_at=now, **looks_of(looks),
    )  # fmt: skip
    session.add(blob)
    session.flush()
    keep_hashes(session, blob.number, looks)
    return blob.number


@given(st.integers(0, (1 << 64) - 1), st.sets(st.integers(0, 63), max_size=RADIUS))
def test_of_two_hashes_within_the_radius_one_band_is_always_among_the_keys(
    value: int, bits: set[int]
) -> None:
    old = np.array([value], np.uint64)
    new = old ^ np.uint64(sum(1 << bit for bit in bits))
    keys = keys_of(old, 1)[0]
    assert any(key in around for key, around in zip(keys, keys_around(new, 1), strict=True))
    assert not any(key in around for key, around in zip(keys, keys_around(new, 2), strict=True))


def test_the_bands_are_all_of_a_hash() -> None:
    bits = [bit for lowest, width in BANDS for bit in range(lowest, lowest + width)]
    assert bits == list(range(64))


def test_the_look_up_equals_comparing_with_every_hash(session: Session) -> None:
    chance = np.random.default_rng(20261127)
    olds = {}
    for _ in range(BLOBS):
        looks = picture(chance)
        olds[stored(session, looks)] = looks
    found_any = 0
    for held in HELD:
        for count in (0, 1, 5, 6, 7, 8, 9, 12):
            old = olds[int(chance.choice(list(olds)))]
            new = neighbour_of(chance, old, held, count)
            wanted = {number: brute_force(new, looks) for number, looks in olds.items()}
            near = near_blobs(session, new)
            found = {each.number: (each.distance, each.whole) for each in near}
            expected = {number: both for number, both in wanted.items() if both}
            assert {n: b[0] for n, b in found.items()} == {n: b[0] for n, b in expected.items()}
            for number, (_, whole) in found.items():
                assert whole == min(whole, expected[number][1]) or whole > RADIUS
            found_any += len(found)
    assert found_any >= len(HELD) * 6


def test_who_came_first_and_who_is_nearest_are_told_of_many(app: Flask, session: Session) -> None:
    chance = np.random.default_rng(7)
    old = picture(chance)
    numbers = [stored(session, neighbour_of(chance, old, "gradient", 0)) for _ in range(5)]
    for _ in range(30):
        numbers.append(stored(session, neighbour_of(chance, old, "gradient", 3)))
    numbers += [stored(session, neighbour_of(chance, old, "gradient", 1)) for _ in range(8)]
    told = [each.number for each in alike_blobs(session, old, but=0)]
    nearest = numbers[:5] + numbers[-8:][:5]
    assert told == sorted({*numbers[:10], *nearest})


def test_hashes_of_another_version_are_not_compared(session: Session) -> None:
    chance = np.random.default_rng(3)
    looks = picture(chance)
    number = stored(session, looks)
    assert [each.number for each in alike_blobs(session, looks, but=0)] == [number]
    assert alike_blobs(session, looks, but=number) == []
    session.get_one(PhotoBlob, looks.fine.hex()).hash_version = HASH_VERSION + 1
    session.flush()
    assert alike_blobs(session, looks, but=0) == []
    keep_pairs(session, number, [])


def test_the_keys_are_joined_whatever_the_size(session: Session) -> None:
    """PostgreSQL reads a small table whole, and then holds each row against thousands of keys."""
    embedded = session.get_bind().dialect.name == "sqlite"
    statement = _candidates(embedded)
    keys = keys_around(random_hashes(np.random.default_rng(1), 19), WHOLE)
    given_keys = {f"keys_{n}": _listed(each, embedded) for n, each in enumerate(keys)}
    explain = "EXPLAIN QUERY PLAN " if embedded else "EXPLAIN "
    driver = session.connection().connection.cursor()
    compiled = statement.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
    params = compiled.construct_params(given_keys)
    ordered = [params[name] for name in compiled.positiontup] if compiled.positional else params
    driver.execute(explain + str(compiled), ordered)
    plan = "\n".join(str(row) for row in driver.fetchall())
    assert "ANY" not in plan
    assert ("ix_picture_hashes_key_a" in plan) or not embedded
