"""Complaints and suggestions, and the offices that answer them"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('complaint_offices',
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('hours', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_complaint_offices_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_complaint_offices'))
    )
    op.create_table('complaints',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.Enum('wrong_report', 'decision', 'suggestion', 'system', name='complaintkind', native_enum=False, length=32), nullable=False),
    sa.Column('source', sa.Enum('resident', 'staff', 'anonymous_staff', name='complaintsource', native_enum=False, length=32), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('compound_id', sa.Uuid(), nullable=True),
    sa.Column('ticket_id', sa.Uuid(), nullable=True),
    sa.Column('text', app.kernel.db.FreeText(), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('receipt_hash', sa.String(length=64), nullable=True),
    sa.Column('once', sa.String(length=64), nullable=True),
    sa.Column('said_hash', sa.String(length=64), nullable=True),
    sa.Column('received_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('due_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('told_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('next_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('answered_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('outcome', sa.Enum('corrected', 'accepted', 'explained', name='outcome', native_enum=False, length=32), nullable=True),
    sa.Column('answer', app.kernel.db.FreeText(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['people.id'], name=op.f('fk_complaints_answered_by_id_people')),
    sa.ForeignKeyConstraint(['compound_id'], ['compounds.id'], name=op.f('fk_complaints_compound_id_compounds')),
    sa.ForeignKeyConstraint(['office_id'], ['organisations.id'], name=op.f('fk_complaints_office_id_organisations')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_complaints_person_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_complaints_post_id_posts')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_complaints_ticket_id_tickets')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaints')),
    sa.UniqueConstraint('number', name=op.f('uq_complaints_number')),
    sa.UniqueConstraint('once', name=op.f('uq_complaints_once'))
    )
    with op.batch_alter_table('complaints', schema=None) as batch_op:
        batch_op.create_index('ix_complaints_due', ['due_at'], unique=False, sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))
        batch_op.create_index('ix_complaints_office', ['office_id', 'received_at', 'id'], unique=False)
        batch_op.create_index('ix_complaints_person', ['person_id', 'received_at', 'id'], unique=False)
        batch_op.create_index('ix_complaints_phone', ['answered_at'], unique=False, sqlite_where=sa.text('phone IS NOT NULL'), postgresql_where=sa.text('phone IS NOT NULL'))

    op.create_table('complaint_rungs',
    sa.Column('complaint_id', sa.Uuid(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('audience', sa.Enum('responsible', 'lead', 'supervisors', 'administrators', name='audience', native_enum=False, length=32), nullable=False),
    sa.Column('told_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaints.id'], name=op.f('fk_complaint_rungs_complaint_id_complaints')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_rungs')),
    sa.UniqueConstraint('complaint_id', 'percent', 'audience', name=op.f('uq_complaint_rungs_complaint_id_percent_audience'))
    )


def downgrade() -> None:
    op.drop_table('complaint_rungs')
    with op.batch_alter_table('complaints', schema=None) as batch_op:
        batch_op.drop_index('ix_complaints_phone', sqlite_where=sa.text('phone IS NOT NULL'), postgresql_where=sa.text('phone IS NOT NULL'))
        batch_op.drop_index('ix_complaints_person')
        batch_op.drop_index('ix_complaints_office')
        batch_op.drop_index('ix_complaints_due', sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))

    op.drop_table('complaints')
    op.drop_table('complaint_offices')
