"""Facts for figures, and months frozen

When a report was first decided on is told by its timeline. Whether that was in time is told by the
clock of filing, which an accepted send-back starts anew: where it did, and the report had waited,
it stays unknown.
"""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FIRST_DECIDED = """
    UPDATE tickets SET filed_at = (
        SELECT event.at FROM ticket_events AS event
        WHERE event.ticket_id = tickets.id
        AND (event.from_state IS NULL OR event.from_state = 'reported')
        AND event.to_state NOT IN ('reported', 'withdrawn')
        ORDER BY event.sequence LIMIT 1
    )
"""
IN_TIME = """
    UPDATE tickets SET filed_in_time = CASE
        WHEN filed_at = reported_at THEN :yes
        WHEN filing_restarted_at IS NULL THEN filed_at <= filing_due_at
    END
    WHERE filed_at IS NOT NULL
"""
KPIS = (
    'rectified', 'rectified_in_time', 'closed', 'closed_in_time', 'reworked', 'extended',
    'overdue', 'filed_in_time', 'filed_accurately', 'valid_reports', 'closed_same_day',
)  # fmt: skip


def upgrade() -> None:
    instant = app.kernel.db.UTCDateTime(timezone=True)
    op.add_column("tickets", sa.Column("filed_at", instant, nullable=True))
    op.add_column("tickets", sa.Column("filed_in_time", sa.Boolean(), nullable=True))
    op.execute(FIRST_DECIDED)
    op.execute(sa.text(IN_TIME).bindparams(sa.bindparam("yes", True, sa.Boolean())))
    _make_composite_parts()
    _make_freezes(instant)


def _make_composite_parts() -> None:
    kpi = sa.Enum(*KPIS, name="kpicode", native_enum=False, length=32)
    op.create_table(
        "composite_parts",
        sa.Column("kpi", kpi, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_composite_parts_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["catalogue_versions.id"],
            name=op.f("fk_composite_parts_version_id_catalogue_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_composite_parts")),
    )


def _make_freezes(instant: app.kernel.db.UTCDateTime) -> None:
    op.create_table(
        "kpi_freezes",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("month", app.kernel.db.ByteOrdered(length=7), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.Column("frozen_at", instant, nullable=False),
        sa.Column("frozen_by_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_kpi_freezes_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"], ["people.id"], name=op.f("fk_kpi_freezes_frozen_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_kpi_freezes_post_id_posts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_freezes")),
        sa.UniqueConstraint(
            "organisation_id",
            "month",
            "sequence",
            name=op.f("uq_kpi_freezes_organisation_id_month_sequence"),
        ),
    )


def downgrade() -> None:
    op.drop_table("kpi_freezes")
    op.drop_table("composite_parts")
    op.drop_column("tickets", "filed_in_time")
    op.drop_column("tickets", "filed_at")
