"""What both papers are made of: a ticket as its reader sees it, in rows and pictures."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from app.kernel.clock import SHANGHAI
from app.kernel.pdf import WIDTH_MM, picture, table, words

Json = dict[str, Any]
Pictures = Callable[[Json], bytes | str]
"""The picture of a photo, or the words that stand in its place."""

_LABEL_MM = 26


def told_minute(text: str | None) -> str:
    """An instant of an answer, to the minute; a dash when there is none."""
    if not text:
        return "—"
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def told_in_full(text: str) -> str:
    """An instant of an answer as an official letter says it."""
    at = datetime.fromisoformat(text).astimezone(SHANGHAI)
    return f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute:02d}分"


def place_said(ticket: Json) -> str:
    """Where it is: community, compound and part of it."""
    compound = ticket["compound"]["name"] if ticket["compound"] else "不在小区内"
    return "　".join(
        part for part in (ticket["community"]["name"], compound, ticket["area_label"] or "") if part
    )


def pairs_table(pairs: Sequence[tuple[str, str]], *, whole: Sequence[tuple[str, str]]) -> Any:
    """Labels with what they say, two to a row, and then those that need a whole row."""
    cells = [*pairs, ("", "")] if len(pairs) % 2 else [*pairs]
    rows = [[*cells[at], *cells[at + 1]] for at in range(0, len(cells), 2)]
    rows += [[label, said, "", ""] for label, said in whole]
    spans = [((1, at), (3, at)) for at in range(len(rows) - len(whole), len(rows))]
    room = WIDTH_MM / 2 - _LABEL_MM
    return table(rows, [_LABEL_MM, room, _LABEL_MM, room], spans=spans)


def photos_table(ticket: Json, pictures: Pictures, roles: Iterable[str], *, most: int) -> Any:
    """The photos in use with some roles, side by side; None when there are none to show."""
    shown = [one for one in ticket["photos"] if one["role"] in list(roles)]
    columns: list[tuple[str, Any]] = []
    for role in roles:
        # Of the last turn of work, not of one that was sent back.
        for one in [one for one in shown if one["role"] == role][-most:]:
            columns.append((one["role_label"], pictures(one["photo"])))
    if not columns:
        return None
    room = WIDTH_MM / max(len(columns), 2)
    drawn = [
        words(shown, 11, align="center")
        if isinstance(shown, str)
        else picture(shown, width_mm=room - 5, height_mm=62)
        for _, shown in columns
    ]
    labels = [words(label, 9.5, align="center") for label, _ in columns]
    return table([labels, drawn], [room] * len(columns))
