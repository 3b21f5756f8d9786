"""The frozen records that pass between rooms; plain Python values, no behaviour beyond reading them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal, NamedTuple

# ── one cell ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What a person typed where no value of the field's type could be read: kept as typed, equal only to itself.

    `code` says why (`R_VALUE`, `R_CELL_ERROR`, `R_FORMULA`, ...) and takes no part in equality.
    """

    raw: str
    code: str = field(default="R_VALUE", compare=False)


class Absent(enum.Enum):
    """The column of this cell did not come back; never the same as blank."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT

Value = None | bool | int | Decimal | str | dt.date | dt.datetime | tuple[str, ...] | Unreadable
"""A canonical value: what `Field.parse` returns and the ledger keeps. `None` is blank; a tuple holds tags or members.

Every number field's value is a `Decimal`, never a float; `int` is used by score only.
"""

Cells = tuple[tuple[str, str, str, Value], ...]
"""Cells with a value each: table, row id, field, value."""

Row = tuple[Value | Absent, ...]


class Cell(NamedTuple):
    """One cell as the file holds it. Addresses are kept by the row, so equal cells are one shared object."""

    kind: Literal["text", "number", "bool", "error"]
    raw: str
    """The text exactly as stored: the number literal, `TRUE`/`FALSE`, `#REF!`, the string with `_xHHHH_` decoded."""
    style: Literal["general", "text", "date", "time", "duration", "percent", "number"] = "general"
    """What the cell's number format says; a number under `date` is a serial of the 1900 system whatever the file's."""
    formula: str | None = None
    """The formula's text without `=`; `raw` then is the cached value. LibreOffice's `TRUE()` booleans carry none."""


# ── a file as a grid of cells ───────────────────────────────────────────────────────────────────────


class GridRow(NamedTuple):
    """One row that the file holds: 1-based number, cells from column A on (None where there is none)."""

    number: int
    cells: tuple[Cell | None, ...]
    hidden: bool = False


class CellFill(NamedTuple):
    """A cell with a colour of its own. Places are 1-based."""

    row: int
    column: int
    fill: str
    """RRGGBB."""


class CellNote(NamedTuple):
    """A note or comment that somebody put on a cell; the replies of a thread are one text. Places are 1-based."""

    row: int
    column: int
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class GridSheet:
    """One sheet in file order; only rows with at least one non-empty cell are here, in ascending order."""

    name: str
    rows: tuple[GridRow, ...]
    state: Literal["visible", "hidden", "veryHidden"] = "visible"
    merged: tuple[str, ...] = ()
    notes: tuple[CellNote, ...] = ()
    """Where they stand beside the cells, as in .xls and .ods; those of an .xlsx lie in parts of their own."""
    fills: tuple[CellFill, ...] = ()
    """The same, as far as a row holds anything."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A whole workbook as cells, whatever the format it came in."""

    sheets: tuple[GridSheet, ...]
    notes: tuple[tuple[str, str], ...] = ()
    """Findings of the reader as (code, detail): `F_ROW_GAP`, `F_DATE1904`, `F_EXTERNAL_LINK`, ..."""

    def sheet(self, name: str) -> GridSheet | None:
        """Return the sheet of that name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


# ── rows in memory ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Table:
    """Rows of one table: a tuple of field names, a row id per row, a tuple of canonical values per row."""

    name: str
    fields: tuple[str, ...]
    rids: tuple[str, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()

    @cached_property
    def at(self) -> Mapping[str, int]:
        """Position of each field in a row."""
        return {name: position for position, name in enumerate(self.fields)}

    @cached_property
    def by_rid(self) -> Mapping[str, tuple[Value, ...]]:
        """The row of each row id, in order."""
        return dict(zip(self.rids, self.rows, strict=True))

    def get(self, rid: str, field_name: str) -> Value:
        """Return one cell; KeyError if there is no such row or field."""
        return self.by_rid[rid][self.at[field_name]]

    def column(self, field_name: str) -> list[Value]:
        """Return one field of every row, in order."""
        position = self.at[field_name]
        return [row[position] for row in self.rows]

    def items(self) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """Iterate over (row id, row)."""
        return iter(zip(self.rids, self.rows, strict=True))

    def __len__(self) -> int:
        return len(self.rids)


Tables = Mapping[str, Table]
"""Table name → rows; the master, an opening, a base and a projection all have this shape."""


# ── what came back ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row of a returned copy, its cells parsed, and which row it is."""

    number: int
    """Row number in the sheet."""
    rid: str
    """Row id: issued, from a spare row, or made for a row typed elsewhere."""
    values: Row
    """One per field of the table that this copy shows, in the order of `ReturnedTable.fields`; ABSENT = no column."""
    kind: Literal["issued", "new"] = "issued"
    delete: bool = False
    code: str = ""
    """Set when the row's identity is in doubt: `R_DUP_ID`, `H_DUP_ID_SPLIT`, `R_ID_NOT_ISSUED`, `H_ID_LOST`, ...
    All its edits then carry this code."""
    id_cell: str = ""
    """What stands in the column of the row ids."""
    action: str = ""
    """What stands in the action column where it is no known word."""


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A column that the member added for themselves: nothing of it is merged, and nothing of it is thrown away."""

    title: str
    column: str
    """Its letters in the returned sheet."""
    cells: Mapping[int, Cell]
    """Row number in the sheet → what stands there."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """One cell that was put back to the row from which a sort had taken it: a proposal for a person to look at."""

    rid: str
    number: int
    """Row number in the returned sheet."""
    field: str
    """`_id` where the row's id was put back."""
    issued: Value
    returned: Value
    proposed: Value
    how: Literal["back", "likely", "left"] = "back"
    """`likely`: the row was edited too; `left`: nobody can tell where this value belongs, it stands in no cell."""


@dataclass(frozen=True, slots=True)
class ReturnedTable:
    """One table as it came back. `fields` are those issued; `columns` their letters now, `""` where absent."""

    table: str
    sheet: str
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[ReturnedRow, ...] = ()
    missing: tuple[str, ...] = ()
    """Ids of issued rows that did not come back."""
    suspect: tuple[str, ...] = ()
    """Fields that look as if they were sorted apart from their rows: their edits wait for a person."""
    own: tuple[OwnColumn, ...] = ()
    put_back: tuple[PutBack, ...] = ()
    """What was moved to undo a partial sort, where that was asked for."""
    hidden: frozenset[int] = frozenset()
    """Numbers of the rows that were out of sight: filtered or hidden. They count like any other."""
    beside: tuple[tuple[str, Cell], ...] = ()
    """(address, cell) of what stands around the rows and belongs to none: texts at the side, sums, titles."""


@dataclass(frozen=True)
class Returned:
    """A returned copy, read and identified, before anything is compared."""

    copy: str
    member: str
    file: str
    tables: Mapping[str, ReturnedTable]
    findings: tuple[Finding, ...] = ()
    """Repairs, identity and header findings; a finding of severity `refused` means: take nothing from this file."""
    digest: str = ""
    own_sheets: tuple[GridSheet, ...] = ()
    """Sheets that the member added."""
    replies: tuple[tuple[str, str, Cell], ...] = ()
    """(sheet, address, cell) of what the member wrote beside a list of ours."""


# ── what is said about data ─────────────────────────────────────────────────────────────────────────

Severity = Literal["refused", "rejected", "held", "error", "warning", "info"]
Origin = Literal["edit", "inherited"]


class CellRef(NamedTuple):
    """Where a cell stands in a file, and what it is in the schema. Empty strings where it is not known."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    """A1 address, `D7`."""
    table: str = ""
    rid: str = ""
    field: str = ""
    label: str = ""
    """`table/key`, as people know the row."""


NOWHERE: Final = CellRef()


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark on data. Its words are made from `code` and `facts` by `messages`, in the reader's language."""

    code: str
    severity: Severity
    where: CellRef = NOWHERE
    origin: Origin = "edit"
    value: str = ""
    """What was typed, as text."""
    rule: str = ""
    """Name of the rule or field property that was broken: `required`, `options`, `plan`, ..."""
    facts: tuple[tuple[str, str], ...] = ()
    member: str = ""
    """Id of the member whose copy brought it."""


# ── edits, the merge, its outcome ───────────────────────────────────────────────────────────────────

Bucket = Literal["superseded", "rejected", "held", "conflict", "same", "applied"]
BUCKETS: Final[tuple[Bucket, ...]] = ("superseded", "rejected", "held", "conflict", "same", "applied")
NOT_THEIRS: Final = frozenset({"R_READ_ONLY", "R_NOT_PERMITTED", "R_NEW_OWNER", "R_DELETE", "R_ID_NOT_ISSUED"})
"""Codes of edits that a member may not make at all: nothing that comes back later mends them."""


class Edit(NamedTuple):
    """One difference between a returned copy and its base: a cell, an input cell of an added row, or a delete mark."""

    kind: Literal["cell", "add", "delete"]
    table: str
    rid: str
    field: str = ""
    """Empty for a delete mark."""
    base: Value = None
    value: Value = None
    where: CellRef = NOWHERE
    code: str = ""
    """Set when the edit never becomes a claim: `R_...` rejected, `H_...` held before the merge."""
    row: tuple[tuple[str, Value], ...] = ()
    """For a delete mark: the whole row as issued, so that the merge can see whether the master moved on (case 7b)."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One accepted version of one copy, reduced to what it changed. Pure data: the ledger stores and restores it."""

    copy: str
    """Copy id."""
    member: str
    version: int
    """1, 2, ... in the order of intake, per copy."""
    digest: str
    """SHA-256 over the canonical content: the same content again is the same submission."""
    edits: tuple[Edit, ...] = ()
    file: str = ""
    received: str = ""
    """ISO time of intake."""
    missing: tuple[tuple[str, str], ...] = ()
    """(table, rid) of issued rows that did not come back."""
    late: bool = False
    """The copy's round was closed when it came."""

    @property
    def key(self) -> tuple[str, int]:
        """What names this submission within a round."""
        return (self.copy, self.version)


class Claim(NamedTuple):
    """One candidate of a question: who wants which value, and where it was typed."""

    member: str
    value: Value
    where: CellRef = NOWHERE
    received: str = ""
    base: Value = None
    kind: Literal["cell", "add", "delete"] = "cell"
    row: tuple[tuple[str, Value], ...] = ()
    """For an add: the whole proposed row as (field, value)."""
    copy: str = ""
    """Copy id of the submission that made the claim."""


@dataclass(frozen=True, slots=True)
class Question:
    """Anything that waits for a person. `digest` covers the candidates: a new candidate is a new question."""

    id: str
    """Stable: made from code, table, rid and field."""
    code: str
    """`H_CELL`, `H_STALE`, `H_DUP_KEY`, ...; names the kind."""
    table: str
    rid: str
    field: str = ""
    """Empty where the question is about a row."""
    label: str = ""
    base: Value = None
    master: Value = None
    claims: tuple[Claim, ...] = ()
    digest: str = ""
    choices: tuple[str, ...] = ()
    """What an answer may be, in order: `master`, `base`, `claim:0` ..., `both`, `value` for a cell;
    `keep`, `delete`, `add`, `drop`, `claim:0` ... for a row."""
    default: str = "master"
    """What holds while nobody answers: the master, nothing added, nothing deleted."""
    facts: tuple[tuple[str, str], ...] = ()
    means: tuple[tuple[str, Cells], ...] = ()
    """Choice → the cells as they are if it is chosen; of a question about cells."""

    def answered(self, choice: str, value: Value = None, *, by: str = "", at: str = "", reason: str = "") -> Resolution:
        """Return the answer that takes a choice, with what that comes to; `value` is one's own, for `value`."""
        cells = dict(self.means).get(choice, ())
        if choice == "value" and self.field:
            cells = ((self.table, self.rid, self.field, value),)
        elif cells and self.field:
            value = cells[0][3]
        else:
            value = self._meant(choice)
        return Resolution(self.id, self.digest, choice, value, by=by, at=at, reason=reason, cells=cells)

    def _meant(self, choice: str) -> Value:
        kind, _, number = choice.partition(":")
        if kind == "claim":
            return self.claims[int(number)].value if int(number) < len(self.claims) else None
        return {"master": self.master, "base": self.base}.get(choice)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A person's answer to a question, valid for the candidates whose digest it names."""

    question: str
    digest: str
    choice: str
    """One of the question's choices."""
    value: Value = None
    """The own value where `choice` is `value`; else what the choice meant when it was answered."""
    by: str = ""
    at: str = ""
    reason: str = ""
    number: int = 0
    """Its place among all answers that the ledger ever took in, the first is 1; 0 where it is not kept yet."""
    cells: Cells = ()
    """What the choice came to when it was answered; empty for one about a row, and in ledgers of before."""
    revision: int | None = None
    """The ledger's revision when it was taken in; None where it is not kept yet, and in ledgers of before."""


StandingChoice = Literal["claim", "master", "base", "both"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing rule: whatever a member, or anybody, changes in a field is settled the same way, now and later."""

    member: str
    """Empty for everybody."""
    table: str
    """Empty for every field of every table."""
    field: str
    """Empty for every field of the table."""
    choice: StandingChoice
    """`claim`: what was typed, the latest where there are several."""
    by: str = ""
    at: str = ""

    @property
    def id(self) -> str:
        """What names the rule among answers; one person and field have one rule."""
        return f"rule:{self.member}:{self.table}:{self.field}"


class Change(NamedTuple):
    """An edit that was applied, or a cell that went back to the opening (`cause` `reopened`)."""

    table: str
    rid: str
    field: str
    """Empty where the whole row was added or deleted."""
    old: Value
    new: Value
    members: tuple[str, ...] = ()
    label: str = ""
    cause: Literal["edit", "resolution", "reopened", "import", "set", "policy", "rule", "undo"] = "edit"
    kind: Literal["cell", "add", "delete"] = "cell"


@dataclass(frozen=True)
class Outcome:
    """What a merge comes to. `master` is the whole next state; `buckets` places every edit of every submission."""

    master: Tables
    changes: tuple[Change, ...] = ()
    """Against the opening; what differs from the current rows is worked out by the caller."""
    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()
    buckets: Mapping[tuple[str, int], tuple[Bucket, ...]] = field(default_factory=dict)
    """Submission key → one bucket per edit, in the order of `Submission.edits`."""
    kept: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(table, row id) of rows that somebody wanted to go and an answer keeps → who answered."""
    aliases: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(table, row id) of new rows that are the same as another one → id of the row that stays."""

    def count(self, keys: frozenset[tuple[str, int]] | None = None) -> dict[str, int]:
        """Count edits per bucket, of all submissions or of those named; `total` first."""
        chosen = [b for key, placed in self.buckets.items() if keys is None or key in keys for b in placed]
        return {"total": len(chosen), **{bucket: chosen.count(bucket) for bucket in BUCKETS[::-1]}}
