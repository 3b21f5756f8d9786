"""An archive is read in the one way that all programs agree on, or not at all."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from custsheet.container import Limits, Package
from custsheet.errors import FileRefused


def _zip(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name)  # without the time: it would stand in the tests' names
            info.compress_type = method
            archive.writestr(info, data)
    return buffer.getvalue()


def _refusal(data: bytes, limits: Limits | None = None) -> str:
    try:
        package = Package(data, limits or Limits())
        for entry in package.parts.values():
            list(package.inflate(entry))
    except FileRefused as refused:
        return refused.code
    return "read"


def _streamed() -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(zipfile.ZipInfo("a"), "w", force_zip64=True) as part,
    ):
        part.write(b"x" * 1000)
    return buffer.getvalue()


def _with_wide_end(data: bytes) -> bytes:
    """The end as Java's streaming writers put it: a 64-bit record and its locator before the usual one."""
    at = len(data) - 22
    count, length, start = struct.unpack("<HII", data[at + 10 : at + 20])
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, start)
    return data[:at] + record + struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1) + data[at:]


PLAIN = {"a.xml": b"<a/>" * 50, "b/c.xml": b"<b/>"}


@pytest.mark.parametrize(
    "data",
    [_zip(PLAIN), _zip(PLAIN, zipfile.ZIP_STORED), _streamed(), _with_wide_end(_zip(PLAIN))],
    ids=["packed", "stored", "streamed", "zip64"],  # by name: their bytes hold the time
)
def test_what_real_writers_write_is_read(data: bytes) -> None:
    """Stored, deflated, streamed with 64-bit sizes, with Java's second end record: all fine."""
    assert _refusal(data) == "read"


def test_a_part_comes_out_whole_and_in_chunks() -> None:
    """No chunk is longer than the limit, whatever the parts' sizes."""
    text = bytes(range(256)) * 40
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        package = Package(_zip({"a": text}, method), Limits(chunk=1000))
        chunks = list(package.inflate(package.parts["a"]))
        assert text == b"".join(chunks)
        assert max(map(len, chunks)) <= 1000


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("E_FILE_EMPTY", b""),
        ("E_NOT_XLSX", b"hello"),
        ("E_NOT_XLSX", b"MZ" + _zip(PLAIN)),
        ("E_ZIP_TRAILING", _zip(PLAIN) + b"more"),
        ("E_ZIP_TRUNCATED", _zip(PLAIN)[:-30]),
        ("E_ZIP_METHOD", _zip(PLAIN, zipfile.ZIP_BZIP2)),
        ("E_ZIP_NAME", _zip({"../a": b""})),
        ("E_ZIP_NAME", _zip({"c:/a": b""})),
        ("E_ZIP_DUPLICATE_NAME", _zip({"a.xml": b"", "A.XML": b""})),
        ("E_ZIP_CRC", _zip({"a": b"13800000000"}, zipfile.ZIP_STORED).replace(b"138000", b"139000", 1)),
        ("E_ZIP_DUPLICATE_NAME", _zip({"first": b"x"}).replace(b"first", b"other", 1)),
        ("E_NOT_XLSX", _with_wide_end(_zip(PLAIN)).replace(b"PK\x06\x07", b"PK\x06\x08")),
    ],
)
def test_what_two_programs_could_read_in_two_ways_is_refused(code: str, data: bytes) -> None:
    """Each ambiguity or damage has its own code (T1, T5)."""
    assert code == _refusal(data)


@pytest.mark.parametrize(
    ("code", "limits"),
    [
        ("E_FILE_TOO_BIG", Limits(file=100)),
        ("E_ZIP_TOO_MANY", Limits(entries=1)),
        ("E_ZIP_BOMB", Limits(part=100)),
        ("E_ZIP_BOMB", Limits(total=150)),
        ("E_ZIP_BOMB", Limits(ratio=2, ratio_floor=10)),
    ],
)
def test_every_limit_holds(code: str, limits: Limits) -> None:
    """A file just over a limit is refused with the limit's code."""
    assert code == _refusal(_zip(PLAIN), limits)


def test_a_declared_size_is_not_believed() -> None:
    """A part that inflates to more than the directory says is refused before it is all made."""
    data = _zip({"a": b"x" * 10_000})
    lie = data.replace(struct.pack("<I", 10_000), struct.pack("<I", 10))
    assert _refusal(lie) == "E_ZIP_SIZE_LIE"


def test_bytes_after_a_deflated_part_are_refused() -> None:
    """What follows the end of a part's stream, yet within its packed size, is seen by no reader: refused."""
    packed = zlib.compress(b"hello", wbits=-15)
    data = _zip({"a": packed + b"JUNK"}, zipfile.ZIP_STORED)
    data = data.replace(struct.pack("<I", zlib.crc32(packed + b"JUNK")), struct.pack("<I", zlib.crc32(b"hello")))
    size = len(packed) + 4
    data = data.replace(struct.pack("<II", size, size), struct.pack("<II", size, 5))
    data = data[:8] + b"\x08\0" + data[10:]
    at = data.index(b"PK\x01\x02")
    data = data[: at + 10] + b"\x08\0" + data[at + 12 :]
    assert _refusal(data) == "E_ZIP_CRC"
