"""The thresholds of findings about photos, as dated rows"""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'photo_thresholds',
        sa.Column('figures', sa.JSON(), nullable=False),
        sa.Column('organisation_id', sa.Uuid(), nullable=True),
        sa.Column('version_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('to_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_photo_thresholds_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['version_id'], ['catalogue_versions.id'], name='fk_photo_thresholds_version_id_catalogue_versions'),
        sa.PrimaryKeyConstraint('id', name='pk_photo_thresholds'),
    )


def downgrade() -> None:
    op.drop_table('photo_thresholds')
