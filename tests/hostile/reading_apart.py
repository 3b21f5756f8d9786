"""Read each file of a folder in a fork of this process, under limits, and tell on standard output what it took.

Run as `python reading_apart.py FOLDER MANIFEST`; one line of JSON for each case of the manifest.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from custsheet import messages
from custsheet import schema as schemas
from custsheet.errors import FileRefused
from custsheet.intake import Context, read_copy
from custsheet.merging import find_edits
from custsheet.model import Table
from custsheet.schema.records import Issue, Member, Schema, TableGrant, Team
from custsheet.workspace.reading import read_any

LIBRARIES = ("openpyxl", "python_calamine", "xlrd", "pandas", "lxml", "msoffcrypto")
SEE = ("name", "phone", "next_step", "extra")
SECONDS = 60
"""After which the system ends a fork: far above what any file may take, so that it takes its time and is told."""

BODY: dict[str, Any] = {
    "schema": "generator",
    "version": "1",
    "title": {"zh": "生成的表", "en": "Generated"},
    "language": "zh",
    "tables": {
        "customers": {
            "title": {"zh": "Customers", "en": "Customers"},
            "key": ["name"],
            "fields": {
                "name": {"type": "text", "title": {"zh": "name", "en": "name"}},
                "phone": {"type": "text", "title": {"zh": "phone", "en": "phone"}},
                "next_step": {"type": "text", "title": {"zh": "next_step", "en": "next_step"}},
                "extra": {"type": "number", "title": {"zh": "extra", "en": "extra"}},
            },
        }
    },
    "roles": {"sales": {"customers": {"rows": "all", "see": "*", "edit": "*", "add": True}}},
}
"""The generator's sheet: row_id, name, phone, next_step, and one cell of anything in a column without a head."""


@dataclass
class Told:
    """What became of one file."""

    name: str
    code: str = ""
    """Of the refusal; empty where the file was read."""
    facts: dict[str, str] = field(default_factory=dict)
    findings: list[tuple[str, str]] = field(default_factory=list)
    """(code, severity) of all that was said about it."""
    rows: int = 0
    opened: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Audit events that would leave the process: sockets, programs."""
    libraries: list[str] = field(default_factory=list)
    seconds: float = 0
    """Of the processor."""
    megabytes: float = 0


def issue() -> Issue:
    """The copy that the generator's sheet would be of, its two rows as they were issued."""
    rows = (("Wang Fang", "13800000000", "call", None), ("Li Lei", "13900000000", "visit", None))
    base = Table("customers", SEE, ("C-0001", "C-0002"), rows)
    grant = TableGrant("all", SEE, frozenset(SEE), add=True, enter=frozenset(SEE))
    spare = {"customers": ("C-0003", "C-0004")}
    return Issue("copy", "m", "2026-W47", 1, 1, {"customers": grant}, {"customers": base}, spare)


def look(path: Path, told: Told, schema: Schema) -> None:
    """Read one file as a returned copy."""
    context = Context(schema, Team((Member("m", "M", "sales"),)), dt.date(2026, 11, 20))
    try:
        grid = read_any(path.read_bytes(), path.name)
        told.rows = len(grid.sheets[0].rows)
        returned = read_copy(grid, issue(), context, file=path.name)
        _, found = find_edits(returned, issue(), schema, version=1)
    except FileRefused as refused:
        told.code, told.facts = refused.code, {k: str(v) for k, v in refused.facts.items()}
    else:
        told.findings = [(f.code, f.severity) for f in (*returned.findings, *found)]


def watched(told: Told) -> None:
    """Take down from here on what is opened and what would leave the process."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes):
            told.opened.append(os.fsdecode(arguments[0]))
        elif event.startswith(("socket.", "subprocess.", "urllib.", "os.system", "os.exec", "os.posix_spawn")):
            told.asked.append(event)

    sys.addaudithook(hook)


def apart(path: Path, name: str, schema: Schema) -> Told:
    """Read a file in a fork, and add what the system says that it took."""
    out, into = os.pipe()
    fork = os.fork()
    if not fork:
        os.close(out)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        told = Told(name)
        watched(told)
        look(path, told, schema)
        told.libraries = [library for library in LIBRARIES if library in sys.modules]
        with os.fdopen(into, "w", encoding="utf-8") as pipe:
            json.dump(asdict(told), pipe)
        os._exit(0)
    os.close(into)
    with os.fdopen(out, encoding="utf-8") as pipe:
        said = pipe.read()
    _, status, used = os.wait4(fork, 0)
    told = Told(**json.loads(said)) if said else Told(name, code=f"ended with {status}")
    told.seconds, told.megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    return told


def main(folder: Path, manifest: Path) -> Iterator[Told]:
    """Read every file of the manifest."""
    schema = schemas.from_body(BODY)
    messages.severity("F_HEADER")  # the catalogue's files are read before anybody watches
    for case in json.loads(manifest.read_text(encoding="utf-8"))["cases"]:
        yield apart(folder / case["file"], case["name"], schema)


if __name__ == "__main__":
    for found in main(Path(sys.argv[1]), Path(sys.argv[2])):
        sys.stdout.write(json.dumps(asdict(found)) + "\n")
