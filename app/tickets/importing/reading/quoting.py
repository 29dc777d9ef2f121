"""What was written, said again in a fault."""

from app.kernel.masking import masked


def quoted(text: str) -> str:
    """What was written, fit to be said again: short, on one line, without who a resident is."""
    line = " ".join(masked(text).split())
    return f"“{line[:30]}…”" if len(line) > 30 else f"“{line}”"
