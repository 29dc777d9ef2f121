"""Facts about this deployment, one named text each: what it holds, not what it does."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Base

DEMONSTRATION = "demonstration"
"""Set when the demonstration township was loaded: such a database serves its own machine only."""

LAST_BACKUP = "last_backup"
"""When the last backup of the embedded default was whole (RFC 3339)."""

REMINDED_SINCE = "reminded_since"
"""From when on people are reminded of limits (RFC 3339): what was late before is not told."""

WEEK_SUMMED_UP = "week_summed_up"
"""The last ISO week of which leads were told how it went."""

INSTALLATION = "installation"
"""What tells this installation from every other; made when it is first moved."""

MOVING = "moving"
"""Set in a database that another installation is being moved into, until it is whole."""

MOVED_TO = "moved_to"
"""Set in a database whose installation was moved: where to. Nobody serves it any more."""


class DeploymentFact(Base):
    """A named fact about the deployment."""

    __tablename__ = "deployment_facts"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(String(400))


def deployment_fact(session: Session, name: str) -> str | None:
    """What is recorded under a name, or None."""
    row = session.get(DeploymentFact, name)
    return None if row is None else row.value


def record_fact(session: Session, name: str, value: str) -> None:
    """Record a fact, in place of what was recorded under the name before."""
    session.merge(DeploymentFact(name=name, value=value))
