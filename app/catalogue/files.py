"""Reads the catalogue's TOML files and says every fault in them at once."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.catalogue.assessments.files import AssessmentsFile
from app.catalogue.cases.files import CasesFile
from app.catalogue.desk.files import ChecklistsFile, DutiesFile
from app.catalogue.models import STAGE_LABELS, Stage
from app.catalogue.schemas import (
    CalendarsFile,
    CategoriesFile,
    FiguresFile,
    RemindersFile,
    RetentionFile,
)
from app.kernel.errors import Rejected

CATEGORIES = "categories.toml"
CALENDARS = "calendars.toml"
FIGURES = "figures.toml"
REMINDERS = "reminders.toml"
DUTIES = "duties.toml"
CHECKLISTS = "checklists.toml"
RETENTION = "retention.toml"
CASES = "cases.toml"
ASSESSMENTS = "assessments.toml"

_MESSAGES = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识的字段",
    "enum": "只能是 {expected}",
    "string_pattern_mismatch": "格式不对",
    "string_too_short": "不能为空",
    "string_too_long": "超过 {max_length} 个字",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "bool_type": "应为 true 或 false",
    "list_type": "应为列表",
    "model_type": "应为一组字段",
    "dict_type": "应为一组字段",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "greater_than": "应大于 {gt}",
    "decimal_max_places": "至多 {decimal_places} 位小数",
    "decimal_type": "应为数字",
    "too_short": "至少要有 {min_length} 项",
}
_OWN_MESSAGES = frozenset({"repeated", "festival", "year", "rung", "desk"})
_NAMING_KEYS = ("code", "year", "kpi", "source", "unit", "name", "use")

Read = TypeVar("Read", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file, and where in it."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        return "：".join(part for part in (self.file, self.place, self.message) if part)


class CatalogueFaulty(Rejected):
    """The catalogue's files break rules; `faults` has every one, and nothing was loaded."""

    code = "catalogue_faulty"
    title = "事项字典有误，未装载"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class CatalogueFiles:
    """What a folder says; a township's folder has no calendars, and figures, reminders, duties,
    checklists and retention are the deployment's alone, so that townships stay comparable. Of those
    without a file nothing is said."""

    categories: CategoriesFile
    calendars: CalendarsFile
    figures: FiguresFile | None
    reminders: RemindersFile | None
    duties: DutiesFile | None
    checklists: ChecklistsFile | None
    retention: RetentionFile | None
    cases: CasesFile | None
    assessments: AssessmentsFile | None
    sha256: str


def read_catalogue(directory: Path, *, for_town: bool = False) -> CatalogueFiles:
    """The checked content of a folder; raises CatalogueFaulty with every fault in its files.

    A township's folder needs categories.toml only, with just the categories that differ, whole.
    """
    reading = _Reading(directory)
    categories = reading.read(CATEGORIES, CategoriesFile)
    calendars = CalendarsFile() if for_town else reading.read(CALENDARS, CalendarsFile)
    figures = None if for_town else reading.read_if_there(FIGURES, FiguresFile)
    reminders = None if for_town else reading.read_if_there(REMINDERS, RemindersFile)
    duties = None if for_town else reading.read_if_there(DUTIES, DutiesFile)
    checklists = None if for_town else reading.read_if_there(CHECKLISTS, ChecklistsFile)
    retention = None if for_town else reading.read_if_there(RETENTION, RetentionFile)
    cases = None if for_town else reading.read_if_there(CASES, CasesFile)
    schemes = None if for_town else reading.read_if_there(ASSESSMENTS, AssessmentsFile)
    if categories is not None and not for_town:
        reading.faults += _missing_parts(categories)
    if categories is None or calendars is None or reading.faults:
        raise CatalogueFaulty(reading.faults)
    read = (categories, calendars, figures, reminders, duties, checklists, retention, cases)
    return CatalogueFiles(*read, schemes, reading.digest.hexdigest())


def _missing_parts(file: CategoriesFile) -> Iterator[Fault]:
    """What a township may leave out and the deployment may not."""
    for stage in (Stage.filing, Stage.checking):
        if stage not in file.limits:
            yield Fault(CATEGORIES, f"limits · {stage}", f"缺少{STAGE_LABELS[stage]}时限")
    if not file.categories:
        yield Fault(CATEGORIES, "categories", "至少要有 1 项")


class _Reading:
    """One pass over a folder: the faults found and the digest of the bytes read."""

    def __init__(self, directory: Path) -> None:
        self.faults: list[Fault] = []
        self.digest = hashlib.sha256()
        self._directory = directory

    def read(self, name: str, shape: type[Read]) -> Read | None:
        """The file as its shape, or None after noting what is wrong with it."""
        raw = self._parsed(name)
        if raw is None:
            return None
        try:
            return shape.model_validate(raw)
        except ValidationError as errors:
            self.faults += (_fault(name, raw, error) for error in errors.errors())
            return None

    def read_if_there(self, name: str, shape: type[Read]) -> Read | None:
        """As `read`, of a file that a folder may be without."""
        return self.read(name, shape) if (self._directory / name).exists() else None

    def _parsed(self, name: str) -> dict[str, Any] | None:
        try:
            content = (self._directory / name).read_bytes()
            self.digest.update(content)
            return tomllib.loads(content.decode("utf-8-sig"))
        except OSError:
            self.faults.append(Fault(name, "", f"在 {self._directory} 中读不到这个文件"))
        except UnicodeDecodeError:
            self.faults.append(Fault(name, "", "不是 UTF-8 编码"))
        except tomllib.TOMLDecodeError as error:
            self.faults.append(Fault(name, _line(error), "不合 TOML 格式"))
        return None


def _line(error: tomllib.TOMLDecodeError) -> str:
    found = re.search(r"line (\d+)", str(error))
    return f"第 {found[1]} 行" if found else "文件末尾"


def _fault(name: str, raw: Mapping[str, Any], error: ErrorDetails) -> Fault:
    return Fault(name, " · ".join(_place(raw, error["loc"])), _message(error))


def _message(error: ErrorDetails) -> str:
    if error["type"] in _OWN_MESSAGES:
        return error["msg"]
    if error["type"].startswith("date"):
        return "应为日期，如 2026-10-01"
    return _MESSAGES.get(error["type"], "填写有误").format_map(error.get("ctx", {}))


def _place(raw: Any, location: Sequence[int | str]) -> Iterator[str]:
    """The path to a fault, list items named by their code, year or name where they have one."""
    for step in location:
        raw = _below(raw, step)
        yield step if isinstance(step, str) else _item_name(raw, step)


def _below(raw: Any, step: int | str) -> Any:
    try:
        return raw[step]
    except (LookupError, TypeError):
        return None


def _item_name(item: Any, index: int) -> str:
    named = item if isinstance(item, Mapping) else {}
    names = (str(named[key]) for key in _NAMING_KEYS if key in named)
    return next(names, f"第 {index + 1} 项")
