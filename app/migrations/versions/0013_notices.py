"""Notices to people"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'notices',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.Enum('illegal_building', name='noticekind', native_enum=False, length=32), nullable=False),
        sa.Column('ticket_id', sa.Uuid(), nullable=False),
        sa.Column('text', sa.String(length=400), nullable=False),
        sa.Column('created_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column('read_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_notices_person_id_people'),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name='fk_notices_ticket_id_tickets'),
        sa.PrimaryKeyConstraint('id', name='pk_notices'),
        sa.UniqueConstraint('person_id', 'kind', 'ticket_id', name='uq_notices_person_id_kind_ticket_id'),
    )
    op.create_index('ix_notices_person_created', 'notices', ['person_id', 'created_at', 'id'])


def downgrade() -> None:
    op.drop_table('notices')
