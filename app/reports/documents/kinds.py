"""What kinds of document there are: what each says, and how its template is filled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.reports.documents.bulletins import Opened, bulletin_words, case_key
from app.reports.documents.duty_facts import work_report_facts
from app.reports.documents.facts import Asked, bulletin_facts
from app.reports.documents.models import ReportKind
from app.reports.documents.rendering import Filling
from app.reports.documents.sentences import (
    BULLETIN_KEYS,
    Json,
    Sentences,
    bulletin_sentences,
    case_sentence,
)
from app.reports.documents.shipped import bulletin_template, work_report_template
from app.reports.documents.work_reports import (
    WORK_REPORT_KEYS,
    work_report_sentences,
    work_report_words,
)


@dataclass(frozen=True)
class Making:
    """How a kind of document is made. `sentences` are ours, by their keys; `numbered`: it has an
    issue number."""

    keys: tuple[str, ...]
    facts: Callable[[Asked, Sequence[UUID]], Json]
    sentences: Callable[[Json], Sentences]
    words: Callable[[Json, Sentences, Filling, Opened], dict[str, Any]]
    template: Callable[[], bytes]
    numbered: bool = False


MAKINGS = {
    ReportKind.bulletin: Making(
        BULLETIN_KEYS,
        bulletin_facts,
        bulletin_sentences,
        bulletin_words,
        bulletin_template,
        numbered=True,
    ),
    ReportKind.work_report: Making(
        WORK_REPORT_KEYS,
        work_report_facts,
        work_report_sentences,
        work_report_words,
        work_report_template,
    ),
}


def generated(kind: ReportKind, facts: Json) -> Sentences:
    """Our own sentences of a document, those about its cases included, in the order of the page."""
    cases = {case_key(case): case_sentence(case) for case in facts["cases"]}
    return {**MAKINGS[kind].sentences(facts), **cases}


def is_key(kind: ReportKind, key: str) -> bool:
    """Whether a document of a kind can have a sentence with a key."""
    return key in MAKINGS[kind].keys or key.startswith("case:")
