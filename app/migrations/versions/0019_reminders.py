"""Reminders of limits: their rungs, where tickets stand, and notices that are renewed"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

INDEXES = {
    'ix_tickets_yellow': ('yellow_at', "state IN ('dispatched', 'referred')"),
    'ix_tickets_filing_due': ('filing_due_at', "state = 'reported'"),
    'ix_tickets_check_due': ('check_due_at', "state = 'rectified'"),
}


def upgrade() -> None:
    with op.batch_alter_table('notices') as table:
        table.alter_column('ticket_id', existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column('about', sa.String(length=64), nullable=True))
        table.create_unique_constraint('uq_notices_person_id_about', ['person_id', 'about'])
    for name, (column, state) in INDEXES.items():
        where = sa.text(state)
        op.create_index(name, 'tickets', [column, 'id'], sqlite_where=where, postgresql_where=where)
    _make_rungs()
    _make_ladders()


def _make_rungs() -> None:
    op.create_table(
        'reminder_rungs',
        sa.Column('clock', _clock(), nullable=False),
        sa.Column('percent', sa.Integer(), nullable=False),
        sa.Column('audience', _audience(), nullable=False),
        sa.Column('organisation_id', sa.Uuid(), nullable=True),
        sa.Column('version_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('to_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_reminder_rungs_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['version_id'], ['catalogue_versions.id'], name='fk_reminder_rungs_version_id_catalogue_versions'),
        sa.PrimaryKeyConstraint('id', name='pk_reminder_rungs'),
    )


def _make_ladders() -> None:
    instant = app.kernel.db.UTCDateTime(timezone=True)
    op.create_table(
        'ticket_ladders',
        sa.Column('ticket_id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('due_at', instant, nullable=False),
        sa.Column('looked_on', sa.Date(), nullable=False),
        sa.Column('next_at', instant, nullable=True),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name='fk_ticket_ladders_ticket_id_tickets'),
        sa.PrimaryKeyConstraint('ticket_id', name='pk_ticket_ladders'),
    )
    op.create_table(
        'told_rungs',
        sa.Column('ticket_id', sa.Uuid(), nullable=False),
        sa.Column('clock', _clock(), nullable=False),
        sa.Column('begun', sa.String(length=120), nullable=False),
        sa.Column('percent', sa.Integer(), nullable=False),
        sa.Column('audience', _audience(), nullable=False),
        sa.Column('told_at', instant, nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name='fk_told_rungs_ticket_id_tickets'),
        sa.PrimaryKeyConstraint('id', name='pk_told_rungs'),
        sa.UniqueConstraint('ticket_id', 'clock', 'begun', 'percent', 'audience', name='uq_told_rungs_ticket_id_clock_begun_percent_audience'),
    )


def _clock() -> sa.Enum:
    return sa.Enum('filing', 'rectifying', 'checking', name='clock', native_enum=False, length=32)


def _audience() -> sa.Enum:
    return sa.Enum('responsible', 'lead', 'supervisors', name='audience', native_enum=False, length=32)


def downgrade() -> None:
    for table in ('told_rungs', 'ticket_ladders', 'reminder_rungs'):
        op.drop_table(table)
    for name in INDEXES:
        op.drop_index(name, 'tickets')
    op.execute('DELETE FROM notices WHERE about IS NOT NULL')
    with op.batch_alter_table('notices') as table:
        table.drop_constraint('uq_notices_person_id_about', type_='unique')
        table.drop_column('about')
        table.alter_column('ticket_id', existing_type=sa.Uuid(), nullable=False)
