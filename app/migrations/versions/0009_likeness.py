"""What photos look like

Blobs that are there already have no hashes yet: `flask photos rehash` makes them.
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

COUNTED = (
    'UPDATE blobs SET number = counted.number FROM (SELECT sha256,'
    ' row_number() OVER (ORDER BY stored_at, sha256) AS number FROM blobs) AS counted'
    ' WHERE counted.sha256 = blobs.sha256'
)


def upgrade() -> None:
    op.add_column('blobs', sa.Column('number', sa.Integer(), nullable=True))
    op.add_column('blobs', sa.Column('arrivals', sa.Integer(), nullable=False, server_default='1'))
    op.add_column('blobs', sa.Column('hash_version', sa.SmallInteger(), nullable=True))
    op.add_column('blobs', sa.Column('low_detail', sa.Boolean(), nullable=True))
    op.add_column('blobs', sa.Column('fine_hash', sa.LargeBinary(length=32), nullable=True))
    op.execute(COUNTED)
    with op.batch_alter_table('blobs') as batch_op:
        batch_op.alter_column('number', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('arrivals', existing_type=sa.Integer(), server_default=None)
        batch_op.create_unique_constraint(op.f('uq_blobs_number'), ['number'])
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('CREATE SEQUENCE blob_numbers')
        op.execute("SELECT setval('blob_numbers', max(number)) FROM blobs")
    _create_hashes()
    op.create_table(
        'alike_pairs',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('other', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('distance', sa.SmallInteger(), nullable=False),
        sa.Column('whole_distance', sa.SmallInteger(), nullable=False),
        sa.Column('fine_distance', sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(['number'], ['blobs.number'], name=op.f('fk_alike_pairs_number_blobs'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['other'], ['blobs.number'], name=op.f('fk_alike_pairs_other_blobs'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('number', 'other', name=op.f('pk_alike_pairs')),
    )
    op.create_index(op.f('ix_alike_pairs_other'), 'alike_pairs', ['other'])


def _create_hashes() -> None:
    op.create_table(
        'picture_hashes',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('part', sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column('hash', sa.BigInteger(), nullable=False),
        sa.Column('key_a', sa.Integer(), nullable=False),
        sa.Column('key_b', sa.Integer(), nullable=False),
        sa.Column('key_c', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['number'], ['blobs.number'], name=op.f('fk_picture_hashes_number_blobs'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('number', 'part', name=op.f('pk_picture_hashes')),
        sqlite_with_rowid=False,
    )
    for key in ('key_a', 'key_b', 'key_c'):
        op.create_index(
            f'ix_picture_hashes_{key}', 'picture_hashes', [key, 'hash'],
            postgresql_include=['number', 'part'],
        )


def downgrade() -> None:
    op.drop_table('alike_pairs')
    op.drop_table('picture_hashes')
    with op.batch_alter_table('blobs') as batch_op:
        batch_op.drop_constraint(op.f('uq_blobs_number'), type_='unique')
        for name in ('fine_hash', 'low_detail', 'hash_version', 'arrivals', 'number'):
            batch_op.drop_column(name)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP SEQUENCE blob_numbers')
