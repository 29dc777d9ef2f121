"""The desk grid's files as rows not yet in the session, in the files' order."""

from collections.abc import Iterator

from app.catalogue.desk.files import ChecklistsFile, DutiesFile
from app.catalogue.desk.models import Checklist, Duty, Festival, RecordKind


def duty_rows(file: DutiesFile) -> Iterator[Duty]:
    """The duties."""
    for position, part in enumerate(file.duties):
        said = part.model_dump(exclude={"quotas"})
        quotas = [each.model_dump(mode="json") for each in part.quotas]
        yield Duty(position=position, quotas=quotas, **said)


def record_kind_rows(file: DutiesFile) -> Iterator[RecordKind]:
    """The kinds of record."""
    for position, part in enumerate(file.record_kinds):
        said = part.model_dump(exclude={"quantity"})
        yield RecordKind(position=position, quantity_name=part.quantity, **said)


def festival_rows(file: DutiesFile) -> Iterator[Festival]:
    """The festivals."""
    for position, part in enumerate(file.festivals):
        dates = sorted(day.isoformat() for day in part.dates)
        said = part.model_dump(exclude={"dates"})
        yield Festival(position=position, dates=dates, **said)


def checklist_rows(file: ChecklistsFile) -> Iterator[Checklist]:
    """The checklists."""
    for position, part in enumerate(file.checklists):
        said = part.model_dump(exclude={"items", "units"})
        items = [each.model_dump(mode="json") for each in part.items]
        units = [each.value for each in part.units]
        yield Checklist(position=position, items=items, units=units, **said)
