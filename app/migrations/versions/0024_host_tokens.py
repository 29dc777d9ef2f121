"""The access token of an app at its host, shared by every process"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UTCDateTime

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'host_tokens',
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('sealed', sa.Text(), nullable=True),
        sa.Column('good_until', UTCDateTime(), nullable=True),
        sa.Column('claim', sa.Uuid(), nullable=True),
        sa.Column('claimed_until', UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('name', name='pk_host_tokens'),
    )


def downgrade() -> None:
    op.drop_table('host_tokens')
