"""Which faults are told: causes without what follows from them, a wrong file in a few lines."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.grid.township.faults import Cause, Fault

SUMMED_UP_FROM = 10
"""A file with fewer rows is told row by row, even when all are wrong in the same way."""

SHOWN = 3
"""How many are shown of the faults that all rows of a file have."""

_PARTICULARS = re.compile(r"(?<!^)“[^”]*”|\[[^\]]*\]|[0-9A-Za-z._@+-]+")


def only_causes(faults: Iterable[Fault], unreadable_codes: Mapping[str, int]) -> list[Fault]:
    """The faults without those that a row with an unreadable code explains, the same said once.

    `unreadable_codes` counts such rows by table. They explain that a code is missing as long as no
    more codes are missing than rows have lost theirs.
    """
    told = list(faults)
    missing: dict[str, set[str]] = defaultdict(set)
    for fault in told:
        if fault.cause and fault.cause.missing:
            missing[fault.cause.table].add(fault.cause.code)
    explained = {
        Cause(table, code, missing=True)
        for table, codes in missing.items()
        if len(codes) <= unreadable_codes.get(table, 0)
        for code in codes
    }
    return _said_once(fault for fault in told if fault.cause not in explained)


def _said_once(faults: Iterable[Fault]) -> list[Fault]:
    """Faults of one cause with the same words in one file become one that names all places."""
    first: dict[tuple[object, ...], Fault] = {}
    for number, fault in enumerate(faults):
        shared = fault.cause is not None and fault.cause.code
        key = (fault.file, fault.what, fault.cause) if shared else (number,)
        earlier = first.setdefault(key, fault)
        if earlier is not fault:
            first[key] = replace(earlier, also=(*earlier.also, *fault.places))
    return list(first.values())


def summed_up(faults: Sequence[Fault], sizes: Mapping[str, int]) -> list[str]:
    """The faults as lines; one that every row of a larger file has is told by its first few.

    `sizes` are the numbers of rows, or features, by file.
    """
    by_kind: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        by_kind[_kind(fault)].append(fault)
    lines: list[str] = []
    for fault in faults:
        alike = by_kind[_kind(fault)]
        size = sizes.get(fault.file, 0)
        if size < SUMMED_UP_FROM or len({p for one in alike for p in one.places}) < size:
            lines.append(str(fault))
        elif fault is alike[0]:
            lines.extend(_summary(alike, size))
    return lines


def _summary(alike: Sequence[Fault], size: int) -> list[str]:
    shown = [str(fault) for fault in alike[:SHOWN]]
    if len(alike) <= SHOWN:
        return shown
    unit = "行" if alike[0].number is None else "个要素"
    return [f"{alike[0].file}: 全部 {size} {unit}都有同样的错误，只列前 {SHOWN} 处：", *shown]


def _kind(fault: Fault) -> tuple[str, str]:
    """What is wrong without the particulars: codes, numbers, coordinates, quoted values."""
    return fault.file, _PARTICULARS.sub("…", fault.what)
