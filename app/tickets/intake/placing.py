"""Where a ticket is: its cell, its compound and the community they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.grid.locate import Place
from app.grid.models import Area, Cell, Compound
from app.kernel.clock import shanghai_day
from app.people.models import Organisation
from app.photos.models import Photo
from app.tickets.errors import PlaceUnknown, RoundUnknown
from app.tickets.intake.town_map import NamedPlaces, Position, TownMap, fits
from app.tickets.models import Ticket


@dataclass(frozen=True)
class PlaceAsked:
    """What a report says about where it is."""

    compound: str | None = None
    cell: str | None = None
    position: Position | None = None
    area: Area | None = None
    checkpoint: UUID | None = None
    round: UUID | None = None


@dataclass(frozen=True)
class TicketPlace:
    """Where a ticket is."""

    community: Organisation
    cell: Cell | None
    compound: Compound | None
    area: Area | None = None
    checkpoint_id: UUID | None = None
    position: Position | None = None


def place_of_report(town: TownMap, asked: PlaceAsked, photos: Sequence[Photo]) -> TicketPlace:
    """The place: the given cell, else the position, else the photos' position; the compound: the
    given one, else that of the checkpoint or round, else the one that holds the position.

    Raises PlaceUnknown or RoundUnknown.
    """
    position = asked.position or position_of_photos(photos)
    named = town.named(
        compound=asked.compound, cell=asked.cell, checkpoint=asked.checkpoint, walk=asked.round
    )
    compound = _named_compound(named)
    there, around = town.holding(position)
    in_cell = named.cell is None or town.may_lie_in(named.cell, position)
    if asked.position is None and not _bears_out(compound, around, in_cell=in_cell):
        position = None
    chosen: Compound | Place | None = compound
    if chosen is None and in_cell and around is not None and fits(around, named.cell):
        chosen = around
    cell, compound = town.loaded(named.cell or _cell(town, there, chosen), chosen)
    checkpoint = named.checkpoint
    return TicketPlace(
        community=community_in_town(town, compound, cell),
        cell=cell,
        compound=compound,
        area=asked.area or (checkpoint.area if checkpoint else None),
        checkpoint_id=checkpoint.id if checkpoint else None,
        position=position,
    )


def place_moved_to(
    session: Session, ticket: Ticket, compound_code: str | None, cell_code: str | None
) -> TicketPlace:
    """Where a ticket is after somebody corrected its compound, its cell or both.

    What was not named stays when it fits what was, the checkpoint with its compound. Raises
    PlaceUnknown, also for a place of another township.
    """
    town = TownMap(session, frozenset({ticket.town_id}), shanghai_day(ticket.occurred_at))
    named = town.named(compound=compound_code, cell=cell_code)
    compound, cell = named.compound, named.cell
    if compound is None and cell is not None and ticket.compound is not None:
        compound = ticket.compound if town.reaches(ticket.compound, cell) else None
    elif compound is not None and cell is None:
        stays = ticket.cell is not None and town.reaches(compound, ticket.cell)
        found = ticket.cell if stays else town.cell_of_compound(compound)
        cell, _ = town.loaded(found, None)
    _refuse_unfit(compound, cell)
    same = compound is not None and compound.id == ticket.compound_id
    return TicketPlace(
        community=community_in_town(town, compound, cell),
        cell=cell,
        compound=compound,
        area=ticket.area,
        checkpoint_id=ticket.checkpoint_id if same else None,
    )


def put_in_place(ticket: Ticket, place: TicketPlace) -> None:
    """Writes a place into a ticket; its position stays when the place has none."""
    ticket.community, ticket.community_id = place.community, place.community.id
    ticket.cell, ticket.cell_id = place.cell, place.cell.id if place.cell else None
    ticket.compound = place.compound
    ticket.compound_id = place.compound.id if place.compound else None
    ticket.area, ticket.checkpoint_id = place.area, place.checkpoint_id
    if place.position is not None:
        ticket.lng, ticket.lat = place.position.lng, place.position.lat
        ticket.accuracy_m, ticket.position = place.position.accuracy_m, place.position.given


def forget_position_elsewhere(session: Session, ticket: Ticket) -> None:
    """Lets go of a position that does not lie where a ticket was moved to: what is sent from there
    would be held against the place that it was moved from. The photos keep theirs."""
    if ticket.lng is None or ticket.lat is None:
        return
    town = TownMap(session, frozenset({ticket.town_id}), shanghai_day(ticket.occurred_at))
    position = Position(ticket.lng, ticket.lat, ticket.accuracy_m, None)
    there, around = town.holding(position)
    outlined = ticket.compound if ticket.compound and ticket.compound.outline else None
    in_cell = ticket.cell is None or (there is not None and there.id == ticket.cell.id)
    if not _bears_out(outlined, around, in_cell=in_cell):
        ticket.lng = ticket.lat = ticket.accuracy_m = ticket.position = None


def position_of_photos(photos: Sequence[Photo]) -> Position | None:
    """The first position in force among the photos, WGS-84."""
    for photo in photos:
        if photo.lng is not None and photo.lat is not None:
            from_device = photo.device_lng is not None
            accuracy = photo.device_accuracy_m if from_device else None
            return Position(photo.lng, photo.lat, accuracy, None)
    return None


def _bears_out(compound: Compound | None, around: Place | None, *, in_cell: bool) -> bool:
    """Whether a photo's position lies in the place that was chosen by hand, or none was chosen.

    A position elsewhere is the photo's alone: as the ticket's it would be compared with itself.
    """
    if compound is not None:
        return compound.outline is None or (around is not None and compound.id == around.id)
    return in_cell


def community_in_town(town: TownMap, compound: Compound | None, cell: Cell | None) -> Organisation:
    """The community of a compound, else of a cell; raises PlaceUnknown unless it is the town's."""
    found = town.community_of(compound or cell)
    if found is None:
        raise PlaceUnknown("地点不在本镇任何网格或小区内，请手工选择网格或小区。")
    return found


def _named_compound(named: NamedPlaces) -> Compound | None:
    """The compound given, else that of the checkpoint or of the round given."""
    found = named.compound or named.part_of
    if found is None:
        return None
    if named.checkpoint is not None and named.checkpoint.compound_id != found.id:
        raise PlaceUnknown("点位不在这个小区。", fields={"checkpoint": ["点位不在这个小区"]})
    if named.walk is not None and named.walk.compound_id != found.id:
        raise RoundUnknown("巡查的不是这个小区。", fields={"round": ["巡查的不是这个小区"]})
    _refuse_unfit(found, named.cell)
    return found


def _refuse_unfit(compound: Compound | None, cell: Cell | None) -> None:
    if compound is not None and not fits(compound, cell):
        fields = {"cell": ["网格与小区不属于同一社区"]}
        raise PlaceUnknown("网格与小区不属于同一社区。", fields=fields)


def _cell(town: TownMap, there: Place | None, compound: Compound | Place | None) -> Place | None:
    """The cell of the position; of the compound when the position is outside or elsewhere."""
    if compound is None or (there is not None and fits(compound, there)):
        return there
    return town.cell_of_compound(compound)
