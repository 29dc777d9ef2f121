"""Tables of likeness: the hashes of what blobs show, and the pairs of them found alike."""

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class PictureHash(Base):
    """One hash of what a blob shows: `part` counts through its windows, the gradient last.

    `hash` is 64 bits, signed; `key_a`, `key_b`, `key_c` are its bands (see bands.py). The indexes
    hold all that a look-up reads.
    """

    __tablename__ = "picture_hashes"

    number: Mapped[int] = mapped_column(
        ForeignKey("blobs.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    hash: Mapped[int] = mapped_column(BigInteger)
    key_a: Mapped[int]
    key_b: Mapped[int]
    key_c: Mapped[int]

    __table_args__ = (
        *(
            Index(f"ix_picture_hashes_{key}", key, "hash", postgresql_include=["number", "part"])
            for key in ("key_a", "key_b", "key_c")
        ),
        # SQLite: the rows lie in the order of the key, which its indexes end with.
        {"sqlite_with_rowid": False},
    )


class AlikePair(Base):
    """Two blobs that look alike; `other` came first and has the smaller number.

    `distance` is the smallest between their hashes; `whole_distance` and `fine_distance` are those
    of the whole pictures as they hang, in 64 and in 256 bits.
    """

    __tablename__ = "alike_pairs"

    number: Mapped[int] = mapped_column(
        ForeignKey("blobs.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    other: Mapped[int] = mapped_column(
        ForeignKey("blobs.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    distance: Mapped[int] = mapped_column(SmallInteger)
    whole_distance: Mapped[int] = mapped_column(SmallInteger)
    fine_distance: Mapped[int] = mapped_column(SmallInteger)
