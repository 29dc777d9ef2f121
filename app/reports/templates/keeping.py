"""A county's own template takes the place of the one that is shipped."""

import os
import tempfile
from pathlib import Path

from app.reports.documents.models import ReportKind
from app.reports.templates.checking import faults_of
from app.reports.templates.errors import TemplateFaulty


def refuse_faulty(kind: ReportKind, data: bytes) -> None:
    """Raises TemplateFaulty with everything that is wrong, a line for each."""
    faults = faults_of(kind, data)
    if faults:
        raise TemplateFaulty("\n".join(fault.said for fault in faults))


def keep_template(kind: ReportKind, data: bytes, folder: Path) -> Path:
    """Puts a sound template where documents look for it, all of it or nothing. Raises
    TemplateFaulty, OSError."""
    refuse_faulty(kind, data)
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{kind.value}.docx"
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(data)
    os.chmod(file.name, 0o644)
    os.replace(file.name, kept)
    return kept
