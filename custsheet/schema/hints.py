"""What a hint column asks to mend before it speaks of dates: what is wrong and what is missing in a row."""

from __future__ import annotations

from collections.abc import Sequence

from custsheet.expr.tree import Blank, Compare, Expr, FieldRef, Matches, Not, OneOf, Or, Words, walk
from custsheet.look import SIGNS
from custsheet.schema.lint import Checker
from custsheet.schema.models import TextBody
from custsheet.schema.records import Rule


def must_mend(check: Checker, table: str, rules: Sequence[Rule]) -> list[tuple[Expr, Expr]]:
    """Return (test, what to say) for what is wrong, then for what is missing, in the order of the columns."""
    return _wrong(check, table, rules) + _missing(check, table, rules)


def _wrong(check: Checker, table: str, rules: Sequence[Rule]) -> list[tuple[Expr, Expr]]:
    fields = check.body.tables[table].fields
    found: list[tuple[Expr, Expr]] = []
    for name, body in fields.items():
        if body.type == "choice" and body.options and body.required:  # the formula stands in every row: keep it short
            item = FieldRef(name)
            known = OneOf(item, tuple(o.value for o in body.options))
            found.append((Not(Or((Blank(item), known))), _say("wrong", body.title, "认不出", " is not an option")))
    for rule in rules:
        compares = any(isinstance(node, Compare | Matches) for node in walk(rule.holds))
        if compares and rule.severity == "error" and rule.at in fields:
            found.append((Not(rule.holds), _say("wrong", fields[rule.at].title, "不对", " needs a look")))
    return found


def _missing(check: Checker, table: str, rules: Sequence[Rule]) -> list[tuple[Expr, Expr]]:
    fields, owner = check.body.tables[table].fields, check.body.tables[table].owner
    settled = {owner, *check.body.tables[table].key[:1]}  # a blank owner is the adder; without its key a row is empty
    found: list[tuple[Expr, Expr]] = []
    for name, body in fields.items():
        if body.required and not body.filled and name not in settled:
            found.append((Blank(FieldRef(name)), _say("missing", body.title, "还没填", " is missing")))
    for rule in rules:
        asks = rule.severity == "error" and any(form in rule.origin for form in ("require", "require_any"))
        if asks and rule.at in fields:
            found.append((Not(rule.holds), _say("missing", fields[rule.at].title, "还没填", " is missing")))
    return found


def _say(sign: str, title: TextBody, zh: str, en: str) -> Words:
    mark = SIGNS[sign].sign
    return Words(f"{mark} {title.zh}{zh}", f"{mark} {title.en}{en}")
