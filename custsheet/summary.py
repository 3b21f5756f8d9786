"""The frozen records of a report: what `reports` counts and `books` lays out, as plain values and finished words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from custsheet.fields.base import Field, Language
from custsheet.model import Bucket, Change

UNKNOWN = ""
"""Key of the line that takes what has no known value, so that every table and chart adds up to all rows."""

# ── what a report is told about its round ───────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Period:
    """The day that counts as today, and the days of the round, both ends in it."""

    today: dt.date
    first: dt.date
    last: dt.date

    def before(self) -> Period:
        """Return the same days one period earlier."""
        length = self.last - self.first + dt.timedelta(days=1)
        return Period(self.today - length, self.first - length, self.last - length)


@dataclass(frozen=True, slots=True)
class Applied:
    """One change that came into the ledger, and when (ISO time)."""

    change: Change
    at: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one edit of a returned copy."""

    member: str
    bucket: Bucket
    table: str = ""
    field: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What happened in a round."""

    applied: tuple[Applied, ...] = ()
    fates: tuple[Fate, ...] = ()
    issued: tuple[str, ...] = ()
    """Ids of the members who have a copy."""
    returned: tuple[str, ...] = ()
    """Ids of the members whose copy came back."""
    refused: tuple[tuple[str, str], ...] = ()
    """(file name, why in words) of files that were not read."""
    questions: int = 0
    """Questions that wait for an answer."""


# ── what a report says ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Slice:
    """How many rows have one status."""

    value: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Person:
    """One member's numbers; `id` is `UNKNOWN` for rows that nobody owns."""

    id: str
    name: str
    rows: int = 0
    contacts: int = 0
    contacts_before: int = 0
    won: int = 0
    lost: int = 0
    overdue: int = 0
    stale: int = 0

    @property
    def win_rate(self) -> Decimal | None:
        """Won of all that were decided; None where nothing was."""
        return rate(self.won, self.lost)


@dataclass(frozen=True, slots=True)
class Due:
    """One row that waits for somebody: overdue or long not contacted."""

    rid: str
    label: str
    member: str
    """Display name of the owner."""
    status: str
    day: dt.date
    days: int
    amount: Decimal | None = None
    """Open amount of the row's opportunities; None where there are none."""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: amounts per column of the grid, and how many rows."""

    value: str
    text: str
    kind: Literal["open", "won", "lost", "unknown"]
    amounts: tuple[Decimal, ...]
    count: int

    @property
    def total(self) -> Decimal:
        """The amounts of all columns together."""
        return sum(self.amounts, Decimal(0))


@dataclass(frozen=True, slots=True)
class StageGrid:
    """Amounts by stage and month. Columns are `2026-11`, and `earlier`, `later`, `none` where they are needed."""

    columns: tuple[str, ...]
    stages: tuple[Stage, ...]

    @property
    def months(self) -> int:
        """How many of the columns have a place in time."""
        return sum(column != "none" for column in self.columns)


@dataclass(frozen=True, slots=True)
class Total:
    """Opportunities of one member, product or quarter: how many are open, won, lost, and what the won ones came to."""

    key: str
    text: str
    open: int = 0
    won: int = 0
    lost: int = 0
    value: Decimal = Decimal(0)

    @property
    def win_rate(self) -> Decimal | None:
        """Won of all that were decided; None where nothing was."""
        return rate(self.won, self.lost)


@dataclass(frozen=True, slots=True)
class Totals:
    """Opportunities by member, by product and by quarter; each adds up to all of them."""

    members: tuple[Total, ...]
    products: tuple[Total, ...]
    quarters: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """What one member sent back in the round, edit by edit, and what went wrong most often."""

    id: str
    name: str
    returned: bool
    buckets: Mapping[Bucket, int]
    problems: tuple[tuple[str, int], ...] = ()
    """(in words, how often), the most frequent first."""

    @property
    def edits(self) -> int:
        """Edits in all."""
        return sum(self.buckets.values())

    @property
    def findings(self) -> int:
        """Edits that were not simply taken: rejected, held, or in conflict."""
        return sum(self.buckets.get(bucket, 0) for bucket in ("rejected", "held", "conflict"))


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of what changed, in words."""

    table: str
    label: str
    field: str
    """Title of the field; for a row that came or went what happened to it."""
    old: str
    new: str
    who: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Cells that hold no readable value and so are in no measure."""

    table: str
    field: str
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand on one day."""

    day: dt.date
    overdue: int = 0
    stale: int = 0
    won: int = 0
    lost: int = 0
    open_amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the first page: a key of `look.SIGNS`, the words, and the sheet that shows the numbers."""

    sign: str
    text: str
    goto: str


@dataclass(frozen=True)
class Summary:
    """Everything that a report shows. A part is None or empty where the schema has no fields for it."""

    language: Language
    period: Period
    rows: int
    """Rows of the status table."""
    names: Mapping[str, str]
    """Titles by role (`rows`, `status`, `won`, `lost`, `next`, `last`, `log`, `stage`, `amount`, `close`, ...)."""
    status_field: Field | None = None
    statuses: tuple[Slice, ...] = ()
    people: tuple[Person, ...] = ()
    has_contacts: bool = False
    overdue: tuple[Due, ...] | None = None
    stale: tuple[Due, ...] | None = None
    never: int = 0
    """Rows that are not lost and have no contact on record."""
    grid: StageGrid | None = None
    totals: Totals | None = None
    open_count: int = 0
    currency: str = ""
    now: Standing | None = None
    before: Standing | None = None
    """One period ago; None where the ledger does not reach back so far."""
    returned: tuple[Returned, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    questions: int = 0
    changes: tuple[ChangeLine, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    sentences: tuple[Sentence, ...] = field(default=())

    @property
    def contacts(self) -> int:
        """Contacts in the period."""
        return sum(p.contacts for p in self.people)

    @property
    def contacts_before(self) -> int:
        """Contacts in the period before."""
        return sum(p.contacts_before for p in self.people)

    @property
    def won(self) -> int:
        """Rows that were won."""
        return sum(p.won for p in self.people)

    @property
    def lost(self) -> int:
        """Rows that were lost."""
        return sum(p.lost for p in self.people)

    @property
    def win_rate(self) -> Decimal | None:
        """Won of all that were decided; None where nothing was."""
        return rate(self.won, self.lost)

    @property
    def won_value(self) -> Decimal:
        """What the won opportunities came to."""
        return sum((t.value for t in self.totals.members), Decimal(0)) if self.totals else Decimal(0)


def rate(won: int, lost: int) -> Decimal | None:
    """Return won / (won + lost); None where nothing was decided."""
    return Decimal(won) / Decimal(won + lost) if won + lost else None


# ── what a member is told in the next copy ──────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One edit that was not taken, or one cell that others changed, in finished words."""

    kind: str
    """`taken`, `waiting`, `refused`, `lost`; `theirs` for what others changed."""
    table: str
    rid: str
    label: str
    title: str
    """The field's title; empty for a whole row."""
    yours: str
    now: str
    why: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of what a member returned last."""

    round: str
    returned: bool
    """Whether a copy of that round came back."""
    late: tuple[str, ...]
    """Earlier rounds of which a copy came back since: what became of it is told here as well."""
    counts: Mapping[str, int]
    """`taken`, `waiting`, `refused`, `lost` add up to all edits; `mended` counts values that were tidied."""
    lines: tuple[ReceiptLine, ...]
    """Those that were not taken, as many as there is room for, of `total`."""
    total: int
    others: tuple[ReceiptLine, ...]
    others_total: int
    undone: bool = False
    """Whether what came back was taken back as a whole by whoever merges, and nothing of it counts."""
