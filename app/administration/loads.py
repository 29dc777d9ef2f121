"""What the loading of files leaves on the log: one entry each, with counts."""

from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.models import ChangeKind, SubjectKind
from app.catalogue.service import LoadReport as CatalogueReport
from app.grid.township.report import LoadReport as TownshipReport
from app.people.models import Organisation
from app.people.queries import organisation_by_code


def record_township_load(session: Session, report: TownshipReport, *, act: Act) -> None:
    """Log what the loading of a township's folder made, changed and closed, when it did."""
    if not report.changed_anything:
        return
    counts = {
        "made": dict(report.made),
        "updated": dict(report.updated),
        "closed": dict(report.closed),
    }
    town = organisation_by_code(session, report.town_code)
    subject = Subject(SubjectKind.township, report.town_code, town)
    record_change(session, act, subject, ChangeKind.load, after=counts)


def record_catalogue_load(
    session: Session, report: CatalogueReport, town: Organisation | None = None, *, act: Act
) -> None:
    """Log what the loading of a catalogue's files opened, changed and closed, when it did."""
    if not report.changed:
        return
    counts = {
        "name": report.name,
        "opened": report.opened,
        "updated": report.updated,
        "closed": report.closed,
    }
    subject = Subject(SubjectKind.catalogue, str(report.version), town)
    record_change(session, act, subject, ChangeKind.load, after=counts)
