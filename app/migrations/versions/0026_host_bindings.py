"""Who somebody at a host is here, and consents to the privacy guide"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UTCDateTime

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

OPEN = sa.text('ended_at IS NULL')


def upgrade() -> None:
    op.create_table(
        'host_bindings',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('host', sa.String(length=16), nullable=False),
        sa.Column('tenant', sa.String(length=64), nullable=False),
        sa.Column('subject', sa.String(length=128), nullable=False),
        sa.Column('bound_at', UTCDateTime(), nullable=False),
        sa.Column('ended_at', UTCDateTime(), nullable=True),
        sa.Column('ended_by_id', sa.Uuid(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_host_bindings_person_id_people'),
        sa.ForeignKeyConstraint(['ended_by_id'], ['people.id'], name='fk_host_bindings_ended_by_id_people'),
        sa.PrimaryKeyConstraint('id', name='pk_host_bindings'),
    )
    op.create_index('ix_host_bindings_person_id', 'host_bindings', ['person_id'])
    for name, columns in (('subject', ['host', 'tenant', 'subject']), ('person', ['person_id', 'host', 'tenant'])):
        op.create_index(f'uq_host_bindings_{name}', 'host_bindings', columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        'privacy_consents',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.String(length=32), nullable=False),
        sa.Column('given_at', UTCDateTime(), nullable=False),
        sa.Column('withdrawn_at', UTCDateTime(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_privacy_consents_person_id_people'),
        sa.PrimaryKeyConstraint('id', name='pk_privacy_consents'),
    )
    op.create_index('ix_privacy_consents_person', 'privacy_consents', ['person_id', 'version'])


def downgrade() -> None:
    op.drop_table('privacy_consents')
    op.drop_table('host_bindings')
