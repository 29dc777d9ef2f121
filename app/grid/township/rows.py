"""A township's rows after checking, and what the database already knows, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry

from app.grid.models import Area, CompoundKind
from app.people.models import OrganisationType, Role


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation; only a county has no parent."""

    code: str
    name: str
    type: OrganisationType
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A person in one role at one organisation."""

    username: str
    name: str
    phone: str | None
    role: Role
    organisation_code: str


@dataclass(frozen=True, slots=True)
class CompoundRow:
    """A compound with the company in contract from the day of loading, if any."""

    code: str
    name: str
    organisation_code: str
    company_code: str | None
    kind: CompoundKind
    buildings: int
    households: int


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """A checkpoint; `position` is its place in the compound's order in the file, from 1."""

    compound_code: str
    name: str
    area: Area
    position: int


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell with its outline (GeoJSON geometry in WGS-84) and its wardens' usernames."""

    code: str
    name: str
    organisation_code: str
    wardens: tuple[str, ...]
    outline: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CheckedTownship:
    """A township whose files break no rule."""

    town_code: str
    organisations: tuple[OrganisationRow, ...]
    posts: tuple[PostRow, ...]
    compounds: tuple[CompoundRow, ...]
    checkpoints: tuple[CheckpointRow, ...]
    cells: tuple[CellRow, ...]
    compound_outlines: Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation in the database; `town_code` is its own for a town, None for the county's."""

    code: str
    name: str
    type: OrganisationType
    parent_code: str | None
    town_code: str | None
    retired_on: date | None = None
    is_retired: bool = False
    """Retired by the day of the load; before that day it is still to be."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person in the database, with the roles of the posts that are not over."""

    username: str
    name: str
    phone: str | None
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownCell:
    """A cell in the database; `outline` is the one in force, None when there is none."""

    code: str
    town_code: str | None
    outline: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the deployment knows: all organisations, people, compounds and cells, by their codes."""

    organisations: Mapping[str, KnownOrganisation]
    people: Mapping[str, KnownPerson]
    compound_towns: Mapping[str, str | None]
    """The town code of every compound."""
    cells: Mapping[str, KnownCell]

    @property
    def county_code(self) -> str | None:
        """The code of the deployment's county, once there is one."""
        counties = (o for o in self.organisations.values() if o.type is OrganisationType.county)
        return next((county.code for county in counties), None)

    def username_of_phone(self) -> dict[str, str]:
        """Whose each known phone number is."""
        return {person.phone: person.username for person in self.people.values() if person.phone}


NOTHING_KNOWN = Known({}, {}, {}, {})
