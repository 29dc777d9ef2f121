"""Steps of tickets wait until those whom they concern were told

Those that are there already are old news.
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

UNTOLD = sa.text('news_state = 0')


def upgrade() -> None:
    _add_state()
    op.create_index('ix_ticket_events_untold', 'ticket_events', ['at'], sqlite_where=UNTOLD, postgresql_where=UNTOLD)


def _add_state() -> None:
    """Rows that are there get 1, later ones 0 by default; PostgreSQL rewrites nothing for it."""
    if op.get_bind().dialect.name == 'postgresql':
        op.add_column('ticket_events', sa.Column('news_state', sa.SmallInteger(), nullable=False, server_default='1'))
        op.alter_column('ticket_events', 'news_state', server_default='0')
    else:
        op.add_column('ticket_events', sa.Column('news_state', sa.SmallInteger(), nullable=False, server_default='0'))
        op.execute('UPDATE ticket_events SET news_state = 1')


def downgrade() -> None:
    op.drop_index('ix_ticket_events_untold', 'ticket_events')
    op.drop_column('ticket_events', 'news_state')
