"""Values filled into the fields of a case, read as its kind asks."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.cases.errors import CaseFieldUnsuitable
from app.catalogue.cases.models import FieldKind
from app.catalogue.cases.queries import Field, Kind
from app.kernel.masking import masked

LONGEST = 200
MOST = 1e12


def checked_fields(kind: Kind, said: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, as it is kept; empty values clear a field.

    Raises CaseFieldUnsuitable with every fault, keyed as `fields.code`.
    """
    known = {field.code: field for field in kind.fields}
    faults: dict[str, list[str]] = {}
    kept: dict[str, Any] = {}
    for code, value in said.items():
        try:
            kept[code] = _value(known[code], value)
        except KeyError:
            faults[f"fields.{code}"] = [f"{kind.name}没有这一项"]
        except ValueError as fault:
            faults[f"fields.{code}"] = [str(fault)]
    if faults:
        raise CaseFieldUnsuitable("请核对填写的内容。", fields=faults)
    return kept


def expiry(kind: Kind, fields: Mapping[str, Any]) -> date | None:
    """The day on which what was filled in runs out."""
    days = (fields.get(field.code) for field in kind.fields if field.expires)
    return next((date.fromisoformat(day) for day in days if day), None)


def _value(field: Field, value: Any) -> Any:
    if value is None or value == "":
        return None
    match field.kind:
        case FieldKind.number:
            return _number(value)
        case FieldKind.date:
            return _day(value)
        case FieldKind.choice:
            if value not in field.choices:
                raise ValueError(f"请选：{'、'.join(field.choices)}")
            return value
        case FieldKind.text:
            if not isinstance(value, str) or len(value) > LONGEST:
                raise ValueError(f"须为文字，至多 {LONGEST} 个字")
            return masked(value.strip())


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > MOST:
        raise ValueError("须为数字")
    return value


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError("须为日期，例如 2026-11-23") from None
