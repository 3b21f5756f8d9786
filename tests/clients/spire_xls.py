"""Drive Spire.XLS: open, do the acts, save as the target's ending says."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from spire.xls import ExcelVersion, Workbook

FORMATS = {".xlsx": ExcelVersion.Version2016, ".xls": ExcelVersion.Version97to2003, ".ods": ExcelVersion.ODS}
FONTS = [str(folder) for folder in Path("/usr/share/fonts/truetype").glob("*") if folder.is_dir()]
"""Without one it opens no workbook whose own font is not installed."""


def main(job_file: str) -> None:
    """Do a job: `{"files": [{"source", "target", "acts"}]}`."""
    for item in json.loads(Path(job_file).read_text(encoding="utf-8"))["files"]:
        book = Workbook()
        book.CustomFontFileDirectory = FONTS
        book.LoadFromFile(item["source"])
        for verb, sheet, place, *value in item["acts"]:
            act(book.Worksheets[sheet], verb, place, *value)
        book.SaveToFile(item["target"], FORMATS[Path(item["target"]).suffix])
        book.Dispose()


def act(sheet: Any, verb: str, place: Any, value: Any = None) -> None:
    """Do one act."""
    if verb == "text":
        sheet.Range[place].Text = value
    elif verb == "number":
        sheet.Range[place].NumberValue = float(value)
    elif verb == "date":
        sheet.Range[place].NumberValue = float((dt.date.fromisoformat(value) - dt.date(1899, 12, 30)).days)
    elif verb == "clear":
        sheet.Range[place].ClearContents()
    elif verb == "insert":
        sheet.InsertRow(place)
    elif verb == "delete":
        sheet.DeleteRow(place)


if __name__ == "__main__":
    main(sys.argv[1])
