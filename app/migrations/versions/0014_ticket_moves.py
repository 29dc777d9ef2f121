"""Tickets that were moved from one community to another"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'ticket_moves',
        sa.Column('ticket_id', sa.Uuid(), nullable=False),
        sa.Column('community_id', sa.Uuid(), nullable=False),
        sa.Column('at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name='fk_ticket_moves_ticket_id_tickets'),
        sa.ForeignKeyConstraint(['community_id'], ['organisations.id'], name='fk_ticket_moves_community_id_organisations'),
        sa.PrimaryKeyConstraint('id', name='pk_ticket_moves'),
    )
    op.create_index('ix_ticket_moves_community_at', 'ticket_moves', ['community_id', 'at'])


def downgrade() -> None:
    op.drop_table('ticket_moves')
