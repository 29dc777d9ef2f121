"""What a host says of photos, and which are in quarantine"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('photo_check_answers',
    sa.Column('trace_id', sa.String(length=128), nullable=False),
    sa.Column('suggest', sa.String(length=16), nullable=False),
    sa.Column('label', sa.Integer(), nullable=True),
    sa.Column('received_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('trace_id', name=op.f('pk_photo_check_answers'))
    )
    op.create_table('photo_checks',
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'passed', 'risky', 'left', 'impossible', 'released', 'confirmed', name='checkstate', native_enum=False, length=32), nullable=False),
    sa.Column('trace_id', sa.String(length=128), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('asked_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('label', sa.Integer(), nullable=True),
    sa.Column('decided_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('reason', app.kernel.db.FreeText(length=400), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_photo_checks_decided_by_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_photo_checks_post_id_posts')),
    sa.PrimaryKeyConstraint('photo_id', name=op.f('pk_photo_checks')),
    sa.UniqueConstraint('trace_id', name=op.f('uq_photo_checks_trace_id'))
    )
    with op.batch_alter_table('photo_checks', schema=None) as batch_op:
        batch_op.create_index('ix_photo_checks_open', ['state'], unique=False, sqlite_where=sa.text("state IN ('asked', 'risky', 'left')"), postgresql_where=sa.text("state IN ('asked', 'risky', 'left')"))

    with op.batch_alter_table('blobs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quarantined_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('blobs', schema=None) as batch_op:
        batch_op.drop_column('quarantined_at')

    with op.batch_alter_table('photo_checks', schema=None) as batch_op:
        batch_op.drop_index('ix_photo_checks_open', sqlite_where=sa.text("state IN ('asked', 'risky', 'left')"), postgresql_where=sa.text("state IN ('asked', 'risky', 'left')"))

    op.drop_table('photo_checks')
    op.drop_table('photo_check_answers')
