"""GeoJSON feature collections (RFC 7946) as raw features with the line each begins on."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.grid.township.faults import Cause, Fault

_WGS84_NAMES = ("CRS84", "4326", "4490", "WGS84", "WGS 84")
"""Names of coordinate systems that are WGS-84, or CGCS2000, which is the same to a decimetre."""

_FEATURES = re.compile(r'"features"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature as it stands in the file; `number` counts from 1."""

    file: str
    line: int
    number: int
    properties: Mapping[str, Any]
    geometry: Any

    def fault(self, what: str, cause: Cause | None = None) -> Fault:
        """A fault found in this feature, which the text names by its number and code."""
        code = self.properties.get("code")
        label = f"第{self.number}个要素" + (f" {code}" if isinstance(code, str) and code else "")
        return Fault(self.file, self.line, what, f"{label}：", self.number, cause)


def parse_features(file: str, text: str, faults: list[Fault]) -> tuple[Feature, ...] | None:
    """The features of a FeatureCollection; None with a fault when it is not one."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        faults.append(Fault(file, error.lineno, f"不是正确的 JSON（第{error.colno}列）"))
        return None
    except (RecursionError, ValueError):
        faults.append(Fault(file, 1, "不是正确的 JSON"))
        return None
    raw = document.get("features") if isinstance(document, dict) else None
    if not isinstance(raw, list) or document.get("type") != "FeatureCollection":
        faults.append(Fault(file, 1, "不是 GeoJSON 的 FeatureCollection"))
        return None
    if not _is_wgs84(document):
        faults.append(Fault(file, 1, "坐标系应是 WGS-84（crs 写的是别的）"))
        return None
    lines = _lines_of_features(text, len(raw))
    return tuple(_features(file, raw, lines, faults))


def _features(
    file: str, raw: list[Any], lines: list[int], faults: list[Fault]
) -> Iterator[Feature]:
    for number, (line, item) in enumerate(zip(lines, raw, strict=True), 1):
        properties = item.get("properties") if isinstance(item, dict) else None
        if isinstance(properties, dict) and item.get("type") == "Feature":
            yield Feature(file, line, number, properties, item.get("geometry"))
        else:
            what, label = "不是带 properties 的 Feature", f"第{number}个要素："
            faults.append(Fault(file, line, what, label, number))


def _is_wgs84(document: Mapping[str, Any]) -> bool:
    """Whether the collection's old-style `crs` member, if any, names WGS-84."""
    crs = document.get("crs")
    return crs is None or any(name in json.dumps(crs) for name in _WGS84_NAMES)


def _lines_of_features(text: str, count: int) -> list[int]:
    """The line each feature begins on; all 1 when the array cannot be found again."""
    found = _FEATURES.search(text)
    lines: list[int] = []
    decoder = json.JSONDecoder()
    at = found.end() if found else len(text)
    line, counted = 1, 0
    while len(lines) < count:
        gap = _GAP.match(text, at)
        at = gap.end() if gap else at
        line, counted = line + text.count("\n", counted, at), at
        try:
            _, at = decoder.raw_decode(text, at)
        except ValueError:
            return [1] * count
        lines.append(line)
    return lines
