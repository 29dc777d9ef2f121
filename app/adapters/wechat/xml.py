"""XML as WeChat pushes it, read without what makes XML dangerous.

No document type is taken, so there are no entities of its own to unfold or fetch.
"""

from typing import Any
from xml.parsers import expat

DEEPEST = 8
MOST_ELEMENTS = 2_000


class BadXml(ValueError):
    """What cannot be, or is not to be, read."""


class _Reader:
    """Elements as a tree of dicts: texts at the leaves, a list where a name is repeated."""

    def __init__(self) -> None:
        self.count = 0
        self.open: list[tuple[str, dict[str, Any], list[str]]] = [("", {}, [])]

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) > DEEPEST or self.count > MOST_ELEMENTS:
            raise BadXml("too deep or too long")
        self.open.append((name, {}, []))

    def text(self, piece: str) -> None:
        self.open[-1][2].append(piece)

    def end(self, _name: str) -> None:
        name, children, texts = self.open.pop()
        value = children or "".join(texts).strip()
        above = self.open[-1][1]
        if name not in above:
            above[name] = value
        elif isinstance(above[name], list):
            above[name].append(value)
        else:
            above[name] = [above[name], value]


def read_xml(data: bytes) -> dict[str, Any]:
    """The members of the root element `xml`; raises BadXml."""
    reader, parser = _Reader(), expat.ParserCreate(encoding="utf-8")

    def refuse(*_said: Any) -> None:
        raise BadXml("a document type")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.text
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise BadXml(str(problem)) from None
    found = reader.open[0][1].get("xml")
    if not isinstance(found, dict):
        raise BadXml("no element xml")
    return found
