"""The words in which people are told of a ticket: where, what and until when, never who."""

from datetime import datetime

from app.kernel.clock import SHANGHAI
from app.tickets.models import Ticket


def about(ticket: Ticket) -> str:
    """What the one notice is about that a person has of a ticket on its way."""
    return f"ticket:{ticket.id.hex}"


def sentence(ticket: Ticket, said: str) -> str:
    """What is said of a ticket: the place and the problem first, the number last."""
    where = ticket.compound or ticket.cell or ticket.community
    what, how = ticket.category_name, ticket.condition_name
    named = what if how == what else f"{what}（{how}）"
    return f"{where.name}{named}：{said}工单 {ticket.number}"


def local(instant: datetime) -> str:
    """An instant as people say it: 11月26日 09:00 (Asia/Shanghai)."""
    there = instant.astimezone(SHANGHAI)
    return f"{there.month}月{there.day}日 {there:%H:%M}"
