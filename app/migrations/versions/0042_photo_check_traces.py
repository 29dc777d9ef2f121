"""Each time that a host was asked about a photo"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('photo_check_traces',
    sa.Column('trace_id', sa.String(length=128), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('trace_id', name=op.f('pk_photo_check_traces'))
    )
    with op.batch_alter_table('photo_check_traces', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_check_traces_asked_at'), ['asked_at'], unique=False)
    op.execute(
        "INSERT INTO photo_check_traces (trace_id, photo_id, asked_at) "
        "SELECT trace_id, photo_id, asked_at FROM photo_checks "
        "WHERE trace_id IS NOT NULL AND state IN ('asked', 'left')"
    )


def downgrade() -> None:
    op.drop_table('photo_check_traces')
