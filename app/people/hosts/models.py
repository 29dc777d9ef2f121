"""What is kept about host platforms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class HostToken(Base):
    """The access token of an app at its host, shared by every process of the deployment.

    Sealed, so that a copy of the database gives nobody the app. Whoever fetches a new one holds
    `claim` until `claimed_until`: one asks, the others wait.
    """

    __tablename__ = "host_tokens"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    sealed: Mapped[str | None] = mapped_column(Text)
    good_until: Mapped[datetime | None]
    claim: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]
