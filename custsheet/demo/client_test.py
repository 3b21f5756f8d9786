"""The client test: a workbook of every kind of value, what to do in it, what a returned file says of its program."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from custsheet.container import USUAL, Package, sniff
from custsheet.container.atomic import write_file
from custsheet.demo import client_team as team
from custsheet.demo.client_edits import EDITS, KINDS, Found, Kind, RowEdit, Typed, expected
from custsheet.errors import CallError, CustsheetError, FileRefused
from custsheet.fields.base import Language
from custsheet.messages import word
from custsheet.model import Edit, Finding
from custsheet.schema.labels import Labels
from custsheet.schema.records import Schema
from custsheet.workspace.alone import Alone, generate_alone, read_alone, relabel

_PRODUCERS = (
    ("docProps/app.xml", re.compile(rb"<(?:\w+:)?Application>([^<]{1,80})<")),
    ("meta.xml", re.compile(rb"<meta:generator>([^<]{1,80})<")),
)
_VERSION = re.compile(rb"<(?:\w+:)?AppVersion>([^<]{1,20})<")


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a client test."""

    workbook: Path
    scripts: tuple[Path, ...]


@dataclass(frozen=True)
class Judged:
    """What a returned file of the client test shows."""

    path: Path
    program: str
    """The program that saved it, as the file says; empty where it does not."""
    edited: bool
    """Whether anything was edited on purpose; else the file was opened and saved."""
    missing: tuple[Found, ...] = ()
    surplus: tuple[Found, ...] = ()
    found: int = 0
    findings: tuple[Finding, ...] = ()
    refused: CustsheetError | None = None

    @property
    def good(self) -> bool:
        """Whether custsheet found what was done and nothing else; what it read by a guess is said, and is right."""
        said = [f for f in self.findings if not (self.edited and f.severity == "info")]
        return self.refused is None and not self.missing and not self.surplus and not said


def workbook(language: Language) -> bytes:
    """Return the copy that is tested with; the same bytes each time."""
    return generate_alone(
        team.schema(language),
        team.rows(language),
        team.team(language),
        team.MEMBER,
        round_name=team.ROUND,
        today=team.TODAY,
    )


def write(folder: Path, language: Language) -> Written:
    """Write the workbook, and what to do with it in both languages; CallError `FOLDER_NOT_EMPTY` beside other files."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CallError("FOLDER_NOT_EMPTY", folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    made = team.schema(language)
    path = folder / f"{word('client.file', language)}.xlsx"
    write_file(path, workbook(language))
    scripts = []
    for tongue in ("zh", "en"):
        script = folder / f"{word('client.script', tongue)}.txt"
        text = "\r\n".join(steps(made, language, tongue, path.name)) + "\r\n"
        write_file(script, b"\xef\xbb\xbf" + text.encode())  # Notepad knows it by its mark
        scripts.append(script)
    return Written(path, tuple(scripts))


# ── what to do ──────────────────────────────────────────────────────────────────────────────────────


def steps(made: Schema, language: Language, tongue: str, name: str) -> list[str]:
    """Return the five-minute script: `language` is the workbook's, `tongue` the one of the sentences."""
    stem = name.removesuffix(".xlsx")
    table = made.tables[team.TABLE]
    facts = {"name": name, "saved": f"{stem}-1.xlsx", "edited": f"{stem}-2.xlsx", "sheet": table.title[language]}
    first, last = ([word(f"client.{part}.{at}", tongue, **facts) for at in range(1, 4)] for part in ("first", "last"))
    done = [line for edit in EDITS for line in _lines(edit, made, language, tongue)]
    numbered = [f"{at}. {line}" for at, line in enumerate([*first, *done, *last], 1)]
    return [word("client.head", tongue), "", *numbered, "", word("client.thanks", tongue)]


def _lines(edit: RowEdit, made: Schema, language: Language, tongue: str) -> list[str]:
    facts = {
        "row": edit.row[language],
        "action": word("copy.action", language),
        "delete": word("copy.delete", language),
        "cells": word("client.and", tongue).join(_cell(cell, made, language, tongue) for cell in edit.cells),
    }
    return [word(f"client.{edit.kind}", tongue, **facts)]


def _cell(cell: Typed, made: Schema, language: Language, tongue: str) -> str:
    title = made.tables[team.TABLE].fields[cell.field].spec.title[language]
    return word(f"client.cell.{cell.how}", tongue, title=title, value=cell.say(language))


# ── what came back ──────────────────────────────────────────────────────────────────────────────────


def judge(path: Path, kinds: Sequence[Kind] = KINDS) -> Judged:
    """Read a returned file of the client test and compare its edits with those of these kinds in the script.

    CallError `FILE_MISSING` where there is none; a file that is refused, or is no such workbook, is judged as refused.
    """
    read = read_alone(path, today=team.TODAY)
    program = producer(read.received.data)
    if read.received.refused is not None:
        return Judged(path, program, edited=False, refused=read.received.refused)
    assert read.received.issue is not None
    assert read.labels is not None
    if read.schema is None or read.schema.name != team.NAME:
        refusal = FileRefused("E_NOT_CLIENT_TEST", file=path.name)
        return Judged(path, program, edited=False, refused=refusal)
    return _compared(path, program, read, expected(read.received.issue.language, kinds))


def _compared(path: Path, program: str, read: Alone, planned: frozenset[Found]) -> Judged:
    assert read.labels is not None
    assert read.received.submission is not None
    done = [_told(edit, read.labels) for edit in relabel(read.received.submission, read.labels).edits]
    edited = not planned.isdisjoint(done)
    wanted = Counter(planned) if edited else Counter()
    surplus = tuple(sorted((Counter(done) - wanted).elements()))
    return Judged(
        path=path,
        program=program,
        edited=edited,
        missing=tuple(sorted((wanted - Counter(done)).elements())),
        surplus=surplus,
        found=len(done) - len(surplus),
        findings=read.received.findings,
    )


def _told(edit: Edit, labels: Labels) -> Found:
    name = edit.where.label.partition("/")[2]
    return edit.kind, name, edit.field, labels.value(edit.table, edit.field, edit.value) if edit.field else ""


def producer(data: bytes) -> str:
    """Return the program that a workbook says it was saved by; empty where it says nothing."""
    if sniff(data, "") not in ("xlsx", "ods"):
        return ""
    try:
        package = Package(data, USUAL)
        for part, pattern in _PRODUCERS:
            if part in package.parts:
                return _named(b"".join(package.inflate(package.parts[part])), pattern)
    except FileRefused:
        return ""
    return ""


def _named(text: bytes, pattern: re.Pattern[bytes]) -> str:
    found, version = pattern.search(text), _VERSION.search(text)
    name = found[1].decode("utf-8", "replace").split("$")[0].replace("/", " ") if found else ""
    return f"{name} {version[1].decode()}" if name and version and not re.search(r"\d", name) else name


# ── the row of the table ────────────────────────────────────────────────────────────────────────────


def row(judged: Sequence[Judged]) -> str:
    """Return the row of the table of results that some returned files of one program make."""
    program = next((item.program for item in judged if item.program), "?")
    formats = dict.fromkeys(item.path.suffix.lower().lstrip(".") for item in judged)
    saved = [item for item in judged if not item.edited]
    edited = [item for item in judged if item.edited]
    return table_row(program, ", ".join(formats), outcome(saved), outcome(edited))


def table_row(*cells: str) -> str:
    """Return one row of a table in Markdown."""
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def outcome(judged: Sequence[Judged]) -> str:
    """Return what became of the files of one kind in a few words."""
    return "; ".join(dict.fromkeys(_outcome(item) for item in judged)) or "not run"


def _outcome(item: Judged) -> str:
    if item.refused is not None:
        return f"refused ({item.refused.code})"
    total = item.found + len(item.missing)
    said = [f"{item.found} of {total} edits"] if item.edited else []
    said += [f"{len(item.surplus)} made up"] if item.surplus or not item.edited else []
    codes = sorted({finding.code for finding in item.findings})
    return ", ".join([*said, *codes])
