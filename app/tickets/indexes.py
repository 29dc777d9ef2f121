"""The indexes of tickets: whoever looks, and however a list is narrowed, one of them leads there.

Each list index ends with what the list is ordered by. An actor sees tickets as reporter, of a town,
of a community or of a responsible organisation: each of these ways has its own.
"""

from typing import Any

from sqlalchemy import Index, text

_WAITING = text("second_look = 'waiting'")
_SUSPENDED = text("suspended_until IS NOT NULL")
_LEFT = text("as_left IS NOT NULL")
_NUMBERED_ELSEWHERE = text("external_number IS NOT NULL")
_DUE_ELSEWHERE = text("external_due_at IS NOT NULL")

RUNNING = text("state IN ('dispatched', 'referred')")
UNFILED = text("state = 'reported'")
UNCHECKED = text("state = 'rectified'")
"""As the indexes of running limits have them: a parameter would not be found in them."""

TICKET_INDEXES = (
    Index("ix_tickets_reported", "reported_at", "id"),
    Index("ix_tickets_due", "due_at", "id"),
    Index("ix_tickets_updated", "updated_at", "id"),
    Index("ix_tickets_state_reported", "state", "reported_at", "id"),
    Index("ix_tickets_category_reported", "category_code", "reported_at", "id"),
    Index("ix_tickets_town_reported", "town_id", "reported_at", "id"),
    Index("ix_tickets_town_state_reported", "town_id", "state", "reported_at", "id"),
    Index("ix_tickets_town_state_due", "town_id", "state", "due_at", "id"),
    Index("ix_tickets_town_category_lat", "town_id", "category_code", "lat"),
    Index("ix_tickets_town_updated", "town_id", "updated_at", "id"),
    Index("ix_tickets_community_reported", "community_id", "reported_at", "id"),
    Index("ix_tickets_community_state_reported", "community_id", "state", "reported_at", "id"),
    Index("ix_tickets_responsible_reported", "responsible_id", "reported_at", "id"),
    Index("ix_tickets_responsible_state_reported", "responsible_id", "state", "reported_at", "id"),
    Index("ix_tickets_responsible_state_due", "responsible_id", "state", "due_at", "id"),
    Index("ix_tickets_reporter_reported", "reporter_id", "reported_at", "id"),
    Index("ix_tickets_reporter_state_reported", "reporter_id", "state", "reported_at", "id"),
    Index("ix_tickets_cell_reported", "cell_id", "reported_at", "id"),
    Index("ix_tickets_compound_reported", "compound_id", "reported_at", "id"),
    Index("ix_tickets_compound_category", "compound_id", "category_code"),
    Index(
        "ix_tickets_second_look",
        "town_id",
        "reported_at",
        "id",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index(
        "ix_tickets_suspended_until",
        "suspended_until",
        sqlite_where=_SUSPENDED,
        postgresql_where=_SUSPENDED,
    ),
    Index(
        "ix_tickets_yellow",
        "yellow_at",
        "id",
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    ),
    Index(
        "ix_tickets_filing_due",
        "filing_due_at",
        "id",
        sqlite_where=UNFILED,
        postgresql_where=UNFILED,
    ),
    Index(
        "ix_tickets_check_due",
        "check_due_at",
        "id",
        sqlite_where=UNCHECKED,
        postgresql_where=UNCHECKED,
    ),
    Index(
        "ix_tickets_external_number",
        "town_id",
        "external_number",
        sqlite_where=_NUMBERED_ELSEWHERE,
        postgresql_where=_NUMBERED_ELSEWHERE,
    ),
    Index(
        "ix_tickets_external_due",
        "town_id",
        "external_due_at",
        "id",
        sqlite_where=_DUE_ELSEWHERE,
        postgresql_where=_DUE_ELSEWHERE,
    ),
)

LEG_INDEXES = (
    Index("ix_legs_organisation_ticket", "organisation_id", "ticket_id"),
    Index(
        "ix_legs_left",
        "organisation_id",
        "ticket_id",
        sqlite_where=_LEFT,
        postgresql_where=_LEFT,
    ),
)

_WRITTEN_BY_HAND = ("ticket_words", "ix_tickets_pairs", "ix_tickets_number_begins")


def is_in_the_models(name: str | None, _kind: str, _parents: Any) -> bool:
    """Whether what a database holds is told by the models; alembic asks when it compares.

    What finds words in descriptions differs between the databases: the migration says it.
    """
    return not (name or "").startswith(_WRITTEN_BY_HAND)
