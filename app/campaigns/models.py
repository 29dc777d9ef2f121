"""The tables of campaigns."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.rules import Step
from app.catalogue.models import Action
from app.grid.models import Area, Compound
from app.kernel.db import Base, ByteOrdered, FreeText, Identified

_WHOLE = text("area IS NULL AND dropped_at IS NULL")
_PART = text("area IS NOT NULL AND dropped_at IS NULL")
_STANDING = text("withdrawn_at IS NULL")


class Campaign(Identified, Base):
    """What a community takes on in a month (`2026-11`): a compound, or one area of it.

    `town_id` and `community_id` are those of the compound when it was planned. `completed_on` is
    the day of the last step of the last action; None while something is left.
    """

    __tablename__ = "campaigns"

    town_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    compound_id: Mapped[UUID] = mapped_column(ForeignKey("compounds.id"))
    area: Mapped[Area | None]
    month: Mapped[str] = mapped_column(ByteOrdered(7))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    planned_at: Mapped[datetime]
    completed_on: Mapped[date | None]
    dropped_at: Mapped[datetime | None]
    dropped_because: Mapped[str | None] = mapped_column(FreeText)

    compound: Mapped[Compound] = relationship(viewonly=True)
    steps: Mapped[list["CampaignStep"]] = relationship(
        back_populates="campaign", order_by="CampaignStep.id"
    )

    __table_args__ = (
        Index(
            "uq_campaigns_compound",
            "compound_id",
            "month",
            unique=True,
            sqlite_where=_WHOLE,
            postgresql_where=_WHOLE,
        ),
        Index(
            "uq_campaigns_area",
            "compound_id",
            "month",
            "area",
            unique=True,
            sqlite_where=_PART,
            postgresql_where=_PART,
        ),
        Index("ix_campaigns_town_month", "town_id", "month"),
        Index("ix_campaigns_community_month", "community_id", "month"),
    )


class CampaignStep(Identified, Base):
    """One step of one action: when, with what proof. Appended; one taken back stays readable."""

    __tablename__ = "campaign_steps"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    action: Mapped[Action]
    step: Mapped[Step]
    done_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(FreeText)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship(back_populates="steps")
    photos: Mapped[list["CampaignPhoto"]] = relationship(order_by="CampaignPhoto.sequence")

    __table_args__ = (
        Index(
            "uq_campaign_steps_standing",
            "campaign_id",
            "action",
            "step",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )


class CampaignPhoto(Base):
    """A photo that proves a step."""

    __tablename__ = "campaign_photos"

    step_id: Mapped[UUID] = mapped_column(ForeignKey("campaign_steps.id"), primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    sequence: Mapped[int]

    __table_args__ = (Index("ix_campaign_photos_photo", "photo_id"),)
