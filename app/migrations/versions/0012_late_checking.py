"""Who was late: checking; the limits left by reclassifying; what was referred outside falls due"""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

UTC = app.kernel.db.UTCDateTime(timezone=True)
TICKETS = sa.table(
    'tickets',
    sa.column('id', sa.Uuid()),
    sa.column('state', sa.String()),
    sa.column('responsible_id', sa.Uuid()),
    sa.column('outside', sa.JSON()),
    sa.column('referred_at', UTC),
    sa.column('due_at', UTC),
    sa.column('yellow_at', UTC),
)


def upgrade() -> None:
    op.add_column('legs', sa.Column('limits_left', sa.JSON(), nullable=False, server_default='{}'))
    late = sa.Column('checked_late', sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column('legs', late)
    outside = sa.and_(TICKETS.c.state == 'referred', TICKETS.c.responsible_id.is_(None))
    for row in op.get_bind().execute(sa.select(TICKETS).where(outside)).all():
        told = json.loads(row.outside) if isinstance(row.outside, str) else row.outside
        if not told or not told.get('until') or row.referred_at is None:
            continue
        until = datetime.fromisoformat(told['until'])
        yellow = row.referred_at + (until - row.referred_at) * 4 / 5
        values = {'due_at': until, 'yellow_at': yellow}
        op.get_bind().execute(TICKETS.update().where(TICKETS.c.id == row.id).values(values))


def downgrade() -> None:
    outside = sa.and_(TICKETS.c.state == 'referred', TICKETS.c.responsible_id.is_(None))
    op.get_bind().execute(TICKETS.update().where(outside).values(due_at=None, yellow_at=None))
    op.drop_column('legs', 'checked_late')
    op.drop_column('legs', 'limits_left')
