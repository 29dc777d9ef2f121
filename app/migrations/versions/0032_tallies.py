"""The county's figures counted in advance, and a note of every ticket that is written

The database makes the notes itself, so that none is forgotten: whichever release writes, and
however. Batch mode on SQLite makes a table anew and loses its triggers: whoever uses it on tickets
or legs has to call `make_triggers` again.
"""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
NOTED = {'tickets': 'id', 'legs': 'ticket_id'}
MADE_BY = {'INSERT': 'new', 'UPDATE': 'new', 'DELETE': 'old'}


def upgrade() -> None:
    op.create_table(
        'tally_state',
        sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column('rules', sa.String(length=64), nullable=False),
        sa.Column('revision', sa.BigInteger(), nullable=False),
        sa.Column('built', sa.Boolean(), nullable=False),
        sa.Column('walked_to', sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint('id', name='pk_tally_state'),
    )
    op.create_table(
        'uncounted_tickets',
        sa.Column('id', NUMBER, sa.Identity(), nullable=False),
        sa.Column('ticket_id', sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_uncounted_tickets'),
    )
    op.create_table(
        'counted_tickets',
        sa.Column('ticket_id', sa.Uuid(), nullable=False),
        sa.Column('shares', sa.JSON(), nullable=False),
        sa.Column('valid_from', sa.DateTime(timezone=True), nullable=True),
        sa.Column('valid_until', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('ticket_id', name='pk_counted_tickets'),
    )
    for column in ('valid_from', 'valid_until'):
        op.create_index(f'ix_counted_tickets_{column}', 'counted_tickets', [column])
    op.create_table(
        'tallies',
        sa.Column('dimension', sa.String(length=16), nullable=False),
        sa.Column('grain', sa.String(length=8), nullable=False),
        sa.Column('on_day', sa.Date(), nullable=False),
        sa.Column('key', sa.String(length=120), nullable=False),
        sa.Column('counted', sa.String(length=24), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        *(sa.Column(f'count_{number}', sa.Integer(), nullable=False) for number in range(1, 5)),
        sa.PrimaryKeyConstraint('dimension', 'grain', 'on_day', 'key', 'counted', name='pk_tallies'),
    )
    op.execute("INSERT INTO tally_state (id, rules, revision, built) VALUES (1, '', 0, false)")
    make_triggers()


def make_triggers() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        _make_on_postgresql()
        return
    for table, column in NOTED.items():
        for action, row in MADE_BY.items():
            op.execute(
                f'CREATE TRIGGER {table}_noted_{action.lower()} AFTER {action} ON {table}'
                f' BEGIN INSERT INTO uncounted_tickets (ticket_id) VALUES ({row}.{column}); END'
            )


def _make_on_postgresql() -> None:
    for table, column in NOTED.items():
        op.execute(
            f'CREATE FUNCTION note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
            f" IF TG_OP = 'DELETE' THEN INSERT INTO uncounted_tickets (ticket_id) VALUES (OLD.{column});"
            f' ELSE INSERT INTO uncounted_tickets (ticket_id) VALUES (NEW.{column}); END IF;'
            ' RETURN NULL; END $$'
        )
        op.execute(
            f'CREATE TRIGGER {table}_noted AFTER INSERT OR UPDATE OR DELETE ON {table}'
            f' FOR EACH ROW EXECUTE FUNCTION note_{table}()'
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        for table in NOTED:
            op.execute(f'DROP TRIGGER {table}_noted ON {table}')
            op.execute(f'DROP FUNCTION note_{table}()')
    else:
        for table in NOTED:
            for action in MADE_BY:
                op.execute(f'DROP TRIGGER {table}_noted_{action.lower()}')
    for table in ('tallies', 'counted_tickets', 'uncounted_tickets', 'tally_state'):
        op.drop_table(table)
