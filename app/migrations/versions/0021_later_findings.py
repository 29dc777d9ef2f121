"""What is found about a photo in use after it was put to use

Kept beside the findings of that moment, which the record holds.
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('ticket_photos', sa.Column('later_findings', sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    op.drop_column('ticket_photos', 'later_findings')
