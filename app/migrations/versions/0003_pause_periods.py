"""Pause periods"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'pause_periods',
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('categories', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('document', sa.String(length=80), nullable=False),
        sa.Column('reason', sa.String(length=400), nullable=False),
        sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('to_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('made_by_id', sa.Uuid(), nullable=True),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_by_id', sa.Uuid(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ['organisation_id'],
            ['organisations.id'],
            name=op.f('fk_pause_periods_organisation_id_organisations'),
        ),
        sa.ForeignKeyConstraint(
            ['made_by_id'], ['people.id'], name=op.f('fk_pause_periods_made_by_id_people')
        ),
        sa.ForeignKeyConstraint(
            ['ended_by_id'], ['people.id'], name=op.f('fk_pause_periods_ended_by_id_people')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pause_periods')),
    )


def downgrade() -> None:
    op.drop_table('pause_periods')
