"""Whose dossier, of which half year or year, seen when and by whom."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.kernel.clock import shanghai_day
from app.people.models import Organisation
from app.photos.store import PhotoStore
from app.reports.documents.facts import NOBODY, Area
from app.reports.dossiers.periods import Term
from app.rounds.coverage_queries import DueRules
from app.tickets.showing.presenting import Viewer


@dataclass(frozen=True)
class Asked:
    """What a dossier is made of and with; `viewer` is who asked for it."""

    viewer: Viewer
    store: PhotoStore
    organisation: Organisation
    term: Term
    rules: DueRules

    @property
    def session(self) -> Session:
        """What is read through."""
        return self.viewer.session

    @property
    def now(self) -> datetime:
        """When it is made."""
        return self.viewer.now

    @property
    def today(self) -> date:
        """On which day (Asia/Shanghai)."""
        return shanghai_day(self.viewer.now)

    @property
    def area(self) -> Area:
        """All of the unit."""
        return Area(NOBODY, self.today, self.organisation)
