"""Dossiers: a half year's papers as one package"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import ByteOrdered, UTCDateTime

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'dossiers',
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('term', sa.String(length=8), nullable=False),
        sa.Column('began_at', UTCDateTime(timezone=True), nullable=False),
        sa.Column('began_by_id', sa.Uuid(), nullable=False),
        sa.Column('job_id', sa.Uuid(), nullable=True),
        sa.Column('made_at', UTCDateTime(timezone=True), nullable=True),
        sa.Column('sha256', ByteOrdered(64), nullable=True),
        sa.Column('bytes', sa.Integer(), nullable=True),
        sa.Column('files', sa.Integer(), nullable=True),
        sa.Column('waiting', sa.Integer(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_dossiers_organisation_id_organisations')),
        sa.ForeignKeyConstraint(['began_by_id'], ['people.id'], name=op.f('fk_dossiers_began_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_dossiers')),
    )
    op.create_index('ix_dossiers_organisation', 'dossiers', ['organisation_id', 'id'])
    op.create_index('ix_dossiers_began', 'dossiers', ['began_at'])
    op.create_table(
        'dossier_pieces',
        sa.Column('dossier_id', sa.Uuid(), nullable=False),
        sa.Column('sha256', ByteOrdered(64), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('data', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_dossier_pieces_dossier_id_dossiers')),
        sa.PrimaryKeyConstraint('dossier_id', 'sha256', 'position', name=op.f('pk_dossier_pieces')),
    )


def downgrade() -> None:
    op.drop_table('dossier_pieces')
    op.drop_table('dossiers')
