"""Turn the rules of a schema file into expressions that say when a row is in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from custsheet.expr.tree import (
    And,
    Between,
    Blank,
    Compare,
    Const,
    ExistsIn,
    Expr,
    FieldRef,
    Matches,
    Not,
    OneOf,
    Op,
    Or,
    Today,
    Unique,
    fields_of,
)
from custsheet.model import Value
from custsheet.schema.constants import constant
from custsheet.schema.lint import Checker, option_meant
from custsheet.schema.models import FORMS, FieldBody, RuleBody
from custsheet.schema.patterns import what_is_wrong
from custsheet.schema.records import Rule
from custsheet.schema.source import Way, nearest_word

_OPS: tuple[Op, ...] = get_args(Op)
_SAME_OP: Mapping[str, Op] = {"==": "=", "!=": "<>", "≠": "<>", "≤": "<=", "≥": ">="}
_TURNED = {"=>": ">=", "=<": "<=", "><": "<>"}


def rules_of(check: Checker, table: str) -> tuple[Rule, ...]:
    """Return a table's rules; what is wrong in them is noted in `check`."""
    body = check.body.tables[table]
    taken: set[str] = set()
    found = []
    for at, rule in enumerate(body.rules):
        way: Way = ("tables", table, "rules", at)
        if rule.name in taken:
            check.complain("SCHEMA_RULE_TWICE", (*way, "name"), word=rule.name)
        taken.add(rule.name)
        read = _Reader(check, table, way).rule(rule)
        if read:
            found.append(read)
    return tuple(found)


@dataclass(frozen=True)
class _Reader:
    """Reads one rule; where something is wrong it complains and gives None."""

    check: Checker
    table: str
    way: Way

    def rule(self, body: RuleBody) -> Rule | None:
        before = len(self.check.problems)
        given = [form for form in FORMS if getattr(body, form) is not None]
        if len(given) != 1:
            if not self.check.broken(self.way):
                self.check.complain("SCHEMA_RULE_FORM", self.way, known=", ".join(FORMS), name=body.name)
            return None
        form = given[0]
        if form == "unique" and body.when:
            self.check.complain("SCHEMA_RULE_WHEN", (*self.way, "when"), at_key=True, word=form)
        holds: Expr | None = getattr(self, form)(getattr(body, form))
        test = self.when(body.when) if body.when else None
        if holds is None or len(self.check.problems) > before:
            return None
        at = fields_of(holds)[0]
        whole = Or((_not(test), holds)) if test else holds
        names = tuple(dict.fromkeys((*fields_of(holds), *fields_of(whole))))
        return Rule(
            body.name, whole, names, body.severity, isinstance(holds, Unique), at, body.model_dump(exclude_unset=True)
        )

    # ── forms ───────────────────────────────────────────────────────────────────────────────────────

    def require(self, names: Sequence[str]) -> Expr | None:
        refs = self._refs("require", names)
        tests = tuple(Not(Blank(ref)) for ref in refs)
        return tests[0] if len(tests) == 1 else And(tests) if tests else None

    def require_any(self, names: Sequence[str]) -> Expr | None:
        return Or(tuple(Not(Blank(ref)) for ref in self._refs("require_any", names)))

    def compare(self, parts: Sequence[object]) -> Expr | None:
        way: Way = (*self.way, "compare")
        field = self.check.field(self.table, parts[0], (*way, 0))
        op = _SAME_OP.get(str(parts[1]), parts[1])
        if op not in _OPS:
            near = _TURNED.get(str(parts[1]), "")
            self.check.complain("SCHEMA_OP", (*way, 1), nearest=near, word=parts[1], known="  ".join(_OPS))
            return None
        right = self._operand(field, parts[2], (*way, 2))
        if field is None or right is None:
            return None
        left = FieldRef(str(parts[0]))
        return Or((*_blanks(left, right), Compare(op, left, right)))

    def between(self, parts: Sequence[object]) -> Expr | None:
        way: Way = (*self.way, "between")
        field = self.check.field(self.table, parts[0], (*way, 0))
        low, high = (self._operand(field, parts[at], (*way, at)) for at in (1, 2))
        if field is None or low is None or high is None:
            return None
        item = FieldRef(str(parts[0]))
        return Or((*_blanks(item, low, high), Between(item, low, high)))

    def one_of(self, parts: Sequence[object]) -> Expr | None:
        way: Way = (*self.way, "one_of")
        field = self.check.field(self.table, parts[0], (*way, 0))
        if field is None:
            return None
        values = _values(self.check, str(parts[0]), field, parts[1], (*way, 1))
        item = FieldRef(str(parts[0]))
        return Or((Blank(item), OneOf(item, values)))

    def pattern(self, parts: Sequence[str]) -> Expr | None:
        way: Way = (*self.way, "pattern")
        field = self.check.field(self.table, parts[0], (*way, 0))
        if wrong := what_is_wrong(parts[1]):
            self.check.complain(wrong, (*way, 1), word=parts[1])
        item = FieldRef(parts[0])
        return Or((Blank(item), Matches(item, parts[1]))) if field else None

    def unique(self, names: Sequence[str]) -> Expr | None:
        refs = self._refs("unique", names)
        return Unique(tuple(ref.name for ref in refs)) if refs else None

    def exists_in(self, name: str) -> Expr | None:
        field = self.check.typed_field(self.table, name, (*self.way, "exists_in"), {"ref"})
        return ExistsIn(name) if field else None

    # ── parts ───────────────────────────────────────────────────────────────────────────────────────

    def when(self, conditions: Mapping[str, Any]) -> Expr:
        tests = [
            test
            for name, wanted in conditions.items()
            if (test := condition(self.check, self.table, name, wanted, (*self.way, "when", name)))
        ]
        return tests[0] if len(tests) == 1 else And(tuple(tests))

    def _refs(self, form: str, names: Sequence[str]) -> list[FieldRef]:
        for at, name in enumerate(names):
            self.check.field(self.table, name, (*self.way, form, at))
        return [FieldRef(name) for name in names]

    def _operand(self, field: FieldBody | None, given: object, way: Way) -> Expr | None:
        """Return a field, today, or a value of the field's own type."""
        if given == "today":
            return Today()
        if isinstance(given, str) and given in self.check.fields(self.table):
            return FieldRef(given)
        if field is None:
            return None
        value = constant(field.type, given)
        if value is None or (isinstance(value, str) and field.type not in {"choice", "text"}):
            known = (*self.check.fields(self.table), "today")
            near = nearest_word(given, known)
            self.check.complain("SCHEMA_OPERAND", way, nearest=near, word=given, known=", ".join(known))
            return None
        return Const(value)


def condition(check: Checker, table: str, name: str, wanted: object, way: Way) -> Expr | None:
    """Read `field: value`, `field: [values]`, `field: {not: values}` or `field: {filled: true}`."""
    known = check.fields(table)
    if name not in known:
        facts = {"word": name, "table": table, "known": ", ".join(known)}
        check.complain("SCHEMA_FIELD", way, nearest=nearest_word(name, known), at_key=True, **facts)
        return None
    field = check.field(table, name, way)
    if field is None:
        return None
    item = FieldRef(name)
    if not isinstance(wanted, dict):
        return OneOf(item, _values(check, name, field, wanted, way))
    if list(wanted) == ["not"]:
        return Not(OneOf(item, _values(check, name, field, wanted["not"], (*way, "not"))))
    if list(wanted) == ["filled"] and isinstance(wanted["filled"], bool):
        return Not(Blank(item)) if wanted["filled"] else Blank(item)
    check.complain("SCHEMA_WHEN", way, word=name)
    return None


def _values(check: Checker, name: str, field: FieldBody, given: object, way: Way) -> tuple[Value, ...]:
    items = given if isinstance(given, list) else [given]
    ways = [(*way, at) for at in range(len(items))] if isinstance(given, list) else [way]
    values = []
    for item, place in zip(items, ways, strict=True):
        known = [o.value for o in field.options]
        if known and str(item) not in known:
            near = option_meant(field.options, item) or nearest_word(item, known)
            check.complain("SCHEMA_OPTION", place, nearest=near, word=item, field=name, known=known)
            continue
        value = constant(field.type, item)
        if value is None:
            check.complain("SCHEMA_CONSTANT", place, word=item, field=name, type=field.type)
        values.append(value)
    return tuple(values)


def _not(test: Expr) -> Expr:
    return test.item if isinstance(test, Not) else Not(test)


def _blanks(*items: Expr) -> tuple[Expr, ...]:
    """Let a blank pass where a rule compares: that something is missing is for `require` to say."""
    return tuple(Blank(item) for item in items if isinstance(item, FieldRef))
