"""Dossiers made by the worker."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app

from app.reports.dossiers.making import Workshop, make_dossier
from app.rounds.coverage import kinds_walked


def dossier_made(payload: dict[str, Any], progress: Callable[[int, str], None]) -> None:
    """A dossier as a file: made twice of the same, it is the same."""
    known = current_app.extensions
    kinds = kinds_walked(settlements=known["gexun_settings"].settlements_walked_weekly)
    shop = Workshop(known["gexun_store"], known["gexun_photo_uses"], kinds)
    make_dossier(UUID(payload["dossier"]), shop, now=known["gexun_clock"](), said=progress)
