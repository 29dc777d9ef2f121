"""Who is told of a report at once."""

from sqlalchemy.orm import Session

from app.catalogue.models import Action as SixAction
from app.catalogue.queries import CategoryView
from app.kernel.clock import shanghai_day
from app.notices.models import NoticeKind
from app.notices.queries import told_of_illegal_building
from app.notices.service import News, tell
from app.tickets.models import Ticket


def tell_of_report(session: Session, ticket: Ticket, category: CategoryView) -> None:
    """Illegal building is told to the town and to the enforcement bodies at once, in a sentence
    that says where and under which number; not to who reported it."""
    if category.action is not SixAction.illegal_building:
        return
    now = ticket.reported_at
    people = told_of_illegal_building(session, ticket.town_id, day=shanghai_day(now))
    where = ticket.compound or ticket.cell or ticket.community
    text = (
        f"{ticket.community.name}{where.name}上报{ticket.category_name}"
        f"（{ticket.condition_name}），工单 {ticket.number}，请及时处理。"
    )
    news = News(NoticeKind.illegal_building, ticket.id, text)
    tell(session, set(people) - {ticket.reporter_id}, news, now=now)
