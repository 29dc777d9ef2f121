"""An index of the few records that were taken back or returned"""

import sqlalchemy as sa
from alembic import op

revision = '0047'
down_revision = '0046'
branch_labels = None
depends_on = None


def upgrade() -> None:
    not_counting = sa.text("state IN ('returned', 'withdrawn')")
    op.create_index('ix_duty_records_not_counting', 'duty_records', ['id'], sqlite_where=not_counting, postgresql_where=not_counting)


def downgrade() -> None:
    op.drop_index('ix_duty_records_not_counting', 'duty_records')
