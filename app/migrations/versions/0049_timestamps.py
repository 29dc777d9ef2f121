"""Timestamps of signed days"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UTCDateTime

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'record_timestamps',
        sa.Column('chain_id', sa.Uuid(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('answer', sa.LargeBinary(), nullable=False),
        sa.Column('stamped_at', UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['chain_id', 'day'], ['record_days.chain_id', 'record_days.day'], name=op.f('fk_record_timestamps_chain_id_record_days')),
        sa.PrimaryKeyConstraint('chain_id', 'day', name=op.f('pk_record_timestamps')),
    )


def downgrade() -> None:
    op.drop_table('record_timestamps')
