"""What a host says of texts, and which are hidden"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('text_checks',
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('state', sa.Enum('asked', 'passed', 'risky', 'left', 'impossible', 'released', 'confirmed', name='checkstate', native_enum=False, length=32), nullable=False),
    sa.Column('said', sa.Text(), nullable=True),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('town_id', sa.Uuid(), nullable=True),
    sa.Column('written_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('asked_at', app.kernel.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('trace_id', sa.String(length=128), nullable=True),
    sa.Column('label', sa.Integer(), nullable=True),
    sa.Column('decided_at', app.kernel.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('reason', app.kernel.db.FreeText(length=400), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_text_checks_decided_by_id_people')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_text_checks_person_id_people')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_text_checks_post_id_posts')),
    sa.ForeignKeyConstraint(['town_id'], ['organisations.id'], name=op.f('fk_text_checks_town_id_organisations')),
    sa.PrimaryKeyConstraint('mark', name=op.f('pk_text_checks'))
    )
    with op.batch_alter_table('text_checks', schema=None) as batch_op:
        batch_op.create_index('ix_text_checks_asked_at', ['asked_at'], unique=False)
        batch_op.create_index('ix_text_checks_open', ['state'], unique=False, sqlite_where=sa.text("state NOT IN ('passed', 'impossible')"), postgresql_where=sa.text("state NOT IN ('passed', 'impossible')"))


def downgrade() -> None:
    op.drop_table('text_checks')
