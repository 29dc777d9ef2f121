"""Campaigns of a month, their steps and proofs, and applications for awards"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('award_applications',
    sa.Column('town_id', sa.Uuid(), nullable=False),
    sa.Column('compound_id', sa.Uuid(), nullable=False),
    sa.Column('award', sa.Enum('civilised_compound', 'civilised_unit', 'best_owners', name='award', native_enum=False, length=32), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('unit', app.kernel.db.FreeText(), nullable=False),
    sa.Column('grounds', app.kernel.db.FreeText(), nullable=False),
    sa.Column('grade', sa.Enum('model', 'qualified', name='grade', native_enum=False, length=32), nullable=True),
    sa.Column('state', sa.Enum('applied', 'accepted', 'returned', 'withdrawn', name='awardstate', native_enum=False, length=32), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('applied_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('answered_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('answer', app.kernel.db.FreeText(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['people.id'], name=op.f('fk_award_applications_answered_by_id_people')),
    sa.ForeignKeyConstraint(['compound_id'], ['compounds.id'], name=op.f('fk_award_applications_compound_id_compounds')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_award_applications_person_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_award_applications_post_id_posts')),
    sa.ForeignKeyConstraint(['town_id'], ['organisations.id'], name=op.f('fk_award_applications_town_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_applications'))
    )
    with op.batch_alter_table('award_applications', schema=None) as batch_op:
        batch_op.create_index('ix_award_applications_town_year', ['town_id', 'year'], unique=False)
        batch_op.create_index('uq_award_applications_standing', ['compound_id', 'award', 'year', 'unit'], unique=True, sqlite_where=sa.text("state IN ('applied', 'accepted')"), postgresql_where=sa.text("state IN ('applied', 'accepted')"))

    op.create_table('campaigns',
    sa.Column('town_id', sa.Uuid(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('compound_id', sa.Uuid(), nullable=False),
    sa.Column('area', sa.Enum('main_entrance', 'main_road', 'shared_grounds', 'stairwell', 'notice_board', 'waste_station', name='area', native_enum=False, length=32), nullable=True),
    sa.Column('month', app.kernel.db.ByteOrdered(length=7), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('planned_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('completed_on', sa.Date(), nullable=True),
    sa.Column('dropped_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('dropped_because', app.kernel.db.FreeText(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['organisations.id'], name=op.f('fk_campaigns_community_id_organisations')),
    sa.ForeignKeyConstraint(['compound_id'], ['compounds.id'], name=op.f('fk_campaigns_compound_id_compounds')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_campaigns_person_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_campaigns_post_id_posts')),
    sa.ForeignKeyConstraint(['town_id'], ['organisations.id'], name=op.f('fk_campaigns_town_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns'))
    )
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.create_index('ix_campaigns_community_month', ['community_id', 'month'], unique=False)
        batch_op.create_index('ix_campaigns_town_month', ['town_id', 'month'], unique=False)
        batch_op.create_index('uq_campaigns_area', ['compound_id', 'month', 'area'], unique=True, sqlite_where=sa.text('area IS NOT NULL AND dropped_at IS NULL'), postgresql_where=sa.text('area IS NOT NULL AND dropped_at IS NULL'))
        batch_op.create_index('uq_campaigns_compound', ['compound_id', 'month'], unique=True, sqlite_where=sa.text('area IS NULL AND dropped_at IS NULL'), postgresql_where=sa.text('area IS NULL AND dropped_at IS NULL'))

    op.create_table('campaign_steps',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('action', sa.Enum('greenery_occupation', 'clutter', 'private_wiring', 'fumes_and_sewage', 'greenery_repair', 'illegal_building', name='action', native_enum=False, length=32), nullable=False),
    sa.Column('step', sa.Enum('publicise', 'self_clear', 'joint_action', 'maintain', 'nothing_found', name='step', native_enum=False, length=32), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('note', app.kernel.db.FreeText(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_steps_campaign_id_campaigns')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_campaign_steps_person_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_campaign_steps_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_steps'))
    )
    with op.batch_alter_table('campaign_steps', schema=None) as batch_op:
        batch_op.create_index('uq_campaign_steps_standing', ['campaign_id', 'action', 'step'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('campaign_photos',
    sa.Column('step_id', sa.Uuid(), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name=op.f('fk_campaign_photos_photo_id_photos')),
    sa.ForeignKeyConstraint(['step_id'], ['campaign_steps.id'], name=op.f('fk_campaign_photos_step_id_campaign_steps')),
    sa.PrimaryKeyConstraint('step_id', 'photo_id', name=op.f('pk_campaign_photos'))
    )
    with op.batch_alter_table('campaign_photos', schema=None) as batch_op:
        batch_op.create_index('ix_campaign_photos_photo', ['photo_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('campaign_photos', schema=None) as batch_op:
        batch_op.drop_index('ix_campaign_photos_photo')

    op.drop_table('campaign_photos')
    with op.batch_alter_table('campaign_steps', schema=None) as batch_op:
        batch_op.drop_index('uq_campaign_steps_standing', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.drop_table('campaign_steps')
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.drop_index('uq_campaigns_compound', sqlite_where=sa.text('area IS NULL AND dropped_at IS NULL'), postgresql_where=sa.text('area IS NULL AND dropped_at IS NULL'))
        batch_op.drop_index('uq_campaigns_area', sqlite_where=sa.text('area IS NOT NULL AND dropped_at IS NULL'), postgresql_where=sa.text('area IS NOT NULL AND dropped_at IS NULL'))
        batch_op.drop_index('ix_campaigns_town_month')
        batch_op.drop_index('ix_campaigns_community_month')

    op.drop_table('campaigns')
    with op.batch_alter_table('award_applications', schema=None) as batch_op:
        batch_op.drop_index('uq_award_applications_standing', sqlite_where=sa.text("state IN ('applied', 'accepted')"), postgresql_where=sa.text("state IN ('applied', 'accepted')"))
        batch_op.drop_index('ix_award_applications_town_year')

    op.drop_table('award_applications')
