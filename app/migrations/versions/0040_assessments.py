"""Schemes of assessment, when it is on, frozen scores and objections"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import ByteOrdered, FreeText, UTCDateTime

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assessment_schemes',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.Enum('community', 'village', 'company', 'compound', name='subject', native_enum=False, length=32), nullable=False),
    sa.Column('period', sa.Enum('month', 'year', name='schemeperiod', native_enum=False, length=32), nullable=False),
    sa.Column('objection_days', sa.Integer(), nullable=False),
    sa.Column('red_from', sa.Integer(), nullable=True),
    sa.Column('black_below', sa.Integer(), nullable=True),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_assessment_schemes_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['version_id'], ['catalogue_versions.id'], name=op.f('fk_assessment_schemes_version_id_catalogue_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_schemes'))
    )
    op.create_table('assessment_switches',
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('document', FreeText(length=160), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('switched_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_assessment_switches_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_assessment_switches_person_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_assessment_switches_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_switches'))
    )
    op.create_table('assessment_freezes',
    sa.Column('town_id', sa.Uuid(), nullable=False),
    sa.Column('scheme_code', sa.String(length=40), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period', ByteOrdered(7), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('reason', FreeText(length=400), nullable=True),
    sa.Column('data_version', sa.JSON(), nullable=False),
    sa.Column('frozen_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('frozen_by_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['frozen_by_id'], ['people.id'], name=op.f('fk_assessment_freezes_frozen_by_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_assessment_freezes_post_id_posts')),
    sa.ForeignKeyConstraint(['scheme_id'], ['assessment_schemes.id'], name=op.f('fk_assessment_freezes_scheme_id_assessment_schemes')),
    sa.ForeignKeyConstraint(['town_id'], ['organisations.id'], name=op.f('fk_assessment_freezes_town_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_freezes')),
    sa.UniqueConstraint('town_id', 'scheme_code', 'period', 'sequence', name=op.f('uq_assessment_freezes_town_id_scheme_code_period_sequence'))
    )
    op.create_table('assessment_scores',
    sa.Column('freeze_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('subject_code', sa.String(length=40), nullable=False),
    sa.Column('subject_name', sa.String(length=120), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=True),
    sa.Column('compound_id', sa.Uuid(), nullable=True),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('counted', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['organisations.id'], name=op.f('fk_assessment_scores_community_id_organisations')),
    sa.ForeignKeyConstraint(['compound_id'], ['compounds.id'], name=op.f('fk_assessment_scores_compound_id_compounds')),
    sa.ForeignKeyConstraint(['freeze_id'], ['assessment_freezes.id'], name=op.f('fk_assessment_scores_freeze_id_assessment_freezes')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_assessment_scores_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_scores'))
    )
    op.create_index('ix_assessment_scores_freeze_id', 'assessment_scores', ['freeze_id'])
    op.create_table('assessment_objections',
    sa.Column('score_id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('text', FreeText(length=1000), nullable=False),
    sa.Column('made_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=True),
    sa.Column('exempt', sa.Boolean(), nullable=True),
    sa.Column('change', sa.Integer(), nullable=True),
    sa.Column('answer', FreeText(length=1000), nullable=True),
    sa.Column('answered_at', UTCDateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('answered_post_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['people.id'], name=op.f('fk_assessment_objections_answered_by_id_people')),
    sa.ForeignKeyConstraint(['answered_post_id'], ['posts.id'], name=op.f('fk_assessment_objections_answered_post_id_posts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_assessment_objections_person_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_assessment_objections_post_id_posts')),
    sa.ForeignKeyConstraint(['score_id'], ['assessment_scores.id'], name=op.f('fk_assessment_objections_score_id_assessment_scores')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_objections')),
    sa.UniqueConstraint('score_id', name=op.f('uq_assessment_objections_score_id'))
    )
    op.create_index('ix_assessment_objections_open', 'assessment_objections', ['answered_at'])


def downgrade() -> None:
    for table in ('objections', 'scores', 'freezes', 'switches', 'schemes'):
        op.drop_table(f'assessment_{table}')
