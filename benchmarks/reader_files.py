"""Workbooks to read: copies as custsheet issues them, and what other programs make of them when they save them."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import ours
from lxml import etree
from sample import FIELDS, STATUSES, TODAY, week

from custsheet import look
from custsheet import schema as schemas
from custsheet.ids import check_code, derive
from custsheet.model import Table
from custsheet.plan import Block, Book, Column, Condition, ExcelTable, Look, Name, PlanCell, Sheet, Validation
from custsheet.schema.labels import Labels
from custsheet.workspace.issuing import build_issue, render
from custsheet.xlsx.write import write_book

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "clients"))

from client_programs import PROGRAMS

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DATES = ("last_follow_up", "next_follow_up")


def copies(folder: Path, count: int, rows: int) -> list[Path]:
    """Write real copies of the built-in schema, cut down to sixteen fields, through the library; return their paths."""
    data, schema = week(max(count, 2), rows), schemas.from_body(ours.body())
    team, fields = ours.team_of(data), tuple(schema.tables[ours.TABLE].fields)
    rids = tuple(derive("r", str(at)) for at in range(len(data.customers)))
    values = tuple(tuple(row.get(name) for name in fields) for row in data.customers)
    opening = {ours.TABLE: Table(ours.TABLE, fields, rids, values)}  # type: ignore[arg-type]
    labels = Labels(schema, opening, language="zh", names={m.id: m.name for m in team.members})
    facts = {"ledger": "benchmark", "round_name": ours.ROUND, "number": 1, "revision": 1, "labels": labels}
    paths = []
    for person in data.people[:count]:
        issue = build_issue(schema, team, team.by_id[person.id], opening, today=TODAY, **facts)  # type: ignore[arg-type]
        made = render(schema, team, issue, ledger="benchmark", key=b"k" * 32, head="h", today=TODAY)
        paths.append(folder / f"{person.id}-{rows}.xlsx")
        paths[-1].write_bytes(made.data)
    return paths


def plain_list(path: Path, rows: int) -> Path:
    """Write the same sixteen fields with ids, a hint and check codes straight from a plan: a copy would be too big."""
    data = week(2, rows)
    names = {person.id: person.name for person in data.people}
    lines = []
    for at, row in enumerate(data.customers[:rows]):
        rid = derive("r", str(at))
        lines.append((rid, *(_said(row[name], names) for name in FIELDS), "", check_code("copy", rid)))
    text = look.ROW.with_(number_format="@")
    date = look.ROW.with_(number_format="mm-dd", align="left")
    looks = (text, *(date if name in DATES else text for name in FIELDS), look.ROW, text)
    formulas = (*(None,) * 17, 'IF($J{row}<cs_today,"▲ 逾期","")', None)
    last = rows + 2
    sheet = Sheet(
        "客户",
        columns=(Column(12, hidden=True), *(Column(14, each) for each in looks[1:])),
        blocks=(Block(3, 1, looks, lines, formulas, height=look.HEIGHT_ROW),),  # type: ignore[arg-type]
        tables=(ExcelTable("customers", f"A2:S{last}", ("_id", *FIELDS.values(), "提示", "_check"), (text,) * 19),),
        freeze="C3",
        validations=(Validation(f"E3:E{last}", "list", "cs_status", error_title="状态", error="从列表里选。"),),
        conditions=(Condition(f"J3:J{last}", "$J3<cs_today", Look(fill="FFD9D2"), '"▲ "mm-dd'),),
    )
    lists = Sheet("_lists", state="hidden", cells=tuple(PlanCell(2 + at, 1, s) for at, s in enumerate(STATUSES)))
    defined = (Name("cs_today", "DATE(2026,11,20)"), Name("cs_status", "_lists!$A$2:$A$5"))
    path.write_bytes(write_book(Book((sheet, lists), title="客户", names=defined)))
    return path


def _said(value: object, names: dict[str, str]) -> object:
    if isinstance(value, tuple):
        return "、".join(names.get(each, each) for each in value)
    return names.get(value, value) if isinstance(value, str) else value


def saved_by(program: str, source: Path, target: Path) -> str:
    """Let a program open a workbook and save it again; return why it could not, empty if it did."""
    driven = PROGRAMS[program]
    missing = driven.missing()
    if missing:
        return f"needs {missing}"
    try:
        driven.run([{"source": str(source), "target": str(target), "acts": []}], target.parent)
    except (RuntimeError, OSError) as problem:
        return str(problem).strip().splitlines()[-1][:80]
    return "" if target.exists() else "it saved nothing"


def indented(source: Path, target: Path) -> str:
    """Indent sheets and strings, as scripts do that print XML for people."""
    return _rewritten(source, target, _indented)


def prefixed(source: Path, target: Path) -> str:
    """Give every tag a prefix, as some libraries for .NET do."""
    return _rewritten(source, target, _prefixed)


def with_empty_cells(source: Path, target: Path, rows: int) -> Path:
    """Add rows of sixteen empty styled cells below the data, as programs do when somebody formats whole columns."""
    below = "".join(_empty_row(number) for number in range(100_001, 100_001 + rows)).encode()

    def add(part: bytes) -> bytes:
        return part.replace(b"</sheetData>", below + b"</sheetData>")

    _rewritten(source, target, add, only="xl/worksheets/sheet2.xml")
    return target


def _empty_row(number: int) -> str:
    cells = "".join(f'<c r="{letter}{number}" s="33"/>' for letter in "ABCDEFGHIJKLMNOP")
    return f'<row r="{number}">{cells}</row>'


def _rewritten(source: Path, target: Path, change: Callable[[bytes], bytes], only: str = "") -> str:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in _parts(source):
            holds_cells = name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml"
            out.writestr(name, change(data) if (name == only if only else holds_cells) else data)
    return ""


def _parts(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        yield from ((name, archive.read(name)) for name in archive.namelist())


def _indented(part: bytes) -> bytes:
    tree = etree.fromstring(part)
    etree.indent(tree)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _prefixed(part: bytes) -> bytes:
    tree = etree.fromstring(part)
    root = etree.Element(tree.tag, dict(tree.attrib), {**{k: v for k, v in tree.nsmap.items() if k}, "x": MAIN})
    root.extend(list(tree))
    etree.cleanup_namespaces(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
