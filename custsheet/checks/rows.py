"""Check one table's rows, of all copies at once; findings name only what their reader sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from custsheet.expr import Related, Scope, about_table, fields_of, holder, tables_of
from custsheet.expr.say import say
from custsheet.expr.scope import nothing_related
from custsheet.fields.base import Constraint, Field, Language
from custsheet.messages import word
from custsheet.model import CellRef, Finding, Origin, Unreadable, Value
from custsheet.schema.records import Rule, TableDef
from custsheet.text import in_a_row
from custsheet.wording import in_both

RelatedTo = Callable[[str], Related]
"""Row id → what an expression over that row asks for rows that refer to it."""

_NAMELESS = frozenset({"ref", "member", "members"})
"""Types whose canonical value is an id, which nobody typed."""

_EXPECTED: Mapping[str, tuple[str, str]] = {
    "one_of": ("choice", "options"),
    "each_of": ("each_of", "options"),
    "min": ("min", "low"),
    "max": ("max", "high"),
    "pattern": ("pattern", "pattern"),
    "max_length": ("max_length", "high"),
    "phone": ("phone", "region"),
    "email": ("email", "form"),
}
"""Constraint → the wording of what to write instead, and what that calls the constraint's argument."""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One row as a copy would leave it."""

    rid: str
    row: tuple[Value, ...]
    """The full row in the order of `TableDef.fields`: the ledger's, overlaid with this copy's cells."""
    changed: frozenset[str]
    """Fields that this copy changed; of an added row, all."""
    refs: Mapping[str, CellRef]
    """Field → where it stands in the file; a field that the member does not see is not here."""
    member: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """One constraint or rule that does not hold in one row."""

    index: int
    field: str
    """Empty for a rule."""
    name: str
    """The constraint's or the rule's."""


def check(
    table: TableDef,
    rows: Sequence[CheckRow],
    *,
    today: dt.date,
    related: RelatedTo | None = None,
    language: Language,
) -> list[tuple[int, Finding]]:
    """Return (index into rows, finding) for all that does not hold, in the order of rows and of the table's fields.

    Table rules (unique, exists in) are not decided here; rules that read other tables only where `related` is given.
    """
    if not rows:
        return []
    from custsheet.checks import frames  # noqa: PLC0415  # pandas and pandera take a second to load

    rules = {rule.name: rule for rule in decidable(table, with_related=related is not None)}
    broken = frames.broken(table, [row.row for row in rows], partial(_verdicts, table, rows, today, related, rules))
    words, other = _Words(table, language), _Words(table, "en" if language == "zh" else "zh")
    return [
        (at.index, _in_both(found, _finding(other, rules, rows[at.index], at), language))
        for at in broken
        if (found := _finding(words, rules, rows[at.index], at)) is not None
    ]


def decidable(table: TableDef, *, with_related: bool) -> list[Rule]:
    """Return the rules that one row decides, with the rows that refer to it or without them."""
    return [
        rule
        for rule in table.rules
        if not (rule.unique or about_table(rule.holds)) and (with_related or not tables_of(rule.holds))
    ]


def _verdicts(
    table: TableDef,
    rows: Sequence[CheckRow],
    today: dt.date,
    related: RelatedTo | None,
    rules: Mapping[str, Rule],
) -> Iterator[tuple[str, list[bool]]]:
    """Yield for each rule whether it holds, row by row."""
    names = tuple(table.fields)
    scopes = [
        Scope(
            dict(zip(names, row.row, strict=True)),
            today,
            related(row.rid) if related is not None else nothing_related,
        )
        for row in rows
    ]
    for name, rule in rules.items():
        holds = holder(rule.holds)
        yield name, [holds(scope) for scope in scopes]


# ── findings ────────────────────────────────────────────────────────────────────────────────────────


def _finding(words: _Words, rules: Mapping[str, Rule], row: CheckRow, at: Broken) -> Finding | None:
    if at.field:
        return _of_value(words, row, at) if at.field in row.refs else None
    return _of_rule(words, row, rules[at.name])


def _in_both(found: Finding, other: Finding | None, language: Language) -> Finding:
    """Say a finding's facts in both languages: the manager and the member may speak another one each."""
    assert other is not None
    zh, en = (found, other) if language == "zh" else (other, found)
    return replace(found, facts=in_both(zh.facts, en.facts))


def _of_value(words: _Words, row: CheckRow, at: Broken) -> Finding:
    field = words.table.fields[at.field]
    constraint = next(c for c in field.constraints() if c.name == at.name)
    return Finding(
        "R_REQUIRED" if at.name == "required" else "R_VALUE",
        "rejected",
        row.refs[at.field],
        "edit" if at.field in row.changed else "inherited",
        words.typed(row, at.field),
        at.name,
        words.of_constraint(field, constraint),
        row.member,
    )


def _of_rule(words: _Words, row: CheckRow, rule: Rule) -> Finding | None:
    """Return the finding at the cell to fill in; None where the member sees no cell that the rule is about."""
    seen = [name for name in rule.fields if name in row.refs]
    if not seen:
        return None
    at = rule.at if rule.at in seen else next((name for name in seen if name in row.changed), seen[0])
    origin: Origin = "edit" if row.changed.intersection(rule.fields) else "inherited"
    facts = words.of_rule(rule, at, seen)
    return Finding("F_RULE", rule.severity, row.refs[at], origin, words.typed(row, at), rule.name, facts, row.member)


class _Words:
    """What findings of one table say, in one language."""

    def __init__(self, table: TableDef, language: Language) -> None:
        self.table = table
        self.language = language
        self.at = {name: position for position, name in enumerate(table.fields)}
        self.titles = {name: field.spec.title[language] for name, field in table.fields.items()}
        self.options = {
            f"{name}={option.value}": option.text[language]
            for name, field in table.fields.items()
            for option in field.spec.options
        }
        self.dates = frozenset(name for name, field in table.fields.items() if field.spec.type in ("date", "datetime"))

    def typed(self, row: CheckRow, name: str) -> str:
        """Return the cell's value as text; nothing for ids, which say nothing to people."""
        field, value = self.table.fields[name], row.row[self.at[name]]
        if field.spec.type in _NAMELESS and not isinstance(value, Unreadable):
            return ""
        return field.text(value, language=self.language)

    def list_of(self, words: Collection[str]) -> str:
        """Return words in a row."""
        return in_a_row(words, self.language)

    def of_constraint(self, field: Field, constraint: Constraint) -> tuple[tuple[str, str], ...]:
        """Return title, rule, what to write instead, and the constraint's own argument."""
        facts = (("title", self.titles[field.name]), ("rule", constraint.name))
        if constraint.name == "required":
            return facts
        name, fact = _EXPECTED[constraint.name]
        given = (fact, self._argument(field, constraint.argument))
        dated = constraint.name in ("min", "max") and field.name in self.dates
        key = f"want.{name}_date" if dated else f"want.{name}" if name == "each_of" else f"expect.{name}"
        return (*facts, ("expected", word(key, self.language, **dict([given]))), given)

    def _argument(self, field: Field, argument: object) -> str:
        if isinstance(argument, tuple | list | set | frozenset):
            return self.list_of([self.options.get(f"{field.name}={value}", str(value)) for value in argument])
        if isinstance(argument, int | str) or argument is None:
            return "" if argument is None else str(argument)
        return field.text(argument, language=self.language)  # type: ignore[arg-type]  # a bound is a canonical value

    def of_rule(self, rule: Rule, at: str, seen: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Return title, titles and the rule's sentence, which stays vague where it would name what is not seen."""
        titles = self.list_of([self.titles[name] for name in seen])
        whole = set(fields_of(rule.holds)) <= set(seen) and not tables_of(rule.holds)
        if whole:
            sentence = say(rule.holds, self.titles | self.options, self.language, dates=self.dates)
        else:
            sentence = word("rule.partly", self.language, titles=titles)
        return (("title", self.titles[at]), ("titles", titles), ("sentence", sentence))
