"""The table of schemes of assessment, and what an item may be computed from."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.models import Entry
from app.kernel.db import Base


class Subject(StrEnum):
    """Who or what a scheme scores; each is a peer group of its own, and never a person."""

    community = "community"
    village = "village"
    company = "company"
    compound = "compound"


SUBJECT_LABELS = {
    Subject.community: "社区",
    Subject.village: "村",
    Subject.company: "物业公司",
    Subject.compound: "小区",
}


class SchemePeriod(StrEnum):
    """How long a score looks: the monthly dispatch, or the annual appraisal."""

    month = "month"
    year = "year"


SCHEME_PERIOD_LABELS = {SchemePeriod.month: "月调度", SchemePeriod.year: "年度考核"}


class Source(StrEnum):
    """What an item is computed from; the first seven are KPIs of the same name."""

    rectified = "rectified"
    rectified_in_time = "rectified_in_time"
    closed = "closed"
    closed_in_time = "closed_in_time"
    overdue = "overdue"
    reworked = "reworked"
    extended = "extended"
    coverage = "coverage"
    duties = "duties"
    campaigns = "campaigns"
    overdue_cases = "overdue_cases"
    moral_lectures = "moral_lectures"
    awards = "awards"


class Way(StrEnum):
    """How an item scores: a share of its points, points lost by the piece, or points on top."""

    share = "share"
    pieces = "pieces"
    bonus = "bonus"


WAY_LABELS = {Way.share: "按比率得分", Way.pieces: "按件扣分", Way.bonus: "加分"}

WAY_OF = {
    Source.rectified: Way.share,
    Source.rectified_in_time: Way.share,
    Source.closed: Way.share,
    Source.closed_in_time: Way.share,
    Source.overdue: Way.pieces,
    Source.reworked: Way.pieces,
    Source.extended: Way.pieces,
    Source.coverage: Way.share,
    Source.duties: Way.share,
    Source.campaigns: Way.share,
    Source.overdue_cases: Way.pieces,
    Source.moral_lectures: Way.bonus,
    Source.awards: Way.bonus,
}
"""The way is the source's own, never the file's: no slip can make missing more score higher. What
is bad costs by the piece and is no rate, as a rate falls when more of anything is counted."""

KPI_SOURCES = frozenset(list(Source)[:7])
"""The sources that are KPIs."""

SOURCES_OF = {
    Subject.community: frozenset(Source),
    Subject.village: frozenset(Source),
    Subject.company: frozenset(
        {
            Source.rectified,
            Source.rectified_in_time,
            Source.overdue,
            Source.reworked,
            Source.extended,
        }
    ),
    Subject.compound: KPI_SOURCES | {Source.coverage},
}
"""What can be said of each: filing and checking are not a company's, duties not a compound's."""


class AssessmentScheme(Entry, Base):
    """How a peer group is scored: `items` are {source, name, points, each, basis}, points as text
    with two decimals. `red_from` and `black_below` bound the boards; None: there is none."""

    __tablename__ = "assessment_schemes"
    content_columns = (
        "name",
        "subject",
        "period",
        "objection_days",
        "red_from",
        "black_below",
        "items",
    )

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    subject: Mapped[Subject]
    period: Mapped[SchemePeriod]
    objection_days: Mapped[int]
    red_from: Mapped[int | None]
    black_below: Mapped[int | None]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    @property
    def key(self) -> str:
        """The scheme's code."""
        return self.code
