"""Of a big file only what is looked at is in memory: it reads as its bytes do, and is refused as they are."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import IO, Any

import pytest
from read_bench import workbook

from custsheet.errors import FileRefused
from custsheet.model import Grid
from custsheet.xlsx import read
from custsheet.xlsx.read import read_grid

ROWS = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 400))


class OneWay(io.RawIOBase):
    """A file that cannot be sought in, as a pipe: what is written to it has its sizes behind its bytes."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(self.parts[-1])


def packed(how: str) -> bytes:
    """One workbook, deflated, only stored, or streamed."""
    data = workbook(ROWS)
    if how == "deflated":
        return data
    stream = OneWay()
    target: IO[bytes] = io.BytesIO() if how == "stored" else stream  # type: ignore[assignment]  # it is written to alone
    method = zipfile.ZIP_STORED if how == "stored" else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", method) as copy:
        for name in source.namelist():
            copy.writestr(name, source.read(name))
    return target.getvalue() if isinstance(target, io.BytesIO) else b"".join(stream.parts)


def outcome(source: Path | bytes) -> Grid | tuple[str, object]:
    """What a reading comes to: a grid, or code and facts of its refusal."""
    try:
        return read_grid(source, name="a.xlsx")
    except FileRefused as refused:
        return refused.code, dict(refused.facts)


@pytest.fixture(autouse=True)
def all_are_big(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as a big one."""
    monkeypatch.setattr(read, "_AT_ONCE", 0)


@pytest.mark.parametrize("how", ["deflated", "stored", "streamed"])
def test_a_big_file_reads_as_its_bytes(tmp_path: Path, how: str) -> None:
    """However it was packed."""
    data = packed(how)
    (tmp_path / "a.xlsx").write_bytes(data)
    found = outcome(tmp_path / "a.xlsx")
    assert isinstance(found, Grid)
    assert len(found.sheets[0].rows) == 399
    assert found == outcome(data)


@pytest.mark.parametrize("how", ["deflated", "stored", "streamed"])
def test_a_big_file_is_refused_as_its_bytes(tmp_path: Path, how: str) -> None:
    """Cut off anywhere, a byte changed anywhere, something else in front or behind, another format, nothing at all."""
    data, path = packed(how), tmp_path / "a.xlsx"
    step = len(data) // 60
    spoiled = [data[:at] for at in range(0, len(data), step)]
    spoiled += [data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :] for at in range(0, len(data), step)]
    spoiled += [
        data + b"more",
        b"more" + data,
        "客户,电话\n甲,1\n".encode(),
        b"%PDF-1.7",
        bytes.fromhex("d0cf11e0a1b11ae1"),
    ]
    for one in spoiled:
        path.write_bytes(one)
        assert outcome(path) == outcome(one)
