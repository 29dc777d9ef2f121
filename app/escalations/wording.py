"""What a rung says to whom: a sentence that names no person."""

from datetime import datetime

from app.catalogue.models import Audience, Clock
from app.escalations.ladder import RunningClock
from app.notices.models import NoticeKind
from app.notices.service import News
from app.tickets.models import Ticket
from app.tickets.telling.phrases import about, local, sentence


def news_of(ticket: Ticket, clock: RunningClock, audience: Audience, *, now: datetime) -> News:
    """The news of a rung that has come, for those who are told of it."""
    late, due = now > clock.due, local(clock.due)
    if clock.kind is Clock.filing:
        kind, said = NoticeKind.filing_overdue, f"应在 {due} 前受理，还没有受理，"
        said += _asked(audience, ticket, "请尽快受理。")
    elif clock.kind is Clock.checking:
        kind, said = NoticeKind.checking_overdue, f"应在 {due} 前核查，还没有核查，"
        said += _asked(audience, ticket, "请尽快核查。")
    else:
        kind = NoticeKind.overdue if late else NoticeKind.due_soon
        said = _rectifying(audience, ticket, due, late=late)
    text, urgent = sentence(ticket, said), ticket.limit.is_urgent
    return News(kind, ticket.id, text, about(ticket), urgent=urgent)


def _asked(audience: Audience, ticket: Ticket, own: str) -> str:
    watching = audience is Audience.supervisors
    return f"请督促{ticket.community.name}。" if watching else own


def _rectifying(audience: Audience, ticket: Ticket, due: str, *, late: bool) -> str:
    if audience is Audience.responsible:
        if late:
            return f"期限 {due} 已过，请尽快整改。"
        return f"临近期限，请在 {due} 前整改。"
    return f"{_responsible(ticket)}应在 {due} 前整改，{'已超期' if late else '临近期限'}，请督促。"


def _responsible(ticket: Ticket) -> str:
    if ticket.responsible is not None:
        return ticket.responsible.name
    return str((ticket.outside or {}).get("name", "外单位"))
