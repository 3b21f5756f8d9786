"""Read a report as somebody else would: cells through openpyxl, charts from their XML."""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.utils import range_boundaries

C = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
C["a"] = "http://schemas.openxmlformats.org/drawingml/2006/main"


@dataclass(frozen=True)
class SeriesRead:
    """One series: where its names and numbers stand, and what is cached of them."""

    categories: str
    names: list[str]
    values: str
    numbers: list[float]


@dataclass(frozen=True)
class ChartRead:
    """One chart."""

    kind: str
    """`pieChart`, `barChart` …"""
    title: str
    series: list[SeriesRead]


@dataclass(frozen=True)
class TableRead:
    """One Excel table: its heads, its rows, and the line below it."""

    heads: list[str]
    rows: list[list[Any]]
    total: list[Any]

    def column(self, head: str) -> list[Any]:
        at = self.heads.index(head)
        return [row[at] for row in self.rows]

    def by(self, head: str) -> dict[Any, dict[str, Any]]:
        return {row[self.heads.index(head)]: dict(zip(self.heads, row, strict=True)) for row in self.rows}


class ReportRead:
    """A report, its cached values and its formulas."""

    def __init__(self, path: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl drops extensions when it reads, and says so
            self.values = openpyxl.load_workbook(path, data_only=True)
            self.formulas = openpyxl.load_workbook(path)
        self.sheets = [sheet for sheet in self.values if sheet.sheet_state == "visible"]
        self.tables = {t.displayName: _table(s, t.ref) for s in self.sheets for t in s.tables.values()}
        self.charts = _charts(path)

    def at(self, ref: str) -> list[Any]:
        """The values of a chart's reference."""
        name, _, area = ref.rpartition("!")
        sheet = self.values[name.strip("'")]
        cells = sheet[area.replace("$", "")]
        cells = cells if isinstance(cells, tuple) else ((cells,),)
        return [cell.value for row in cells for cell in (row if isinstance(row, tuple) else (row,))]

    def chart(self, title: str) -> ChartRead:
        (found,) = [chart for chart in self.charts if chart.title.startswith(title)]
        return found

    def tiles(self) -> dict[str, tuple[float, str]]:
        """Label of a tile → its number and the line below."""
        home = self.sheets[0]
        found = {}
        for (label, *_), (number, *_), (below, *_) in (home[f"{c}4:{c}6"] for c in "BFJNR"):
            if label.value:
                found[label.value] = (number.value, below.value or "")
        return found

    def column(self, letter: str, sheet: int = 0) -> list[Any]:
        return [cell.value for cell in self.sheets[sheet][letter] if cell.value is not None]

    def formula_cells(self) -> dict[str, Any]:
        """Address → cached value of every cell with a formula."""
        cells = (cell for sheet in self.formulas for row in sheet.iter_rows() for cell in row)
        found = [c for c in cells if isinstance(c.value, str) and c.value.startswith("=")]
        return {f"{c.parent.title}!{c.coordinate}": self.values[c.parent.title][c.coordinate].value for c in found}


def _table(sheet: Any, ref: str) -> TableRead:
    left, top, right, bottom = range_boundaries(ref)

    def line(row: int) -> list[Any]:
        return [sheet.cell(row, column).value for column in range(left, right + 1)]

    rows = [line(row) for row in range(top + 1, bottom + 1)]
    return TableRead(line(top), [r for r in rows if any(v is not None for v in r)], line(bottom + 1))


def _charts(path: Path) -> list[ChartRead]:
    found = []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(n for n in archive.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", n)):
            tree = etree.fromstring(archive.read(name))
            (kind,) = {etree.QName(e).localname for e in tree.xpath("//c:plotArea/*[c:ser]", namespaces=C)}
            title = "".join(tree.xpath("//c:chart/c:title//a:t/text()", namespaces=C))
            series = [_series(s) for s in tree.xpath("//c:ser", namespaces=C)]
            found.append(ChartRead(kind, title, series))
    return found


def _series(tree: Any) -> SeriesRead:
    def text(path: str) -> list[str]:
        return [str(t) for t in tree.xpath(path, namespaces=C)]

    (names,), (values,) = text("c:cat//c:f/text()"), text("c:val//c:f/text()")
    numbers = [float(v) for v in text("c:val//c:pt/c:v/text()")]
    return SeriesRead(names, text("c:cat//c:pt/c:v/text()"), values, numbers)
