"""Later verdicts on photos in use, appended and on the record"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None

VERDICTS = ('consistent', 'needs_review', 'contradicted')


def upgrade() -> None:
    verdict = sa.Enum(*VERDICTS, name='verdict', native_enum=False, length=32)
    op.create_table(
        'use_judgements',
        sa.Column('use_id', sa.Uuid(), nullable=False),
        sa.Column('ticket_id', sa.Uuid(), nullable=False),
        sa.Column('judged_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column('judged_for', sa.Enum('retouched', name='judgedfor', native_enum=False, length=32), nullable=False),
        sa.Column('rule_version', sa.String(length=40), nullable=False),
        sa.Column('verdict_before', verdict, nullable=False),
        sa.Column('verdict', verdict, nullable=False),
        sa.Column('findings', sa.JSON(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('record_state', sa.SmallInteger(), nullable=False, server_default='0'),
        sa.ForeignKeyConstraint(['use_id'], ['ticket_photos.id'], name='fk_use_judgements_use_id_ticket_photos'),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name='fk_use_judgements_ticket_id_tickets'),
        sa.PrimaryKeyConstraint('id', name='pk_use_judgements'),
    )
    op.create_index('ix_use_judgements_use_id', 'use_judgements', ['use_id'])
    op.create_index('ix_use_judgements_ticket_id', 'use_judgements', ['ticket_id'])
    waits = sa.text('record_state < 2')
    op.create_index('ix_use_judgements_waiting', 'use_judgements', ['judged_at', 'id'], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_table('use_judgements')
