"""The sheet of codes: a card for each compound and one for each of its checkpoints, to cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.kernel.pdf import WIDTH_MM, gap, pdf_of, picture, qr_code, table, words

_CODE_MM = 38
_COLUMNS = 2


@dataclass(frozen=True)
class Card:
    """A place on the sheet: its names, the address of its plain code, and the host's picture."""

    title: str
    said: str
    address: str
    host_code: bytes | None = None
    use: str = "扫码巡查、上报"


def code_sheet(whose: str, community: str, groups: Sequence[tuple[str, Sequence[Card]]]) -> bytes:
    """The A4 pages with the cards of some compounds, each under its heading, if it has one."""
    title = f"{whose} 点位二维码"
    story: list[Any] = [
        words(title, 16, align="center"),
        words(f"{community}　沿线裁开，贴在各点位", 10.5, align="center"),
    ]
    for name, cards in groups:
        shown: list[Any] = [_card(each) for each in cards]
        shown += [""] * (-len(shown) % _COLUMNS)
        rows = [shown[at : at + _COLUMNS] for at in range(0, len(shown), _COLUMNS)]
        heading = [words(name, 12)] if name else []
        story += [gap(3), *heading, table(rows, [WIDTH_MM / _COLUMNS] * _COLUMNS)]
    return pdf_of(story, title=title, foot=whose)


def _card(card: Card) -> list[Any]:
    plain = qr_code(card.address, _CODE_MM)
    if card.host_code is None:
        codes: Any = table([[plain]], [_CODE_MM + 6], frame=False)
    else:
        host = picture(card.host_code, width_mm=_CODE_MM, height_mm=_CODE_MM)
        labels = [words(each, 8, align="center") for each in ("微信小程序", "浏览器")]
        room = (WIDTH_MM / _COLUMNS - 6) / 2
        codes = table([[host, plain], labels], [room, room], frame=False)
    return [
        words(card.title, 13, align="center"),
        words(card.said, 9, align="center"),
        codes,
        words(card.use, 9, align="center"),
    ]
