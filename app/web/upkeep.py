"""What an operator of the embedded default has to look after: room on the disks, and backups."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from app.kernel.clock import parse_instant, rfc3339
from app.kernel.facts import LAST_BACKUP, deployment_fact
from config.settings import Settings

BACKUP_LATE_AFTER = timedelta(hours=50)
"""One is made every night; a night that failed may be made good the next."""


def room_state(settings: Settings) -> str:
    """Whether the disks of this machine that data go to have room: `ok`, or which have not."""
    free = {folder: shutil.disk_usage(folder).free >> 20 for folder in _folders(settings)}
    low = [f"{at} 只剩 {mb} MB" for at, mb in free.items() if mb < settings.disk_alarm_mb]
    return f"low: {'，'.join(low)}；请腾出空间" if low else "ok"


def backup_state(session: Session, settings: Settings, now: datetime) -> str:
    """Whether the last backup is of last night or the one before; before the first one all is well,
    and of another engine we know nothing."""
    said = deployment_fact(session, LAST_BACKUP) if settings.embedded else None
    if said is None or now - parse_instant(said) <= BACKUP_LATE_AFTER:
        return "ok"
    last = rfc3339(parse_instant(said))
    return f"late: 最近一次备份在 {last}，请看 flask --app wsgi jobs list --dead"


def _folders(settings: Settings) -> Iterator[Path]:
    """Those that are there already of the folders that data go to."""
    store = urlsplit(settings.photo_store)
    local = Path(unquote(store.path)) if store.scheme == "file" else None
    backups = Path(settings.backup_folder) if settings.backup_folder else None
    for wanted in (settings.database_file, local, backups if settings.embedded else None):
        if wanted is not None:
            yield next(each for each in (wanted, *wanted.parents) if each.is_dir())
