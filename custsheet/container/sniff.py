"""Tell what a file is by what stands in it; the name only decides where a text could be anything."""

from __future__ import annotations

import re
from pathlib import PurePath

from custsheet.container.source import Source
from custsheet.container.zip import DIRECTORY, LOCAL

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OTHER_DOCUMENT = re.compile(rb"vnd\.oasis\.opendocument\.(?!spreadsheet)")
_CARRIED = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".csv", ".eml", ".zip")
_MOST_NAMES = 4_000
_OTHERS = (
    (b"Rar!", "E_PACKED", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "E_PACKED", "7z"),
    (b"%PDF", "E_NOT_XLSX", "PDF"),
    (b"\xff\xd8\xff", "E_NOT_XLSX", "JPG"),
    (b"\x89PNG", "E_NOT_XLSX", "PNG"),
)
"""First bytes, code and name."""
_MAIL_HEADERS = frozenset(
    ("from", "to", "cc", "subject", "date", "message-id", "mime-version", "received", "return-path", "content-type")
)
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*):(?: |$)")
_TEXT_ENDINGS = (".csv", ".tsv", ".txt")
_DELIMITERS = ",;\t|"


def sniff(data: Source, name: str = "") -> str:
    """Return xlsx, xls, ods, xlsb, encrypted, csv, zip, eml, empty or unknown."""
    if not data:
        return "empty"
    if data.startswith(LOCAL):
        return _sniff_zip(data)
    data = data[:]
    if data.startswith(_OLE):
        return _sniff_ole(data)
    return _sniff_text(data, PurePath(name.lower()).suffix)


def other_format(data: bytes) -> tuple[str, str] | None:
    """Return code and name of a format that people send and no spreadsheet program writes; None for any other."""
    for mark, code, name in _OTHERS:
        if data.startswith(mark):
            return code, name
    if data.startswith(LOCAL) and "index/document.iwa" in _names(data):
        return "E_NUMBERS", "Numbers"
    return None


def _sniff_zip(data: Source) -> str:
    names = _names(data)
    if "xl/workbook.bin" in names:
        return "xlsb"
    if {"content.xml", "meta-inf/manifest.xml"} <= names:
        return "unknown" if _OTHER_DOCUMENT.search(data[:200]) else "ods"
    other = any(name.startswith(("word/", "ppt/")) for name in names)
    if not other and any(name.startswith("xl/") or name == "[content_types].xml" for name in names):
        return "xlsx"
    return "zip" if any(name.endswith(_CARRIED) for name in names) else "unknown"


def _names(data: Source) -> set[str]:
    """Names in the local headers: they are there even where the end of the archive is cut off."""
    names: set[str] = set()
    at = 0
    while at >= 0 and len(names) < _MOST_NAMES:
        length = int.from_bytes(data[at + 26 : at + 28], "little")
        names.add(data[at + 30 : at + 30 + length].decode("utf-8", "replace").lower())
        at = _next_header(data, at, length)
    return names


def _next_header(data: Source, at: int, length: int) -> int:
    """Return where the next local header begins, by the sizes in this one if they are right; -1 behind the last."""
    after = at + 30 + length
    after += int.from_bytes(data[at + 28 : at + 30], "little") + int.from_bytes(data[at + 18 : at + 22], "little")
    mark = data[after : after + 4]
    if mark == DIRECTORY:
        return -1
    return after if mark == LOCAL else data.find(LOCAL, at + 30)


def _sniff_ole(data: bytes) -> str:
    if _has_stream(data, "EncryptedPackage"):
        return "encrypted"
    return "xls" if _has_stream(data, "Workbook") or _has_stream(data, "Book") else "unknown"


def _has_stream(data: bytes, name: str) -> bool:
    """Look for a directory entry of an OLE file: the name filled up to 64 bytes, and its length."""
    raw = name.encode("utf-16-le") + b"\0\0"
    return raw.ljust(64, b"\0") + len(raw).to_bytes(2, "little") in data


def _sniff_text(data: bytes, ending: str) -> str:
    text = _decoded(data[:8192])
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    if not lines or any(ch < " " and ch not in "\t\r\n\f" for ch in text):
        return "unknown"
    headers = [match[1].lower() for line in lines[:20] if (match := _HEADER.match(line))]
    if len(_MAIL_HEADERS.intersection(headers)) >= 2 and _HEADER.match(lines[0]):
        return "eml"
    if text.lstrip()[0] in "<%{[":  # a page, a PDF, JSON
        return "unknown"
    return "csv" if ending in _TEXT_ENDINGS or any(mark in lines[0] for mark in _DELIMITERS) else "unknown"


def _decoded(head: bytes) -> str:
    """Text in one of the encodings that spreadsheets export; empty where it is in none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):  # the head may end inside a character
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return ""
