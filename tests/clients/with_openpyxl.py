"""Drive openpyxl, as scripts of a team do: load, do the acts, save."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import openpyxl


def main(job_file: str) -> None:
    """Do a job: `{"files": [{"source", "target", "acts"}]}`."""
    for item in json.loads(Path(job_file).read_text(encoding="utf-8"))["files"]:
        book = openpyxl.load_workbook(item["source"])
        for verb, sheet, place, *value in item["acts"]:
            act(book[sheet], verb, place, *value)
        book.save(item["target"])


def act(sheet: Any, verb: str, place: Any, value: Any = None) -> None:
    """Do one act."""
    if verb == "insert":
        sheet.insert_rows(place)
    elif verb == "delete":
        sheet.delete_rows(place)
    else:
        sheet[place] = dt.date.fromisoformat(value) if verb == "date" else value


if __name__ == "__main__":
    main(sys.argv[1])
