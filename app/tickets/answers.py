"""JSON of tickets, out."""

from typing import Annotated, Any

from pydantic import Field

from app.grid.models import Area
from app.kernel.schemas import Named, Output
from app.people.models import OrganisationType
from app.photos.evidence import PhotoRole, Verdict
from app.photos.schemas import FindingOut, PhotoOut
from app.sla.lights import Light
from app.tickets.models import LegOutcome, PendingKind, SecondLook, Source, State
from app.tickets.workflow import Action


class PersonNamed(Output):
    """A person inside another object."""

    id: str
    name: str


class ResponsibleOut(Output):
    """The organisation that has to put it right."""

    code: str
    name: str
    type: OrganisationType
    type_label: str


class TicketPosition(Output):
    """Where the problem is, in WGS-84.

    It is the reporter's fix: a company or enforcement body gets it to five decimals (about a
    metre), enough to find the place, and never its accuracy.
    """

    lng: float
    lat: float
    datum: str
    accuracy_m: float | None


class PendingOut(Output):
    """What the responsible organisation asked for and nobody has answered yet."""

    kind: PendingKind
    kind_label: str
    reason: str
    until: str | None
    at: str


class ReferredOutsideOut(Output):
    """A referral to a unit without accounts, and what it answered."""

    name: str
    number: str
    on: str
    until: str
    answer: str | None


class PausedOut(Output):
    """By which paper the clocks stand still, and until when."""

    document: str
    until: str


class TicketFields(Output):
    """What a ticket shows everywhere."""

    id: str
    number: str
    state: State
    state_label: str
    version: int
    category: Named
    condition: Named
    limit_label: str
    standard_ref: str
    closing_test: str
    description: str
    source: Source
    source_label: str
    external_number: str | None
    external_due_at: str | None
    community: Named
    cell: Named | None
    compound: Named | None
    area: Area | None
    area_label: str | None
    checkpoint: str | None
    round: str | None
    position: TicketPosition | None
    responsible: ResponsibleOut | None
    assignee: PersonNamed | None
    reported_by: PersonNamed | None
    reported_at: str
    occurred_at: str
    updated_at: str
    filing_due_at: str
    age_hours: int
    dispatched_at: str | None
    due_at: str | None
    due_provisional: bool
    check_due_at: str | None
    light: Light | None
    external_light: Light | None
    same_day: bool | None
    rectified_at: str | None
    closed_at: str | None
    rework_count: int
    extension_count: int
    pending: PendingOut | None
    suspended_until: str | None
    outside: ReferredOutsideOut | None
    supervised_at: str | None
    second_look: SecondLook | None
    second_look_label: str | None
    recurrence_of: str | None
    follow_up_of: str | None
    possible_duplicate_of: list[str]
    merged_into: str | None


class LegOut(Output):
    """One organisation's stretch of responsibility."""

    organisation: Named
    from_: Annotated[str, Field(alias="from")]
    to: str | None
    outcome: LegOutcome | None
    outcome_label: str | None
    due_at: str


class PhotoUseOut(Output):
    """A photo in its use in this ticket."""

    role: PhotoRole
    role_label: str
    verdict: Verdict
    verdict_label: str
    findings: list[FindingOut]
    photo: PhotoOut


class EventOut(Output):
    """One entry of the timeline."""

    at: str
    occurred_at: str
    actor: PersonNamed | None
    organisation: Named | None
    action: str
    action_label: str
    from_: Annotated[State | None, Field(alias="from")]
    from_label: str | None
    to: State
    to_label: str
    note: str | None
    changes: dict[str, Any]
    photo_ids: list[str]


class TicketOut(TicketFields):
    """One ticket whole."""

    paused: PausedOut | None
    witnesses: list[PersonNamed]
    legs: list[LegOut]
    photos: list[PhotoUseOut]
    timeline: list[EventOut]
    allowed_actions: list[Action]


class TicketItem(TicketFields):
    """A ticket in a list: the thumb of its first before-photo and, once it is put right, that of
    its newest after-photo."""

    cover: str | None
    after_cover: str | None
    allowed_actions: list[Action]


class TicketPage(Output):
    """A page of tickets."""

    items: list[TicketItem]
    next_cursor: str | None


class NearbyItem(TicketItem):
    """An open ticket near a position, with its distance in metres."""

    distance_m: float


class NearbyOut(Output):
    """Open tickets near a position, the nearest first."""

    items: list[NearbyItem]


class ConditionOut(Output):
    """A condition under which a category is filed."""

    code: str
    name: str
    limit: dict[str, Any]
    limit_label: str
    closing_test: str


class CategoryOut(Output):
    """A kind of problem."""

    code: str
    name: str
    action: str | None
    action_label: str | None
    conditions: list[ConditionOut]
    standard_ref: str


class CategoriesOut(Output):
    """The dictionary in its order."""

    items: list[CategoryOut]
