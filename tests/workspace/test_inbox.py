"""The inbox takes any name and depth; what is none of ours, ours already, or not readable is said plainly."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

LAKE, FAR = "澄湖示例科技", "远山示例机械"
EDIT = {("客户", LAKE, "电话"): "13900000001"}
SHARED = Path(__file__).resolve().parents[3] / "shared"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", ["王芳 (1).xlsx", "周五/再一层/客户跟进.xlsx", "RE 答复.XLSX", "无后缀"])
def test_a_copy_is_known_by_its_content_whatever_its_name_and_depth(team: Any, name: str) -> None:
    """P16, P43, DESIGN 7: nothing depends on the file name."""
    team.put("王芳", EDIT, name)
    assert [f["state"] for f in team.json("merge")["files"]] == ["merged"]


@pytest.mark.parametrize("name", ["~$王芳.xlsx", "王芳.tmp", ".DS_Store", "Thumbs.db", "desktop.ini", "._王芳.xlsx"])
def test_files_of_programs_and_systems_are_skipped_with_a_line(team: Any, name: str) -> None:
    """P30: owner files and leftovers are no returns: they are named, and refuse nothing."""
    (team.folder("inbox") / name).write_bytes(b"\x00\x01 not a copy")
    done = team.run("merge")
    assert done.code == 0
    assert name in done.out
    assert [f["file"] for f in team.json("merge")["skipped"]] == [name]


def test_our_own_questions_and_reports_in_the_inbox_are_skipped_with_a_line(team: Any) -> None:
    """DESIGN 7: a question workbook of ours in the inbox is recognised, whatever it is called."""
    team.put("王芳", EDIT)
    team.put("李雷", {("客户", LAKE, "电话"): "13900000002"})
    team.run("merge")
    questions = team.root / "rounds" / team.round / "questions.xlsx"
    for name in ("questions.xlsx", "问题.xlsx"):
        shutil.copy(questions, team.folder("inbox") / name)
    done = team.run("merge", "--json")
    assert {f["file"] for f in done.json["skipped"]} == {"questions.xlsx", "问题.xlsx"}
    assert not done.json["files"]


def test_last_weeks_copy_in_this_weeks_inbox_is_merged_as_what_it_is(team: Any) -> None:
    """P15, P60: a copy says itself of which round it is; the folder that it lies in does not count."""
    team.run("generate", today="2026-11-23")
    data = team.edited(team.copy_of("王芳"), EDIT)
    (team.folder("inbox", "2026-W48") / "x.xlsx").write_bytes(data)
    done = team.run("merge", "--json", today="2026-11-23")
    assert (done.code, done.json["edits"]["applied"]) == (0, 1)
    assert team.value(f"customers/{LAKE}", "phone") == "13900000001"


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _corrupt(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes(b ^ 0xFF for b in data[middle : middle + 64]) + data[middle + 64 :]


def _shared(name: str) -> bytes:
    path = SHARED / "corpus" / name
    if not path.is_file():
        pytest.skip(f"needs the corpus of client files: {path.name}")
    return path.read_bytes()


BAD = {
    "empty": (lambda _: b"", "E_FILE_EMPTY"),
    "cut": (_cut, "E_ZIP_TRUNCATED"),
    "damaged": (_corrupt, None),
    "another workbook": (lambda _: _shared("base.xlsx"), "E_FOREIGN"),
    "encrypted": (lambda _: _shared("n28_encrypted.xlsx"), "E_ENCRYPTED"),
    "xls renamed": (lambda _: _shared("o01_lo_edit.xls"), None),
    "ods renamed": (lambda _: _shared("o01_lo_edit.ods"), None),
    "text": (lambda _: "就是一段话".encode(), None),
    "picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(200), None),
}


@pytest.mark.parametrize("case", list(BAD))
def test_a_file_that_is_no_good_is_refused_alone_in_plain_words(team: Any, case: str) -> None:
    """Exit 4, the others go on, the bytes are kept, and what is said is short, Chinese and says what to do."""
    make, code = BAD[case]
    path = team.folder("inbox") / "坏.xlsx"
    path.write_bytes(make(team.edited(team.copy_of("李雷"), {("客户", "东屿示例制药", "电话"): "13900000009"})))
    team.put("王芳", EDIT)
    done = team.run("merge", "--json")
    assert (done.code, done.json["edits"]["total"], done.json["edits"]["applied"]) == (4, 1, 1)
    [bad] = [f for f in done.json["files"] if f["state"] == "refused"]
    assert bad["file"] == path.name
    assert code in (None, bad["code"])
    assert not any(bad["edits"].values()), "refused files count nothing"
    assert CHINESE.search(bad["message"])
    assert CHINESE.search(bad["fix"]), "every refusal says what to do"
    assert "…" not in bad["message"] + bad["fix"], "every fact is filled in"
    kept = {p.read_bytes() for p in (team.root / "files").iterdir()}
    assert path.read_bytes() in kept, "not a byte is lost"


def test_a_refused_file_is_said_once_and_again_when_named(team: Any) -> None:
    """A file that was refused is not refused anew by every run; naming it says why once more."""
    path = team.folder("inbox") / "坏.xlsx"
    path.write_bytes(b"")
    assert team.run("merge").code == 4
    assert team.run("merge").code == 0
    assert team.run("merge", path).code == 4
    assert [r["code"] for r in team.json("status")["refused"]] == ["E_FILE_EMPTY"]


def test_a_file_open_in_excel_is_tried_again_next_time(team: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PermissionError of one file: the others go on, exit 6 (it comes before 4), and nothing is lost next time."""
    held = team.put("王芳", EDIT)
    team.put("李雷", {("客户", "东屿示例制药", "电话"): "13900000009"})
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path == held:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refuse)
        done = team.run("merge", "--json")
        assert (done.code, done.json["edits"]["applied"]) == (6, 1)
        [bad] = [f for f in done.json["files"] if f["state"] == "refused"]
        assert bad["code"] == "FILE_OPEN"
        assert CHINESE.search(bad["message"] + bad["fix"])
        assert team.run("validate").code == 6
        assert team.run("status").code == 0
    document = team.json("merge")
    assert document["edits"]["applied"] == 1


def test_a_row_of_a_colleague_is_kept_out_and_said(team: Any) -> None:
    """MERGE 19: a row id that was never issued to this copy: its cells are rejected, never applied, never lost."""
    from team_bench import sheet_of  # noqa: PLC0415

    theirs = sheet_of(team.copy_of("李雷").read_bytes(), "客户")
    row = next(r for r in theirs.rows if any(c is not None and c.raw == "南山示例建材" for c in r.cells))
    head = next(r for r in theirs.rows if any(c is not None and c.raw == "_id" for c in r.cells))
    pasted = {
        ("客户", "+0", h.raw): c.raw
        for h, c in zip(head.cells, row.cells, strict=False)
        if h is not None and c is not None and c.formula is None
    }
    assert "_id" in {name for _, _, name in pasted}
    team.put("王芳", pasted)
    done = team.run("merge", "--json")
    assert done.code == 3
    assert done.json["edits"]["applied"] == 0
    assert done.json["edits"]["rejected"] == done.json["edits"]["total"] > 0
    assert "R_ID_NOT_ISSUED" in [f["code"] for f in done.json["findings"]]


def test_a_file_that_is_named_and_not_there_stops_the_call(team: Any) -> None:
    """A wrong path is a wrong call: exit 2, nothing changed."""
    before = team.state()
    for command in ("merge", "validate", "diff"):
        done = team.run(command, team.root / "没有.xlsx")
        assert done.code == 2
        assert "没有.xlsx" in done.err
    assert team.state() == before


def test_a_copy_of_another_team_is_refused_and_named(team: Any, team_of_others: Any) -> None:
    """MERGE 46: a copy that another ledger issued is refused, and says of which team, round and member it is."""
    shutil.copy(team_of_others.copy_of("王芳"), team.folder("inbox") / "x.xlsx")
    done = team.run("merge", "--json")
    [bad] = done.json["files"]
    assert (done.code, bad["code"]) == (4, "E_FOREIGN")
    assert "王芳" in bad["message"]


@pytest.mark.parametrize("again", ["表(1)", "表 (1)", "表\uff082\uff09", "表 - 副本", "表副本", "表 - Copy", "表(10)"])
def test_a_file_beside_one_of_its_name_came_after_it(team: Any, again: str) -> None:
    """Programs number what comes twice: 表(1).xlsx is later, though its name sorts before 表.xlsx (DESIGN 7)."""
    same = {("客户", LAKE, "等级"): "C"}
    team.put("王芳", {**same, ("客户", LAKE, "电话"): "13900000002"}, f"{again}.xlsx")
    team.put("王芳", {**same, ("客户", LAKE, "电话"): "13900000001"}, "表.xlsx")
    done = team.json("merge")
    assert (done["questions"], team.value(f"customers/{LAKE}", "phone")) == ([], "13900000002")
