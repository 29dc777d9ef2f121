"""How much is filled in and asked: all of it, less of it, and so little that a test can do it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Sizes:
    """Numbers of things; `warming` are the requests before those that count, when every connection
    of both workers has met their statements."""

    tickets: int = 100_000
    photos: int = 100_000
    """Among how many a picture is looked up."""
    weeks: int = 8
    """Of the demonstration."""
    rounds: int = 12
    """How often one upload's pictures are worked through, on each of the files that there are."""
    only_drawn: bool = False
    """Whether they are a drawn one alone."""
    look_ups: int = 200
    warming_look_ups: int = 40
    writes: int = 400
    warming_writes: int = 160
    large_uploads: int = 40
    warming_large_uploads: int = 4
    most_reads: int = 150
    least_reads: int = 8
    warming_reads: int = 24


FULL = Sizes()
QUICK = replace(FULL, tickets=5_000, photos=5_000)
SMALLEST = Sizes(
    tickets=300,
    photos=60,
    weeks=0,
    rounds=1,
    only_drawn=True,
    look_ups=4,
    warming_look_ups=0,
    writes=4,
    warming_writes=1,
    large_uploads=2,
    warming_large_uploads=1,
    most_reads=1,
    least_reads=1,
    warming_reads=1,
)
"""Every line is printed; its figures say nothing."""
