"""Numbers of blobs, and the turn in which one is given.

Whoever has the turn keeps it until the transaction ends. So what has a smaller number is there to
be seen, or was undone, and of two pictures that arrive at the same moment the later sees the other.
On SQLite there is one writer at a time anyway.

What follows in the turn is a look-up of thousands of keys: on PostgreSQL it is not given to
parallel workers, for which a busy server has to wait longer than they save.
"""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.kernel.turns import Turn


class NextNumber(FunctionElement[int]):
    """The next number of a blob; takes the turn."""

    inherit_cache = True


@compiles(NextNumber)
def _on_sqlite(*_: Any, **__: Any) -> str:
    return "(SELECT coalesce(max(number), 0) + 1 FROM blobs)"


@compiles(NextNumber, "postgresql")
def _on_postgresql(*_: Any, **__: Any) -> str:
    return (
        f"(SELECT nextval('blob_numbers') FROM pg_advisory_xact_lock({Turn.photo_numbers.value}),"
        " set_config('max_parallel_workers_per_gather', '0', true))"
    )
