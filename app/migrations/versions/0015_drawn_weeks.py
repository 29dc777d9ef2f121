"""Weeks of which spot checks were drawn"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'drawn_weeks',
        sa.Column('week', app.kernel.db.ByteOrdered(length=8), nullable=False),
        sa.Column('drawn_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('week', name='pk_drawn_weeks'),
    )
    # Whether nothing was drawn of an older week on purpose nobody knows any more: what is made up
    # for begins with the newest.
    op.execute(
        'INSERT INTO drawn_weeks (week, drawn_at) '
        'SELECT week, MIN(drawn_at) FROM spot_checks GROUP BY week ORDER BY week DESC LIMIT 1'
    )


def downgrade() -> None:
    op.drop_table('drawn_weeks')
