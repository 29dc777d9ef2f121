"""What people let the host tell them, and what they refuse"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UTCDateTime

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

LEFT = sa.text('used_at IS NULL AND voided_at IS NULL')


def upgrade() -> None:
    op.create_table(
        'message_grants',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('template', sa.String(length=64), nullable=False),
        sa.Column('granted_at', UTCDateTime(), nullable=False),
        sa.Column('told_by_client', sa.Boolean(), nullable=False),
        sa.Column('told_by_host', sa.Boolean(), nullable=False),
        sa.Column('used_at', UTCDateTime(), nullable=True),
        sa.Column('used_for', sa.Uuid(), nullable=True),
        sa.Column('msgid', sa.String(length=32), nullable=True),
        sa.Column('undelivered', sa.String(length=32), nullable=True),
        sa.Column('voided_at', UTCDateTime(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_message_grants_person_id_people'),
        sa.PrimaryKeyConstraint('id', name='pk_message_grants'),
    )
    op.create_index('ix_message_grants_left', 'message_grants', ['person_id', 'template', 'granted_at'], sqlite_where=LEFT, postgresql_where=LEFT)
    for column in ('used_for', 'msgid'):
        op.create_index(f'ix_message_grants_{column}', 'message_grants', [column])
    op.create_table(
        'message_refusals',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('template', sa.String(length=64), nullable=False),
        sa.Column('refused_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_message_refusals_person_id_people'),
        sa.PrimaryKeyConstraint('person_id', 'template', name='pk_message_refusals'),
    )


def downgrade() -> None:
    op.drop_table('message_refusals')
    op.drop_table('message_grants')
