"""Spot checks"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'spot_checks',
        sa.Column('round_id', sa.Uuid(), nullable=False),
        sa.Column('compound_id', sa.Uuid(), nullable=False),
        sa.Column('town_id', sa.Uuid(), nullable=False),
        sa.Column('community_id', sa.Uuid(), nullable=False),
        sa.Column('week', app.kernel.db.ByteOrdered(length=8), nullable=False),
        sa.Column('drawn_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column('result', sa.Enum('fine', 'problem', name='checkresult', native_enum=False, length=32), nullable=True),
        sa.Column('checks', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('note', sa.Text(), nullable=True),
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('post_id', sa.Uuid(), nullable=True),
        sa.Column('walked_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column('received_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column('clock_offset_s', sa.Double(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_spot_checks_round_id_rounds')),
        sa.ForeignKeyConstraint(['compound_id'], ['compounds.id'], name=op.f('fk_spot_checks_compound_id_compounds')),
        sa.ForeignKeyConstraint(['town_id'], ['organisations.id'], name=op.f('fk_spot_checks_town_id_organisations')),
        sa.ForeignKeyConstraint(['community_id'], ['organisations.id'], name=op.f('fk_spot_checks_community_id_organisations')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_spot_checks_person_id_people')),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_spot_checks_post_id_posts')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_spot_checks')),
        sa.UniqueConstraint('round_id', name=op.f('uq_spot_checks_round_id')),
    )
    op.create_index('ix_spot_checks_town_week', 'spot_checks', ['town_id', 'week'])
    op.create_index('ix_spot_checks_community_week', 'spot_checks', ['community_id', 'week'])


def downgrade() -> None:
    op.drop_table('spot_checks')
