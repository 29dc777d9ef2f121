"""Paths that leave signed: a presenter marks them, the edge signs them when the answer goes out."""

MARK = "to-be-signed:"


def to_be_signed(path: str) -> str:
    """A path (below the API's base) marked for signing; it is signed anew in every replay."""
    return MARK + path
