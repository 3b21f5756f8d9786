"""A file is what stands in it, whatever its name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from custsheet.container import sniff

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "x")
    return buffer.getvalue()


def _ole(stream: str) -> bytes:
    name = stream.encode("utf-16-le") + b"\0\0"
    return OLE + b"\0" * 504 + name.ljust(64, b"\0") + len(name).to_bytes(2, "little") + b"\0" * 62


@pytest.mark.parametrize(
    ("kind", "data", "name"),
    [
        ("empty", b"", "a.xlsx"),
        ("xlsx", _zip("[Content_Types].xml", "xl/workbook.xml"), "a.xls"),
        ("xlsx", _zip("[Content_Types].xml", "xl/workbook.xml")[:90], "cut off.xlsx"),
        ("xlsb", _zip("[Content_Types].xml", "xl/workbook.bin"), "a.xlsx"),
        ("ods", _zip("META-INF/manifest.xml", "content.xml", "mimetype"), "a.xlsx"),
        ("zip", _zip("returns/wangfang.xlsx", "returns/lilei.xlsx"), "a.xlsx"),
        ("unknown", _zip("[Content_Types].xml", "word/document.xml"), "a.xlsx"),
        ("unknown", _zip("readme.txt"), "a.xlsx"),
        ("xls", _ole("Workbook"), "a.xlsx"),
        ("xls", _ole("Book"), "a.xlsx"),
        ("encrypted", _ole("EncryptedPackage"), "a.xlsx"),
        ("unknown", _ole("WordDocument"), "a.xlsx"),
        ("csv", "姓名,电话\n王芳,138".encode("gb18030"), "a.xlsx"),
        ("csv", "\ufeff姓名;电话\n王芳;138".encode(), ""),
        ("csv", "姓名\t电话\n王芳\t138".encode("utf-16"), "a.txt"),
        ("csv", "姓名\n王芳\n".encode(), "one column.csv"),
        ("unknown", "姓名\n王芳\n".encode(), "note"),
        ("eml", b"Received: from x\nFrom: a@example.com\nSubject: hi, there\n\nbody", "a.xlsx"),
        ("unknown", b"<html><table><tr><td>1,2</td></tr></table></html>", "a.xls"),
        ("unknown", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3", "a.xlsx"),
        ("unknown", b"\0\1\2\3,;", "a.csv"),
    ],
)
def test_content_decides(kind: str, data: bytes, name: str) -> None:
    """Each kind is told by its content; the name only helps where a text could be anything."""
    assert kind == sniff(data, name)


def test_a_zip_of_workbooks_is_no_workbook() -> None:
    """What stands in the files of a zip, stored as they are, is not taken for the names of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("王芳.xlsx", _zip("[Content_Types].xml", "xl/workbook.xml"))
    assert sniff(buffer.getvalue(), "returns.zip") == "zip"


@pytest.mark.skipif(not CORPUS.exists(), reason="needs shared/corpus")
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("ods", "n22_sheetjs_edit.ods"),
        ("ods", "o01_lo_edit.ods"),
        ("xls", "o01_lo_edit.xls"),
        ("csv", "n16_lo_gbk.csv"),
        ("encrypted", "n28_encrypted.xlsx"),
        ("xlsx", "n24_spire_edit.xlsx"),
    ],
)
def test_files_of_real_clients(kind: str, name: str) -> None:
    """What LibreOffice, SheetJS and Spire wrote is told under a false name too."""
    assert kind == sniff((CORPUS / name).read_bytes(), "return.xlsx")
