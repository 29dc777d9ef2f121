"""A chart of bars as a picture."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from app.kernel.pdf import font_file

_WIDTH, _LINE, _LEFT, _RIGHT, _TOP = 1400, 56, 380, 170, 70
_INK, _BAR, _BACK = (40, 40, 40), (46, 92, 138), (232, 236, 240)


def bars(title: str, rows: Sequence[tuple[str, int, int]]) -> bytes:
    """A PNG with a bar for each row: its name, and so many of so many."""
    image = Image.new("RGB", (_WIDTH, _TOP + _LINE * len(rows) + 20), "white")
    draw = ImageDraw.Draw(image)
    font, small = (ImageFont.truetype(font_file(), size) for size in (32, 27))
    draw.text((_WIDTH / 2, 34), title, fill=_INK, font=font, anchor="mm")
    room = _WIDTH - _LEFT - _RIGHT
    for number, (name, part, whole) in enumerate(rows):
        top = _TOP + number * _LINE
        middle = top + _LINE / 2
        draw.text((_LEFT - 16, middle), name[:13], fill=_INK, font=small, anchor="rm")
        draw.rectangle((_LEFT, top + 12, _LEFT + room, top + _LINE - 12), fill=_BACK)
        if whole and part:
            draw.rectangle(
                (_LEFT, top + 12, _LEFT + room * part / whole, top + _LINE - 12), fill=_BAR
            )
        said = f"{part / whole:.1%}" if whole else "—"
        draw.text((_WIDTH - _RIGHT + 14, middle), said, fill=_INK, font=small, anchor="lm")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
