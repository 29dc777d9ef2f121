"""A township's folder that a test may spoil: the demonstration township, edited by line."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.demo.files import write_township
from app.demo.township import TOWN


class Folder:
    """The six files of a township. Lines count from 1 and line 1 is the header."""

    def __init__(self, path: Path, town: str = TOWN) -> None:
        self.path = path
        self.township = write_township(path, town=town)

    def table(self, name: str) -> list[list[str]]:
        """The lines of a table."""
        with open(self.path / f"{name}.csv", encoding="utf-8-sig", newline="") as handle:
            return list(csv.reader(handle))

    def write_table(self, name: str, lines: list[list[str]]) -> None:
        """Replace a table."""
        with open(self.path / f"{name}.csv", "w", encoding="utf-8-sig", newline="") as handle:
            csv.writer(handle).writerows(lines)

    def line_of(self, name: str, first: str, nth: int = 1) -> int:
        """The line of the nth row whose first cell is this."""
        lines = [n for n, row in enumerate(self.table(name), 1) if row and row[0] == first]
        return lines[nth - 1]

    def put(self, name: str, line: int, column: str, value: str) -> None:
        """Change one cell."""
        lines = self.table(name)
        lines[line - 1][lines[0].index(column)] = value
        self.write_table(name, lines)

    def add(self, name: str, *cells: str) -> int:
        """Add a row at the end; its line."""
        lines = [*self.table(name), list(cells)]
        self.write_table(name, lines)
        return len(lines)

    def drop(self, name: str, *, holding: str) -> None:
        """Remove the rows that have this text in a cell."""
        self.write_table(name, [row for row in self.table(name) if holding not in row])

    def change_map(self, name: str, change: Callable[[list[dict[str, Any]]], Any]) -> None:
        """Let a function change the features of a map in place."""
        path = self.path / f"{name}.geojson"
        document = json.loads(path.read_text(encoding="utf-8"))
        change(document["features"])
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
