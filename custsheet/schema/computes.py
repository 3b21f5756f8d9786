"""Turn the computed fields of a schema file into expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from custsheet.expr.tree import (
    Blank,
    Compare,
    Const,
    CountOf,
    DaysBetween,
    Expr,
    FieldRef,
    If,
    Join,
    Largest,
    LatestOf,
    Lookup,
    SumOf,
    Times,
    Today,
    Words,
)
from custsheet.look import SIGNS, SOON_DAYS, STALE_DAYS
from custsheet.schema.constants import DATES, NUMBERS
from custsheet.schema.hints import must_mend
from custsheet.schema.lint import Checker
from custsheet.schema.models import FieldBody, OptionBody
from custsheet.schema.records import Rule
from custsheet.schema.rules import condition
from custsheet.schema.source import Way, nearest_word

FORMS = ("days_until", "latest_of", "count_of", "sum_of", "weighted", "hint")
_HINT = ("next", "last", "unless", "soon", "stale")


def compute_of(check: Checker, table: str, name: str, rules: Sequence[Rule]) -> Expr | None:
    """Return what a computed field comes to; what is wrong in it is noted in `check`."""
    body = check.body.tables[table].fields[name].compute
    way: Way = ("tables", table, "fields", name, "compute")
    if not body:
        return None
    form = next(iter(body), "")
    if len(body) != 1 or form not in FORMS:
        word = next((w for w in body if w not in FORMS), form)
        near = nearest_word(word, FORMS)
        check.complain("SCHEMA_COMPUTE", (*way, word), nearest=near, at_key=True, word=word, known=", ".join(FORMS))
        return None
    before = len(check.problems)
    reader = _Reader(check, table, (*way, form), rules)
    found: Expr | None = getattr(reader, form)(body[form])
    if found is None and len(check.problems) == before:
        check.complain("SCHEMA_COMPUTE_FORM", (*way, form), word=form)
    return found


class _Reader:
    """Reads one computed field; where something is wrong it complains and gives None."""

    def __init__(self, check: Checker, table: str, way: Way, rules: Sequence[Rule]) -> None:
        self.check = check
        self.table = table
        self.way = way
        self.rules = rules

    def days_until(self, name: object) -> Expr | None:
        found = self._typed(name, self.way, DATES)
        return DaysBetween(Today(), FieldRef(str(name))) if found else None

    def latest_of(self, given: object) -> Expr | None:
        if not isinstance(given, list) or not given:
            return None
        if len(given) == 2 and given[0] not in self.check.fields(self.table) and given[0] in self.check.tables():
            there = self._there(given, DATES)
            return LatestOf(str(given[0]), str(given[1]), there) if there else None
        found = [self._typed(name, (*self.way, at), DATES) for at, name in enumerate(given)]
        return Largest(tuple(FieldRef(str(name)) for name in given)) if all(found) else None

    def count_of(self, table: object) -> Expr | None:
        via = self._via(table, self.way) if isinstance(table, str) else ""
        return CountOf(str(table), via) if via else None

    def sum_of(self, given: object) -> Expr | None:
        there = self._there(given, NUMBERS) if isinstance(given, list) and len(given) == 2 else ""
        return SumOf(str(given[0]), str(given[1]), there) if there and isinstance(given, list) else None

    def weighted(self, given: object) -> Expr | None:
        if not isinstance(given, list) or len(given) != 2:
            return None
        amount = self._typed(given[0], (*self.way, 0), NUMBERS)
        stage = self._typed(given[1], (*self.way, 1), {"choice"})
        if amount is None or stage is None:
            return None
        pairs = tuple((o.value, chance) for o in stage.options if (chance := probability(o)) is not None)
        if not pairs:
            self.check.complain("SCHEMA_NO_CHANCE", (*self.way, 1), word=given[1])
        return Times(FieldRef(str(given[0])), Lookup(FieldRef(str(given[1])), pairs))

    def hint(self, given: object) -> Expr | None:
        if not isinstance(given, dict):
            return None
        for word in given:
            if word not in _HINT:
                near = nearest_word(word, _HINT)
                known = ", ".join(_HINT)
                self.check.complain(
                    "SCHEMA_SETTING", (*self.way, word), nearest=near, at_key=True, word=word, known=known
                )
        dates = {w: self._typed(given[w], (*self.way, w), DATES) for w in ("next", "last") if w in given}
        days = {w: given.get(w, usual) for w, usual in (("soon", SOON_DAYS), ("stale", STALE_DAYS))}
        if "next" not in given or not all(dates.values()) or not all(_is_days(d) for d in days.values()):
            return None
        steps = must_mend(self.check, self.table, self.rules)
        steps += _dated(FieldRef(given["next"]), FieldRef(given["last"]) if "last" in given else None, days)
        unless = given.get("unless") or {}
        tests = [condition(self.check, self.table, n, v, (*self.way, "unless", n)) for n, v in unless.items()]
        steps = [(test, Const(None)) for test in tests if test] + steps
        key = self.check.body.tables[self.table].key
        steps = [(Blank(FieldRef(k)), Const(None)) for k in key[:1]] + steps
        found: Expr = Const(None)
        for test, words in reversed(steps):
            found = If(test, words, found)
        return found

    # ── parts ───────────────────────────────────────────────────────────────────────────────────────

    def _typed(self, name: object, way: Way, types: frozenset[str] | set[str]) -> FieldBody | None:
        return self.check.typed_field(self.table, name, way, types)

    def _there(self, given: Sequence[Any], types: frozenset[str]) -> str:
        """Return the ref field of another table that leads here, if its table and field are in order."""
        via = self._via(given[0], (*self.way, 0))
        found = self.check.typed_field(given[0], given[1], (*self.way, 1), types) if via else None
        return via if found else ""

    def _via(self, table: str, way: Way) -> str:
        body = self.check.table(table, way)
        if not body:
            return ""
        refs = [name for name, f in body.fields.items() if f.type == "ref" and f.to == self.table]
        if not refs:
            self.check.complain("SCHEMA_NO_REF", way, word=table, table=self.table)
        return refs[0] if refs else ""


def probability(option: OptionBody) -> Decimal | None:
    """Return an option's chance between 0 and 1, from `10%` or 0.1."""
    given = option.probability
    if isinstance(given, str):
        return Decimal(given.rstrip("%％ ")) / 100
    return None if given is None else Decimal(str(given))


def _is_days(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and given >= 0


def _dated(due: Expr, last: Expr | None, days: Mapping[str, int]) -> list[tuple[Expr, Expr]]:
    """Say what the dates ask for, the most pressing first (LOOK 2.3: overdue, today, soon, stale)."""
    sign = {name: SIGNS[name].sign for name in ("overdue", "today", "soon", "stale")}
    ahead = DaysBetween(Today(), due)

    def told(zh: str, number: Expr, after_zh: str, after_en: str, en: str) -> Expr:
        return Join((Words(zh, en), number, Words(after_zh, after_en)))

    steps: list[tuple[Expr, Expr]] = [
        (
            Compare("<", ahead, Const(Decimal(0))),
            told(f"{sign['overdue']} 逾期 ", DaysBetween(due, Today()), " 天", " d", f"{sign['overdue']} Overdue by "),
        ),
        (Compare("=", ahead, Const(Decimal(0))), Words(f"{sign['today']} 今天", f"{sign['today']} Today")),
        (
            Compare("<=", ahead, Const(Decimal(days["soon"]))),
            told(f"{sign['soon']} ", ahead, " 天后", " d", f"{sign['soon']} In "),
        ),
    ]
    if last is not None:
        since = DaysBetween(last, Today())
        steps.append(
            (
                Compare(">", since, Const(Decimal(days["stale"]))),
                told(f"{sign['stale']} ", since, " 天没联系", " d without contact", f"{sign['stale']} "),
            )
        )
    return steps
