"""Where a photo belongs, for who may hold it."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.people.access import Matter
from app.people.models import Organisation
from app.photos.access import communities_of
from app.photos.models import Photo
from app.tickets.circumstances import matter_of_place
from app.tickets.models import Ticket, TicketPhoto


def matters_of_photo(session: Session, photo: Photo) -> list[Matter]:
    """What permissions ask about a photo: its maker's organisation, where it was taken, and the
    tickets that use it."""
    home = session.get_one(Organisation, photo.organisation_id)
    own = Matter(town_id=photo.town_id, community_id=home.id, paths=(home.path,))
    places = communities_of(session, [photo])[photo.id]
    using = select(TicketPhoto.ticket_id).where(TicketPhoto.photo_id == photo.id)
    asked = select(Ticket).where(Ticket.id.in_(using)).options(joinedload(Ticket.community))
    return [
        own,
        *(
            Matter(town_id=town, community_id=community)
            for town, community in sorted(places, key=str)
        ),
        *(matter_of_place(ticket) for ticket in session.scalars(asked)),
    ]
