"""The templates that come with the product, made by code: a county takes one as it is, or saves it
as a file, changes it in Word and puts it into the folder of its own."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

_SONG, _FANGSONG, _HEI = "宋体", "仿宋_GB2312", "黑体"
_RED = RGBColor(0xC0, 0x00, 0x00)
_CENTER = WD_ALIGN_PARAGRAPH.CENTER
BODY_PT, TABLE_PT = 16, 10


class Draft:
    """A template being written, in the manner of official letters (GB/T 9704)."""

    def __init__(self) -> None:
        self.document = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        _number_pages(section.footer.paragraphs[0])
        about = self.document.core_properties
        about.author = about.title = about.comments = ""

    def line(
        self,
        text: str,
        *,
        size: float = BODY_PT,
        font: str = _FANGSONG,
        align: Any = None,
        indent: bool = True,
        red: bool = False,
        together: bool = False,
        exact: bool = True,
    ) -> Any:
        """A paragraph; one with a picture has no exact height."""
        paragraph = self.document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        if exact:
            shape.line_spacing = Pt(max(28, size * 1.5))
        shape.keep_with_next = together
        paragraph.alignment = align
        if indent and align is None:
            shape.first_line_indent = Pt(2 * size)
        run = write(paragraph, text, size=size, font=font)
        if red:
            run.font.color.rgb = _RED
        return paragraph

    def control(self, text: str) -> None:
        """A paragraph that goes when the template is filled in."""
        self.document.add_paragraph(text)

    def heading(self, text: str) -> None:
        """The heading of a section."""
        self.line(text, font=_HEI, together=True)

    def table(self, rows: Sequence[Sequence[str]], widths_mm: Sequence[float]) -> Any:
        """A table with a frame; the first row is repeated on every page."""
        made = self.document.add_table(rows=0, cols=len(widths_mm))
        made.style, made.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        # Not every program looks at the cells.
        for column, width in zip(made.columns, widths_mm, strict=True):
            column.width = Mm(width)
        for number, row in enumerate(rows):
            cells = made.add_row().cells
            for cell, text, width in zip(cells, row, widths_mm, strict=True):
                cell.width = Mm(width)
                paragraph = cell.paragraphs[0]
                paragraph.alignment = _CENTER
                paragraph.paragraph_format.space_before = Pt(2)
                paragraph.paragraph_format.space_after = Pt(2)
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
                write(paragraph, text, size=TABLE_PT, font=_HEI if number == 0 else _FANGSONG)
            _whole(made.rows[-1], repeated=number == 0)
        return made

    def bytes(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


def write(paragraph: Any, text: str, *, size: float, font: str) -> Any:
    """Words in a font, of Chinese and of letters."""
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    return run


def _whole(row: Any, *, repeated: bool) -> None:
    """A row that no page breaks; repeated on each page, if it is the heading."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeated:
        properties.append(OxmlElement("w:tblHeader"))


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = _CENTER
    write(paragraph, "— ", size=14, font=_SONG)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = write(paragraph, "", size=14, font=_SONG)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._element.append(mark)
    write(paragraph, " —", size=14, font=_SONG)


def _underline(paragraph: Any) -> None:
    """The red line below the head of a letter."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "4"), ("color", "C00000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def bulletin_template() -> bytes:
    """The template of the monthly bulletin."""
    draft = Draft()
    draft.line("文明创建工作通报", size=36, font=_SONG, align=_CENTER, red=True)
    draft.line("{{ issue_number }}", size=16, align=_CENTER)
    _underline(draft.line("{{ organisation }}　　　　{{ dated }}", align=_CENTER))
    draft.line("", indent=False)
    draft.line("{{ title }}", size=22, font=_SONG, align=_CENTER)
    draft.line("", indent=False)
    draft.heading("一、总体情况")
    for key in ("reported", "rectified", "closed", "overdue"):
        _sentence(draft, key)
    draft.control("{%p if kpis %}")
    _kpi_table(draft)
    draft.line("指标的口径见系统说明；分母为 0 的没有比率。", size=10.5, indent=False)
    draft.control("{%p endif %}")
    draft.heading("二、巡查覆盖")
    _sentence(draft, "coverage", otherwise="本期没有应巡查的小区。")
    draft.heading("三、问题类别")
    _sentence(draft, "categories", otherwise="本期没有上报的问题。")
    draft.heading("四、各单位情况")
    draft.control("{%p if units %}")
    _unit_table(draft)
    draft.line("", size=10.5, indent=False)
    draft.line("{{ chart }}", align=_CENTER, exact=False)
    draft.control("{%p else %}")
    draft.line("本期无记录。")
    draft.control("{%p endif %}")
    draft.heading("五、典型案例")
    _sentence(draft, "cases", otherwise="本期没有选登典型案例。")
    _cases(draft)
    draft.control("{%p if sentences.next_steps %}")
    draft.heading("六、下步要求")
    draft.line("{{ sentences.next_steps }}")
    draft.control("{%p endif %}")
    return draft.bytes()


def work_report_template() -> bytes:
    """The template of the work report."""
    draft = Draft()
    draft.line("{{ title }}", size=22, font=_SONG, align=_CENTER)
    draft.line("{{ dated }}", align=_CENTER)
    draft.line("", indent=False)
    draft.control("{%p for section in sections %}")
    draft.heading("{{ section.title }}")
    draft.control("{%p for line in section.lines %}")
    draft.line("{{ line }}")
    draft.control("{%p endfor %}")
    draft.control("{%p if section.duties %}")
    _duty_table(draft)
    draft.control("{%p endif %}")
    draft.control("{%p endfor %}")
    draft.control("{%p if cases %}")
    draft.heading("附：整改前后对照")
    _cases(draft)
    draft.control("{%p endif %}")
    draft.control("{%p if sentences.next_steps %}")
    draft.heading("下步打算")
    draft.line("{{ sentences.next_steps }}")
    draft.control("{%p endif %}")
    return draft.bytes()


def _duty_table(draft: Draft) -> None:
    rows = [
        ["指标", "要求", "完成", "达标", "未到期", "未达标"],
        ["{%tr for one in section.duties %}", *[""] * 5],
        [
            "{{ one.name }}", "{{ one.quota or '常态化' }}", "{{ one.done or '本期无记录' }}",
            "{{ one.met }}", "{{ one.open }}", "{{ one.missed }}",
        ],
        ["{%tr endfor %}", *[""] * 5],
    ]  # fmt: skip
    draft.table(rows, [62, 20, 26, 16, 16, 16])


def _sentence(draft: Draft, key: str, *, otherwise: str = "") -> None:
    draft.control(f"{{%p if sentences.{key} %}}")
    draft.line(f"{{{{ sentences.{key} }}}}")
    if otherwise:
        draft.control("{%p else %}")
        draft.line(otherwise)
    draft.control("{%p endif %}")


def _kpi_table(draft: Draft) -> None:
    rows = [
        ["指标", "分子", "分母", "比率"],
        ["{%tr for one in kpis %}", "", "", ""],
        ["{{ one.name }}", "{{ one.numerator }}", "{{ one.denominator }}", "{{ one.rate }}"],
        ["{%tr endfor %}", "", "", ""],
    ]
    draft.table(rows, [60, 30, 30, 36])


def _unit_table(draft: Draft) -> None:
    rows = [
        ["单位", "上报", "应处置", "处置率", "按期处置率", "应结案", "结案率", "返工率",
         "巡查覆盖率"],
        ["{%tr for one in units %}", *[""] * 8],
        [
            "{{ one.name }}", "{{ one.reported }}", "{{ one.due }}", "{{ one.rectified }}",
            "{{ one.in_time }}", "{{ one.closing }}", "{{ one.closed }}", "{{ one.reworked }}",
            "{{ one.coverage }}",
        ],
        ["{%tr endfor %}", *[""] * 8],
    ]  # fmt: skip
    draft.table(rows, [30, 12, 14, 18, 18, 14, 17, 16, 17])


def _cases(draft: Draft) -> None:
    draft.control("{%p for case in cases %}")
    draft.line("{{ loop.index }}. {{ case.text }}", together=True)
    draft.table([["整改前", "整改后"], ["{{ case.before }}", "{{ case.after }}"]], [78, 78])
    draft.line("", size=10.5, indent=False)
    draft.control("{%p endfor %}")
