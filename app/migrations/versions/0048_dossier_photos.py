"""Photos in a dossier's file, which is not given out when one of them is another"""

import sqlalchemy as sa
from alembic import op

revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is in those made until now is not known; they are kept for a month and made again.
    op.execute('DELETE FROM dossier_pieces')
    op.execute('DELETE FROM dossiers')
    op.create_table(
        'dossier_photos',
        sa.Column('dossier_id', sa.Uuid(), nullable=False),
        sa.Column('photo_id', sa.Uuid(), nullable=False),
        sa.Column('mask_id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_dossier_photos_dossier_id_dossiers')),
        sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name=op.f('fk_dossier_photos_photo_id_photos')),
        sa.PrimaryKeyConstraint('dossier_id', 'photo_id', name=op.f('pk_dossier_photos')),
    )


def downgrade() -> None:
    op.drop_table('dossier_photos')
