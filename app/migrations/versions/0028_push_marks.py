"""Pushes of a host that were taken"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UTCDateTime

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'push_marks',
        sa.Column('mark', sa.String(length=80), nullable=False),
        sa.Column('content', sa.String(length=64), nullable=False),
        sa.Column('received_at', UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('mark', name='pk_push_marks'),
    )
    op.create_index('ix_push_marks_received_at', 'push_marks', ['received_at'])


def downgrade() -> None:
    op.drop_table('push_marks')
