"""Cases with a life of their own, and the kinds of case"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('case_kinds',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('section', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('about', sa.Enum('compound', 'unit', name='about', native_enum=False, length=32), nullable=False),
    sa.Column('opens', sa.Enum('hand', 'repeats', 'spanning', name='opens', native_enum=False, length=32), nullable=False),
    sa.Column('stages', sa.JSON(), nullable=False),
    sa.Column('events', sa.JSON(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_case_kinds_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['version_id'], ['catalogue_versions.id'], name=op.f('fk_case_kinds_version_id_catalogue_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_kinds'))
    )
    op.create_table('cases',
    sa.Column('kind_code', sa.String(length=40), nullable=False),
    sa.Column('kind_id', sa.Uuid(), nullable=False),
    sa.Column('town_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('compound_id', sa.Uuid(), nullable=True),
    sa.Column('title', app.kernel.db.FreeText(), nullable=False),
    sa.Column('cause', sa.String(length=16), nullable=True),
    sa.Column('stage', sa.String(length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('opened_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('dropped_because', app.kernel.db.FreeText(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['compound_id'], ['compounds.id'], name=op.f('fk_cases_compound_id_compounds')),
    sa.ForeignKeyConstraint(['kind_id'], ['case_kinds.id'], name=op.f('fk_cases_kind_id_case_kinds')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_cases_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['town_id'], ['organisations.id'], name=op.f('fk_cases_town_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('ix_cases_due', ['due_on'], unique=False, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.create_index('ix_cases_organisation', ['organisation_id', 'kind_code', 'id'], unique=False)
        batch_op.create_index('ix_cases_town_kind', ['town_id', 'kind_code', 'id'], unique=False)
        batch_op.create_index('uq_cases_cause', ['compound_id', 'cause'], unique=True, sqlite_where=sa.text('closed_at IS NULL AND cause IS NOT NULL'), postgresql_where=sa.text('closed_at IS NULL AND cause IS NOT NULL'))

    op.create_table('case_steps',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('note', app.kernel.db.FreeText(), nullable=True),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_steps_case_id_cases')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_case_steps_person_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_case_steps_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_steps'))
    )
    with op.batch_alter_table('case_steps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_steps_case_id'), ['case_id'], unique=False)

    op.create_table('case_tickets',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('ticket_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_tickets_case_id_cases')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_case_tickets_ticket_id_tickets')),
    sa.PrimaryKeyConstraint('case_id', 'ticket_id', name=op.f('pk_case_tickets'))
    )
    with op.batch_alter_table('case_tickets', schema=None) as batch_op:
        batch_op.create_index('ix_case_tickets_ticket', ['ticket_id'], unique=False)

    op.create_table('case_photos',
    sa.Column('step_id', sa.Uuid(), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name=op.f('fk_case_photos_photo_id_photos')),
    sa.ForeignKeyConstraint(['step_id'], ['case_steps.id'], name=op.f('fk_case_photos_step_id_case_steps')),
    sa.PrimaryKeyConstraint('step_id', 'photo_id', name=op.f('pk_case_photos'))
    )
    with op.batch_alter_table('case_photos', schema=None) as batch_op:
        batch_op.create_index('ix_case_photos_photo', ['photo_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('case_photos', schema=None) as batch_op:
        batch_op.drop_index('ix_case_photos_photo')

    op.drop_table('case_photos')
    with op.batch_alter_table('case_tickets', schema=None) as batch_op:
        batch_op.drop_index('ix_case_tickets_ticket')

    op.drop_table('case_tickets')
    with op.batch_alter_table('case_steps', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_steps_case_id'))

    op.drop_table('case_steps')
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('uq_cases_cause', sqlite_where=sa.text('closed_at IS NULL AND cause IS NOT NULL'), postgresql_where=sa.text('closed_at IS NULL AND cause IS NOT NULL'))
        batch_op.drop_index('ix_cases_town_kind')
        batch_op.drop_index('ix_cases_organisation')
        batch_op.drop_index('ix_cases_due', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))

    op.drop_table('cases')
    op.drop_table('case_kinds')
