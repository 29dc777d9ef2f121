"""Assignments: who answers for a place or a line of work"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

INDEXED = ('cell_id', 'compound_id', 'checkpoint_id', 'person_id')


def upgrade() -> None:
    op.create_table(
        'assignments',
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('kind', _words('cell', 'compound', 'checkpoint', 'line', name='assignedkind'), nullable=False),
        sa.Column('cell_id', sa.Uuid(), nullable=True),
        sa.Column('compound_id', sa.Uuid(), nullable=True),
        sa.Column('checkpoint_id', sa.Uuid(), nullable=True),
        sa.Column('word', sa.String(length=32), nullable=True),
        sa.Column('part', _words('lead', 'assistant', name='part'), nullable=False),
        sa.Column('assists_as', _words('cadre', name='assistantkind'), nullable=True),
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('name', sa.String(length=40), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('to_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_assignments_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['cell_id'], ['cells.id'], name='fk_assignments_cell_id_cells'),
        sa.ForeignKeyConstraint(['compound_id'], ['compounds.id'], name='fk_assignments_compound_id_compounds'),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], name='fk_assignments_checkpoint_id_checkpoints'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_assignments_person_id_people'),
        sa.PrimaryKeyConstraint('id', name='pk_assignments'),
    )
    op.create_index('ix_assignments_unit', 'assignments', ['organisation_id', 'kind', 'word'])
    for column in INDEXED:
        op.create_index(f'ix_assignments_{column}', 'assignments', [column])


def _words(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=32)


def downgrade() -> None:
    op.drop_table('assignments')
