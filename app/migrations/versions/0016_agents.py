"""What the browser or program of a sign-in called itself"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('access_tokens', sa.Column('agent', sa.String(length=160), nullable=True))


def downgrade() -> None:
    op.drop_column('access_tokens', 'agent')
