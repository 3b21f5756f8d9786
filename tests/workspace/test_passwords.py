"""A copy that was saved with a password is read with the member's password, and the password stands nowhere (R125)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.styles import PatternFill

from custsheet.foreign import unlock

LAKE = "澄湖示例科技"
SECRET = "示例密码，９1_a:b"


@pytest.fixture
def locked(team: Any) -> Path:
    """王芳 changed a phone and saved her copy with a password; the file lies in the inbox."""
    path: Path = team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(path.read_bytes())).encrypt(SECRET, out)
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (f"{SECRET}\n", "utf-8"),
        (f"李雷: 别人的\n王芳：{SECRET}\n", "utf-8-sig"),
        (f"别人的\r\n\r\n{SECRET}\r\n", "gb18030"),
    ],
)
def test_the_right_password_opens_it(team: Any, locked: Path, tmp_path: Path, text: str, encoding: str) -> None:
    """From a file of passwords, whoever wrote it in whatever encoding: the edit is applied."""
    (tmp_path / "passwords.txt").write_bytes(text.encode(encoding))
    done = team.json("merge", "--password-from", tmp_path / "passwords.txt")
    assert [c["new"] for c in done["changes"]] == ["13900000001"]
    assert done["findings"] == []


def test_a_file_refused_for_its_password_is_read_when_it_is_given(team: Any, locked: Path, tmp_path: Path) -> None:
    """Refused and kept at first, with the way on; the same file in the inbox is taken in once the password is there."""
    first = team.run("merge", "--json")
    assert (first.code, first.json["files"][0]["code"]) == (4, "E_ENCRYPTED")
    assert "--password-from" in first.json["files"][0]["fix"]
    (tmp_path / "p.txt").write_text(SECRET, encoding="utf-8")
    assert [f["code"] for f in team.json("status")["refused"]] == ["E_ENCRYPTED"]
    assert team.json("merge", "--password-from", tmp_path / "p.txt")["edits"]["applied"] == 1
    assert team.json("status")["refused"] == []
    assert team.json("merge", "--password-from", tmp_path / "p.txt")["edits"]["total"] == 0


def test_no_password_fits(team: Any, locked: Path, tmp_path: Path) -> None:
    """Exit 4 with its own code; the bytes stay, nothing is applied."""
    (tmp_path / "p.txt").write_text("wrong\nWrong\n", encoding="utf-8")
    done = team.run("merge", "--password-from", tmp_path / "p.txt", "--json")
    assert (done.code, done.json["files"][0]["code"], done.json["changes"]) == (4, "E_PASSWORD", [])
    assert any(p.read_bytes() == locked.read_bytes() for p in (team.root / "files").rglob("*") if p.is_file())


def test_the_password_stands_nowhere(team: Any, locked: Path, tmp_path: Path) -> None:
    """Neither in what is printed nor in any file of the workspace."""
    (tmp_path / "p.txt").write_text(SECRET, encoding="utf-8")
    done = team.run("merge", "--password-from", tmp_path / "p.txt")
    assert SECRET not in done.out + done.err
    for data in team.state().values():
        assert SECRET.encode() not in data
        assert SECRET.encode("utf-16-le") not in data


@pytest.mark.parametrize("cut", [600, 2000, 0])
def test_a_broken_container_is_refused(team: Any, locked: Path, tmp_path: Path, cut: int) -> None:
    """Cut off or overwritten: a coded refusal, whatever the library in the child process makes of it."""
    data = bytearray(locked.read_bytes())
    locked.write_bytes(bytes(data[:cut]) if cut else bytes(data[:512]) + b"\xff" * (len(data) - 512))
    (tmp_path / "p.txt").write_text(SECRET, encoding="utf-8")
    done = team.run("validate", "--password-from", tmp_path / "p.txt", "--json")
    assert done.code == 4
    assert done.json["files"][0]["code"].startswith("E_")


def test_a_missing_file_of_passwords_stops_the_call(team: Any, tmp_path: Path) -> None:
    """Exit 2, nothing done."""
    done = team.run("merge", "--password-from", tmp_path / "none.txt")
    assert done.code == 2
    assert "none.txt" in done.err


@pytest.mark.parametrize("command", ["heal", "annotate"])
def test_what_came_with_a_password_goes_back_with_it(team: Any, locked: Path, tmp_path: Path, command: str) -> None:
    """Laid out again the copy opens with its own password alone; its colours came along, and it says the same."""
    book = openpyxl.load_workbook(io.BytesIO(unlock(locked.read_bytes(), [SECRET])[0]))
    book["客户"]["C5"].fill = PatternFill("solid", fgColor="FF00B050")
    book["客户"][f"{next(c.column_letter for c in book['客户'][2] if c.value == '等级')}3"].value = "优"
    out, plain = io.BytesIO(), io.BytesIO()
    book.save(plain)
    OOXMLFile(plain).encrypt(SECRET, out)
    locked.write_bytes(out.getvalue())
    (tmp_path / "p.txt").write_text(f"wrong\n{SECRET}", encoding="utf-8")
    given = ("--password-from", tmp_path / "p.txt")
    if command == "heal":
        again = Path(team.json("heal", locked, *given)["healed"])
    else:
        again = Path(team.json("validate", locked, "--annotate", tmp_path / "back", *given)["files"][0]["annotated"])
    assert again.read_bytes()[:8] == bytes.fromhex("D0CF11E0A1B11AE1"), "a locked workbook"
    page = openpyxl.load_workbook(io.BytesIO(unlock(again.read_bytes(), [SECRET])[0]))["客户"]
    assert page["C5"].fill.fgColor.rgb == "FF00B050"
    assert [e["new"] for e in team.json("diff", again, *given)["edits"] if e["field"] == "phone"] == ["13900000001"]
