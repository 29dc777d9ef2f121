"""Looks by whoever works at the server, without an account"""

import sqlalchemy as sa
from alembic import op

revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('photo_looks', schema=None) as batch_op:
        batch_op.alter_column('person_id', existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    op.execute('DELETE FROM photo_looks WHERE person_id IS NULL')
    with op.batch_alter_table('photo_looks', schema=None) as batch_op:
        batch_op.alter_column('person_id', existing_type=sa.Uuid(), nullable=False)
