"""docs/figures.md names every KPI as it is called, and the weights as they are shipped."""

import re
from pathlib import Path

from app.catalogue.files import read_catalogue
from app.catalogue.kpis import KPI_NAMES
from config.settings import ROOT
from tests.catalogue.folders import SHIPPED

PAGE = Path(ROOT / "docs" / "figures.md").read_text(encoding="utf-8")


def test_every_kpi_is_explained() -> None:
    rows = re.findall(r"^\| (\w+) `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted((name, code.value) for code, name in KPI_NAMES.items())


def test_the_weights_are_the_shipped_ones() -> None:
    said = re.findall(r"([\u4e00-\u9fff]+率)）? ?(\d+)", PAGE.partition("## 综合指标")[2])
    figures = read_catalogue(SHIPPED).figures
    assert figures is not None
    assert [(KPI_NAMES[part.kpi], f"{part.weight}") for part in figures.composite] == said
