"""Masks of photos, who wants them outside of the office, and who looked at what is sealed"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = app.kernel.db.UTCDateTime(timezone=True)
    op.add_column('blobs', sa.Column('mask_id', sa.Uuid(), nullable=True))
    op.add_column('blobs', sa.Column('masked_display_sha256', sa.String(length=64), nullable=True))
    op.add_column('blobs', sa.Column('masked_thumb_sha256', sa.String(length=64), nullable=True))
    op.create_table(
        'photo_masks',
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('decision', _words('masked', 'clear', name='maskdecision'), nullable=False),
        sa.Column('boxes', sa.JSON(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('made_at', instant, nullable=False),
        sa.Column('made_by_id', sa.Uuid(), nullable=False),
        sa.Column('post_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['sha256'], ['blobs.sha256'], name='fk_photo_masks_sha256_blobs'),
        sa.ForeignKeyConstraint(['made_by_id'], ['people.id'], name='fk_photo_masks_made_by_id_people'),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name='fk_photo_masks_post_id_posts'),
        sa.PrimaryKeyConstraint('id', name='pk_photo_masks'),
        sa.UniqueConstraint('sha256', 'version', name='uq_photo_masks_sha256_version'),
    )
    op.create_table(
        'photos_wanted',
        sa.Column('photo_id', sa.Uuid(), nullable=False),
        sa.Column('ticket_id', sa.Uuid(), nullable=False),
        sa.Column('purpose', _words('bulletin', 'package', 'notice', 'sheet', name='purpose'), nullable=False),
        sa.Column('report_id', sa.Uuid(), nullable=True),
        sa.Column('wanted_at', instant, nullable=False),
        sa.Column('wanted_by_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name='fk_photos_wanted_photo_id_photos'),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name='fk_photos_wanted_ticket_id_tickets'),
        sa.ForeignKeyConstraint(['wanted_by_id'], ['people.id'], name='fk_photos_wanted_wanted_by_id_people'),
        sa.PrimaryKeyConstraint('id', name='pk_photos_wanted'),
    )
    op.create_index('ix_photos_wanted_photo', 'photos_wanted', ['photo_id'])
    op.create_index('ix_photos_wanted_ticket', 'photos_wanted', ['ticket_id'])
    op.create_index('ix_photos_wanted_report', 'photos_wanted', ['report_id'])
    op.create_table(
        'photo_looks',
        sa.Column('photo_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(length=32), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('looked_at', instant, nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_photo_looks_person_id_people'),
        sa.PrimaryKeyConstraint('id', name='pk_photo_looks'),
    )
    op.create_index('ix_photo_looks_photo', 'photo_looks', ['photo_id', 'id'])


def _words(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=32)


def downgrade() -> None:
    op.drop_table('photo_looks')
    op.drop_table('photos_wanted')
    op.drop_table('photo_masks')
    op.drop_column('blobs', 'masked_thumb_sha256')
    op.drop_column('blobs', 'masked_display_sha256')
    op.drop_column('blobs', 'mask_id')
