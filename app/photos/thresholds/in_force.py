"""The thresholds that hold on a day: a county's row, or the shipped ones."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.catalogue.queries import threshold_rows
from app.catalogue.thresholds import ThresholdRow
from app.kernel.clock import shanghai_day
from app.photos.evidence import SHIPPED, Thresholds
from app.photos.thresholds.figures import thresholds_of


def thresholds_at(session: Session, instant: datetime) -> Thresholds:
    """The thresholds in force at an instant: a photo's are those of its receipt, for good."""
    return thresholds_on(session, shanghai_day(instant))


def thresholds_on(session: Session, day: date) -> Thresholds:
    """The thresholds in force on a day (Asia/Shanghai)."""
    row = next((each for each in threshold_rows(session) if each.holds_on(day)), None)
    return SHIPPED if row is None else of_row(row)


def of_row(row: ThresholdRow) -> Thresholds:
    """What a row says. Its rule version names the rules, and the version of the catalogue that
    wrote their figures: no other row ever has it."""
    return thresholds_of(row.figures, f"{SHIPPED.version}+{row.version}")
