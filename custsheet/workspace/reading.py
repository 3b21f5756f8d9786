"""Read whatever a file is: one of our formats to a grid, an archive or a mail to the files in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from custsheet import container, foreign
from custsheet.errors import FileRefused
from custsheet.model import Grid
from custsheet.xlsx.read import read_grid

HOLDERS = ("zip", "eml")
CARRIED = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".zip", ".eml")
DEEPEST = 2
"""A zip in a mail in a zip is opened, what lies deeper is not."""


def read_any(data: bytes, name: str) -> Grid:
    """Read a workbook of any format that is known; FileRefused says why it is not read."""
    kind = container.sniff(data, name)
    if PurePath(name).name == foreign.HIDDEN:
        raise FileRefused("E_WINMAIL")
    if kind == "unknown" and (other := container.other_format(data)):
        raise FileRefused(other[0], format=other[1], found=f" ({other[1]})")
    if kind == "csv" and name.lower().endswith((".xlsx", ".xlsm")):  # a text that only calls itself a workbook
        kind = "xlsx"
    return foreign.read_foreign(data, kind, name=name) if kind in foreign.KINDS else read_grid(data, name=name)


def unlocked(data: bytes, name: str, passwords: Sequence[str]) -> tuple[bytes, str]:
    """Return what a file holds and the password that opened it, if any did; FileRefused `E_PASSWORD` if none fits.

    Without any password it stays as it is, and whoever reads it says so.
    """
    return foreign.unlock(data, passwords) if passwords and is_locked(data, name) else (data, "")


def is_locked(data: bytes, name: str) -> bool:
    """Tell whether a file is a workbook with a password to open."""
    return container.sniff(data, name) == "encrypted"


def holds_files(data: bytes, name: str) -> bool:
    """Tell whether a file is a zip of files or a saved mail."""
    return container.sniff(data, name) in HOLDERS


def files_in(data: bytes, name: str) -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    """Yield (name, bytes, senders) of the files in a zip or mail, holders themselves included, from the outside in.

    Senders are the addresses in the outermost mail's From: of whoever handed the file over. What is carried along
    beside workbooks, pictures in a signature for one, is left out.
    """
    yield from _files(data, name, 1, ())


def _files(
    data: bytes, name: str, depth: int, senders: tuple[str, ...]
) -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    is_mail = container.sniff(data, name) != "zip"
    opened = foreign.open_mail(data) if is_mail else foreign.open_archive(data)
    senders = senders or (foreign.senders(data) if is_mail else ())
    for inner, body in opened:
        kind = container.sniff(body, inner)
        if kind == "unknown" and PurePath(inner.lower()).suffix not in CARRIED and inner != foreign.HIDDEN:
            continue
        yield inner, body, senders
        if kind in HOLDERS and depth < DEEPEST:
            yield from _files(body, inner, depth + 1, senders)
