"""`doctor`: what is installed; the client test with its workbook, its steps and the judgement of what came back."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest
from team_bench import TeamBench, run_here

from custsheet.demo import client_team
from custsheet.demo.client_edits import KINDS, acts, expected
from custsheet.demo.client_test import workbook
from custsheet.xlsx.patch import CellEdit, patch
from custsheet.xlsx.read import read_grid

CELLS = ("change", "append", "mark")


@pytest.fixture(params=["zh", "en"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """What the client test writes, in both languages."""
    assert run_here("doctor", "--client-test", tmp_path / "test", "--lang", request.param).code == 0
    return tmp_path / "test"


def edited(path: Path, language: str, kinds: tuple[str, ...] = CELLS) -> Path:
    """Do those edits of the script that need no row to come or go, as a program would, in a file beside."""
    data = path.read_bytes()
    done = acts(read_grid(data), client_team.schema(language), language, kinds)  # type: ignore[arg-type]
    patched = patch(data, [CellEdit(str(s), str(at), *(value or [None])) for _, s, at, *value in done])
    target = path.with_name("edited.xlsx")
    target.write_bytes(patched)
    return target


def test_doctor_says_what_runs_here(team: TeamBench) -> None:
    """Python, system, encodings, places and each library that custsheet asks for; no name and no row of the team."""
    done = run_here("-C", team.root, "doctor", "--json")
    found = done.json
    assert (done.code, found["custsheet"]) == (0, "doctor@1")
    assert found["versions"]["python"].startswith(platform.python_version())
    assert found["places"]["workspace"] == str(team.root)
    assert {"click", "openpyxl", "pandas", "xlrd"} <= set(found["libraries"])
    assert "王芳" not in json.dumps(found, ensure_ascii=False)
    assert platform.python_version() in run_here("doctor").out


def test_the_client_test_is_a_workbook_and_steps_in_both_languages(written: Path) -> None:
    """One workbook, and a text file per language that names each row, column and value of the script."""
    [book], scripts = [*written.glob("*.xlsx")], sorted(written.glob("*.txt"))
    language = "zh" if book.name == "程序测试.xlsx" else "en"
    assert book.read_bytes() == workbook(language)  # type: ignore[arg-type]
    assert len(scripts) == 2
    for script in scripts:
        steps = script.read_bytes().decode("utf-8-sig")
        lines = [line for line in steps.split("\r\n") if line[:1].isdigit()]
        assert [int(line.split(".")[0]) for line in lines] == list(range(1, len(lines) + 1))
        for kind, row, _, value in expected(language):  # type: ignore[arg-type]
            assert kind == "add" or row in steps
            assert value.strip("¥").replace(",", "") in steps.replace(",", "")


def test_a_file_that_was_only_saved_and_an_edited_one_make_a_row(written: Path) -> None:
    """What came back as the steps say is told apart from what was lost on the way, and gives the row of the table."""
    [book] = written.glob("*.xlsx")
    language = "zh" if book.name == "程序测试.xlsx" else "en"
    found = run_here("doctor", "--client-test", book, edited(book, language), "--json").json
    saved, changed = found["files"]
    assert (saved["edited"], saved["good"], saved["surplus"]) == (False, True, [])
    rows_moved = expected(language, KINDS) - expected(language, CELLS)  # type: ignore[arg-type]
    assert {tuple(edit) for edit in changed["missing"]} == rows_moved
    assert (changed["edited"], changed["good"], changed["surplus"]) == (True, False, [])
    total = len(expected(language))  # type: ignore[arg-type]
    assert found["row"] == f"| custsheet | xlsx | 0 made up | {total - len(rows_moved)} of {total} edits |"


def test_an_edit_that_the_steps_do_not_ask_for_is_made_up(tmp_path: Path) -> None:
    """A program that changes a value by itself is caught: exit 3, the cell's row, field and new value named."""
    path = tmp_path / "broken.xlsx"
    path.write_bytes(patch(workbook("zh"), [CellEdit("练习", "C4", "01 号")]))
    done = run_here("doctor", "--client-test", path, "--json")
    assert done.code == 3
    [judged] = done.json["files"]
    assert judged["surplus"] == [["cell", client_team.CUSTOMERS[1].zh, "words", "01 号"]]
    assert "words" in run_here("doctor", "--client-test", path).out


def test_a_copy_of_somebody_is_no_client_test(team: TeamBench) -> None:
    """A real copy is not judged: the code says so, and exit 4."""
    done = run_here("doctor", "--client-test", team.copy_of("王芳"), "--json")
    assert (done.code, done.json["files"][0]["refused"]) == (4, "E_NOT_CLIENT_TEST")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A folder with something in it is left alone; a file that is not there is not taken for a folder: exit 2."""
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    assert run_here("doctor", "--client-test", tmp_path).code == 2
    assert run_here("doctor", "--client-test", tmp_path / "gone.xlsx").code == 2
    assert run_here("doctor", tmp_path).code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
