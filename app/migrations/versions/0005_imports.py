"""Work from elsewhere"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

HAS_NUMBER = sa.text('external_number IS NOT NULL')
HAS_DUE = sa.text('external_due_at IS NOT NULL')


def upgrade() -> None:
    op.create_table(
        'ticket_imports',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('file_name', sa.String(length=120), nullable=False),
        sa.Column('sheet', sa.String(length=120), nullable=True),
        sa.Column('state', sa.Enum('previewed', 'faulty', 'applying', 'applied', 'failed', name='importstate', native_enum=False, length=32), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('job_id', sa.Uuid(), nullable=True),
        sa.Column('rows', sa.JSON(), nullable=False),
        sa.Column('faults', sa.JSON(), nullable=False),
        sa.Column('remarks', sa.JSON(), nullable=False),
        sa.Column('made', sa.JSON(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_ticket_imports_person_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_imports')),
    )
    op.create_index('ix_ticket_imports_made', 'ticket_imports', ['made_at'])
    op.create_index(
        'ix_tickets_external_number',
        'tickets',
        ['town_id', 'external_number'],
        sqlite_where=HAS_NUMBER,
        postgresql_where=HAS_NUMBER,
    )
    op.create_index(
        'ix_tickets_external_due',
        'tickets',
        ['town_id', 'external_due_at', 'id'],
        sqlite_where=HAS_DUE,
        postgresql_where=HAS_DUE,
    )


def downgrade() -> None:
    op.drop_index('ix_tickets_external_due', table_name='tickets')
    op.drop_index('ix_tickets_external_number', table_name='tickets')
    op.drop_index('ix_ticket_imports_made', table_name='ticket_imports')
    op.drop_table('ticket_imports')
