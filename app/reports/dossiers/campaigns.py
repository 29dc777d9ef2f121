"""A campaign on paper: six actions by four steps with their evidence, and before beside after."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.campaigns.findings import findings_page
from app.campaigns.models import Campaign, CampaignStep
from app.campaigns.queries import campaign_in_sight
from app.campaigns.rules import STEP_LABELS
from app.campaigns.service import steps_standing
from app.catalogue.models import ACTION_LABELS, Action
from app.grid.models import AREA_LABELS, Compound
from app.kernel.pdf import WIDTH_MM, gap, pdf_of, table, words
from app.people.models import Organisation
from app.photos.evidence import PhotoRole
from app.photos.models import Photo
from app.reports.dossiers.asking import Asked
from app.reports.dossiers.files import named
from app.reports.dossiers.pictures import Pictures, drawn, photos_by_id
from app.reports.periods import day_said
from app.tickets.fetching import photos_of
from app.tickets.models import STATE_LABELS, Ticket

AT_ONCE = 50
IN_A_ROW = 3


def campaigns_in(asked: Asked) -> list[UUID]:
    """The unit's campaigns of the term by month and compound; those dropped are not in it."""
    found = (
        select(Campaign.id)
        .join(Campaign.compound)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .where(asked.area.holds(), Campaign.dropped_at.is_(None))
        .where(Campaign.month.in_(asked.term.months))
        .order_by(Campaign.month, Compound.code, Campaign.area, Campaign.id)
    )
    return list(asked.session.scalars(found))


def campaign_paper(asked: Asked, campaign_id: UUID, pictures: Pictures) -> tuple[str, str, bytes]:
    """The name of a campaign's file, what it says of it, and its bytes."""
    campaign = campaign_in_sight(asked.session, asked.area, campaign_id)
    compound = campaign.compound
    area = AREA_LABELS[campaign.area] if campaign.area else None
    title = f"{compound.name}{area or ''} {campaign.month} 一月一区"
    tickets = list(_found(asked, campaign))
    story = [
        words(title, 18, align="center"),
        gap(2),
        words(_state(campaign), 10.5, align="center"),
        gap(4),
        *_steps(asked, campaign, pictures),
        *_pairs(asked, tickets, pictures),
    ]
    name = f"{named(campaign.month, compound.name, area, compound.code)}.pdf"
    data = pdf_of(story, title=title, foot=f"{compound.organisation.name} {title}")
    return name, f"{_state(campaign)}，问题 {len(tickets)} 件", data


def _state(campaign: Campaign) -> str:
    if campaign.completed_on is None:
        return "还没有做完"
    return f"{day_said(campaign.completed_on)}做完"


def _found(asked: Asked, campaign: Campaign) -> Iterator[Ticket]:
    cursor = None
    while True:
        page = findings_page(
            asked.session,
            asked.viewer.actor,
            campaign,
            day=asked.today,
            limit=AT_ONCE,
            cursor=cursor,
        )
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _steps(asked: Asked, campaign: Campaign, pictures: Pictures) -> Iterator[Any]:
    standing = steps_standing(campaign)
    ids = {photo.photo_id for step in campaign.steps for photo in step.photos}
    photos = photos_by_id(asked.session, ids)
    for action in Action:
        steps = standing.get(action, [])
        yield words(ACTION_LABELS[action], 12)
        yield gap(1)
        rows = [["步骤", "日期", "说明", "照片"], *(_step_row(step) for step in steps)]
        yield table(rows, [30, 26, 98, 16], heading=True)
        for step in steps:
            shown = [photos[one.photo_id] for one in step.photos if one.photo_id in photos]
            yield from _evidence(step, shown, pictures)
        yield gap(4)


def _step_row(step: CampaignStep) -> list[str]:
    when = step.done_on.isoformat()
    return [STEP_LABELS[step.step], when, step.note or "", f"{len(step.photos) or ''}"]


def _evidence(step: CampaignStep, photos: Sequence[Photo], pictures: Pictures) -> Iterator[Any]:
    room = WIDTH_MM / IN_A_ROW
    for at in range(0, len(photos), IN_A_ROW):
        row = [
            drawn(pictures.shown(one), width_mm=room - 4, height_mm=40)
            for one in photos[at : at + IN_A_ROW]
        ]
        yield gap(1)
        label = words(f"{STEP_LABELS[step.step]} {step.done_on}", 9)
        yield table([[label, "", ""], row + [""] * (IN_A_ROW - len(row))], [room] * IN_A_ROW,
                    spans=[((0, 0), (2, 0))])  # fmt: skip


def _pairs(asked: Asked, tickets: Sequence[Ticket], pictures: Pictures) -> Iterator[Any]:
    yield words("发现的问题，整改前后", 12)
    yield gap(1)
    if not tickets:
        yield words("没有发现问题。", 10.5)
        return
    rows = [["工单", "整改前", "整改后"], *(_pair(asked, one, pictures) for one in tickets)]
    yield table(rows, [50, 60, 60], heading=True)


def _pair(asked: Asked, ticket: Ticket, pictures: Pictures) -> list[Any]:
    used = photos_of(asked.session, ticket)
    before = next((use.photo for use in used if use.role is PhotoRole.BEFORE), None)
    after = next((use.photo for use in reversed(used) if use.role is PhotoRole.AFTER), None)
    area = AREA_LABELS[ticket.area] if ticket.area else ""
    state = STATE_LABELS[ticket.state]
    said = words(f"{ticket.number}\n{ticket.category_name}\n{area}\n{state}", 9)
    return [said, *(_half(photo, ticket, pictures) for photo in (before, after))]


def _half(photo: Photo | None, ticket: Ticket, pictures: Pictures) -> Any:
    if photo is None:
        return words("—", 9.5, align="center")
    found = pictures.of_ticket(photo, ticket.id, ticket.number)
    return drawn(found, width_mm=56, height_mm=45)
