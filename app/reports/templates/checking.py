"""What is wrong with a template and where, before anybody relies on it.

A template is filled with sample facts as a document is, in the same sandbox; names that the facts
do not have are noticed on the way.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import ChainableUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.exceptions import SecurityError, UndefinedError

from app.reports.documents.kinds import is_key
from app.reports.documents.models import ReportKind
from app.reports.documents.rendering import Filling, Sandbox
from app.reports.documents.samples import sample_words

MOST_BYTES = 5 << 20
_MOST_UNPACKED = 50 << 20
_MOST_FAULTS = 20
_LONGEST = 60
_PARTS = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_PLACES = {"document": "正文", "header": "页眉", "footer": "页脚"}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which part, and the words of the paragraph where it is, as far as known."""

    what: str
    part: str = ""
    near: str = ""

    @property
    def said(self) -> str:
        """In one sentence."""
        where = f"{self.part}“{self.near}”：" if self.near else f"{self.part}："
        return f"{where if self.part else ''}{self.what}"


@dataclass(frozen=True)
class _Part:
    """A part of a template as it is filled in: a line for each paragraph."""

    place: str
    text: str

    def near(self, number: int) -> str:
        """The words of a line, counted from 1, or of the last before it that has any."""
        lines = self.text.splitlines()[:number]
        said = (_words(line) for line in reversed(lines))
        return next((words for words in said if words), "")[:_LONGEST]

    def naming(self, name: str) -> str | None:
        """The words of the first paragraph whose tags hold a name; None: it is not here."""
        tag = re.compile(rf"\{{[{{%][^}}]*\b{re.escape(name)}\b")
        found = (_words(line) for line in self.text.splitlines() if tag.search(line))
        return next((words[:_LONGEST] for words in found), None)


def _words(line: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", line)).strip()


def faults_of(kind: ReportKind, data: bytes) -> list[Fault]:
    """Everything that is wrong with a template of a kind; none: it can be used."""
    outer = _not_word(data)
    if outer is not None:
        return [Fault(outer)]
    parts = list(_parts(data))
    faults = [fault for part in parts if (fault := _syntax(part)) is not None]
    if not faults:
        faults = [*_unknown(kind, data, parts)]
    return faults[:_MOST_FAULTS]


def _not_word(data: bytes) -> str | None:
    """Why it is no file of Word that can be opened, if so."""
    if len(data) > MOST_BYTES:
        return f"文件超过 {MOST_BYTES >> 20} MB。"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > _MOST_UNPACKED:
                return f"解开以后超过 {_MOST_UNPACKED >> 20} MB。"
            kinds = packed.read("[Content_Types].xml").decode("utf-8", "replace")
        if _WORD not in kinds:
            return "不是 Word 文件（.docx）；带宏的（.docm）、旧格式的（.doc）请另存为 .docx。"
        DocxTemplate(io.BytesIO(data)).init_docx()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, RuntimeError):
        return "不是 Word 文件（.docx），或文件坏了；请在 Word 里另存为 .docx 再上传。"
    return None


def _parts(data: bytes) -> Iterator[_Part]:
    document = DocxTemplate(io.BytesIO(data))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in sorted(packed.namelist()):
            found = _PARTS.fullmatch(name)
            if found:
                xml = document.patch_xml(packed.read(name).decode("utf-8", "replace"))
                place = _PLACES[found[1].rstrip("0123456789")]
                yield _Part(place, re.sub(r"<w:p([ >])", r"\n<w:p\1", xml))


def _syntax(part: _Part) -> Fault | None:
    """The first tag that cannot be read."""
    try:
        Sandbox(autoescape=True).compile(part.text)
    except TemplateSyntaxError as broken:
        return Fault(_said(broken), part.place, part.near(broken.lineno))
    return None


def _said(broken: TemplateSyntaxError) -> str:
    text = broken.message or ""
    known = (
        (r"Encountered unknown tag '(\w+)'", "没有“{0}”这种标记，或它没有对应的开头。"),
        (r"Unexpected end of template", "有标记没有结束：每个 for、if 都要有 endfor、endif。"),
        (r"unexpected '[}/<]|unexpected end of", "花括号没有成对，请检查。"),
        (r"unexpected '(.+?)'", "标记里的“{0}”不对，请检查花括号和拼写。"),
        (r"unknown filter|No filter named '?(\w+)'?", "没有“{0}”这种格式。"),
    )
    for pattern, words in known:
        found = re.search(pattern, text)
        if found:
            return words.format(*(each or "" for each in found.groups()))
    return f"标记写得不对，请检查花括号是否成对（{text}）。"


def _unknown(kind: ReportKind, data: bytes, parts: Sequence[_Part]) -> Iterator[Fault]:
    """Names that mean nothing, and what a template may not do."""
    missed: dict[str, None] = {}
    filling = Filling(io.BytesIO(data), _noting(kind, missed))
    words = sample_words(kind, filling)
    environment = Sandbox()
    for part in parts:
        asked = meta.find_undeclared_variables(environment.parse(part.text))
        missed |= dict.fromkeys(sorted(asked - set(words)))
    refused = _refused(filling, words)
    for name in missed:
        for part in parts:
            near = part.naming(name)
            if near is not None:
                yield Fault(f"没有“{name}”这个名称，请对照说明里的名称表。", part.place, near)
                break
    if refused and not missed:
        yield Fault(refused)


def _noting(kind: ReportKind, missed: dict[str, None]) -> type[ChainableUndefined]:
    class Noted(ChainableUndefined):
        """Says which name it stands for."""

        def __init__(self, *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            name = f"{self._undefined_name or ''}"
            if name and not is_key(kind, name):
                missed[name] = None

    return Noted


def _refused(filling: Filling, words: dict[str, Any]) -> str | None:
    """Why it cannot be filled in, if so."""
    try:
        filling.render(words)
    except SecurityError:
        return "模板里只能填内容，不能调用程序。"
    except (
        UndefinedError,
        TemplateError,
        ValueError,
        TypeError,
        AttributeError,
        ArithmeticError,
    ) as broken:
        return f"填不进去：{broken}"
    return None
