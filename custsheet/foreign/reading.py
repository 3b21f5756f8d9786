"""Read a foreign workbook: judged here, parsed in a child process, handed back as plain data."""

from __future__ import annotations

import json

from custsheet.container import USUAL, Limits, check_size
from custsheet.container.child import run_child
from custsheet.errors import FileRefused
from custsheet.foreign import wire
from custsheet.model import Grid

KINDS = ("xls", "xlsb", "ods", "csv")


def read_foreign(data: bytes, kind: str, *, name: str = "", limits: Limits = USUAL) -> Grid:
    """Read an `.xls`, `.xlsb`, `.ods` or text table; FileRefused says why it is not read.

    No library sees the bytes in this process: they go to a child with limits of time and memory.
    """
    check_size(len(data), limits)
    answer = json.loads(run_child("custsheet.foreign.child", (kind, name), data))
    if "code" in answer:
        raise FileRefused(answer["code"], **answer["facts"])
    return wire.loads(answer)
