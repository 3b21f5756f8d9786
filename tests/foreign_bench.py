"""Zips as Windows writes them."""

from __future__ import annotations

import struct
import zlib


def zip_as_windows(files: dict[str, bytes], encoding: str = "cp936") -> bytes:
    """Return a zip with names in the system's encoding and no UTF-8 flag, as the Explorer of a Chinese Windows."""
    body, directory = b"", b""
    for name, data in files.items():
        raw, packed = name.encode(encoding), zlib.compress(data, 9)[2:-4]
        facts = struct.pack("<HHHHIIIHH", 0, 8, 0, 0x5A6B, zlib.crc32(data), len(packed), len(data), len(raw), 0)
        place = struct.pack("<HHHII", 0, 0, 0, 0, len(body))
        directory += b"PK\x01\x02" + struct.pack("<HH", 20, 20) + facts + place + raw
        body += b"PK\x03\x04" + struct.pack("<H", 20) + facts + raw + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end
