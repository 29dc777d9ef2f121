"""The demonstration township as files: four tables and two maps, as an office saves them."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from app.demo.plans import SMALL, Plan
from app.demo.township import TOWN, Ring, Township, demonstration_township


def write_township(
    directory: Path, *, town: str = TOWN, seed: int = 1, plan: Plan = SMALL
) -> Township:
    """Write the township's six files into a folder, made when missing; returns what they say.

    CSV in UTF-8 with BOM, GeoJSON (RFC 7946) in WGS-84. OSError when the folder cannot be written.
    """
    township = demonstration_township(town, seed=seed, plan=plan)
    directory.mkdir(parents=True, exist_ok=True)
    _write_tables(directory, township)
    _write_map(
        directory / "cells.geojson",
        (
            (
                {
                    "code": cell.code,
                    "name": cell.name,
                    "organisation": cell.organisation,
                    "wardens": list(cell.wardens),
                },
                cell.outline,
            )
            for cell in township.cells
        ),
    )
    _write_map(
        directory / "compounds.geojson",
        (
            ({"code": compound.code}, compound.outline)
            for compound in township.compounds
            if compound.outline
        ),
    )
    return township


def _write_tables(directory: Path, township: Township) -> None:
    _write_table(
        directory / "organisations.csv",
        ("编码", "上级编码", "名称", "类型"),
        ((row.code, row.parent, row.name, row.type) for row in township.organisations),
    )
    _write_table(
        directory / "people.csv",
        ("用户名", "姓名", "手机号", "组织编码", "角色"),
        ((row.username, row.name, row.phone, row.organisation, row.role) for row in township.posts),
    )
    _write_table(
        directory / "compounds.csv",
        ("编码", "名称", "社区编码", "物业公司编码", "类型", "楼栋数", "户数"),
        (
            (
                row.code,
                row.name,
                row.community,
                row.company,
                row.kind,
                row.buildings,
                row.households,
            )
            for row in township.compounds
        ),
    )
    _write_table(
        directory / "checkpoints.csv",
        ("小区编码", "名称", "区域"),
        (
            (compound.code, name, area)
            for compound in township.compounds
            for name, area in compound.checkpoints
        ),
    )


def _write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with open(path, "w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)


def _write_map(path: Path, features: Iterable[tuple[dict[str, Any], Ring]]) -> None:
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for properties, ring in features
        ],
    }
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
