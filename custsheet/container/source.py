"""Where the bytes of an archive come from: memory, or a big file of which only what is looked at is read."""

from __future__ import annotations

from typing import BinaryIO

_STRIDE = 1 << 20


class FileBytes:
    """The bytes of an open file as far as an archive needs them: length, slices, and the search for a mark."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._size)
        self._file.seek(start)
        return self._file.read(max(0, stop - start))

    def startswith(self, mark: bytes) -> bool:
        """Tell whether the file begins with a mark."""
        return self[: len(mark)] == mark

    def find(self, mark: bytes, start: int) -> int:
        """Return where a mark stands next; -1 where it does not."""
        for at in range(start, self._size, _STRIDE):
            found = self[at : at + _STRIDE + len(mark) - 1].find(mark)
            if found >= 0:
                return at + found
        return -1


Source = bytes | FileBytes
