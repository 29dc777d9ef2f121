"""Time that was granted, in place of the due time that came of it

A due time that somebody set was kept as it was, pauses and all. Now the time itself is kept, and
what is due is counted from it: for legs and requests that are there it is counted here, by the
working days and the pauses known now.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta, timezone

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

SHANGHAI = timezone(timedelta(hours=8))
HALVES = ((time(8), time(12)), (time(14), time(18)))
LENGTHS_S = {'hour': 3600, 'day': 8 * 3600, 'urgent_hour': 3600, 'urgent_day': 86_400}

INSTANT = app.kernel.db.UTCDateTime(timezone=True)
LEGS = sa.table(
    'legs',
    *(sa.column(name, sa.Uuid()) for name in ('id', 'ticket_id')),
    *(sa.column(name, INSTANT) for name in ('limit_from_at', 'named_due_at', 'to_at')),
    sa.column('limit_amount', sa.Integer()),
    sa.column('limit_unit', sa.String()),
    sa.column('standstills', sa.JSON()),
    sa.column('granted_s', sa.Double()),
    sa.column('extension_count', sa.Integer()),
)
TICKETS = sa.table(
    'tickets',
    *(sa.column(name, sa.Uuid()) for name in ('id', 'community_id')),
    sa.column('category_code', sa.String()),
    sa.column('pending_kind', sa.String()),
    sa.column('pending_until', INSTANT),
    sa.column('pending_time_s', sa.Double()),
)
PLACES = sa.table('organisations', sa.column('id', sa.Uuid()), sa.column('path', sa.String()))
PAUSES = sa.table(
    'pause_periods',
    sa.column('organisation_id', sa.Uuid()),
    sa.column('categories', sa.JSON(none_as_null=True)),
    sa.column('from_at', INSTANT),
    sa.column('to_at', INSTANT),
)
YEARS = sa.table(
    'calendar_years', *(sa.column(name, sa.JSON()) for name in ('holidays', 'working_days'))
)


def upgrade() -> None:
    op.execute('ALTER TABLE legs RENAME COLUMN extended_to TO named_due_at')
    op.add_column('legs', sa.Column('granted_s', sa.Double(), nullable=False, server_default='0'))
    op.add_column('tickets', sa.Column('pending_time_s', sa.Double(), nullable=True))
    connection = op.get_bind()
    clock = Clock(connection)
    asked = sa.select(LEGS, TICKETS.c.community_id, TICKETS.c.category_code, PLACES.c.path).select_from(
        LEGS.join(TICKETS, TICKETS.c.id == LEGS.c.ticket_id).join(PLACES, PLACES.c.id == TICKETS.c.community_id)
    )
    for leg in connection.execute(asked.where(LEGS.c.named_due_at.is_not(None))).all():
        given = clock.beyond_the_limit(leg, leg.named_due_at)
        granted = max(given, 0) if leg.extension_count else given
        connection.execute(sa.update(LEGS).where(LEGS.c.id == leg.id).values(granted_s=granted))
    requests = asked.add_columns(TICKETS.c.pending_until).where(
        TICKETS.c.pending_kind == 'request_extension', LEGS.c.to_at.is_(None)
    )
    for leg in connection.execute(requests).all():
        wanted = max(clock.beyond_the_limit(leg, leg.pending_until) - leg.granted_s, 0)
        connection.execute(sa.update(TICKETS).where(TICKETS.c.id == leg.ticket_id).values(pending_time_s=wanted))


class Clock:
    """Counts the time of a leg's kind, as the product did when this was written."""

    def __init__(self, connection: sa.Connection) -> None:
        years = connection.execute(sa.select(YEARS)).all()
        self.holidays = {day for year in years for day in year.holidays}
        self.worked = {day for year in years for day in year.working_days}
        self.pauses = connection.execute(
            sa.select(PAUSES, PLACES.c.path).join(PLACES, PLACES.c.id == PAUSES.c.organisation_id)
        ).all()

    def beyond_the_limit(self, leg: sa.Row, until: datetime) -> float:
        """Seconds from the end of a leg's limit to an instant; less than nothing when it is nearer."""
        stops = [tuple(map(datetime.fromisoformat, one)) for one in leg.standstills if one[1]]
        if leg.limit_unit.startswith('urgent'):
            spans = [(leg.limit_from_at, until)]
        else:
            spans = self.working_spans(leg.limit_from_at, until)
            stops += [
                (pause.from_at, pause.to_at)
                for pause in self.pauses
                if leg.path.startswith(pause.path)
                and (pause.categories is None or leg.category_code in pause.categories)
            ]
        counted = sum(seconds_outside(span, joined(stops)) for span in spans)
        return counted - leg.limit_amount * LENGTHS_S[leg.limit_unit]

    def working_spans(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        day, spans = start.astimezone(SHANGHAI).date(), []
        while day <= end.astimezone(SHANGHAI).date():
            weekday = day.weekday() < 5 and f'{day}' not in self.holidays
            if weekday or f'{day}' in self.worked:
                halves = ([datetime.combine(day, wall, SHANGHAI) for wall in half] for half in HALVES)
                spans += [(max(opens, start), min(closes, end)) for opens, closes in halves]
            day += timedelta(days=1)
        return [span for span in spans if span[0] < span[1]]


def joined(stretches: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    found = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def seconds_outside(
    span: tuple[datetime, datetime], stops: list[tuple[datetime, datetime]]
) -> float:
    inside = (min(span[1], end) - max(span[0], start) for start, end in stops)
    lost = sum((each for each in inside if each > timedelta()), timedelta())
    return max(span[1] - span[0] - lost, timedelta()).total_seconds()


def downgrade() -> None:
    op.drop_column('tickets', 'pending_time_s')
    op.drop_column('legs', 'granted_s')
    op.execute('ALTER TABLE legs RENAME COLUMN named_due_at TO extended_to')
