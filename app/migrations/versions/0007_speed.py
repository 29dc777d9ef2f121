"""Indexes and words for quick lists

What is searched in the description of a ticket is found by its pairs of characters: on SQLite a
full-text table that a trigger fills, on PostgreSQL an index over a function. Both would be lost if
a later revision recreated the table `tickets` on SQLite (alembic's batch mode does): it would have
to make the trigger and the statistics again.
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

INDEXES = {
    'ix_tickets_reported': ['reported_at', 'id'],
    'ix_tickets_due': ['due_at', 'id'],
    'ix_tickets_updated': ['updated_at', 'id'],
    'ix_tickets_state_reported': ['state', 'reported_at', 'id'],
    'ix_tickets_category_reported': ['category_code', 'reported_at', 'id'],
    'ix_tickets_town_state_reported': ['town_id', 'state', 'reported_at', 'id'],
    'ix_tickets_community_state_reported': ['community_id', 'state', 'reported_at', 'id'],
    'ix_tickets_responsible_state_reported': ['responsible_id', 'state', 'reported_at', 'id'],
    'ix_tickets_reporter_state_reported': ['reporter_id', 'state', 'reported_at', 'id'],
    'ix_tickets_compound_reported': ['compound_id', 'reported_at', 'id'],
}

# Rows in all, then rows to each prefix of the index: what ANALYZE would find in a county of two
# townships after two years. SQLite plans by it from the first ticket on; ANALYZE replaces it.
STATISTICS = {
    'ix_tickets_reported': '100000 1 1',
    'ix_tickets_due': '100000 2 1',
    'ix_tickets_updated': '100000 1 1',
    'ix_tickets_state_reported': '100000 11000 1 1',
    'ix_tickets_category_reported': '100000 4000 1 1',
    'ix_tickets_town_reported': '100000 50000 1 1',
    'ix_tickets_town_state_reported': '100000 50000 5600 1 1',
    'ix_tickets_town_state_due': '100000 50000 5600 2 1',
    'ix_tickets_town_category_lat': '100000 50000 2000 1',
    'ix_tickets_town_updated': '100000 50000 1 1',
    'ix_tickets_community_reported': '100000 1400 1 1',
    'ix_tickets_community_state_reported': '100000 1400 200 1 1',
    'ix_tickets_responsible_reported': '100000 2500 1 1',
    'ix_tickets_responsible_state_reported': '100000 2500 500 1 1',
    'ix_tickets_responsible_state_due': '100000 2500 500 2 1',
    'ix_tickets_reporter_reported': '100000 1300 1 1',
    'ix_tickets_reporter_state_reported': '100000 1300 200 1 1',
    'ix_tickets_cell_reported': '100000 350 1 1',
    'ix_tickets_compound_reported': '100000 400 1 1',
    'ix_tickets_compound_category': '100000 400 15',
    'ix_tickets_second_look': '1000 500 1 1',
    'sqlite_autoindex_tickets_1': '100000 1',
    'sqlite_autoindex_tickets_2': '100000 1',
}
LEG_STATISTICS = {
    'ix_legs_organisation_ticket': '110000 2500 1',
    'ix_legs_left': '3000 70 1',
}

# Each pair of neighbouring characters as one word: their bytes in hex, so that no tokenizer has an
# opinion about them. The list of zeros is only there to be counted.
PAIRS = """(
    SELECT group_concat(hex(substr(text, key + 1, 2)), ' ')
    FROM (SELECT lower({text}) AS text),
        json_each('[' || substr(replace(hex(zeroblob(length(text) - 1)), '00', ',0'), 2) || ']')
)"""


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, 'tickets', columns)
    left = sa.text('as_left IS NOT NULL')
    columns = ['organisation_id', 'ticket_id']
    op.create_index('ix_legs_left', 'legs', columns, sqlite_where=left, postgresql_where=left)
    if op.get_bind().dialect.name == 'postgresql':
        _index_pairs_on_postgresql()
    else:
        _index_pairs_on_sqlite()
        _write_statistics()


def _index_pairs_on_postgresql() -> None:
    op.execute(
        'CREATE FUNCTION ticket_pairs(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT'
        ' PARALLEL SAFE COST 1000 AS $$ SELECT coalesce(array_agg(DISTINCT substr(lower($1), place, 2)), '
        "'{}') FROM generate_series(1, length($1) - 1) AS place $$"
    )
    op.execute('CREATE INDEX ix_tickets_pairs ON tickets USING gin (ticket_pairs(description))')
    # Numbers are searched by how they begin, whatever the collation of the database.
    op.execute('CREATE INDEX ix_tickets_number_begins ON tickets (number text_pattern_ops)')


def _index_pairs_on_sqlite() -> None:
    op.execute(
        'CREATE VIRTUAL TABLE ticket_words USING fts5('
        "words, ticket_id UNINDEXED, tokenize='ascii', detail='none', columnsize=0)"
    )
    # Merging less often costs reading nothing that could be noticed.
    op.execute("INSERT INTO ticket_words (ticket_words, rank) VALUES ('automerge', 8)")
    known = PAIRS.format(text='tickets.description')
    op.execute(
        f'INSERT INTO ticket_words (words, ticket_id) SELECT {known}, id FROM tickets'
        ' WHERE length(description) > 1 ORDER BY reported_at, id'
    )
    fresh = PAIRS.format(text='new.description')
    op.execute(
        'CREATE TRIGGER tickets_words AFTER INSERT ON tickets WHEN length(new.description) > 1'
        f' BEGIN INSERT INTO ticket_words (words, ticket_id) VALUES ({fresh}, new.id); END'
    )


def _write_statistics() -> None:
    # The table of statistics is made by the first ANALYZE.
    op.execute('ANALYZE tickets')
    op.execute("DELETE FROM sqlite_stat1 WHERE tbl IN ('tickets', 'legs')")
    row = sa.text('INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)')
    for tbl, found in (('tickets', STATISTICS), ('legs', LEG_STATISTICS)):
        for idx, stat in found.items():
            op.get_bind().execute(row, {'tbl': tbl, 'idx': idx, 'stat': stat})
    op.execute('ANALYZE sqlite_schema')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_index('ix_tickets_number_begins', 'tickets')
        op.execute('DROP INDEX ix_tickets_pairs')
        op.execute('DROP FUNCTION ticket_pairs(text)')
    else:
        op.execute('DROP TRIGGER tickets_words')
        op.execute('DROP TABLE ticket_words')
        op.execute("DELETE FROM sqlite_stat1 WHERE tbl IN ('tickets', 'legs')")
    op.drop_index('ix_legs_left', 'legs')
    for name in INDEXES:
        op.drop_index(name, 'tickets')
