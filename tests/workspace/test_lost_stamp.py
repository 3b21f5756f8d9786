"""A copy whose hidden sheets are gone is known by its rows, and what was typed in it arrives (U2, P57, P58)."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

LAKE = "澄湖示例科技"


def without_hidden_sheets(path: Path, out: Path, **typed: str) -> None:
    """What a cautious person or a script makes of a copy: only what is seen."""
    book = openpyxl.load_workbook(path)
    for name in list(book.sheetnames):
        if book[name].sheet_state != "visible":
            del book[name]
    page = book["客户"]
    heads = {cell.value: cell.column for cell in page[2]}
    row = next(r for r in range(3, page.max_row + 1) if page.cell(r, heads["客户名称"]).value == LAKE)
    for head, value in typed.items():
        page.cell(row, heads[head]).value = value
    book.save(out)


def test_a_copy_without_its_hidden_sheets_is_known_by_its_check_codes(team: Any) -> None:
    """The edit is applied, and that the mark is gone is said with whose copy it is and how sure that is."""
    without_hidden_sheets(team.copy_of("王芳"), team.folder("inbox") / "x.xlsx", 电话="13900000001")
    done = team.json("merge")
    assert done["edits"]["applied"] == done["edits"]["total"] == 1
    [lost] = [f for f in done["findings"] if f["code"] == "F_STAMP_LOST"]
    assert "王芳" in lost["message"]
    assert "100%" in lost["message"]


def test_a_gbk_csv_of_one_sheet_is_known_and_the_other_sheets_are_unchanged(team: Any) -> None:
    """The old Excel's csv: no formats, no stamp, one sheet: one edit, nothing blanked."""
    book = openpyxl.load_workbook(team.copy_of("王芳"), data_only=True)
    out = io.StringIO(newline="")
    for row in book["客户"].iter_rows(values_only=True):
        shown = [v.date().isoformat() if hasattr(v, "date") else "" if v is None else str(v) for v in row]
        csv.writer(out).writerow("13900000001" if v == "13800000001" else v for v in shown)
    (team.folder("inbox") / "客户.csv").write_bytes(out.getvalue().encode("gb18030"))
    done = team.json("merge")
    assert [(c["field"], c["new"]) for c in done["changes"]] == [("phone", "13900000001")]
    assert sorted(f["code"] for f in done["findings"]) == ["F_SHEET_MISSING", "F_STAMP_LOST"]


def test_where_check_codes_are_gone_too_the_row_ids_tell_the_copy(team: Any) -> None:
    """A pandas rewrite that drops hidden sheets and the last column: the ids belong to one copy only."""
    frame = pd.read_excel(team.copy_of("王芳"), sheet_name="客户", header=1, dtype=str, engine="openpyxl").drop(
        columns="_check"
    )
    frame.loc[frame["客户名称"] == LAKE, "下次跟进内容"] = "改到周五"
    frame["下次跟进时间"] = frame["下次跟进时间"].str[:10]
    frame["跟进时间"] = frame["跟进时间"].str[:10]
    frame.to_excel(team.folder("inbox") / "x.xlsx", index=False)
    done = team.json("merge")
    assert [(c["label"], c["new"]) for c in done["changes"]] == [(f"customers/{LAKE}", "改到周五")]


def test_rows_of_two_copies_pasted_together_are_not_guessed(team: Any) -> None:
    """Half of the rows belong to each: whose copy that is, only a person can say, so the file is refused and kept."""
    frames = [
        pd.read_excel(team.copy_of(name), sheet_name="客户", header=1, dtype=str, engine="openpyxl").dropna(
            subset="客户名称"
        )
        for name in ("李雷", "陈晨")
    ]
    path = team.folder("inbox") / "x.xlsx"
    pd.concat(frames).to_excel(path, index=False)
    done = team.run("merge", "--json")
    assert (done.code, done.json["files"][0]["code"]) == (4, "E_FOREIGN")
    assert path.read_bytes() in {p.read_bytes() for p in (team.root / "files").iterdir()}
