"""Printed matter: A4 pages with a Chinese font inside, so that they print the same everywhere.

The font comes with a package and is embedded as far as it is used. The same content makes the same
bytes: nothing of the present instant goes in.
"""

import io
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import black, grey
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    HRFlowable,
    Image,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

PDF = "application/pdf"
FONT = "gexun"
WIDTH_MM = 170
"""Between the margins of a page."""
_MARGIN_MM = 20


def font_file() -> Path:
    """The file of the font, for whoever draws letters elsewhere."""
    return Path(str(files("paperang_p2_fonts_cjk") / "fonts" / "wqy-microhei.ttc"))


@cache
def _registered() -> str:
    pdfmetrics.registerFont(TTFont(FONT, str(font_file()), subfontIndex=0))
    return FONT


@cache
def style(size: float, *, align: str = "left", indent: bool = False) -> Any:
    """A style of text by its size in points; `indent` is that of a Chinese paragraph."""
    return ParagraphStyle(
        f"{size}{align}{indent}",
        fontName=_registered(),
        fontSize=size,
        leading=size * 1.5,
        wordWrap="CJK",
        alignment={"left": 0, "center": TA_CENTER, "right": TA_RIGHT}[align],
        firstLineIndent=2 * size if indent else 0,
    )


def words(text: str, size: float = 10.5, *, align: str = "left", indent: bool = False) -> Any:
    """A paragraph of plain words: nothing in them is markup; a line of its own stays one."""
    plain = "".join(each if each.isprintable() or each == "\n" else " " for each in text)
    # A paragraph would make one narrow space of wide ones.
    marked = escape(plain).replace("\n", "<br/>").replace("\u3000", "&nbsp;" * 3)
    return Paragraph(marked, style(size, align=align, indent=indent))


def gap(height_mm: float) -> Any:
    """Room between two things."""
    return Spacer(1, height_mm * mm)


def cut_line() -> Any:
    """Where a page is to be cut."""
    return HRFlowable(width="100%", thickness=0.6, color=black, dash=(3, 3))


def picture(data: bytes, *, width_mm: float, height_mm: float) -> Any:
    """A JPEG or PNG as large as the room allows."""
    found = Image(io.BytesIO(data))
    scale = min(width_mm * mm / found.imageWidth, height_mm * mm / found.imageHeight)
    found.drawWidth, found.drawHeight = found.imageWidth * scale, found.imageHeight * scale
    return found


def qr_code(text: str, size_mm: float) -> Any:
    """A QR code that is still read when a seventh of it is dirty."""
    widget = QrCodeWidget(text, barLevel="M", barBorder=2)
    left, low, right, high = widget.getBounds()
    scale = size_mm * mm / (right - left), size_mm * mm / (high - low)
    drawn = Drawing(size_mm * mm, size_mm * mm, transform=[scale[0], 0, 0, scale[1], 0, 0])
    drawn.add(widget)
    return drawn


def table(
    rows: Sequence[Sequence[Any]],
    widths_mm: Sequence[float],
    *,
    heading: bool = False,
    spans: Sequence[tuple[tuple[int, int], tuple[int, int]]] = (),
    frame: bool = True,
) -> Any:
    """A table of texts and other things, across pages; a heading is repeated on each. `spans` are
    pairs of (column, row): cells that are one."""
    shown = [[words(cell, 9.5) if isinstance(cell, str) else cell for cell in row] for row in rows]
    made = Table(shown, [width * mm for width in widths_mm], repeatRows=1 if heading else 0)
    commands: list[Any] = [("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    if frame:
        commands.append(("GRID", (0, 0), (-1, -1), 0.6, black))
    commands += [("SPAN", first, last) for first, last in spans]
    made.setStyle(TableStyle(commands))
    return made


def pdf_of(story: Sequence[Any], *, title: str, foot: str = "") -> bytes:
    """The bytes of a document on A4 pages, with their numbers and a line at the foot of each."""
    out = io.BytesIO()
    made = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN_MM * mm,
        rightMargin=_MARGIN_MM * mm,
        topMargin=_MARGIN_MM * mm,
        bottomMargin=_MARGIN_MM * mm,
        title=title,
        author="",
        creator="",
        producer="",
        invariant=1,
    )
    made.build(list(story), onFirstPage=_foot(foot), onLaterPages=_foot(foot))
    return out.getvalue()


def _foot(text: str) -> Callable[[Any, Any], None]:
    def draw(canvas: Any, page: Any) -> None:
        canvas.saveState()
        canvas.setFont(_registered(), 8)
        canvas.setFillColor(grey)
        canvas.drawString(_MARGIN_MM * mm, 11 * mm, text)
        canvas.drawRightString((_MARGIN_MM + WIDTH_MM) * mm, 11 * mm, f"第 {page.page} 页")
        canvas.restoreState()

    return draw
