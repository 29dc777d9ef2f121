"""Reports: documents that are drafted, sent for approval, issued and kept"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import ByteOrdered

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'reports',
        sa.Column('kind', _words('bulletin', 'work_report', name='reportkind'), nullable=False),
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('to_on', sa.Date(), nullable=False),
        sa.Column('state', _words('draft', 'submitted', 'issued', name='reportstate'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('issue_number', sa.String(length=40), nullable=True),
        sa.Column('dated_on', sa.Date(), nullable=True),
        sa.Column('edits', sa.JSON(), nullable=False),
        sa.Column('cases', sa.JSON(), nullable=False),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('began_by_id', sa.Uuid(), nullable=False),
        sa.Column('job_id', sa.Uuid(), nullable=True),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('made_version', sa.Integer(), nullable=True),
        sa.Column('facts', sa.JSON(), nullable=True),
        sa.Column('counted', sa.JSON(), nullable=True),
        sa.Column('sha256', ByteOrdered(64), nullable=True),
        sa.Column('bytes', sa.Integer(), nullable=True),
        sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('submitted_by_id', sa.Uuid(), nullable=True),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('issued_by_id', sa.Uuid(), nullable=True),
        sa.Column('post_id', sa.Uuid(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_reports_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['began_by_id'], ['people.id'], name='fk_reports_began_by_id_people'),
        sa.ForeignKeyConstraint(['submitted_by_id'], ['people.id'], name='fk_reports_submitted_by_id_people'),
        sa.ForeignKeyConstraint(['issued_by_id'], ['people.id'], name='fk_reports_issued_by_id_people'),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name='fk_reports_post_id_posts'),
        sa.PrimaryKeyConstraint('id', name='pk_reports'),
    )
    op.create_index('ix_reports_organisation', 'reports', ['organisation_id', 'id'])
    op.create_table(
        'report_pieces',
        sa.Column('report_id', sa.Uuid(), nullable=False),
        sa.Column('sha256', ByteOrdered(64), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('data', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name='fk_report_pieces_report_id_reports'),
        sa.PrimaryKeyConstraint('report_id', 'sha256', 'position', name='pk_report_pieces'),
    )


def _words(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=32)


def downgrade() -> None:
    op.drop_table('report_pieces')
    op.drop_table('reports')
