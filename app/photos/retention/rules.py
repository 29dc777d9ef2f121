"""When a photo may go: pure, given what needs it and the periods in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.catalogue.models import KeptAs
from app.catalogue.retention import Period


@dataclass(frozen=True, slots=True)
class Need:
    """Something that uses a photo: as what, since when it is over (None: it goes on), and the
    ticket where it is one."""

    photo_id: UUID
    kept_as: KeptAs
    over_at: datetime | None
    ticket_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When a photo may go, and by which use and period: of several, that which lasts longest."""

    at: datetime
    kept_as: KeptAs
    period: Period


def due(
    received_at: datetime, needs: Sequence[Need], periods: Mapping[KeptAs, Period]
) -> Due | None:
    """When a photo may go; None: not as long as it is used so, or by uses without a period.

    What nothing uses is kept from its receipt on. A day is 24 hours.
    """
    over = [(need.kept_as, need.over_at) for need in needs] or [(KeptAs.unused, received_at)]
    found = []
    for kept_as, over_at in over:
        period = periods.get(kept_as)
        if over_at is None or period is None:
            return None
        found.append(Due(over_at + timedelta(days=period.days), kept_as, period))
    return max(found, key=lambda one: one.at)
