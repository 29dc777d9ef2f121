"""Reading from the wire under a cap."""

import hashlib
import io

import pytest

from app.photos.errors import PhotoTooLarge
from app.photos.receive import receive


class Slow(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 7))


class Endless:
    """A stream that never ends, and counts what was taken from it."""

    taken = 0

    def read(self, size: int = -1, /) -> bytes:
        self.taken += size
        return bytes(size)


@pytest.mark.parametrize("size", [0, 1, 6, 700_000])
def test_bytes_are_counted_and_hashed_on_the_way(tmp_path, size):
    data = bytes(i % 251 for i in range(size))
    with receive(io.BytesIO(data), max_bytes=700_000, directory=tmp_path) as got:
        assert (got.size, got.sha256) == (size, hashlib.sha256(data).hexdigest())
        assert got.path.read_bytes() == data
        with got.open() as file:
            assert file.read() == data


def test_a_slow_stream_is_read_to_its_end(tmp_path):
    with receive(Slow(b"0123456789" * 5), max_bytes=50, directory=tmp_path) as got:
        assert got.size == 50


def test_one_byte_too_many_is_refused_and_leaves_nothing(tmp_path):
    with (
        pytest.raises(PhotoTooLarge) as refused,
        receive(io.BytesIO(bytes(51)), max_bytes=50, directory=tmp_path),
    ):
        pass
    assert refused.value.extra == {"max_bytes": 50}
    assert list(tmp_path.iterdir()) == []


def test_an_endless_stream_is_left_soon_after_the_cap(tmp_path):
    stream = Endless()
    with (
        pytest.raises(PhotoTooLarge),
        receive(stream, max_bytes=1_000_000, directory=tmp_path),
    ):
        pass
    assert stream.taken < 2_000_000


def test_the_file_is_gone_however_the_block_ends(tmp_path):
    with (
        pytest.raises(RuntimeError),
        receive(io.BytesIO(b"x"), max_bytes=9, directory=tmp_path),
    ):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_killed_leaves_no_file(tmp_path):
    """While it is being received it has no name that could stay behind."""
    with receive(io.BytesIO(b"0123456789"), max_bytes=10, directory=tmp_path) as got:
        assert list(tmp_path.iterdir()) == []
        assert got.path.read_bytes() == b"0123456789"
        with got.open() as one, got.open() as other:
            assert (one.read(4), other.read(), one.read()) == (b"0123", b"0123456789", b"456789")
