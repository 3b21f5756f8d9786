"""What a spreadsheet program makes of the red formulas."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

LIST = "$H$1:$H$2"
DAY = dt.date(2026, 11, 3)
CASES = [
    ("date", {}, DAY, False),
    ("date", {}, "11月27号左右", True),
    ("date", {}, 12, True),
    ("number", {"min": Decimal(0), "max": Decimal(9)}, 5, False),
    ("number", {"min": Decimal(0), "max": Decimal(9)}, 10, True),
    ("number", {}, "约12", True),
    ("progress", {}, 0.6, False),
    ("progress", {}, 60, True),
    ("score", {}, 5, False),
    ("score", {}, 4.5, True),
    ("score", {}, "满意", True),
    ("phone", {}, "13800138000", False),
    ("phone", {}, "0571-88880000", False),
    ("phone", {}, "0571-88880000-123", False),
    ("phone", {}, "+12025550123", False),
    ("phone", {}, "4001234567", False),
    ("phone", {}, "10086", False),
    ("phone", {}, "1380013800", True),
    ("phone", {}, "1.38E+10", True),
    ("phone", {}, "见备注", True),
    ("email", {}, "wang@example.com", False),
    ("email", {}, "wang@example", True),
    ("email", {}, "wang fang@example.com", True),
    ("email", {}, "example.com", True),
    ("choice", {}, "是", False),
    ("choice", {}, "也许", True),
    ("bool", {}, "否", False),
    ("bool", {}, "也许", True),
    ("member", {}, "也许", True),
    ("id-number", {}, "11010519491231002X", False),
    ("id-number", {}, "1101051949", True),
    ("text", {"max_length": 3}, "四个字了", True),
    ("text", {"max_length": 3}, "三个字", False),
]
BLANK_TOO = ("date", "number", "progress", "score", "phone", "email", "choice", "bool", "member", "id-number")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice (soffice)")
def test_red_formulas_hold_in_a_spreadsheet_program(field, tmp_path: Path) -> None:
    """Each `wrong` formula is TRUE for what is wrong and FALSE for what is right or blank (LOOK 7, P10)."""
    cases = [*CASES, *((kind, {}, None, False) for kind in BLANK_TOO)]
    formulas = [field(kind, **settings).limit().wrong for kind, settings, _, _ in cases]

    shown = _calculated(tmp_path, [value for *_, value, _ in cases], formulas)

    assert shown == ["TRUE" if wrong else "FALSE" for *_, wrong in cases]


def _calculated(folder: Path, values: list[object], formulas: list[str]) -> list[str]:
    book = Workbook()
    sheet = book.active
    sheet["H1"], sheet["H2"] = "是", "否"
    for row, (value, formula) in enumerate(zip(values, formulas, strict=True), 1):
        sheet.cell(row, 1, value)
        sheet.cell(row, 2, "=" + formula.format(cell=f"$A{row}", list=LIST))
    book.save(folder / "red.xlsx")
    profile = (folder / "profile").as_uri()
    call = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "csv", "red.xlsx"]
    subprocess.run(call, cwd=folder, check=True, capture_output=True, timeout=120)
    with (folder / "red.csv").open(encoding="utf-8", newline="") as lines:
        return [line[1] for line in csv.reader(lines)][: len(values)]
