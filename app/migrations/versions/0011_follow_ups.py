"""A ticket follows up a closed one"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

NAME = 'fk_tickets_follow_up_of_id_tickets'


def upgrade() -> None:
    # On SQLite in one statement: batch mode would make the table anew, and lose its trigger.
    if op.get_bind().dialect.name == 'sqlite':
        reference = f'CONSTRAINT {NAME} REFERENCES tickets (id)'
        op.execute(f'ALTER TABLE tickets ADD COLUMN follow_up_of_id CHAR(32) {reference}')
        return
    op.add_column('tickets', sa.Column('follow_up_of_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(NAME, 'tickets', 'tickets', ['follow_up_of_id'], ['id'])


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_constraint(NAME, 'tickets', type_='foreignkey')
    op.drop_column('tickets', 'follow_up_of_id')
