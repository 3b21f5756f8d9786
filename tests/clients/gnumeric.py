"""Drive Gnumeric by its converter: open, do the acts, save as the target's ending says.

The converter's own way to set a cell reaches the first sheet only. The acts are therefore done in Gnumeric's own file
format: it opens the workbook and saves it as its XML, cells are put there, it opens that and saves the target.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

EXPORTERS = {".xlsx": "Gnumeric_Excel:xlsx2", ".ods": "Gnumeric_OpenCalc:odf", ".xml": "Gnumeric_XmlIO:sax:0"}
SPACE = "http://www.gnumeric.org/v10.dtd"
GNM = f"{{{SPACE}}}"
TEXT, NUMBER = "60", "40"


def main(job_file: str) -> None:
    """Do a job: `{"files": [{"source", "target", "acts"}]}`."""
    for item in json.loads(Path(job_file).read_text(encoding="utf-8"))["files"]:
        target = Path(item["target"])
        if not item["acts"]:
            convert(Path(item["source"]), target)
            continue
        between = target.with_suffix(".xml")
        convert(Path(item["source"]), between)
        edit(between, item["acts"])
        convert(between, target)


def convert(source: Path, target: Path) -> None:
    """Let Gnumeric open a file and save it in another format."""
    call = ["ssconvert", "-T", EXPORTERS[target.suffix], str(source), str(target)]
    subprocess.run(call, check=True, capture_output=True, timeout=120)


def edit(path: Path, acts: list[list[Any]]) -> None:
    """Do the acts in a file of Gnumeric's own format."""
    ElementTree.register_namespace("gnm", SPACE)
    book = ElementTree.parse(path)
    sheets = {sheet.findtext(f"{GNM}Name"): sheet.find(f"{GNM}Cells") for sheet in book.iter(f"{GNM}Sheet")}
    for verb, name, at, *value in acts:
        put(sheets[name], at, verb, *value)
    book.write(path, encoding="UTF-8", xml_declaration=True)


def put(cells: Any, at: str, verb: str, value: Any = None) -> None:
    """Put a value into a cell, or clear it."""
    row, column = place(at)
    for cell in [c for c in cells if (c.get("Row"), c.get("Col")) == (row, column)]:
        cells.remove(cell)
    if verb == "date":
        value = (dt.date.fromisoformat(value) - dt.date(1899, 12, 30)).days
    if verb != "clear":
        kind = TEXT if verb == "text" else NUMBER
        ElementTree.SubElement(cells, f"{GNM}Cell", Row=row, Col=column, ValueType=kind).text = str(value)


def place(at: str) -> tuple[str, str]:
    """Return row and column of an address, counted from 0."""
    letters, row = re.fullmatch(r"([A-Z]+)([0-9]+)", at).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return str(int(row) - 1), str(column - 1)


if __name__ == "__main__":
    main(sys.argv[1])
