"""Imports are listed: for whom, and how many lines came to what"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

COUNTS = ('new_count', 'already_there_count', 'faulty_count')
IMPORTS = sa.table(
    'ticket_imports',
    sa.column('id', sa.Uuid()),
    *(sa.column(name, sa.JSON()) for name in ('rows', 'faults', 'made')),
    *(sa.column(name, sa.Integer()) for name in COUNTS),
)


def upgrade() -> None:
    with op.batch_alter_table('ticket_imports') as table:
        for name in ('organisation_id', 'town_id'):
            table.add_column(sa.Column(name, sa.Uuid(), nullable=True))
            table.create_foreign_key(op.f(f'fk_ticket_imports_{name}_organisations'), 'organisations', [name], ['id'])
        for name in COUNTS:
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
    _count()
    with op.batch_alter_table('ticket_imports') as table:
        for name in COUNTS:
            table.alter_column(name, existing_type=sa.Integer(), nullable=False)


def _count() -> None:
    """What is there already stays its maker's alone: for whom it was made is not known."""
    connection = op.get_bind()
    for found in connection.execute(sa.select(IMPORTS)).all():
        came = [found.made.get(str(row['shown']['line']), row['shown']) for row in found.rows]
        there = sum(bool(one['already_there']) for one in came)
        faulty = len({fault['line'] for fault in found.faults})
        counts = dict(zip(COUNTS, (len(came) - there, there, faulty), strict=True))
        connection.execute(sa.update(IMPORTS).where(IMPORTS.c.id == found.id).values(**counts))


def downgrade() -> None:
    with op.batch_alter_table('ticket_imports') as table:
        for name in ('organisation_id', 'town_id'):
            table.drop_constraint(op.f(f'fk_ticket_imports_{name}_organisations'), type_='foreignkey')
        for name in (*COUNTS, 'organisation_id', 'town_id'):
            table.drop_column(name)
