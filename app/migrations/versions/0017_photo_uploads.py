"""Uploads that were begun with an address"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'photo_uploads',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column('photo_id', sa.Uuid(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_photo_uploads_person_id_people'),
        sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name='fk_photo_uploads_photo_id_photos'),
        sa.PrimaryKeyConstraint('id', name='pk_photo_uploads'),
    )
    op.create_index('ix_photo_uploads_created_at', 'photo_uploads', ['created_at'])
    op.create_index('ix_photo_uploads_photo_id', 'photo_uploads', ['photo_id'])


def downgrade() -> None:
    op.drop_table('photo_uploads')
