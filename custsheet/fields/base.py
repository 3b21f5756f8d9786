"""What a field is: its settings, and the six faces that every family of field type shows to the other rooms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from custsheet.expr.tree import Expr
from custsheet.model import Cell, Unreadable, Value
from custsheet.plan import Scalar

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice. `value` is canonical; `text` is what each language's copy shows; `also` = other words."""

    value: str
    text: Text
    colour: str = ""
    """A key of `look.HUES`."""
    icon: str = ""
    """A key of `look.ICONS`."""
    also: tuple[str, ...] = ()
    probability: Decimal | None = None
    cadence: int | None = None
    """Days until the next follow-up is due."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A field's settings as the schema file gives them, checked and completed. Every family reads what it needs."""

    name: str
    type: str
    title: Text
    table: str = ""
    required: bool = False
    important: bool = False
    key: bool = False
    aliases: tuple[str, ...] = ()
    help: Text | None = None
    options: tuple[Option, ...] = ()
    region: str = "CN"
    currency: str = ""
    decimals: int | None = None
    min: Value = None
    max: Value = None
    pattern: str = ""
    max_length: int | None = None
    long: bool = False
    sections: tuple[str, ...] = ()
    to: str = ""
    """Target table of a ref."""
    compute: Expr | None = None
    default: Value = None
    merge: Literal["ask", "union", "append", "max", "min", "sum_of_changes", "owner_wins", "manager_wins"] = "ask"
    """`latest` of a date is `max`."""
    data_class: str = ""
    """`personal` marks personal data (`class:` in the file)."""
    visible: bool = False
    """Among the first twelve columns."""
    filled: str = ""
    """`merge`: the system fills it at merge (log.member)."""
    terms: Mapping[str, str] = field(default_factory=dict)
    """Standard terms: what people write → the canonical value. Keys are folded by `text.fold`."""


class Note(NamedTuple):
    """What parse did to a value to read it: a finding of severity info with old and new."""

    code: str
    old: str
    new: str


class Parsed(NamedTuple):
    """Outcome of parsing one cell: a canonical value (`Unreadable` where there is none), and repairs made."""

    value: Value
    notes: tuple[Note, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """For the wording of an unreadable value: `nearest`, `expected`, ..."""


@dataclass(frozen=True, slots=True)
class Show:
    """How the field's cells look in a copy: number format before data, alignment, width bounds in units."""

    number_format: str = "@"
    align: Literal["", "left", "center", "right"] = "left"
    wrap: bool = False
    width: float = 0
    """Fixed width; 0 = measured from the values between `low` and `cap`."""
    cap: float = 25


@dataclass(frozen=True, slots=True)
class CellLimit:
    """What Excel may accept, and when a cell is wrong. Formulas hold `{cell}` for the cell's relative address."""

    kind: Literal["list", "date", "decimal", "whole", "textLength", "custom"]
    source: Literal["options", "ref", "members", ""] = ""
    """Where a list comes from; the book lays the range out."""
    low: str = ""
    high: str = ""
    severity: Literal["stop", "warning"] = "warning"
    wrong: str = ""
    """Formula that is TRUE when the cell's content is wrong: `AND({cell}<>"",LEN({cell})<>11)`; empty = no rule.
    For a list with `source`, `{list}` stands for the range."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that pandera checks on a column of canonical values. Blank passes all but `required`."""

    name: Literal["required", "one_of", "each_of", "min", "max", "pattern", "max_length", "phone", "email"]
    argument: object = None


Today = dt.date


class Field:
    """One field of one table, with its six faces. A family is one subclass in one file, registered by `types`."""

    types: tuple[str, ...] = ()
    """The `type:` words of the schema that this family serves."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.name = spec.name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.spec.table}.{self.name}>"

    @property
    def editable(self) -> bool:
        """Whether a person may ever type here: not computed, not filled at merge."""
        return self.spec.compute is None and not self.spec.filled

    # 1 ── parse
    def parse(self, cell: Cell | None, *, language: Language, today: Today) -> Parsed:
        """Read one cell: a canonical value, repairs as notes, or `Unreadable`.

        A ref returns the target's key as text and member fields the member's *name*; `intake` resolves both.
        Error cells give `Unreadable(raw, "R_CELL_ERROR")`, formulas `Unreadable("=" + formula, "R_FORMULA")`: both are
        handled here once; families override `read`.
        """
        raise NotImplementedError

    # 2 ── same
    def same(self, a: Value, b: Value) -> bool:
        """Tell whether two canonical values are the same content."""
        return a == b

    # 3 ── show
    def show(self) -> Show:
        """Return how cells of this field look."""
        raise NotImplementedError

    def write(self, value: Value, *, language: Language) -> Scalar:
        """Return what is written into a cell for a canonical value; refs and members come in already as labels."""
        raise NotImplementedError

    def text(self, value: Value, *, language: Language) -> str:
        """Return the value as a person would say it in a sentence; blank is `""`."""
        raise NotImplementedError

    # 4 ── limit
    def limit(self) -> CellLimit | None:
        """Return what Excel may accept and when to show red."""
        return None

    # 5 ── constraint
    def constraints(self) -> Sequence[Constraint]:
        """Return what pandera checks on this column."""
        raise NotImplementedError

    # 6 ── say
    def say(self, *, language: Language) -> Sequence[str]:
        """Return one plain sentence per rule on how to fill the field, for guide and findings."""
        raise NotImplementedError

    # storage
    def dump(self, value: Value) -> str | None:
        """Return the canonical text that ledger and stamp store; None for blank."""
        raise NotImplementedError

    def load(self, text: str | None) -> Value:
        """Invert `dump`."""
        raise NotImplementedError


def unreadable_text(value: Unreadable) -> str:
    """Return the stored form of an unreadable value; one mark sets it apart from every canonical text."""
    return f"\x1f{value.code}\x1f{value.raw}"
