"""How cells of a spreadsheet look, on a screen and on paper (ECMA-376, SpreadsheetML styles)."""

from dataclasses import dataclass

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NUMBER, HEADING, DATE, QUOTED, WORDS = 0, 1, 2, 3, 4
LINE, HIGHEST = 15, 405
"""The height of a line, and of the highest row there can be, in points."""
PRINTED, TITLE, NOTE = 5, 10, 11
"""What is added to a style for the same on paper, and the styles of the lines above a table."""

_KINDS = (
    "",
    'fontId="1" applyFont="1"',
    'numFmtId="164" applyNumberFormat="1"',
    'quotePrefix="1" numFmtId="49" applyNumberFormat="1"',
    'numFmtId="49" applyNumberFormat="1"',
)
_MIDDLE = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
_WRAPPED = '<alignment vertical="center" wrapText="1"/>'
_SIDES = "".join(f'<{side} style="thin"/>' for side in ("left", "right", "top", "bottom"))
_XFS = [
    *(f'<xf xfId="0" {kind}/>' for kind in _KINDS),
    *(
        f'<xf xfId="0" {kind.replace("164", "165")} borderId="1" '
        f'applyBorder="1" applyAlignment="1">'
        f"{_WRAPPED if number in (WORDS, QUOTED) else _MIDDLE}</xf>"
        for number, kind in enumerate(_KINDS)
    ),
    f'<xf xfId="0" fontId="2" applyFont="1" applyAlignment="1">{_MIDDLE}</xf>',
    f'<xf xfId="0" numFmtId="49" applyNumberFormat="1" applyAlignment="1">{_WRAPPED}</xf>',
]
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" '
    'formatCode="yyyy\\-mm\\-dd\\ hh:mm"/><numFmt numFmtId="165" '
    'formatCode="mm\\-dd\\ hh:mm"/></numFmts><fonts count="3"><font/><font><b/></font>'
    '<font><b/><sz val="16"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    f'<borders count="2"><border/><border>{_SIDES}<diagonal/></border></borders>'
    f'<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="{len(_XFS)}">{"".join(_XFS)}'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)


@dataclass(frozen=True)
class Printed:
    """What makes a sheet one for paper: A4 across, as wide as the page, with a frame, a title and
    a note above the table, repeated with its heading on every page. Instants lose their
    year, which the note says; rows are as high as their words need, which not every program finds
    out."""

    title: str
    note: str

    heading_row = 3


def lines_of(text: str, width: int) -> int:
    """How many lines words take in a column: a Chinese character is two letters wide."""
    return sum(
        max(1, -(-sum(1 if each.isascii() else 2 for each in line) // (width - 1)))
        for line in text.split("\n")
    )
