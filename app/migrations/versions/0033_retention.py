"""For how long photos are kept, what is held, and which were purged"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

USES = ('unused', 'ticket', 'campaign', 'duty_record')


def upgrade() -> None:
    instant = app.kernel.db.UTCDateTime(timezone=True)
    op.add_column('photos', sa.Column('purged_at', instant, nullable=True))
    op.add_column('blobs', sa.Column('purged_at', instant, nullable=True))
    op.add_column('blobs', sa.Column('files_gone', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('photo_removals', sa.Column('rule', sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        'retention_periods',
        sa.Column('kept_as', sa.Enum(*USES, name='keptas', native_enum=False, length=32), nullable=False),
        sa.Column('days', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Uuid(), nullable=True),
        sa.Column('version_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('to_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_retention_periods_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['version_id'], ['catalogue_versions.id'], name='fk_retention_periods_version_id_catalogue_versions'),
        sa.PrimaryKeyConstraint('id', name='pk_retention_periods'),
    )
    op.create_table(
        'photo_holds',
        sa.Column('ticket_id', sa.Uuid(), nullable=True),
        sa.Column('photo_id', sa.Uuid(), nullable=True),
        sa.Column('town_id', sa.Uuid(), nullable=True),
        sa.Column('reason', sa.String(length=400), nullable=False),
        sa.Column('from_at', instant, nullable=False),
        sa.Column('to_at', instant, nullable=True),
        sa.Column('made_by_id', sa.Uuid(), nullable=False),
        sa.Column('post_id', sa.Uuid(), nullable=False),
        sa.Column('released_at', instant, nullable=True),
        sa.Column('released_by_id', sa.Uuid(), nullable=True),
        sa.Column('release_reason', sa.String(length=400), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.CheckConstraint('(ticket_id IS NULL) <> (photo_id IS NULL)', name=op.f('ck_photo_holds_one_subject')),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name='fk_photo_holds_ticket_id_tickets'),
        sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name='fk_photo_holds_photo_id_photos'),
        sa.ForeignKeyConstraint(['town_id'], ['organisations.id'], name='fk_photo_holds_town_id_organisations'),
        sa.ForeignKeyConstraint(['made_by_id'], ['people.id'], name='fk_photo_holds_made_by_id_people'),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name='fk_photo_holds_post_id_posts'),
        sa.ForeignKeyConstraint(['released_by_id'], ['people.id'], name='fk_photo_holds_released_by_id_people'),
        sa.PrimaryKeyConstraint('id', name='pk_photo_holds'),
    )
    op.create_index('ix_photo_holds_ticket', 'photo_holds', ['ticket_id'])
    op.create_index('ix_photo_holds_photo', 'photo_holds', ['photo_id'])


def downgrade() -> None:
    op.drop_table('photo_holds')
    op.drop_table('retention_periods')
    op.drop_column('photo_removals', 'rule')
    op.drop_column('blobs', 'files_gone')
    op.drop_column('blobs', 'purged_at')
    op.drop_column('photos', 'purged_at')
