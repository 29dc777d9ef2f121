"""What proves that two databases hold the same."""

from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.orm import aliased

from app.engines.tables import batches, digest_of, moving_tables

_MODULUS = 1 << 256


@dataclass(frozen=True)
class Sum:
    """How many rows a table has, and the sum of what stands for each, whatever their order."""

    rows: int
    digest: int


def sum_of(connection: Connection, table: Table) -> Sum:
    """Count and digest of a table; every row is read."""
    count, total = 0, 0
    for rows in batches(connection, table):
        count += len(rows)
        total = (total + sum(digest_of(row) for row in rows)) % _MODULUS
    return Sum(count, total)


def unequal_tables(source: Connection, target: Connection) -> list[str]:
    """What differs between two databases, a line for each table: its count or what its rows say."""
    faults = []
    for table in moving_tables():
        here, there = sum_of(source, table), sum_of(target, table)
        if here.rows != there.rows:
            faults.append(f"{table.name}：原有 {here.rows} 行，目标 {there.rows} 行")
        elif here != there:
            faults.append(f"{table.name}：行数相同，内容不同")
    return faults


def broken_references(connection: Connection) -> list[str]:
    """Rows that name rows which are not there, a line for each foreign key that has any."""
    faults = []
    for table in moving_tables():
        for key in table.foreign_keys:
            child, parent = key.parent, key.column
            named = aliased(parent.table)
            there = select(1).where(named.c[parent.name] == child).exists()
            asked = select(func.count()).select_from(table).where(child.is_not(None), ~there)
            if count := connection.scalar(asked):
                faults.append(f"{table.name}.{child.name}：{count} 行所指的不在")
    return faults


def set_sequences(target: Connection) -> None:
    """What PostgreSQL counts by itself goes on after the highest number there is."""
    if target.dialect.name != "postgresql":
        return
    target.execute(text("SELECT setval('blob_numbers', max(number)) FROM blobs"))
    for table in moving_tables():
        for column in table.primary_key:
            owned = select(func.pg_get_serial_sequence(table.name, column.name))
            sequence = target.scalar(owned)
            if sequence is not None:
                target.execute(select(func.setval(sequence, func.max(column))))
    target.execute(text("ANALYZE"))
