"""Numbers of persons in free text: telephones and identity cards are taken out, never stored."""

import re

HIDDEN = "［号码已隐去］"

_NUMBER = re.compile(
    r"(?<![0-9])"
    r"(?:"
    r"[1-9][0-9]{5}[ -]?(?:19|20)[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{3}[0-9Xx]"  # identity card
    r"|[1-9][0-9]{16}[0-9Xx]"
    r"|(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}"  # mobile telephone, 11 digits
    r")(?![0-9])"
)
_WIDE = str.maketrans("０１２３４５６７８９ＸｘＡ－—–　＋", "0123456789XxA---\x20+")


def masked(text: str) -> str:
    """The text with every telephone and identity card number replaced; widths are kept in mind.

    The translation keeps each character's place, so what is found in one is cut from the other.
    """
    said = text.translate(_WIDE)
    parts, end = [], 0
    for found in _NUMBER.finditer(said):
        parts += [text[end : found.start()], HIDDEN]
        end = found.end()
    return "".join([*parts, text[end:]])


def quoted(text: str) -> str:
    """What was written, fit to be said again in a fault: short, on one line, without numbers."""
    line = " ".join(masked(text).split())
    return f"“{line[:30]}…”" if len(line) > 30 else f"“{line}”"
