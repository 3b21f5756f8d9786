"""What a field is: its settings, and the six faces that every family of field type shows to the other rooms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from custsheet.expr.tree import Expr
from custsheet.messages import word
from custsheet.model import Cell, Unreadable, Value
from custsheet.plan import Scalar
from custsheet.text import clean, cut, fold, join

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
    was: tuple[str, ...] = ()
    """Names that the field had before."""
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
    """For the wording of an unreadable value: `rule` (which reading failed), `expected` (what to write, in the copy's
    language), `nearest`, `options`, ..."""


Order = Literal["", "month", "day"]
"""Which of the two comes first in the dates of a column; empty where nothing tells."""


class Reading(NamedTuple):
    """In which language and on which day a cell is read, and how the dates of its column are written."""

    language: Language
    today: dt.date
    order: Order = ""


BLANK = Parsed(None)
LONGEST = 32767
"""Units of UTF-16 that a cell holds in Excel."""

_MARK = "\x1f"
_QUOTES = "\"'“”‘’„‟«»「」『』＂＇`´"
"""What people and their programs put around a value."""
_ERRORS = frozenset(
    f"#{name}"
    for name in (
        *("NULL!", "DIV/0!", "VALUE!", "REF!", "NAME?", "NUM!", "N/A", "GETTING_DATA"),
        *("SPILL!", "CALC!", "FIELD!", "BLOCKED!", "CONNECT!", "BUSY!", "UNKNOWN!", "PYTHON!"),
    )
)
_PICTURE = re.compile(r"=?\s*(?:_xlfn\.)?_?DISPIMG\s*\(", re.IGNORECASE)
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u200b\u2060-\u2064\u2066-\u2069\u202a-\u202e\ufeff\ufffd-\uffff\ud800-\udfff]"
)
"""Controls, zero-width signs, what a program broke, and those that turn the direction of writing; joiners are none."""
_LITERAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


def repaired(value: Value, old: str, new: str, code: str = "F_REPAIRED") -> Parsed:
    """Return a value together with the note on what was done to read it."""
    return Parsed(value, (Note(code, old, new),))


def refused(raw: str, rule: str, code: str = "R_VALUE", **facts: str | Text) -> Parsed:
    """Return what could not be read, with what to write instead in the words of `expect.<rule>`."""
    told = [spoken(name, fact) if isinstance(fact, Text) else ((name, fact),) for name, fact in facts.items()]
    return Parsed(
        Unreadable(raw, code), facts=(("rule", rule), *expected(rule, **facts), *(f for t in told for f in t))
    )


def advised(parsed: Parsed, rule: str) -> Parsed:
    """Return a name together with what to write instead, for the case that nobody and nothing is called so."""
    return parsed if isinstance(parsed.value, Unreadable) else parsed._replace(facts=expected(rule))


def expected(rule: str, **facts: str | Text) -> tuple[tuple[str, str], ...]:
    """Return what to write instead as a fact in both languages."""

    def said(language: Language) -> str:
        plain = {name: fact[language] if isinstance(fact, Text) else fact for name, fact in facts.items()}
        return guidance("expect", rule, language, **plain)

    return spoken("expected", Text(said("zh"), said("en")))


def spoken(name: str, text: Text) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return a text as the two facts of which the reader's language takes one."""
    return (f"{name}_zh", text.zh), (f"{name}_en", text.en)


def listed(name: str, items: Sequence[object], most: int) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the first items as a fact in both languages."""
    shown, more = [str(item) for item in items[:most]], " …" if len(items) > most else ""
    return spoken(name, Text(join(shown, "zh") + more, join(shown, "en") + more))


def guidance(kind: str, rule: str, language: Language, **facts: object) -> str:
    """Return the sentence `<kind>.<rule>`; a type from another package may have none and gets a general one."""
    try:
        return word(f"{kind}.{rule}", language, **facts)
    except KeyError:
        return word(f"{kind}.value", language)


def literal(raw: str) -> Decimal | None:
    """Return a number cell's literal exactly; None for what is no finite number."""
    return Decimal(raw) if len(raw) <= 400 and _LITERAL.fullmatch(raw) else None


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
    def order(self, texts: Iterable[str]) -> Order:
        """Judge by all texts of a column which of day and month comes first; only dates have an order."""
        return ""

    def parse(self, cell: Cell | None, *, language: Language, today: Today, order: Order = "") -> Parsed:
        """Read one cell: a canonical value, repairs as notes, or `Unreadable`.

        A ref returns the target's key as text and member fields the member's *name*; `intake` resolves both.
        Error cells give `Unreadable(raw, "R_CELL_ERROR")`, formulas `Unreadable("=" + formula, "R_FORMULA")`: both are
        handled here once; families override `read_text`, `read_number`, `read_bool`.
        """
        if cell is None:
            return BLANK
        reading = Reading(language, today, order)
        if cell.kind == "error" and not _PICTURE.match(cell.formula or ""):
            return refused(cell.raw, "error", "R_CELL_ERROR")
        if cell.formula is not None and self.spec.compute is None:
            typed = f"={cell.formula}"
            found = refused(typed, "formula", "R_FORMULA", cached=cell.raw)
            return found if cell.raw else found._replace(notes=(Note("F_FORMULA_NOCACHE", typed, ""),))
        if cell.kind == "bool":
            return self.read_bool(cell.raw, reading)
        if cell.kind == "number":
            number = literal(cell.raw)
            return self.wrong(cell.raw, reading) if number is None else self.read_number(number, cell, reading)
        return _remarked(self._read_text(clean(cell.raw), reading), cell.raw)

    def _read_text(self, text: str, reading: Reading) -> Parsed:
        if not text:
            return BLANK
        if text in _ERRORS:  # a CSV, or our own red cell on its way back
            return refused(text, "error", "R_CELL_ERROR")
        if _PICTURE.match(text):
            return refused(text, "picture", "R_FORMULA")
        found = self.read_text(text, reading)
        bare = text.strip(_QUOTES).strip()
        if isinstance(found.value, Unreadable) and bare not in ("", text):
            inside = self.read_text(bare, reading)
            if not isinstance(inside.value, Unreadable):
                return inside._replace(notes=(Note("F_REPAIRED", text, bare),))
        return found

    def unread(self, raw: str, code: str, *, language: Language, today: Today) -> Parsed:
        """Refuse again what was refused under this code before."""
        reading = Reading(language, today)
        rule = {"R_FORMULA": "formula", "R_DIGITS_LOST": "digits", "R_CELL_ERROR": "error"}.get(code)
        return refused(raw, rule, code) if rule else self.wrong(raw, reading)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Read a clean, non-blank text."""
        raise NotImplementedError

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Read a number cell; by default none is a value."""
        return self.wrong(cell.raw, reading)

    def read_bool(self, raw: str, reading: Reading) -> Parsed:
        """Read a logical cell (`TRUE` or `FALSE`); by default none is a value."""
        return self.wrong(raw, reading)

    def wrong(self, raw: str, reading: Reading) -> Parsed:
        """Say that this is no value of the field's type."""
        return refused(raw, self.spec.type)

    # 2 ── same
    def same(self, a: Value, b: Value) -> bool:
        """Tell whether two canonical values are the same content.

        An unreadable value goes out as text, and may be a fine text when it comes back: that is no edit.
        """
        if a == b:
            return True
        if isinstance(b, Unreadable):
            a, b = b, a
        return isinstance(a, Unreadable) and isinstance(b, str) and cut(a.raw, LONGEST) == b

    # 3 ── show
    def show(self) -> Show:
        """Return how cells of this field look."""
        raise NotImplementedError

    def write(self, value: Value, *, language: Language) -> Scalar:
        """Return what is written into a cell for a canonical value; refs and members come in already as labels."""
        if value is None:
            return None
        if isinstance(value, Unreadable):
            return cut(value.raw, LONGEST)
        return self.put(value, language)

    def put(self, value: Value, language: Language) -> Scalar:
        """Return the cell content of a readable value."""
        return self.phrase(value, language)

    def text(self, value: Value, *, language: Language) -> str:
        """Return the value as a person would say it in a sentence; blank is `""`."""
        if value is None:
            return ""
        if isinstance(value, Unreadable):
            return value.raw
        return self.phrase(value, language)

    def phrase(self, value: Value, language: Language) -> str:
        """Return a readable value in words."""
        return str(value)

    def choices(self, language: Language) -> tuple[str, ...]:
        """Return the words of the dropdown, where `limit()` is a list with source `options`."""
        return tuple(option.text[language] for option in self.spec.options)

    # 4 ── limit
    def limit(self) -> CellLimit | None:
        """Return what Excel may accept and when to show red."""
        return None

    # 5 ── constraint
    def constraints(self) -> Sequence[Constraint]:
        """Return what pandera checks on this column."""
        required = [Constraint("required")] if self.spec.required and self.editable else []
        return [*required, *self.rules()]

    def rules(self) -> Sequence[Constraint]:
        """Return the constraints of the family."""
        return []

    # 6 ── say
    def say(self, *, language: Language) -> Sequence[str]:
        """Return one plain sentence per rule on how to fill the field, for guide and findings."""
        if not self.editable:
            return [word("fill.system", language)]
        required = [word("fill.required", language)] if self.spec.required else []
        own = [self.spec.help[language]] if self.spec.help else []
        return [*required, *self.advice(language), *own]

    def rule(self, language: Language) -> str:
        """Return how the field is to be filled as one text."""
        return ("" if language == "zh" else " ").join(self.say(language=language))

    def advice(self, language: Language) -> Sequence[str]:
        """Return the sentences of the family."""
        return [guidance("fill", self.spec.type, language)]

    # storage
    def dump(self, value: Value) -> str | None:
        """Return the canonical text that ledger and stamp store; None for blank."""
        if value is None:
            return None
        return unreadable_text(value) if isinstance(value, Unreadable) else self.store(value)

    def load(self, text: str | None) -> Value:
        """Invert `dump`."""
        if text is None:
            return None
        if text.startswith(_MARK):
            _, code, raw = text.split(_MARK, 2)
            return Unreadable(raw, code)
        return self.restore(text)

    def store(self, value: Value) -> str:
        """Return the stored text of a readable value."""
        return str(value)

    def restore(self, text: str) -> Value:
        """Invert `store`."""
        return text


def _remarked(parsed: Parsed, raw: str) -> Parsed:
    """Add what a person should know of a text that was taken as it stands: signs unseen, or the look of a formula."""
    plain = raw.isascii() and raw.isprintable()
    if parsed.notes or not isinstance(parsed.value, str) or (plain and "=" not in raw[:1]):
        return parsed
    notes = [Note("F_FORMULA_LIKE_TEXT", raw, parsed.value)] if parsed.value.startswith("=") else []
    unseen = sorted({_code(sign) for sign in _UNSEEN.findall(raw)})
    if unseen:
        shown = _UNSEEN.sub(lambda sign: f"[{_code(sign[0])}]", parsed.value)
        notes.append(Note("F_CONTROL_CHARS", " ".join(unseen), shown))
    return parsed._replace(notes=tuple(notes))


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def unreadable_text(value: Unreadable) -> str:
    """Return the stored form of an unreadable value; one mark sets it apart from every canonical text."""
    return f"{_MARK}{value.code}{_MARK}{value.raw}"


def text_of(field: Field, value: Value) -> str:
    """Return a stable text of a value; blank is empty."""
    if isinstance(value, Unreadable):
        return unreadable_text(value)
    return field.dump(tuple(sorted(value)) if isinstance(value, tuple) else value) or ""


def settled(terms: Mapping[str, str]) -> dict[str, str]:
    """Follow terms that lead to other terms to their end, so that applying them twice changes nothing more."""
    final = {}
    for said in terms:
        key, seen = said, {said}
        while (following := fold(terms[key])) in terms and following not in seen:
            seen.add(following)
            key = following
        final[said] = terms[key]
    return final


WRONG_IN_LIST = 'AND({cell}<>"",COUNTIF({list},{cell})=0)'
"""Red formula of every family with a dropdown."""
