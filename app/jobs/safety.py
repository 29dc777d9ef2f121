"""Content safety as the worker does it: the host is asked about what is new, where that is on."""

from collections.abc import Callable
from typing import Any

from flask import current_app

from app.jobs.text_sources import SOURCES
from app.photos.safety.asking import Asker, check_photos
from app.texts.asking import TextAsker, check_texts


def ask_about_photos(_payload: dict[str, Any], progress: Callable[[int, str], None]) -> None:
    """Asks the host about new photos, where that is switched on."""
    known = current_app.extensions
    checker, signer = known["gexun_photo_checker"], known["gexun_signer"]
    if checker is None:
        progress(100, "没有打开照片检查")
        return
    address = lambda path, until: signer.sign_until(path, until=until)  # noqa: E731
    asked = check_photos(Asker(checker, address, known["gexun_clock"]))
    progress(100, f"请微信检查了 {asked} 张照片")


def ask_about_texts(_payload: dict[str, Any], progress: Callable[[int, str], None]) -> None:
    """Asks the host about what people wrote, where that is switched on."""
    known = current_app.extensions
    checker = known["gexun_text_checker"]
    if checker is None:
        progress(100, "没有打开文字检查")
        return
    asked = check_texts(TextAsker(checker, SOURCES, known["gexun_clock"]))
    progress(100, f"请微信检查了 {asked} 段文字")
