"""The days on which places are in service"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'service_gaps',
        sa.Column('place_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('to_on', sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_service_gaps')),
    )
    op.create_index(op.f('ix_service_gaps_place_id'), 'service_gaps', ['place_id'])
    op.add_column('checkpoints', sa.Column('in_service_on', sa.Date(), nullable=True))
    # Nothing says when a checkpoint came, so it has been there as long as its compound.
    op.execute(
        'UPDATE checkpoints SET in_service_on ='
        ' (SELECT in_service_on FROM compounds WHERE compounds.id = checkpoints.compound_id)'
    )
    with op.batch_alter_table('checkpoints') as batch_op:
        batch_op.alter_column('in_service_on', existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table('checkpoints') as batch_op:
        batch_op.drop_column('in_service_on')
    op.drop_index(op.f('ix_service_gaps_place_id'), table_name='service_gaps')
    op.drop_table('service_gaps')
