"""Who is told at once of what is filed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue.models import Action as SixAction
from app.catalogue.queries import CategoryView
from app.kernel.clock import shanghai_day
from app.notices.models import NoticeKind
from app.notices.queries import told_of_illegal_building
from app.notices.service import News, tell
from app.tickets.models import Ticket


def tell_of_filing(
    session: Session, ticket: Ticket, category: CategoryView, *, by: UUID, now: datetime
) -> None:
    """Illegal building is told to the town and to the enforcement bodies as soon as a ticket is
    filed under it, in a sentence that says where and under which number; not to who did it."""
    if category.action is not SixAction.illegal_building:
        return
    people = told_of_illegal_building(session, ticket.community, day=shanghai_day(now))
    where = ticket.compound or ticket.cell or ticket.community
    text = (
        f"{ticket.community.name}{where.name}上报{ticket.category_name}"
        f"（{ticket.condition_name}），工单 {ticket.number}，请及时核实。"
        "移交给执法机构的，可在系统里办理。"
    )
    news = News(NoticeKind.illegal_building, ticket.id, text, urgent=ticket.limit.is_urgent)
    tell(session, set(people) - {by}, news, now=now)
