"""The dictionary of the desk grid, and titles of units"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

UNITS = (
    'town', 'community', 'resettlement_village', 'village', 'civilised_community',
    'civilised_village', 'waste_pilot', 'compound',
)
DONE_BY = ('lead', 'warden', 'supervisor')


def upgrade() -> None:
    _make_entries('duties', *_duty_columns())
    _make_entries(
        'record_kinds',
        sa.Column('quantity_name', sa.String(length=40), nullable=True),
        sa.Column('needs_photo', sa.Boolean(), nullable=False),
        sa.Column('needs_link', sa.Boolean(), nullable=False),
    )
    _make_entries(
        'festivals',
        sa.Column('family', sa.String(length=32), nullable=False),
        sa.Column('fixed', sa.String(length=5), nullable=True),
        sa.Column('dates', sa.JSON(), nullable=False),
        sa.Column('before', sa.Integer(), nullable=False),
        sa.Column('after', sa.Integer(), nullable=False),
    )
    _make_entries(
        'checklists',
        sa.Column('section', sa.String(length=8), nullable=False),
        sa.Column('site', _words('sitekind', 'unit', 'compound', 'square'), nullable=False),
        sa.Column('units', sa.JSON(), nullable=False),
        sa.Column('items', sa.JSON(), nullable=False),
        sa.Column('category', sa.String(length=16), nullable=True),
    )
    op.create_table(
        'unit_titles',
        sa.Column('organisation_id', sa.Uuid(), nullable=False),
        sa.Column('title', _words('unitkind', *UNITS), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('to_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_unit_titles_organisation_id_organisations'),
        sa.PrimaryKeyConstraint('id', name='pk_unit_titles'),
    )
    op.create_index('ix_unit_titles_organisation_id', 'unit_titles', ['organisation_id'])


def _duty_columns() -> list[sa.Column]:
    periods = ('week', 'month', 'quarter', 'half_year', 'year', 'term', 'festival')
    return [
        sa.Column('section', sa.String(length=8), nullable=False),
        sa.Column('period', _words('periodkind', *periods), nullable=False),
        sa.Column('line', _words('line', 'publicity', 'paperwork', 'venues', 'environment'), nullable=False),
        sa.Column('done_by', _words('doneby', *DONE_BY), nullable=False),
        sa.Column('checked_by', _words('doneby', *DONE_BY), nullable=True),
        sa.Column('derived', _words('derived', 'weekly_rounds', 'same_day', 'assignments'), nullable=True),
        sa.Column('measure', _words('measure', 'records', 'total', 'largest'), nullable=False),
        sa.Column('kinds', sa.JSON(), nullable=False),
        sa.Column('quotas', sa.JSON(), nullable=False),
        sa.Column('reviewed', sa.Boolean(), nullable=False),
        sa.Column('scored', sa.Boolean(), nullable=False),
        sa.Column('due', sa.String(length=5), nullable=True),
        sa.Column('term_from', sa.Integer(), nullable=True),
        sa.Column('festivals', sa.String(length=32), nullable=True),
    ]


def _make_entries(name: str, *columns: sa.Column) -> None:
    """A table of dated rows of the catalogue."""
    op.create_table(
        name,
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        *columns,
        sa.Column('organisation_id', sa.Uuid(), nullable=True),
        sa.Column('version_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('to_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=f'fk_{name}_organisation_id_organisations'),
        sa.ForeignKeyConstraint(['version_id'], ['catalogue_versions.id'], name=f'fk_{name}_version_id_catalogue_versions'),
        sa.PrimaryKeyConstraint('id', name=f'pk_{name}'),
    )


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=32)


def downgrade() -> None:
    for name in ('unit_titles', 'checklists', 'festivals', 'record_kinds', 'duties'):
        op.drop_table(name)
