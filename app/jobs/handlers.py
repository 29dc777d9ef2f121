"""What the worker knows to do: handlers by kind, and which kinds come by themselves.

A handler may be run again after a crash in the middle of it, so doing it twice must come to the
same. A payload holds ids and codes, never names, texts or numbers of persons.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from app.cases.repeats import end_spanning, open_repeated
from app.complaints.photos import EMPTY
from app.complaints.reminding import TELL, tell_complaints
from app.escalations.digests import AFTER, DIGESTS, tell_digests
from app.escalations.reminding import REMIND, remind_of_limits
from app.grid.models import CompoundKind
from app.jobs.backup import backed_up
from app.jobs.dossiers import dossier_made
from app.jobs.evidence import days_to_sign, link_records, records_to_link, sign_days_over
from app.jobs.housekeeping import forgotten
from app.jobs.photo_purge import Told, emptied, purged
from app.jobs.photos import removed_orphans
from app.jobs.rejudging import rejudge_photos
from app.jobs.retouching import compare_before_and_after
from app.jobs.safety import ask_about_photos, ask_about_texts
from app.jobs.timestamps import STAMP, stamp_days
from app.notices.messages.outbox import (
    SEND,
    Channel,
    make_messages,
    messages_to_make,
    send_message,
)
from app.photos.safety.asking import CHECK
from app.reports.documents.making import Workshop, make_report
from app.reports.documents.service import JOB as REPORT
from app.reports.dossiers.service import JOB as DOSSIER
from app.rounds.coverage import kinds_walked
from app.rounds.spot_checks.drawing import draw_spot_checks
from app.texts.asking import CHECK_TEXTS
from app.tickets.figures.tallies.keeping import count_in_advance, something_to_count
from app.tickets.handling.recounting import RECOUNT, recount_under_pause
from app.tickets.handling.retouched import COMPARE
from app.tickets.importing.service import do_import
from app.tickets.rejudging.service import REJUDGE
from app.tickets.returning import resume_due_tickets
from app.tickets.telling.steps import steps_to_tell, tell_steps
from config.settings import Settings


class Progress(Protocol):
    """What a long handler says of itself, at least every minute and at most every second or so.

    Each call commits by itself and renews the lease; it raises JobCancelled or LeaseLost, which
    the handler lets through. It is not called inside a unit of work.
    """

    def __call__(self, percent: int, said: str) -> None:
        """How far it is (0–100), and what it is doing in a few Chinese words."""


@dataclass(frozen=True)
class ShortHandler:
    """Work of seconds, in one transaction with its completion: both happen or neither does."""

    label: str
    do: Callable[[Session, dict[str, Any], datetime], None]


@dataclass(frozen=True)
class LongHandler:
    """Work of minutes, in transactions of its own, that says how far it is."""

    label: str
    do: Callable[[dict[str, Any], Progress], None]


Handler = ShortHandler | LongHandler


@dataclass(frozen=True)
class Periodic:
    """A kind of job that is made once in every slot of a length; `at` after the slot begins.

    Slots are counted from midnight in Asia/Shanghai, so `every` divides a day or is one.
    """

    kind: str
    every: timedelta
    at: timedelta = timedelta()


@dataclass(frozen=True)
class Continual:
    """Work that any worker does within seconds of there being some, without a row of its own: what
    it works on says what is done. `wanted` is a look that writes nothing; `do` does a part in one
    transaction, and says how much: nothing when another worker is at it. After so many `parts` the
    worker looks for other work first."""

    kind: str
    wanted: Callable[[Session, datetime], bool]
    do: Callable[[Session, datetime], int]
    parts: int = 1000


def _housekeeping(_payload: dict[str, Any], progress: Progress) -> None:
    """Forgets what is kept only for a while: rows that are gone cannot go twice."""
    chores = current_app.extensions["gexun_chores"]
    for number, chore in enumerate(chores):
        said = partial(progress, 100 * number // len(chores), f"清理{chore.name}")
        forgotten(chore.forget, before_each=said)
    progress(100, "清理完毕")


def _photo_sweep(_payload: dict[str, Any], progress: Progress) -> None:
    """Removes bytes that no photo knows; what is gone already is not met again."""
    said = partial(progress, 0, "查找并清理无主的照片文件")
    said()
    count = sum(1 for _size in removed_orphans(before_each=said))
    progress(100, f"清理了 {count} 个文件")


def _photo_purge(_payload: dict[str, Any], progress: Progress) -> None:
    """Purges photos whose period is over, where that is switched on; what went is not met again."""
    settings: Settings = current_app.extensions["gexun_settings"]
    if not settings.purge_photos:
        progress(100, "没有打开定期清除")
        return
    told, said = Told(), partial(progress, 0, "清除保存期满的照片文件")
    said()
    for _ in purged(told, for_real=True, before_each=said):
        pass
    progress(100, f"清除了 {told.gone.total()} 张照片的文件，因保全留下 {told.held} 张")


def _empty_photos(_payload: dict[str, Any], progress: Progress) -> None:
    """Removes the files of photos that somebody decided to purge."""
    progress(0, "清除照片文件")
    count = sum(1 for _size in emptied())
    progress(100, f"清除了 {count} 个文件")


def _backup(_payload: dict[str, Any], progress: Progress) -> None:
    """A backup of now where the database is the embedded one; done twice, there are two."""
    settings: Settings = current_app.extensions["gexun_settings"]
    if not settings.embedded:
        progress(100, "数据库由它自己的工具备份")
        return
    made, gone = backed_up(settings, said=partial(progress, 0))
    progress(100, f"备份 {made.name} 已做好，删去旧的 {len(gone)} 份")


def _resume_tickets(session: Session, _payload: dict[str, Any], now: datetime) -> None:
    """Suspended tickets whose date has come run on; what was resumed is not met again."""
    resume_due_tickets(session, now)


def _remind_of_limits(session: Session, _payload: dict[str, Any], now: datetime) -> None:
    """Tells whose limits run out, each rung once."""
    remind_of_limits(session, now)


def _tell_complaints(session: Session, _payload: dict[str, Any], now: datetime) -> None:
    """Tells offices of complaints, that one came and each rung once."""
    tell_complaints(session, now)


def _daily_digests(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Digests of a day: whoever had one today gets no other."""
    day = date.fromisoformat(payload["day"]) if "day" in payload else None
    tell_digests(session, kinds=_kinds_walked(), day=day, now=now)


def _kinds_walked() -> frozenset[CompoundKind]:
    settings: Settings = current_app.extensions["gexun_settings"]
    return kinds_walked(settlements=settings.settlements_walked_weekly)


def _draw_spot_checks(session: Session, _payload: dict[str, Any], now: datetime) -> None:
    """Draws clean rounds of the week that is over; what was drawn is not drawn again."""
    settings: Settings = current_app.extensions["gexun_settings"]
    secret = settings.secret_key.get_secret_value()
    percent = settings.spot_check_percent
    draw_spot_checks(session, percent=percent, secret=secret, now=now, kinds=_kinds_walked())


def _open_repeated_cases(session: Session, _payload: dict[str, Any], now: datetime) -> None:
    """Cases for problems that came back; what has one gets no other."""
    open_repeated(session, now)


def _end_spanning_cases(session: Session, _payload: dict[str, Any], now: datetime) -> None:
    """Cases whose tickets are all done end; one that has ended is not met again."""
    end_spanning(session, now)


def _recount_clocks(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """The clocks under a pause, a part at a time: counting twice comes to the same."""
    after = payload["after"]
    recount_under_pause(
        session, UUID(payload["pause"]), after=UUID(after) if after else None, now=now
    )


def _import_tickets(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Tickets of a spreadsheet: those that are made already are not made again."""
    do_import(session, UUID(payload["import"]), now=now)


def _send_message(payload: dict[str, Any], _progress: Progress) -> None:
    """A notice as a message of the host; where none is set up, nothing."""
    known = current_app.extensions
    if known["gexun_messenger"] is not None:
        messenger, templates = known["gexun_messenger"], known["gexun_templates"]
        send_message(payload, Channel(messenger, templates, known["gexun_clock"]))


def _make_report(payload: dict[str, Any], progress: Progress) -> None:
    """A draft as a file: made twice of the same, it is the same."""
    settings: Settings = current_app.extensions["gexun_settings"]
    folder = Path(settings.template_folder) if settings.template_folder else None
    shop = Workshop(current_app.extensions["gexun_store"], folder, _kinds_walked())
    now = current_app.extensions["gexun_clock"]()
    make_report(UUID(payload["report"]), shop, now=now, said=progress)


HANDLERS: dict[str, Handler] = {
    "housekeeping": LongHandler("清理过期记录", _housekeeping),
    "backup": LongHandler("备份数据库和照片", _backup),
    "photo_sweep": LongHandler("清理无主照片文件", _photo_sweep),
    REPORT: LongHandler("生成公文", _make_report),
    DOSSIER: LongHandler("生成半年档案", dossier_made),
    "photo_purge": LongHandler("清除保存期满的照片", _photo_purge),
    CHECK: LongHandler("请微信检查照片", ask_about_photos),
    CHECK_TEXTS: LongHandler("请微信检查文字", ask_about_texts),
    EMPTY: LongHandler("清除照片文件", _empty_photos),
    REJUDGE: LongHandler("按现在的界限重新判断照片", rejudge_photos),
    COMPARE: LongHandler("比对整改前后的照片", compare_before_and_after),
    STAMP: LongHandler("请时间戳服务盖时间戳", stamp_days),
    "draw_spot_checks": ShortHandler("抽取上周的正常巡查", _draw_spot_checks),
    "open_repeated_cases": ShortHandler("反复出现的问题立专项", _open_repeated_cases),
    "end_spanning_cases": ShortHandler("工单都办结的专项结束", _end_spanning_cases),
    "ticket_import": ShortHandler("导入外来工单", _import_tickets),
    "resume_tickets": ShortHandler("挂账到期的工单恢复办理", _resume_tickets),
    DIGESTS: ShortHandler("巡查的每日汇总", _daily_digests),
    REMIND: ShortHandler("提醒临期和超期的工单", _remind_of_limits),
    TELL: ShortHandler("投诉建议的提醒", _tell_complaints),
    SEND: LongHandler("发送微信订阅消息", _send_message),
    RECOUNT: ShortHandler("暂停时段有变，重新计算时限", _recount_clocks),
}

PERIODIC: tuple[Periodic, ...] = (
    Periodic("housekeeping", timedelta(hours=1)),
    Periodic("resume_tickets", timedelta(minutes=1)),
    Periodic(REMIND, timedelta(minutes=5)),
    Periodic(TELL, timedelta(minutes=5)),
    Periodic(CHECK, timedelta(minutes=1)),
    Periodic(CHECK_TEXTS, timedelta(minutes=1)),
    Periodic("draw_spot_checks", timedelta(days=1), at=timedelta(hours=12, minutes=10)),
    Periodic("open_repeated_cases", timedelta(days=1), at=timedelta(hours=6)),
    Periodic("end_spanning_cases", timedelta(minutes=10)),
    Periodic(STAMP, timedelta(minutes=10)),
    Periodic(DIGESTS, timedelta(days=1), at=AFTER),
    Periodic("backup", timedelta(days=1), at=timedelta(hours=2)),
    Periodic("photo_sweep", timedelta(days=1), at=timedelta(hours=3)),
    Periodic("photo_purge", timedelta(days=1), at=timedelta(hours=3, minutes=30)),
)


CONTINUAL: tuple[Continual, ...] = (
    Continual("sign_days", days_to_sign, sign_days_over),
    Continual("link_record", records_to_link, link_records),
    Continual("tell_steps", steps_to_tell, tell_steps),
    Continual("make_messages", messages_to_make, make_messages),
    Continual("count_in_advance", something_to_count, count_in_advance, parts=20),
)
"""Days that are over are signed before anything is linked to the next. Counting all tickets of an
old installation takes minutes; nothing else waits for that."""


def label_of(kind: str) -> str:
    """The Chinese name of a kind of job; the kind itself when this version does not know it."""
    handler = HANDLERS.get(kind)
    return handler.label if handler else kind
