"""Errors of the check of texts."""

from app.kernel.errors import Conflict


class TextDecided(Conflict):
    """Nobody's decision is waited for."""

    code = "text_decided"
    title = "这段文字不用再看"
