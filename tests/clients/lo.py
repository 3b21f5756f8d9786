"""Drive LibreOffice as a person would: open, type, choose, clear, sort, filter, save as the target's ending says.

Run by the system's python3, the one that has `uno` (python3-uno): `python3 lo.py JOB.json`, one office process for all
files of the job. A job is `{"locale": "en-US", "profile": DIR, "files": [{"source", "target", "edits": [...]}]}`; an
edit is a list, `["type", sheet, row, column, text]`, where `row` is `{column: shown text}` or `"spare"`, the first row
under the head in which nothing visible stands, and columns are named by their heads. Nothing else is known of the file.
`acts` are the plain acts that every driver of this folder knows, by address: `["number", sheet, "D7", 12]`,
`["insert", sheet, 7]`.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from pathlib import Path

SAVE_AS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97"}
HEADS_WITHIN = 5
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>{locale}</value></prop></item>
</oor:items>
"""


def main(job_file):
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    office, desktop = start(Path(job["profile"]), job.get("locale", "en-US"))
    try:
        for item in job["files"]:
            process(desktop, item["source"], item["target"], item.get("edits", ()), item.get("acts", ()))
    finally:
        stop(office, desktop)


def start(profile, locale):
    """Start an office of our own: a fresh profile, a pipe of its own, the locale in which people type."""
    import uno

    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(SETTINGS.format(locale=locale), encoding="utf-8")
    pipe = f"pipe,name=custsheet{os.getpid()}"  # no two offices that run at once may share one
    call = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"]
    office = subprocess.Popen([*call, f"--accept={pipe};urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    from com.sun.star.connection import NoConnectException

    for _ in range(600):
        try:
            there = resolver.resolve(f"uno:{pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.2)
        else:
            return office, there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
    office.kill()
    raise SystemExit("LibreOffice did not start within two minutes")


def stop(office, desktop):
    try:
        desktop.terminate()
        office.wait(30)
    except Exception:
        office.kill()


def process(desktop, source, target, edits, acts=()):
    document = desktop.loadComponentFromURL(Path(source).as_uri(), "_blank", 0, properties(Hidden=True))
    try:
        for verb, sheet, *rest in edits:
            VERBS[verb](Sheet(document.Sheets.getByName(sheet)), *rest)
        for verb, sheet, *rest in acts:
            ACTS[verb](document.Sheets.getByName(sheet), *rest)
        document.storeToURL(Path(target).as_uri(), properties(FilterName=SAVE_AS[Path(target).suffix]))
    finally:
        document.close(True)


def properties(**named):
    from com.sun.star.beans import PropertyValue

    return tuple(PropertyValue(name, 0, value, 0) for name, value in named.items())


class Sheet:
    """One sheet of a table: heads in the first rows, rows found by what they show."""

    def __init__(self, uno_sheet):
        self.uno = uno_sheet
        cursor = uno_sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        self.last_row, self.last_column = cursor.RangeAddress.EndRow, cursor.RangeAddress.EndColumn
        self.grid = uno_sheet.getCellRangeByPosition(0, 0, self.last_column, self.last_row).getDataArray()
        self.head = next(at for at, row in enumerate(self.grid[:HEADS_WITHIN]) if row[0] == "_id")
        self.columns = {text: at for at, text in enumerate(self.grid[self.head]) if text}

    def row(self, where):
        if where == "spare":
            return next(at for at in self.body() if not any(self.seen(at)))
        found = [at for at in self.body() if all(self.shows(at, head, text) for head, text in where.items())]
        if len(found) != 1:
            raise SystemExit(f"{len(found)} rows show {where}")
        return found[0]

    def body(self):
        return range(self.head + 1, self.last_row + 1)

    def seen(self, row):
        """What a person sees in a row: machine columns have heads that begin with `_`."""
        shown = [at for head, at in self.columns.items() if not head.startswith("_")]
        return [self.grid[row][at] for at in shown if not self.uno.getCellByPosition(at, row).Formula.startswith("=")]

    def shows(self, row, head, text):
        value = self.grid[row][self.columns[head]]
        return value == text or self.uno.getCellByPosition(self.columns[head], row).String == text

    def cell(self, where, head):
        return self.uno.getCellByPosition(self.columns[head], self.row(where))

    def table(self):
        """Heads and rows, hidden machine columns and spare rows included: what Calc sorts and filters as a table."""
        return self.uno.getCellRangeByPosition(0, self.head, len(self.grid[self.head]) - 1, self.last_row)


def type_(sheet, where, head, text):
    """Type it: the office reads numbers and dates as its locale writes them, unless the cell is formatted as text."""
    sheet.cell(where, head).FormulaLocal = text


def text(sheet, where, head, value):
    """Put it there as text, as a leading apostrophe or pasting unformatted text does."""
    sheet.cell(where, head).String = value


def number(sheet, where, head, value):
    sheet.cell(where, head).Value = value


def date(sheet, where, head, iso):
    sheet.cell(where, head).Value = serial(iso)


def serial(iso):
    return (dt.date.fromisoformat(iso) - dt.date(1899, 12, 30)).days


def clear(sheet, where, head):
    """Press Delete: values, dates, texts and formulas go, formats stay."""
    sheet.cell(where, head).clearContents(1 + 2 + 4 + 16)


def delete_row(sheet, where):
    sheet.uno.Rows.removeByIndex(sheet.row(where), 1)


def insert_row(sheet, where, cells):
    """Insert a whole row above another and type into it."""
    at = sheet.row(where)
    sheet.uno.Rows.insertByIndex(at, 1)
    for head, value in cells.items():
        sheet.uno.getCellByPosition(sheet.columns[head], at).FormulaLocal = value


def sort(sheet, head, descending=False):
    import uno
    from com.sun.star.table import TableSortField

    field = TableSortField()
    field.Field, field.IsAscending = sheet.columns[head], not descending
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    sheet.table().sort(properties(SortFields=fields, ContainsHeader=True))


def filter_(sheet, head, shown):
    """Show only the rows with this text."""
    from com.sun.star.sheet import TableFilterField
    from com.sun.star.sheet.FilterOperator import EQUAL

    field = TableFilterField()
    field.Field, field.Operator, field.IsNumeric, field.StringValue = sheet.columns[head], EQUAL, False, shown
    rows = sheet.table()
    wanted = rows.createFilterDescriptor(True)
    wanted.ContainsHeader = True
    wanted.setFilterFields((field,))
    rows.filter(wanted)


VERBS = {
    "type": type_,
    "text": text,
    "number": number,
    "date": date,
    "clear": clear,
    "delete_row": delete_row,
    "insert_row": insert_row,
    "sort": sort,
    "filter": filter_,
}

ACTS = {
    "text": lambda sheet, at, value: setattr(sheet.getCellRangeByName(at), "String", value),
    "number": lambda sheet, at, value: setattr(sheet.getCellRangeByName(at), "Value", value),
    "date": lambda sheet, at, iso: setattr(sheet.getCellRangeByName(at), "Value", serial(iso)),
    "clear": lambda sheet, at: sheet.getCellRangeByName(at).clearContents(1 + 2 + 4 + 16),
    "insert": lambda sheet, row: sheet.Rows.insertByIndex(row - 1, 1),
    "delete": lambda sheet, row: sheet.Rows.removeByIndex(row - 1, 1),
}

if __name__ == "__main__":
    main(sys.argv[1])
