"""Later verdicts on photos by themselves, and what was asked to be judged anew"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None

VERDICTS = ('consistent', 'needs_review', 'contradicted')
WHY = ('retouched', 'rejudged', 'rehashed', 'located')


def upgrade() -> None:
    verdict = sa.Enum(*VERDICTS, name='verdict', native_enum=False, length=32)
    op.create_table(
        'photo_judgements',
        sa.Column('photo_id', sa.Uuid(), nullable=False),
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('town_id', sa.Uuid(), nullable=True),
        sa.Column('judged_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column('judged_for', sa.Enum(*WHY, name='judgedfor', native_enum=False, length=32), nullable=False),
        sa.Column('rule_version', sa.String(length=40), nullable=False),
        sa.Column('verdict_before', verdict, nullable=False),
        sa.Column('verdict', verdict, nullable=False),
        sa.Column('findings_before', sa.JSON(), nullable=False),
        sa.Column('findings', sa.JSON(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('record_state', sa.SmallInteger(), nullable=False, server_default='0'),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_photo_judgements_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['town_id'], ['organisations.id'], name='fk_photo_judgements_town_id_organisations'),
        sa.PrimaryKeyConstraint('id', name='pk_photo_judgements'),
    )
    op.create_index('ix_photo_judgements_photo_id', 'photo_judgements', ['photo_id'])
    waits = sa.text('record_state < 2')
    op.create_index('ix_photo_judgements_waiting', 'photo_judgements', ['judged_at', 'id'], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        'rejudgings',
        sa.Column('asked_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('rule_version', sa.String(length=40), nullable=False),
        sa.Column('town_id', sa.Uuid(), nullable=True),
        sa.Column('from_on', sa.Date(), nullable=True),
        sa.Column('to_on', sa.Date(), nullable=True),
        sa.Column('after_id', sa.Uuid(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('photos', sa.Integer(), nullable=False),
        sa.Column('uses', sa.Integer(), nullable=False),
        sa.Column('left_out', sa.Integer(), nullable=False),
        sa.Column('changes', sa.JSON(), nullable=False),
        sa.Column('ended_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['town_id'], ['organisations.id'], name='fk_rejudgings_town_id_organisations'),
        sa.PrimaryKeyConstraint('id', name='pk_rejudgings'),
    )


def downgrade() -> None:
    op.drop_table('rejudgings')
    op.drop_table('photo_judgements')
