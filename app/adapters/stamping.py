"""The timestamp authority that is set up, with the certificates its stamps are held against."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from app.evidence.timestamps.port import Stamping
from config.settings import Settings


def open_stamping(settings: Settings, *, stop: Callable[[str], NoReturn]) -> Stamping | None:
    """The service of the settings; None where none is set. `stop` is told of a broken file."""
    if settings.timestamp_url is None or settings.timestamp_ca_file is None:
        return None
    from app.adapters.timestamps import HttpAuthority
    from app.evidence.timestamps.tokens import roots_in

    try:
        roots = roots_in(Path(settings.timestamp_ca_file).read_bytes())
    except (OSError, ValueError):
        stop("GEXUN_TIMESTAMP_CA_FILE 的文件不能用：打不开，或里面没有 PEM 证书。")
    return Stamping(HttpAuthority(settings.timestamp_url), roots)
