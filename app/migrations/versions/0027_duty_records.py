"""Records of duties, with their kinds, photos and changes"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

STATES = ('recorded', 'waiting', 'accepted', 'returned', 'withdrawn')


def upgrade() -> None:
    _make_records()
    op.create_table(
        'record_marks',
        sa.Column('record_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('happened_on', sa.Date(), nullable=False),
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('compound_id', sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(['record_id'], ['duty_records.id'], name='fk_record_marks_record_id_duty_records'),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_record_marks_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['compound_id'], ['compounds.id'], name='fk_record_marks_compound_id_compounds'),
        sa.PrimaryKeyConstraint('record_id', 'kind', name='pk_record_marks'),
    )
    op.create_index('ix_record_marks_kind', 'record_marks', ['kind', 'happened_on', 'organisation_id'])
    op.create_index('ix_record_marks_unit', 'record_marks', ['organisation_id', 'kind', 'happened_on'])
    op.create_table(
        'record_photos',
        sa.Column('record_id', sa.Uuid(), nullable=False),
        sa.Column('photo_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['record_id'], ['duty_records.id'], name='fk_record_photos_record_id_duty_records'),
        sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name='fk_record_photos_photo_id_photos'),
        sa.PrimaryKeyConstraint('id', name='pk_record_photos'),
        sa.UniqueConstraint('record_id', 'photo_id', name='uq_record_photos_record_id_photo_id'),
    )
    op.create_index('ix_record_photos_photo_id', 'record_photos', ['photo_id'])
    _make_changes()


def _make_records() -> None:
    instant = app.kernel.db.UTCDateTime(timezone=True)
    op.create_table(
        'duty_records',
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('compound_id', sa.Uuid(), nullable=True),
        sa.Column('kinds', sa.JSON(), nullable=False),
        sa.Column('state', sa.Enum(*STATES, name='recordstate', native_enum=False, length=32), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('happened_on', sa.Date(), nullable=False),
        sa.Column('subject', sa.String(length=200), nullable=False),
        sa.Column('place', sa.String(length=160), nullable=True),
        sa.Column('quantity', sa.Integer(), nullable=True),
        sa.Column('note', sa.Text(), nullable=True),
        sa.Column('links', sa.JSON(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('post_id', sa.Uuid(), nullable=False),
        sa.Column('occurred_at', instant, nullable=False),
        sa.Column('received_at', instant, nullable=False),
        sa.Column('clock_offset_s', sa.Double(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_duty_records_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['compound_id'], ['compounds.id'], name='fk_duty_records_compound_id_compounds'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_duty_records_person_id_people'),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name='fk_duty_records_post_id_posts'),
        sa.PrimaryKeyConstraint('id', name='pk_duty_records'),
    )
    op.create_index('ix_duty_records_unit', 'duty_records', ['organisation_id', 'happened_on', 'id'])


def _make_changes() -> None:
    op.create_table(
        'record_changes',
        sa.Column('record_id', sa.Uuid(), nullable=False),
        sa.Column('at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column('action', sa.Enum('correct', 'withdraw', 'accept', 'return', name='recordaction', native_enum=False, length=32), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('post_id', sa.Uuid(), nullable=False),
        sa.Column('note', sa.Text(), nullable=True),
        sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['record_id'], ['duty_records.id'], name='fk_record_changes_record_id_duty_records'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_record_changes_person_id_people'),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name='fk_record_changes_post_id_posts'),
        sa.PrimaryKeyConstraint('id', name='pk_record_changes'),
    )
    op.create_index('ix_record_changes_record_id', 'record_changes', ['record_id'])


def downgrade() -> None:
    for name in ('record_changes', 'record_photos', 'record_marks', 'duty_records'):
        op.drop_table(name)
