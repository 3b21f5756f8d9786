"""Read a zip archive so strictly that no two programs can see two different contents in it."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from isal import isal_zlib
from isal.igzip_lib import IsalError

from custsheet.container.limits import USUAL, Limits
from custsheet.container.source import Source
from custsheet.errors import FileRefused

END, DIRECTORY, LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_END_LENGTH, _DIRECTORY_LENGTH, _LOCAL_LENGTH = 22, 46, 30
_WIDE = 0xFFFFFFFF
_PACKED_CHUNK = 1 << 16
_STORED, _DEFLATED = 0, 8
_PLAIN_FLAGS = 0b1000_0000_1110
"""How hard it was packed, sizes behind the data, names in UTF-8; the others are patches, ciphers, nobody's."""
_NEWEST = 63
"""Version 6.3 of the format is the last that there is."""
_BAD_NAME = re.compile(r"[\\:]|^/|(^|/)\.\.(/|$)")


class Entry(NamedTuple):
    """One part of the archive; `offset` is where its packed bytes begin, `raw` the name as stored."""

    name: str
    raw: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int


class Package:
    """The parts of an archive by name; opening it judges the directory, `inflate` judges each part's bytes."""

    def __init__(self, data: Source, limits: Limits = USUAL, *, strict: bool = True) -> None:
        """Judge the directory. Not `strict`: a name may be in GB 18030, as it may not in a workbook."""
        if not data:
            raise FileRefused("E_FILE_EMPTY")
        check_size(len(data), limits)
        if not data.startswith(LOCAL):
            raise FileRefused("E_NOT_XLSX", found="")
        self.limits = limits
        self._data = memoryview(data) if isinstance(data, bytes) else data
        self._produced = 0
        try:
            entries = _located(data, *_directory(data, limits, strict=strict))
        except struct.error:
            raise FileRefused("E_ZIP_TRUNCATED", part="") from None
        self.parts = {entry.name: entry for entry in entries}

    def inflate(self, entry: Entry) -> Iterator[bytes]:
        """Yield one part in chunks; refuse before more than one chunk beyond a limit has been made."""
        limits = self.limits
        # a part that declares less is refused, if at all, for what is in it: that says more
        if entry.size > limits.part or (entry.size > 4 * limits.ratio_floor and self._bloated(entry, entry.size)):
            raise FileRefused("E_ZIP_BOMB", part=entry.name)
        done = crc = 0
        for piece in self._pieces(entry):
            done, crc = done + len(piece), isal_zlib.crc32(piece, crc)
            self._produced += len(piece)
            if done > entry.size:
                raise FileRefused("E_ZIP_SIZE_LIE", part=entry.name)
            if self._produced > limits.total or self._bloated(entry, done):
                raise FileRefused("E_ZIP_BOMB", part=entry.name)
            yield piece
        if done != entry.size or crc != entry.crc:
            raise FileRefused("E_ZIP_CRC", part=entry.name)

    def _bloated(self, entry: Entry, size: int) -> bool:
        return size > self.limits.ratio_floor and size > entry.packed * self.limits.ratio

    def _pieces(self, entry: Entry) -> Iterator[bytes]:
        data, chunk, end = self._data, self.limits.chunk, entry.offset + entry.packed
        if entry.method == _STORED:
            for start in range(entry.offset, end, chunk):
                yield bytes(data[start : min(start + chunk, end)])
            return
        stream = isal_zlib.decompressobj(-15)
        try:
            for start in range(entry.offset, end, _PACKED_CHUNK):  # small: what is left over is copied at every step
                rest: bytes | memoryview = data[start : min(start + _PACKED_CHUNK, end)]
                piece = b""
                while rest or len(piece) == chunk:  # a full chunk: more may be waiting inside
                    piece = stream.decompress(rest, chunk)
                    rest = stream.unconsumed_tail
                    if piece:
                        yield piece
        except IsalError:  # type: ignore[misc]  # an exception, though its stub forgets to say so
            raise FileRefused("E_ZIP_CRC", part=entry.name) from None
        if not stream.eof or stream.unused_data:
            raise FileRefused("E_ZIP_CRC", part=entry.name)


def check_size(size: int, limits: Limits) -> None:
    """Refuse a file that is too big."""
    if size > limits.file:
        raise FileRefused("E_FILE_TOO_BIG", size=f"{size / (1 << 20):.1f} MB", limit=f"{limits.file >> 20} MB")


def _directory(data: Source, limits: Limits, *, strict: bool) -> tuple[list[Entry], int]:
    """Return the entries as the directory lists them, and where the directory begins."""
    before_tail = max(0, len(data) - 66_000)
    tail = data[before_tail:]
    at_end = tail.rfind(END)
    if at_end < 0 or len(tail) - at_end < _END_LENGTH:
        raise FileRefused("E_ZIP_TRUNCATED", part="")
    here, count, length, start, comment = struct.unpack_from("<8xHHIIH", tail, at_end)
    end = before_tail + at_end
    if comment or end + _END_LENGTH != len(data):
        raise FileRefused("E_ZIP_TRAILING")
    if 0xFFFF in (here, count) or _WIDE in (length, start) or count > limits.entries:
        raise FileRefused("E_ZIP_TOO_MANY", count=count, limit=limits.entries)
    if start + length != end and not _is_wide_end(data[start + length : end], count, length, start):
        raise FileRefused("E_NOT_XLSX", found="")
    entries: list[Entry] = []
    at, seen = start, set[str]()
    while at < start + length:
        entry, at = _listed(data, at, strict=strict)
        if entry.name.lower() in seen:
            raise FileRefused("E_ZIP_DUPLICATE_NAME", part=_shown(entry.name))
        seen.add(entry.name.lower())
        entries.append(entry)
    if len(entries) != count or at != start + length:
        raise FileRefused("E_ZIP_TRUNCATED", part="")
    return entries, start


def _is_wide_end(gap: bytes, count: int, length: int, start: int) -> bool:
    """Tell whether these bytes are the 64-bit end record that Java's streaming writers add, saying the same."""
    if len(gap) != 76:
        return False
    mark, _, here, entries, size, offset = struct.unpack_from("<4sQ12xQQQQ", gap)
    locator, at = struct.unpack_from("<4s4xQ", gap, 56)
    told = (here, entries, size, offset, at)
    return (mark, locator) == (b"PK\x06\x06", b"PK\x06\x07") and told == (count, count, length, start, start + length)


def _listed(data: Source, at: int, *, strict: bool) -> tuple[Entry, int]:
    if data[at : at + 4] != DIRECTORY:
        raise FileRefused("E_ZIP_TRUNCATED", part="")
    fields = struct.unpack("<6xHHH4xIIIHHH4xII", data[at : at + _DIRECTORY_LENGTH])
    version, flags, method, crc, packed, size, name_length, extra_length, comment, attributes, offset = fields
    after_name = at + _DIRECTORY_LENGTH + name_length
    # bytes that are not UTF-8 become surrogates, which are not printable
    raw = data[at + _DIRECTORY_LENGTH : after_name]
    name = raw.decode("utf-8", "surrogateescape")
    if not strict and not name.isprintable():
        name = raw.decode("gb18030", "surrogateescape")
    if flags & 1:
        raise FileRefused("E_ZIP_ENCRYPTED", part=_shown(name))
    if method not in (_STORED, _DEFLATED) or flags & ~_PLAIN_FLAGS or version & 0xFF > _NEWEST:
        raise FileRefused("E_ZIP_METHOD", part=_shown(name), method=method)
    is_link = attributes >> 28 == 0xA
    if not name.isprintable() or _BAD_NAME.search(name) or is_link:
        raise FileRefused("E_ZIP_NAME", part=_shown(name))
    if _WIDE in (packed, size, offset):
        extra = data[after_name : after_name + extra_length]
        size, packed, offset = _wide_sizes(extra, size, packed, offset)
    return Entry(name, raw, method, crc, packed, size, offset), after_name + extra_length + comment


def _wide_sizes(extra: bytes, *values: int) -> list[int]:
    """Fill in the 64-bit sizes: legal in small archives too, writers that stream give them."""
    wide: list[int] = []
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<HH", extra)
        if tag == 1:
            body = extra[4 : 4 + length]
            wide = [number for (number,) in struct.iter_unpack("<Q", body[: len(body) // 8 * 8])]
        extra = extra[4 + length :]
    return [wide.pop(0) if value == _WIDE and wide else value for value in values]


def _located(data: Source, entries: list[Entry], directory: int) -> list[Entry]:
    """Return the entries with the place of their bytes, each where it says and none over another."""
    located, free = [], 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if data[entry.offset : entry.offset + 4] != LOCAL:
            raise FileRefused("E_ZIP_TRUNCATED", part=entry.name)
        at = entry.offset + _LOCAL_LENGTH
        method, name_length, extra_length = struct.unpack("<8xH16xHH", data[entry.offset : at])
        if data[at : at + name_length] != entry.raw or method != entry.method:
            raise FileRefused("E_ZIP_DUPLICATE_NAME", part=entry.name)
        at += name_length + extra_length
        if entry.offset < free or at + entry.packed > directory:
            raise FileRefused("E_ZIP_OVERLAP", part=entry.name)
        free = at + entry.packed
        located.append(entry._replace(offset=at))
    return located


def _shown(name: str) -> str:
    return ascii(name)[1:-1][:60]
