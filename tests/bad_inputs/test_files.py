"""Files that are no copies, or damaged ones: refused alone, with their reason; and files that only look odd."""

from __future__ import annotations

import io
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bad_bench import EAST, LAKE, SHEET, codes, finding, rezipped
from catalogue import bad_input
from team_bench import PROJECT

EDIT = {(LAKE, "电话"): "13900000001"}


@bad_input(1)
def test_an_empty_file(bad: Any) -> None:
    """0 bytes: said so, and 王芳 still counts as one who has not returned."""
    bad.refused(b"", "E_FILE_EMPTY", "王芳.xlsx")
    assert {m["member"]: m["returned"] for m in bad.team.json("status")["members"]}["王芳"] == 0


@bad_input(2)
@pytest.mark.parametrize("share", [0.3, 0.999])
def test_a_download_that_was_cut_off(bad: Any, share: float) -> None:
    """However much of it came, a file without its end is refused as cut off."""
    data = bad.typed(EDIT)
    bad.refused(data[: int(len(data) * share)], "E_ZIP_TRUNCATED")


@bad_input(3)
def test_a_damaged_part(bad: Any) -> None:
    """A phone that was changed inside of the zip fails its checksum: refused, and the changed number is nowhere."""
    stored = rezipped(bad.copy(), lambda _, part: part, method=zipfile.ZIP_STORED)
    assert stored.count(b"13800000001") >= 1
    found = bad.refused(stored.replace(b"13800000001", b"13800000099"), "E_ZIP_CRC")
    assert "xl/" in found["message"]
    assert bad.phone() == "13800000001"


OTHERS = {
    "page": (b"<html><body><table><tr><td>_id</td></tr></table></body></html>", "E_NOT_XLSX"),
    "csv": ("客户名称,电话\n澄湖示例科技,13900000001\n".encode(), "E_NOT_XLSX"),
    "pdf": (b"%PDF-1.4\n%%EOF\n", "E_NOT_XLSX"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "E_NOT_XLSX"),
}


@bad_input(4)
@pytest.mark.parametrize("kind", OTHERS)
def test_something_else_named_xlsx(bad: Any, kind: str) -> None:
    """A page, a csv, a PDF or a picture that only calls itself a workbook is refused as none."""
    bad.refused(*OTHERS[kind])


def _zip_of(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"x" * 40)  # without the time: it stands in the tests' names
    return out.getvalue()


@bad_input(5)
@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("王芳.numbers", _zip_of("Index/Document.iwa", "Metadata/Properties.plist", "preview.jpg"), "E_NUMBERS"),
        ("王芳.docx", _zip_of("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "E_NOT_XLSX"),
        ("王芳.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096), "E_NOT_XLSX"),
        ("王芳.xls", bytes.fromhex("0908080000051000"), "E_NOT_XLSX"),
        ("王芳.xlsb", _zip_of("[Content_Types].xml", "_rels/.rels", "xl/workbook.bin"), "E_DAMAGED"),
        ("王芳.ods", _zip_of("mimetype", "content.xml", "META-INF/manifest.xml"), "E_XML_SYNTAX"),
    ],
)
def test_a_format_that_is_not_read_or_is_damaged(bad: Any, name: str, data: bytes, code: str) -> None:
    """What no reader knows, or breaks off in, is refused with the format to save it in."""
    bad.refused(data, code, name)


@bad_input(5)
def test_old_formats_of_another_sheet_are_read_and_known_as_foreign(bad: Any, corpus: Callable[[str], bytes]) -> None:
    """.xls and .ods as LibreOffice writes them are no obstacle: what is refused is that they are not ours."""
    bad.refused(corpus("o01_lo_edit.xls"), "E_FOREIGN", "旧表.xls")


SECRET = "很难猜的 1"


def _locked(data: bytes) -> bytes:
    """A workbook saved with a password to open it."""
    from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415  # beside its only use

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(SECRET, out)
    return out.getvalue()


@bad_input(6)
def test_a_file_with_a_password(bad: Any) -> None:
    """A copy that was locked is refused as locked, with the way to take the password off or to give it (P31)."""
    found = bad.refused(_locked(bad.typed(EDIT)), "E_ENCRYPTED")
    assert "密码" in found["message"]
    assert "--password-from" in found["fix"]


@bad_input(6)
@pytest.mark.parametrize(("given", "code", "state"), [(SECRET, 0, "merged"), ("猜的", 4, "refused")])
def test_a_password_that_is_given(bad: Any, given: str, code: int, state: str) -> None:
    """The right one opens the copy, a wrong one does not; it is written nowhere and said nowhere."""
    bad.put(_locked(bad.typed(EDIT)))
    secrets = bad.team.root.parent / "secrets.txt"
    secrets.write_text(f"王芳: {given}\n", encoding="utf-8")
    done = bad.team.run("merge", "--password-from", secrets, "--json")
    assert (done.code, [f["state"] for f in done.json["files"]]) == (code, [state])
    assert bad.phone() == ("13900000001" if code == 0 else "13800000001")
    told = [done.out.encode(), done.err.encode(), *bad.team.state().values()]
    assert not any(given.encode() in said for said in told)


@bad_input(7)
@pytest.mark.parametrize("name", ["~$王芳.xlsx", "王芳.xlsx.tmp", ".DS_Store"])
def test_an_owner_file(bad: Any, name: str) -> None:
    """What Excel and systems leave beside a workbook is passed over with a line, exit 0."""
    bad.put(b"\x05user" + bytes(160), name)
    done = bad.team.run("merge")
    assert done.code == 0
    assert name in done.out


@bad_input(8, 13)
@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (PermissionError(13, "Permission denied"), "FILE_OPEN"),
        (OSError(112, "Host is down"), "FILE_UNREADABLE"),
        (OSError(5, "Input/output error"), "FILE_UNREADABLE"),
    ],
)
def test_a_file_that_cannot_be_opened_now(
    bad: Any, monkeypatch: pytest.MonkeyPatch, problem: OSError, code: str
) -> None:
    """Open in Excel, no right, the network gone: exit 6 and its name, the others are taken, and next time it is too."""
    held = bad.put(bad.typed(EDIT))
    bad.team.put("李雷", {(SHEET, EAST, "电话"): "13900000009"})
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path == held:
            raise problem
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refuse)
        done = bad.team.run("merge", "--json")
        assert bad.team.run("validate").code == 6
    assert (done.code, done.json["edits"]["applied"]) == (6, 1)
    [stopped] = [f for f in done.json["files"] if f["state"] == "refused"]
    assert (stopped["file"], stopped["code"]) == (held.name, code)
    assert stopped["fix"]
    assert bad.team.json("merge")["edits"]["applied"] == 1
    assert bad.phone() == "13900000001"


@bad_input(13)
@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc/self/mem, a file that gives an error")
def test_a_file_that_the_disk_does_not_give(bad: Any) -> None:
    """A real error of input: exit 6, the file's name, the reason, and no traceback."""
    path = bad.team.root / "坏盘.xlsx"
    path.symlink_to("/proc/self/mem")
    for command in ("merge", "validate", "diff"):
        done = bad.team.run(command, path)
        assert done.code == 6, (command, done)
        assert "坏盘.xlsx" in done.out + done.err


@bad_input(9)
def test_a_bomb(bad: Any) -> None:
    """200 MB of nothing in a copy of ordinary size are not unpacked."""
    data = _with("xl/media/pad.bin", bytes(200 << 20))(bad.typed(EDIT))
    assert len(data) < 1 << 20
    bad.refused(data, "E_ZIP_BOMB")


def _with(part: str, added: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        out = io.BytesIO(data)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(part, added)
        return out.getvalue()

    return change


def _entities(data: bytes) -> bytes:
    text = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    return rezipped(
        data, lambda name, part: part.replace(b"?>", b"?>" + text, 1) if name.endswith("Strings.xml") else part
    )


DDE = (
    b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
)
DANGEROUS = {
    "entities": (_entities, "E_XML_DTD"),
    "macro": (_with("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "E_MACRO"),
    "embedded": (_with("xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0"), "E_ACTIVE_CONTENT"),
    "dde": (_with("xl/externalLinks/externalLink1.xml", DDE), "E_ACTIVE_CONTENT"),
}


@bad_input(9)
@pytest.mark.parametrize("what", DANGEROUS)
def test_a_copy_that_carries_something_dangerous(bad: Any, what: str) -> None:
    """Entities, macros, embedded objects and DDE: nothing of the copy is taken, whatever else stands in it."""
    change, code = DANGEROUS[what]
    bad.refused(change(bad.typed(EDIT)), code)
    assert bad.phone() == "13800000001"


def _ole(*names: str) -> bytes:
    """The header of an old binary file, and its directory: names in 64 bytes, and their length."""
    raw = [name.encode("utf-16-le") + b"\0\0" for name in names]
    entries = b"".join(name.ljust(64, b"\0") + len(name).to_bytes(2, "little") + bytes(62) for name in raw)
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + entries


@bad_input(9)
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("王芳.xlsb", _zip_of("[Content_Types].xml", "xl/workbook.bin", "xl/vbaProject.bin")),
        ("王芳.xls", _ole("Root Entry", "Workbook", "_VBA_PROJECT_CUR")),
    ],
)
def test_macros_in_a_binary_workbook(bad: Any, name: str, data: bytes) -> None:
    """The binary formats carry macros too: refused before any library sees them."""
    bad.refused(data, "E_MACRO", name)


@bad_input(9)
def test_a_binary_workbook_that_is_another_one_too(bad: Any) -> None:
    """A package that one program reads as .xlsb and the next as .xlsx is refused."""
    bad.refused(_zip_of("[Content_Types].xml", "xl/workbook.bin", "xl/workbook.xml"), "E_DAMAGED", "王芳.xlsb")


@bad_input(10)
def test_a_copy_that_was_merged_before(bad: Any) -> None:
    """The same bytes under another name: exit 0, no new revision, and it is said which version it was."""
    bad.put(bad.typed(EDIT), "1.xlsx")
    bad.merged(code=0)
    before = bad.revision()
    again = bad.put(bad.typed(EDIT), "王芳 (1).xlsx")
    done = bad.team.run("merge", again, "--json")
    assert (done.code, [f["state"] for f in done.json["files"]], bad.revision()) == (0, ["duplicate"], before)


@bad_input(11)
def test_a_photo_of_30_megabytes(bad: Any) -> None:
    """The picture is passed over and named, the cells are taken (P26)."""
    bad.put(_with("xl/media/image1.jpeg", os.urandom(30 << 20))(bad.typed(EDIT)))
    done = bad.merged(code=0)
    assert finding(done, "F_PICTURES")["value"] == "1"
    assert bad.phone() == "13900000001"


@bad_input(11)
def test_a_file_too_big_to_be_a_workbook(bad: Any) -> None:
    """A film in the inbox is not even copied: refused with both sizes, its bytes left where they lie."""
    path = bad.team.folder("inbox") / "会议.xlsx"
    bad.team.put("李雷", {(SHEET, EAST, "电话"): "13900000009"})
    with path.open("wb") as out:
        out.truncate(3 << 30)
    done = bad.team.run("merge", "--json")
    [film] = [f for f in done.json["files"] if f["state"] == "refused"]
    assert (done.code, film["code"], done.json["edits"]["applied"]) == (4, "E_FILE_TOO_BIG", 1)
    assert path.stat().st_size == 3 << 30


@bad_input(11)
def test_a_big_file_that_is_refused_is_kept_and_listed(bad: Any) -> None:
    """A scan of 80 MB is refused once, stays whole among the files, and `status` lists it with the next step."""
    path = bad.team.folder("inbox") / "扫描.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(1 << 20) * 80)
    assert [f["code"] for f in bad.team.run("merge", "--json").json["files"]] == ["E_FILE_TOO_BIG"]
    sizes = [p.stat().st_size for p in (bad.team.root / "files").iterdir()]
    assert (sizes.count(80 << 20), sizes.count(0)) == (1, 0)
    [listed] = bad.team.json("status")["refused"]
    assert (listed["file"], listed["code"], bool(listed["fix"])) == ("扫描.xlsx", "E_FILE_TOO_BIG", True)
    assert bad.team.run("merge").code == 0
    assert bad.team.run("verify", "--full").code == 0


@bad_input(12)
@pytest.mark.parametrize("name", ["副本 (2) - 王芳改.xlsx", "新建文件夹/attachment"])
def test_a_copy_under_another_name(bad: Any, name: str) -> None:
    """A copy is known by what stands in it (P44)."""
    bad.put(bad.typed(EDIT), name)
    assert codes(bad.merged(code=0)) == []
    assert bad.phone() == "13900000001"


@bad_input(14)
def test_a_disk_that_is_full_when_the_file_is_kept(bad: Any) -> None:
    """A write that the system cuts short: exit 6, no half file, the ledger as before; with room again all is taken."""
    path = bad.put(_with("xl/media/image1.jpeg", os.urandom(4 << 20))(bad.typed(EDIT)))
    before, files = bad.revision(), set((bad.team.root / "files").iterdir())
    call = [sys.executable, "-m", "custsheet", "-C", str(bad.team.root), "merge", "--today", bad.team.today]
    done = subprocess.run(
        call,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, 3 << 20)),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 6, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert bad.revision() == before
    assert set((bad.team.root / "files").iterdir()) == files
    assert bad.team.json("merge")["edits"]["applied"] == 1
    assert bad.is_kept(path)


def test_the_inbox_itself_is_gone(bad: Any) -> None:
    """Without the folder of the round there is nothing new, and that is no fault."""
    shutil.rmtree(bad.team.folder("inbox"), ignore_errors=True)
    assert bad.team.run("merge").code == 0
