"""Run every program of the client matrix that is here, print the table of results, and write docs/clients.md.

`python tests/clients/client_table.py` (or `make clients`). What could not run keeps the row that it had.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

sys.path += [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

from client_bench import ClientTeam, Returned, make
from client_programs import NOT_RUN, PROGRAMS, Program

from custsheet.demo import client_team
from custsheet.demo.client_test import judge, outcome, table_row
from custsheet.demo.client_values import KINDS

DOC: Final = Path(__file__).resolve().parents[2] / "docs" / "clients.md"
Row = tuple[str, str, str, str]
"""Program, format, what became of the file that was only saved, of the edited one."""
_TOP = """\
# Spreadsheet programs

<!-- Written by `make clients`: what stands here is what came out. -->

One copy of the client test's team holds {kinds} kinds of values in each of {families} families of field: leading zeros,
18 digits, tabs, line ends, emojis, `_x0041_`, `=not a formula`, `#N/A`, the longest text, the first and the last day.
Each program opens it, changes nothing and saves; then it opens it again and does the edits of one script: text, date,
number, percent, a choice, a cell emptied, a row added, one inserted, one deleted, one marked for deletion. custsheet is
to find no edit in the first file and exactly these in the second.

## Results

| Program | Format | Opened and saved | Edited |
|---|---|---|---|
{rows}
"""
_REST = """
“made up” counts edits that nobody made. A code behind the edits is a remark that custsheet rightly makes about them:
`F_DATE_SERIAL`, a date that came without a date format; `F_REPAIRED`, a sign of ours that was written into the cell.
{notes}

## What programs change by themselves

Kinds of values of which some cell is stored otherwise after nothing but opening and saving. None of it is an edit.

| Program | Format | Kinds |
|---|---|---|
{altered}

## What counts as unchanged

A cell is as it was issued if it is read as the value that was issued, or if it still holds what was written into it:

- a text, whatever the program made of its line ends, tabs, outer blanks and of parts that look like an escape
  (`_x0041_` may come back as `A`, emojis as `_xD83D__xDE00_`);
- a text in which the program cut characters in two, so that they arrive as `\ufffd` (ExcelJS, at every 16 KB of text);
- the number or the serial of the date that was written, whatever its format;
- a value that could not be read when it was imported and stands there as it was typed, red;
- such a red cell with the sign in front that it shows (Gnumeric writes what is shown into its .ods).

Compared is only with what was issued in this very cell. The price: an edit that does nothing but turn a tab into a
blank, add outer blanks, put `A` for `_x0041_`, or type a red value again as it stands, is none. The ledger keeps the
text as it was, so nothing is lost, and the next copy shows it whole again.

Not seen past, because a person may have meant it: leading zeros that are gone, texts that were cut, blanks inside a
text, a changed letter. Where a program cuts texts (.xls by SheetJS) it cuts the stamp as well, which is seen: the file
is refused.

## Excel, WPS, Numbers, Google Sheets

They do not run where the tests run. Who has one of them tests it in five minutes:

```
custsheet doctor --client-test DIR       writes a workbook, and what to do with it, step by step
custsheet doctor --client-test FILE FILE judges the two files that were saved, and prints the row of the table
```
"""


def main() -> None:
    """Run, print, write."""
    known = {row[:2]: row for row in rows_of(DOC.read_text(encoding="utf-8"))} if DOC.exists() else {}
    changed = {row[:2]: row for row in altered_of(DOC.read_text(encoding="utf-8"))} if DOC.exists() else {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        team = ClientTeam.make(folder / "team", "zh")
        for program in PROGRAMS.values():
            if missing := program.missing():
                print(f"{program.title} did not run: needs {missing}", file=sys.stderr)
                continue
            made = make(program, team, folder)
            for ending in program.formats:
                row = result(program, ending, made)
                known[row[:2]] = row
                changed[row[:2]] = (*row[:2], "; ".join(made[ending, "saved"].altered()) or "none")
                print(table_row(*row))
    DOC.write_text(page(known.values(), changed.values()), encoding="utf-8")


def result(program: Program, ending: str, made: Mapping[tuple[str, str], Returned]) -> Row:
    """Return the row of one program and format."""
    saved, edited = (judge(made[ending, what].path, program.kinds) for what in ("saved", "edited"))
    return program.title, ending, outcome([saved]), outcome([edited])


def page(rows: Iterable[Row], altered: Iterable[tuple[str, str, str]]) -> str:
    """Return the whole page with these rows, in the order of the programs."""
    order = [(p.title, ending) for p in PROGRAMS.values() for ending in p.formats]
    found, changed = {row[:2]: row for row in rows}, {row[:2]: row for row in altered}
    not_here: list[Row] = [(name, "", "not run", "not run") for name in NOT_RUN]
    lines = [found.get(key, (*key, "not run", "not run")) for key in order]
    notes = "".join(f"\n- {p.title}: {p.note}." for p in PROGRAMS.values() if p.note)
    top = _TOP.format(
        kinds=len(KINDS), families=len(client_team.FAMILIES), rows="\n".join(table_row(*r) for r in [*lines, *not_here])
    )
    return top + _REST.format(
        notes=notes, altered="\n".join(table_row(*changed[key]) for key in order if key in changed)
    )


def rows_of(text: str) -> list[Row]:
    """Return the results that a page tells."""
    return [row for row in _table(text, "Results", 4) if row[0] not in NOT_RUN]  # type: ignore[misc]


def altered_of(text: str) -> list[tuple[str, str, str]]:
    """Return the kinds of values that a page says each program changes."""
    return _table(text, "What programs change by themselves", 3)  # type: ignore[return-value]


def _table(text: str, title: str, width: int) -> list[tuple[str, ...]]:
    part = text.split(f"## {title}\n")[1].split("\n## ", maxsplit=1)[0]
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in part.splitlines() if line[:1] == "|"]
    return [row for row in rows[2:] if len(row) == width and not re.fullmatch("-+", row[0])]


if __name__ == "__main__":
    main()
