"""The record: chains of entries, signed days

What is there already waits to be linked as such: the worker links it, and says so in its entries.
"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

WAITS = sa.text('record_state < 2')
WAITING = {
    'photos': ('ix_photos_waiting', ['received_at', 'id']),
    'ticket_events': ('ix_ticket_events_waiting', ['at', 'id']),
}
KINDS = ('photo_received', 'photo_removed', 'ticket_event')


def upgrade() -> None:
    for table, (index, columns) in WAITING.items():
        _add_state(table)
        op.create_index(index, table, columns, sqlite_where=WAITS, postgresql_where=WAITS)
    _make_removals()
    _make_chains()
    _make_entries()
    _make_days()


def _add_state(table: str) -> None:
    """Rows that are there get 1, later ones 0 by default; PostgreSQL rewrites nothing for it."""
    if op.get_bind().dialect.name == 'postgresql':
        op.add_column(table, sa.Column('record_state', sa.SmallInteger(), nullable=False, server_default='1'))
        op.alter_column(table, 'record_state', server_default='0')
    else:
        op.add_column(table, sa.Column('record_state', sa.SmallInteger(), nullable=False, server_default='0'))
        op.execute(f'UPDATE {table} SET record_state = 1')


def _make_removals() -> None:
    op.create_table(
        'photo_removals',
        sa.Column('photo_id', sa.Uuid(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('town_id', sa.Uuid(), nullable=True),
        sa.Column('removed_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column('remover_id', sa.Uuid(), nullable=True),
        sa.Column('reason', sa.Enum('maker', 'retention', name='removalreason', native_enum=False, length=32), nullable=False),
        sa.Column('record_state', sa.SmallInteger(), nullable=False, server_default='0'),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_photo_removals_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['town_id'], ['organisations.id'], name='fk_photo_removals_town_id_organisations'),
        sa.ForeignKeyConstraint(['remover_id'], ['people.id'], name='fk_photo_removals_remover_id_people'),
        sa.PrimaryKeyConstraint('photo_id', name='pk_photo_removals'),
    )
    op.create_index('ix_photo_removals_waiting', 'photo_removals', ['removed_at', 'photo_id'], sqlite_where=WAITS, postgresql_where=WAITS)


def _make_chains() -> None:
    op.create_table(
        'record_chains',
        sa.Column('chain_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('head', sa.String(length=64), nullable=False),
        sa.Column('day', sa.Date(), nullable=True),
        sa.Column('signed_day', sa.Date(), nullable=True),
        sa.Column('unsigned_from', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['chain_id'], ['organisations.id'], name='fk_record_chains_chain_id_organisations'),
        sa.PrimaryKeyConstraint('chain_id', name='pk_record_chains'),
    )


def _make_entries() -> None:
    op.create_table(
        'record_entries',
        sa.Column('chain_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('linked_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column('kind', sa.Enum(*KINDS, name='entrykind', native_enum=False, length=32), nullable=False),
        sa.Column('source_id', sa.Uuid(), nullable=False),
        sa.Column('ticket_id', sa.Uuid(), nullable=True),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('hash', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['chain_id'], ['organisations.id'], name='fk_record_entries_chain_id_organisations'),
        sa.PrimaryKeyConstraint('chain_id', 'position', name='pk_record_entries'),
        sa.UniqueConstraint('source_id', 'kind', name='uq_record_entries_source_id_kind'),
    )
    op.create_index('ix_record_entries_day', 'record_entries', ['chain_id', 'day', 'position'])
    op.create_index('ix_record_entries_ticket', 'record_entries', ['ticket_id'])


def _make_days() -> None:
    op.create_table(
        'record_days',
        sa.Column('chain_id', sa.Uuid(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('head', sa.String(length=64), nullable=False),
        sa.Column('statement', sa.Text(), nullable=False),
        sa.Column('signature', sa.String(length=120), nullable=False),
        sa.Column('key_id', sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(['chain_id'], ['organisations.id'], name='fk_record_days_chain_id_organisations'),
        sa.PrimaryKeyConstraint('chain_id', 'day', name='pk_record_days'),
    )
    op.create_index('ix_record_days_position', 'record_days', ['chain_id', 'position'])


def downgrade() -> None:
    for table in ('record_days', 'record_entries', 'record_chains', 'photo_removals'):
        op.drop_table(table)
    for table, (index, _columns) in WAITING.items():
        op.drop_index(index, table)
        op.drop_column(table, 'record_state')
