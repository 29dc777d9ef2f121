"""When a message is to be made of a notice

Those that are there already are none.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UTCDateTime

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None

UNSENT = sa.text('message_at IS NOT NULL')


def upgrade() -> None:
    op.add_column('notices', sa.Column('message_at', UTCDateTime(), nullable=True))
    op.create_index('ix_notices_message_at', 'notices', ['message_at'], sqlite_where=UNSENT, postgresql_where=UNSENT)


def downgrade() -> None:
    op.drop_index('ix_notices_message_at', 'notices')
    op.drop_column('notices', 'message_at')
