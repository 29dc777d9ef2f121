"""How the items of checklists stand, and every look that said so"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = app.kernel.db.UTCDateTime(timezone=True)
    op.create_table(
        'checklist_items',
        sa.Column('checklist', sa.String(length=40), nullable=False),
        sa.Column('item', sa.String(length=40), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('present', sa.Boolean(), nullable=False),
        sa.Column('seen_on', sa.Date(), nullable=False),
        sa.Column('seen_at', instant, nullable=False),
        sa.Column('ticket_id', sa.Uuid(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_checklist_items_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name='fk_checklist_items_ticket_id_tickets'),
        sa.PrimaryKeyConstraint('id', name='pk_checklist_items'),
        sa.UniqueConstraint('site_id', 'checklist', 'item', name='uq_checklist_items_site_id_checklist_item'),
    )
    op.create_index('ix_checklist_items_organisation_id', 'checklist_items', ['organisation_id'])
    op.create_index('ix_checklist_items_ticket_id', 'checklist_items', ['ticket_id'])
    op.create_table(
        'checklist_looks',
        sa.Column('checklist', sa.String(length=40), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('items', sa.JSON(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('post_id', sa.Uuid(), nullable=False),
        sa.Column('occurred_at', instant, nullable=False),
        sa.Column('received_at', instant, nullable=False),
        sa.Column('clock_offset_s', sa.Double(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_checklist_looks_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_checklist_looks_person_id_people'),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name='fk_checklist_looks_post_id_posts'),
        sa.PrimaryKeyConstraint('id', name='pk_checklist_looks'),
    )
    op.create_index('ix_checklist_looks_site', 'checklist_looks', ['site_id', 'checklist', 'id'])


def downgrade() -> None:
    op.drop_table('checklist_looks')
    op.drop_table('checklist_items')
