"""Lay a returned copy out again: annotated for its member, or healed in a fresh skin. It stays the same copy."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from custsheet import look
from custsheet.addresses import column_number, letters
from custsheet.books.beside import Aside, OwnCell, OwnSheet
from custsheet.books.copy import copy_book
from custsheet.books.listing import Spot
from custsheet.books.problems import Problem, note_of
from custsheet.books.proof import Proof
from custsheet.books.refill import Mark, Own, OwnNote, Refill
from custsheet.errors import FileRefused
from custsheet.foreign import lock
from custsheet.intake import unread
from custsheet.messages import word
from custsheet.model import (
    Absent,
    Cell,
    Finding,
    GridSheet,
    OwnColumn,
    PutBack,
    ReturnedRow,
    ReturnedTable,
    Table,
    Unreadable,
    Value,
)
from custsheet.plan import Scalar
from custsheet.schema.records import Issue, Schema, TableDef, Team
from custsheet.text import safe_file_name
from custsheet.workspace.alone import read_alone, team_of
from custsheet.workspace.beside import write_free
from custsheet.workspace.folder import Folder
from custsheet.workspace.issuing import check_codes, computed_rows, sealed
from custsheet.workspace.receive import Receiver
from custsheet.workspace.received import Received, outdated_files
from custsheet.workspace.skins import skins_of
from custsheet.xlsx.skin import Skin
from custsheet.xlsx.write import write_book

_FORMATS = {"date": "yyyy-mm-dd", "time": "hh:mm", "duration": "[h]:mm", "percent": "0%", "text": "@"}
_ABOUT_LOOKS = frozenset({"F_NOTE", "F_PAINTED"})
"""Told to the manager: what the member put there is there again, and needs no words to them."""
_CELL = re.compile(r"([A-Z]+)([0-9]+)\Z")


@dataclass(frozen=True)
class Healed:
    """What became of a copy that was poured into a fresh skin."""

    received: Received
    path: Path
    put_back: tuple[PutBack, ...]
    own: tuple[str, ...]
    """Titles of the member's own columns, which stayed."""


@dataclass(frozen=True)
class Setting:
    """In which words and looks a copy is laid out again."""

    schema: Schema
    """As the copy's member sees it."""
    team: Team
    names: Mapping[str, str]
    stamp_cells: Sequence[str]
    """The machine data: the copy stays the one that was issued."""
    today: dt.date
    skins: Mapping[str, Skin]
    """Sheet name in the returned file → how its member left it."""


def setting_in(folder: Folder, received: Received) -> Setting:
    """Return how to lay out a copy of this workspace: by what its stamp holds, else by the schema of its issue."""
    assert received.opened is not None
    assert received.issue is not None
    opened, ledger = received.opened, folder.ledger
    if opened.stamp is not None and opened.stamp.schema is not None:
        schema, cells = opened.stamp.schema, opened.stamp_cells
    else:
        key, head, own = ledger.key, ledger.head, ledger.schema_of(received.issue, folder.schema)
        schema, cells = sealed(own, folder.team, received.issue, ledger=ledger.id, key=key, head=head)
    return Setting(schema, folder.team, folder.names, cells, folder.today, _skins(received))


def setting_alone(received: Received, today: dt.date) -> Setting:
    """Return how to lay out a copy by its own stamp."""
    assert received.opened is not None
    stamp = received.opened.stamp
    assert stamp is not None
    assert stamp.schema is not None
    cells = received.opened.stamp_cells
    return Setting(stamp.schema, team_of(stamp), stamp.names, cells, today, _skins(received))


def write_annotated(received: Sequence[Received], settings: Sequence[Setting], folder: Path) -> dict[str, Path]:
    """Write an annotated copy of each file about which something is to be said; return where, by the file's path.

    Of files of one copy the last alone is worth going on in, unless it does not go on from the others.
    """
    written, outdated = {}, outdated_files(received)
    for item, setting in zip(received, settings, strict=True):
        told = any(finding.origin == "edit" and finding.code not in _ABOUT_LOOKS for finding in item.findings)
        if told and item.path not in outdated:
            path = folder / f"{safe_file_name(item.path.stem)}.xlsx"
            written[str(item.path)] = write_free(path, _locked(item, annotated(item, setting)))
    return written


def heal_in(folder: Folder, path: Path, out: Path | None) -> Healed:
    """Pour one returned copy of this workspace into a fresh skin; FileRefused where it cannot be read.

    Without `out` it is written into the round's folder `healed`, never into the inbox: a person looks at it first.
    """
    received = Receiver(folder, keeps=True, mends=True).receive([path], again=True, once=False)[0]
    if received.refused is not None:
        raise received.refused
    if received.opened is None:
        raise FileRefused("E_FOREIGN", file=path.name, detail="")
    target = out or folder.round_folder(received.round) / "healed" / f"{safe_file_name(path.stem)}.xlsx"
    return _healed(received, setting_in(folder, received), target)


def heal_alone(path: Path, out: Path | None, today: dt.date, passwords: Sequence[str] = ()) -> Healed:
    """Pour one copy into a fresh skin by its own stamp alone; without `out` it is written beside the file."""
    received = read_alone(path, today=today, mends=True, passwords=passwords).received
    if received.refused is not None:
        raise received.refused
    target = out or path.with_name(f"{path.stem}-healed.xlsx")
    return _healed(received, setting_alone(received, today), target)


def _healed(received: Received, setting: Setting, target: Path) -> Healed:
    assert received.opened is not None
    data = healed(received, setting)
    tables = received.opened.returned.tables.values()
    moves = tuple(moved for table in tables for moved in table.put_back)
    own = tuple(own.title for table in tables for own in table.own)
    return Healed(received, write_free(target, _locked(received, data)), moves, own)


def _locked(received: Received, data: bytes) -> bytes:
    """What came with a password goes back with it."""
    password = received.opened.password if received.opened is not None else ""
    return lock(data, password) if password else data


def _skins(received: Received) -> Mapping[str, Skin]:
    opened = received.opened
    return skins_of(opened.data, received.name, opened.grid) if opened is not None else {}


def annotated(received: Received, setting: Setting) -> bytes:
    """Return a copy with its cells as they came back, each finding as a note on its cell, and a list in front."""
    return _Again(received, setting).book(problems=True)


def healed(received: Received, setting: Setting) -> bytes:
    """Return a copy in a fresh skin: what was typed, own columns, widths and filters stay, all else is as issued."""
    return _Again(received, setting).book(problems=False)


class _Again:
    def __init__(self, received: Received, setting: Setting) -> None:
        assert received.opened is not None
        assert received.issue is not None
        self._received, self._setting, self._issue = received, setting, received.issue
        self._returned = received.opened.returned
        self._tables = {name: _Rows(table, self._issue) for name, table in self._returned.tables.items()}

    def book(self, *, problems: bool) -> bytes:
        setting = self._setting
        issue = self._shown()
        told = (finding for finding in self._received.findings if finding.code not in _ABOUT_LOOKS)
        found = [self._problem(finding) for finding in told]
        refills = {name: self._refill(rows, found if problems else []) for name, rows in self._tables.items()}
        book = copy_book(
            setting.schema,
            issue,
            team=setting.team,
            names=setting.names,
            stamp_cells=(*_stamp(setting.stamp_cells), *unread.encode(self._refusals())),
            checks=check_codes(self._issue),
            computed=computed_rows(setting.schema, issue, setting.today),
            as_of=issue.issued_on,
            due=issue.due,
            today=setting.today,
            refills=refills,
            problems=found if problems else None,
            proofs=[proof for rows in self._tables.values() for proof in rows.proofs()],
            own=[_own_sheet(sheet, self._skin(sheet.name), self._author) for sheet in self._returned.own_sheets],
            asides=[
                *(a for rows in self._tables.values() for a in _asides(rows, self._skin(rows.sheet))),
                *(Aside(f"{sheet}!{address}", cell.raw) for sheet, address, cell in self._returned.replies),
            ],
        )
        return write_book(book)

    def _shown(self) -> Issue:
        """The issue with the rows as they came back; a table that did not come back is as it was issued."""
        issue = self._issue
        base = {**issue.base, **{name: rows.table for name, rows in self._tables.items()}}
        spare = {**issue.spare, **{name: rows.spare for name, rows in self._tables.items()}}
        labels = {table: dict(texts) for table, texts in issue.labels.items()}
        for name, rows in self._tables.items():
            labels.setdefault(name, {}).update(rows.labels(self._setting.schema.tables[name]))
        return replace(issue, base=base, spare=spare, labels=labels)

    def _refusals(self) -> dict[str, dict[str, dict[str, str]]]:
        """Per table and field the texts that could not be read: as text they must not count as values."""
        found: dict[str, dict[str, dict[str, str]]] = {}
        for name, rows in self._tables.items():
            for row in (rows.values(row) for row in rows.rows):
                for field, value in zip(self._issue.grant[name].see, row, strict=True):
                    if isinstance(value, Unreadable):
                        found.setdefault(name, {}).setdefault(field, {})[value.raw] = value.code
        return found

    def _problem(self, finding: Finding) -> Problem:
        where = finding.where
        rows = self._tables.get(where.table)
        if rows is None:
            return Problem(finding, Spot(where.table if where.table in self._issue.grant else ""))
        match = _CELL.match(where.cell)
        at = rows.places.get(int(match[2]), -1) if match else -1
        field = where.field or (rows.columns.get(column_number(match[1]), "") if match else "")
        return Problem(finding, Spot(where.table, at if at >= 0 else rows.place(where.rid), field))

    @property
    def _author(self) -> str:
        """Whose a note is that names nobody: without a name it would be taken for ours."""
        return self._setting.names.get(self._issue.member, self._issue.member)

    def _skin(self, sheet: str) -> Skin:
        return self._setting.skins.get(sheet, Skin())

    def _refill(self, rows: _Rows, problems: Iterable[Problem]) -> Refill:
        language = self._issue.language
        skin = self._skin(rows.sheet)
        marks = [
            Mark(p.spot.row, p.spot.field, note_of(p.finding, language), _is_wrong(p.finding))
            for p in problems
            if p.spot.table == rows.name and p.spot.row >= 0
        ]
        delete = word("copy.delete", language)
        columns = rows.columns
        return Refill(
            added=[rows.values(row) for row in rows.added],
            actions=[delete if row.delete else row.action for row in rows.rows],
            own=[_own(own, rows.rows, skin) for own in rows.own],
            marks=marks,
            widths={columns[at]: width for at, width in skin.widths.items() if at in columns},
            filters=[(columns[at], shown) for at, shown in skin.filters if at in columns],
            hidden=frozenset(at for at, row in enumerate(rows.rows) if row.number in rows.hidden and skin.filters),
            fills={
                (rows.places[row], columns[at]): fill
                for (row, at), fill in skin.fills.items()
                if row in rows.places and at in columns and fill not in look.FILLS
            },
            notes=_notes(skin, rows, self._author),
        )


class _Rows:
    """The rows of one returned table: those in issued places, then those that were added."""

    def __init__(self, table: ReturnedTable, issue: Issue) -> None:
        self.name, self.sheet, self.own, self.hidden = table.table, table.sheet, table.own, table.hidden
        self._base = issue.rows(table.table)
        self._table, self._see = table, issue.grant[table.table].see
        issued = [row for row in table.rows if row.kind == "issued" or row.id_cell in self._base]
        self.added = [row for row in table.rows if not (row.kind == "issued" or row.id_cell in self._base)]
        self.rows = [*issued, *self.added]
        self.places = {row.number: at for at, row in enumerate(self.rows)}
        ids, cells = tuple(row.id_cell for row in issued), tuple(self.values(row) for row in issued)
        self.table = Table(table.table, self._see, ids, cells)
        typed = tuple(row.id_cell for row in self.added)
        self.spare = (*typed, *(rid for rid in issue.spare.get(table.table, ()) if rid not in typed))

    @property
    def columns(self) -> dict[int, str]:
        """1-based column in the returned sheet → field, or title of an own column."""
        named = [*zip(self._table.columns, self._see, strict=True), *((own.column, _key(own)) for own in self.own)]
        return {column_number(letters): name for letters, name in named if letters}

    def place(self, rid: str) -> int:
        """Where a row stands, by its id; -1 where it does not."""
        return next((at for at, row in enumerate(self.rows) if rid and row.rid == rid), -1)

    @property
    def beside(self) -> Sequence[tuple[str, Cell]]:
        """What stood beside the rows, by address."""
        return self._table.beside

    def proofs(self) -> list[Proof]:
        """What was put back in this table."""
        return [Proof(moved, Spot(self.name, self.place(moved.rid), moved.field)) for moved in self._table.put_back]

    def values(self, row: ReturnedRow) -> tuple[Value, ...]:
        """The cells of a row; where a column did not come back, as issued."""
        base = self._base.get(row.rid, (None,) * len(self._see))
        return tuple(old if isinstance(v, Absent) else v for v, old in zip(row.values, base, strict=True))

    def labels(self, table: TableDef) -> dict[str, str]:
        """Row id → the text under which refs show the row now: it may have been added or renamed in this copy."""
        if len(table.key) != 1 or table.key[0] not in self._see:
            return {}
        at = self._see.index(table.key[0])
        texts = ((row.rid, self.values(row)[at]) for row in self.rows)
        return {rid: text for rid, text in texts if rid and isinstance(text, str)}


def _is_wrong(finding: Finding) -> bool:
    return finding.severity in ("refused", "rejected", "error") and finding.origin == "edit"


def _own(own: OwnColumn, rows: Sequence[ReturnedRow], skin: Skin) -> Own:
    cells = [own.cells.get(row.number) for row in rows]
    styles = Counter(cell.style for cell in cells if cell is not None and cell.kind == "number")
    usual = styles.most_common(1)[0][0] if styles else "text"
    form = _FORMATS.get(usual, "General")
    width = skin.widths.get(column_number(own.column), 0)
    return Own(_key(own), own.title, [_scalar(cell) for cell in cells], form, width)


def _asides(rows: _Rows, skin: Skin) -> list[Aside]:
    """What stood beside the rows: texts, and notes on heads and elsewhere."""
    texts = [Aside(f"{rows.sheet}!{address}", cell.raw) for address, cell in rows.beside]
    notes = [note for note in skin.notes if note.row not in rows.places]
    return [*texts, *(Aside(f"{rows.sheet}!{letters(note.column)}{note.row}", note.text) for note in notes)]


def _notes(skin: Skin, rows: _Rows, author: str) -> dict[tuple[int, str], OwnNote]:
    """What the member noted in the rows; several notes of one place are one."""
    found: dict[tuple[int, str], OwnNote] = {}
    for note in skin.notes:
        if note.row in rows.places:
            place = rows.places[note.row], rows.columns.get(note.column, "")
            before = [found[place].text] if place in found else []
            found[place] = OwnNote("\n\n".join((*before, note.text)), note.author or author)
    return found


def _own_sheet(sheet: GridSheet, skin: Skin, author: str) -> OwnSheet:
    cells = [
        OwnCell(row.number, at, _scalar(cell), _FORMATS.get(cell.style, "General"))
        for row in sheet.rows
        for at, cell in enumerate(row.cells, 1)
        if cell is not None
    ]
    notes = {(note.row, note.column): OwnNote(note.text, note.author or author) for note in skin.notes}
    return OwnSheet(sheet.name, cells, sheet.state != "visible", skin.widths, skin.fills, notes, sheet.merged)


def _stamp(cells: Sequence[str]) -> list[str]:
    """The stamp's own cells, without what an earlier laying out put behind them."""
    found = list(cells)
    return found[: found.index(unread.MARK)] if unread.MARK in found else found


def _key(own: OwnColumn) -> str:
    """What tells own columns apart: no field is called so."""
    return f"{own.column}!"


def _scalar(cell: Cell | None) -> Scalar:
    """What a cell of the member's own holds; a formula gives the value that it had, else its text."""
    if cell is None or not cell.raw:
        return f"={cell.formula}" if cell is not None and cell.formula else None
    if cell.kind == "bool":
        return cell.raw == "TRUE"
    if cell.kind != "number":
        return cell.raw
    try:
        return Decimal(cell.raw)
    except InvalidOperation:
        return cell.raw
