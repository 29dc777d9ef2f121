"""A template of Word filled in, with its pictures, into the same bytes each time.

Only the template is a template: words of people are escaped, and what is put into it has nothing
that a template could call. Pictures stand in it as tiny placeholders while it is filled in; their
bytes go straight into the archive afterwards, one at a time, so that hundreds need no memory.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import IO, Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError, Undefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from PIL import Image

from app.kernel.errors import Unavailable

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DATE = (1980, 1, 1, 0, 0, 0)
Opened = Callable[[], bytes]


class TemplateUnusable(Unavailable):
    """The county's own template cannot be filled in; whoever keeps it has to mend it."""

    code = "template_unusable"
    title = "公文模板有错误，请联系管理员"


class Sandbox(ImmutableSandboxedEnvironment):
    """What a template may do: show what it is given. It calls nothing and makes nothing large."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.globals.clear()

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Raises SecurityError: figures come as they are to be shown."""
        raise SecurityError(f"{operator} is not done in a template")


class _Drawn:
    """A picture as a template sees it: it can be shown and nothing else."""

    __slots__ = ("_markup",)

    def __init__(self, markup: Callable[[], str]) -> None:
        self._markup = markup

    def __html__(self) -> str:
        return self._markup()

    def __str__(self) -> str:
        return self._markup()


@dataclass
class Filling:
    """A template being filled in: pictures are asked for here, then put into what is rendered."""

    template: IO[bytes]
    undefined: type[Undefined] = Undefined
    """What stands for a name that means nothing; in a document it is nothing."""
    _opened: dict[str, Opened] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._document = DocxTemplate(self.template)

    def picture(
        self, opened: Opened, size: tuple[int, int], *, width_mm: float, height_mm: float
    ) -> Any:
        """A JPEG (pixels: `size`) as large as the room allows; `opened` gives its bytes, later."""
        placeholder = _placeholder(len(self._opened))
        self._opened[sha256(placeholder).hexdigest()] = opened
        scale = min(width_mm / size[0], height_mm / size[1])
        width, height = Mm(size[0] * scale), Mm(size[1] * scale)

        def markup() -> str:
            image = InlineImage(self._document, io.BytesIO(placeholder), width, height)
            return str(image.__html__())

        return _Drawn(markup)

    def drawing(self, data: bytes, *, width_mm: float) -> Any:
        """A PNG at hand."""
        return _Drawn(
            lambda: str(InlineImage(self._document, io.BytesIO(data), Mm(width_mm)).__html__())
        )

    def fill(self, words: dict[str, Any], *, at: datetime) -> None:
        """Fills the template in; `at` is when the document says that it was made. Raises
        TemplateUnusable."""
        try:
            self.render(words)
        except (TemplateError, ValueError, TypeError, AttributeError, ArithmeticError) as broken:
            raise TemplateUnusable from broken
        about = self._document.docx.core_properties
        about.created = about.modified = at.replace(tzinfo=None)
        about.last_modified_by, about.revision = "", 1

    def render(self, words: dict[str, Any]) -> None:
        """Fills in the words; raises what the template's errors are."""
        environment = Sandbox(autoescape=True, undefined=self.undefined)
        self._document.render(_plain(words), environment)

    @property
    def count(self) -> int:
        """How many pictures were asked for."""
        return len(self._opened)

    def write(self, out: IO[bytes]) -> Iterator[int]:
        """Writes the archive; gives a number as each picture went into it."""
        rendered = io.BytesIO()
        self._document.save(rendered)
        done = 0
        with zipfile.ZipFile(rendered) as source, zipfile.ZipFile(out, "w") as target:
            for part in source.infolist():
                data, how = source.read(part), zipfile.ZIP_DEFLATED
                opened = self._opened.get(sha256(data).hexdigest())
                if opened is not None:
                    data, how = opened(), zipfile.ZIP_STORED
                    done += 1
                named = zipfile.ZipInfo(part.filename, _DATE)
                named.compress_type, named.external_attr = how, 0o600 << 16
                target.writestr(named, data)
                if opened is not None:
                    yield done


def _placeholder(number: int) -> bytes:
    """A JPEG of one pixel like no other."""
    out = io.BytesIO()
    Image.new("RGB", (1, 1)).save(out, "JPEG", comment=f"{number}".encode())
    return out.getvalue()


def _plain(value: Any) -> Any:
    """The same without what XML cannot hold."""
    if isinstance(value, str):
        return _CONTROLS.sub("", value)
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return value
