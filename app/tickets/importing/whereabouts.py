"""Where each row is; every column that does not tell it is a fault of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.people.access import Actor, Matter, allowing_post
from app.people.models import Organisation
from app.photos.models import Photo
from app.tickets.errors import PlaceUnknown
from app.tickets.importing.photo_intake import KeptPhotos
from app.tickets.importing.places import KnownPlace, KnownPlaces, NotTold, SeveralNamed
from app.tickets.importing.reading.rows import SaidRow
from app.tickets.importing.reading.words import Column
from app.tickets.intake.placing import PlaceAsked, TicketPlace, place_of_report
from app.tickets.intake.town_map import Position, TownMap

SAID_IN = {"compound": Column.compound, "cell": Column.cell}
_DEGREES = frozenset({Column.lng, Column.lat, Column.datum})


@dataclass(slots=True)
class _Named:
    """The places that a row names, as far as they are known; `unclear`: one of them is not."""

    community: KnownPlace | None = None
    compound: KnownPlace | None = None
    cell: KnownPlace | None = None
    unclear: bool = False


@dataclass(frozen=True)
class Whereabouts:
    """What places are told by; `fault` takes what is wrong with a row."""

    known: KnownPlaces
    town_map: TownMap
    photos: KeptPhotos
    shot: Mapping[str, Photo]
    actor: Actor
    fault: Callable[[SaidRow, NotTold], None]

    def of(self, row: SaidRow) -> tuple[PlaceAsked, TicketPlace] | None:
        """Where a row is, as far as it is known; None when it is not. What is told wrongly in one
        column may have decided what another means: that is not held against the other."""
        named = self._named(row)
        if named.compound is None and named.cell is None and self._may_lie_elsewhere(row, named):
            return None
        asked = _asked(row, named)
        try:
            return asked, self._place(row, asked, named.community)
        except NotTold as why:
            self.fault(row, why)
            return None

    def _named(self, row: SaidRow) -> _Named:
        named = _Named()
        named.community = self._told(row, named, Column.community, row.community, None)
        named.compound = self._told(row, named, Column.compound, row.compound, named.community)
        home = named.community
        if home is None and named.compound is not None:
            home = KnownPlace(named.compound.code, named.compound.name, named.compound.home)
        named.cell = self._told(row, named, Column.cell, row.cell, home)
        return named

    def _told(
        self, row: SaidRow, named: _Named, column: Column, said: str, home: KnownPlace | None
    ) -> KnownPlace | None:
        unclear, named.unclear = named.unclear, named.unclear or column in row.faulty
        try:
            return self.known.told(column, said, home)
        except NotTold as why:
            named.unclear = True
            if not (unclear and isinstance(why, SeveralNamed)):
                self.fault(row, why)
            return None

    def _may_lie_elsewhere(self, row: SaidRow, named: _Named) -> bool:
        """Whether something is at fault that may have told where it is."""
        lost = any(self.photos.fault(name) for name in row.photos) or Column.photos in row.faulty
        return named.unclear or bool(row.faulty & _DEGREES) or (lost and row.position is None)

    def _place(self, row: SaidRow, asked: PlaceAsked, home: KnownPlace | None) -> TicketPlace:
        shot = [self.shot[kept.sha256] for kept in self.photos.of(row)]
        try:
            place = place_of_report(self.town_map, asked, shot)
        except PlaceUnknown as why:
            column = next((SAID_IN[name] for name in why.fields if name in SAID_IN), None)
            told = "须填写小区、网格，或本镇之内的经纬度"
            raise NotTold(column or Column.compound, why.detail if column else told) from None
        if home is not None and place.community.id != home.home:
            raise NotTold(Column.community, f"地点在{place.community.name}，不在此社区")
        if not may_import_into(self.actor, place.community):
            raise NotTold(Column.community, f"{place.community.name}不在您的辖区，不能导入")
        return place


def _asked(row: SaidRow, named: _Named) -> PlaceAsked:
    at = row.position
    return PlaceAsked(
        compound=named.compound.code if named.compound else None,
        cell=named.cell.code if named.cell else None,
        position=Position.from_given(at.lng, at.lat, at.datum, None) if at else None,
        area=row.area,
    )


def may_import_into(actor: Actor, community: Organisation) -> bool:
    """Whether the actor may import tickets of a community or village."""
    matter = Matter(town_id=community.town_id, community_id=community.id)
    return allowing_post(actor, "tickets.import", matter) is not None
