"""Check that the words of a schema file mean something: types, tables, fields, options, owners and rights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from custsheet.schema.constants import DATES, NUMBERS, constant
from custsheet.schema.models import (
    VIA,
    FieldBody,
    GrantBody,
    LoggedBody,
    MemberBody,
    OptionBody,
    SchemaBody,
    TableBody,
    settings_of,
)
from custsheet.schema.patterns import what_is_wrong
from custsheet.schema.shape import Shape
from custsheet.schema.source import Problem, Way, nearest_word

PEOPLE = frozenset({"member", "members"})
TEXTS = frozenset({"text", "note", "phone", "email", "id-number"})
BUILT_IN = NUMBERS | DATES | PEOPLE | TEXTS | {"choice", "tags", "bool", "ref", "computed"}

_ONLY_FOR: dict[str, frozenset[str]] = {
    "options": frozenset({"choice", "tags"}),
    "region": frozenset({"phone"}),
    "currency": frozenset({"money", "computed"}),
    "decimals": NUMBERS | {"computed"},
    "min": NUMBERS | DATES,
    "max": NUMBERS | DATES,
    "pattern": TEXTS,
    "max_length": TEXTS,
    "long": frozenset({"text", "computed"}),
    "sections": frozenset({"note"}),
    "to": frozenset({"ref"}),
    "compute": frozenset({"computed"}),
}
_NEEDS = {"choice": "options", "ref": "to", "computed": "compute"}
_MERGES: dict[str, frozenset[str]] = {
    "union": frozenset({"tags", "members"}),
    "append": frozenset({"text", "note"}),
    "latest": DATES,
    "max": NUMBERS | DATES,
    "min": NUMBERS | DATES,
    "sum_of_changes": NUMBERS,
}
LONGEST_TITLE = 255
"""Characters of a column's head in an Excel table."""
_NOT_IN_SHEET_NAMES = frozenset("\\/?*[]:")
_OUR_SHEETS = frozenset({"说明", "guide", "今日", "today", "我的看板", "dashboard", "_lists", "_custsheet", "history"})


class Checker:
    """A schema file under check: its names as typed, broken parts included, and the problems so far."""

    def __init__(self, shape: Shape[SchemaBody], body: SchemaBody, types: Iterable[str]) -> None:
        self.body = body
        self.by_hand = bool(shape.source.lines)
        """A person wrote it; else it is kept data, perhaps cut down to what one member sees, and tidiness is moot."""
        self.types = tuple(types)
        self.problems: list[Problem] = list(shape.problems)
        self._shape = shape
        self._typed: dict[str, Any] = shape.source.data

    def complain(self, code: str, way: Way, *, nearest: str = "", at_key: bool = False, **facts: object) -> None:
        """Note a problem at a place."""
        where = self._shape.original(way)
        self.problems.append(self._shape.source.problem(code, where, nearest=nearest, at_key=at_key, **facts))

    def broken(self, way: Way) -> bool:
        """Tell whether a problem of shape was found at a place or under it."""
        return self._shape.broken(way)

    def tables(self) -> Sequence[str]:
        """Return the tables' names as typed."""
        return tuple(self._typed["tables"])

    def fields(self, table: str) -> Sequence[str]:
        """Return a table's field names as typed."""
        typed = self._typed["tables"].get(table)
        fields = typed.get("fields") if isinstance(typed, dict) else None
        return tuple(fields) if isinstance(fields, dict) else ()

    def table(self, name: str, way: Way, *, at_key: bool = False) -> TableBody | None:
        """Return a table by name; complain if there is none, None also where it is broken."""
        if name not in self.tables():
            near = nearest_word(name, self.tables())
            self.complain("SCHEMA_TABLE", way, nearest=near, at_key=at_key, word=name, known=", ".join(self.tables()))
        return self.body.tables.get(name)

    def field(self, table: str, name: object, way: Way) -> FieldBody | None:
        """Return a field by name; complain if there is none, None also where it is broken."""
        if name not in self.fields(table):
            known = self.fields(table)
            near = nearest_word(name, known)
            self.complain("SCHEMA_FIELD", way, nearest=near, word=name, table=table, known=", ".join(known))
        body = self.body.tables.get(table)
        return body.fields.get(str(name)) if body else None

    def typed_field(self, table: str, name: object, way: Way, types: Iterable[str]) -> FieldBody | None:
        """Return a field that must be of one of these types."""
        found = self.field(table, name, way)
        if found and found.type in BUILT_IN and found.type not in types:
            wanted = ", ".join(sorted(types))
            self.complain("SCHEMA_FIELD_TYPE", way, word=name, type=found.type, known=wanted)
            return None
        return found


def lint(check: Checker) -> None:
    """Check everything but rules and computed fields, which `compile` reads."""
    for name, table in check.body.tables.items():
        _table(check, name, table)
    _sheet_names(check)
    _former(check, ("tables",), check.tables(), {n: t.was for n, t in check.body.tables.items()})
    for role, grants in check.body.roles.items():
        if not grants and check.by_hand:
            check.complain("SCHEMA_ROLE_EMPTY", ("roles", role), word=role)
        for name, grant in grants.items():
            _grant(check, role, name, grant)
    _member_settings(check)


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────


def _table(check: Checker, name: str, table: TableBody) -> None:
    way: Way = ("tables", name)
    for at, field in enumerate(table.key):
        check.field(name, field, (*way, "key", at))
    for at, group in enumerate(table.groups):
        for position, field in enumerate(group):
            check.field(name, field, (*way, "groups", at, position))
    if table.owner:
        _owner(check, name, table.owner)
    if table.helpers:
        check.typed_field(name, table.helpers, (*way, "helpers"), PEOPLE)
    if table.show and not show_by(table):
        check.complain("SCHEMA_SHOW", (*way, "show"), table=name)
    if table.logged:
        _logged(check, name, table.logged)
    for field, body in table.fields.items():
        _field(check, (*way, "fields", field), body)
    _titles(check, name, table)
    _former(check, (*way, "fields"), check.fields(name), {n: f.was for n, f in table.fields.items()})


def _former(check: Checker, way: Way, names: Sequence[str], former: Mapping[str, Sequence[str]]) -> None:
    """Check that a former name is the former name of one table or field, and nobody's name now."""
    taken = {name: name for name in names}
    for name, words in former.items() if check.by_hand else ():
        for at, word in enumerate(words):
            if taken.setdefault(word, f"{name} ") != f"{name} " or words.index(word) != at:
                check.complain("SCHEMA_WAS", (*way, name, "was", at), word=word, field=name, other=taken[word].strip())


def _logged(check: Checker, name: str, logged: LoggedBody) -> None:
    """Fields here and there have to be known; so has the table."""
    way: Way = ("tables", name, "logged")
    check.table(logged.into, (*way, "into"))
    for there, here in logged.fields.items():
        check.field(name, here, (*way, "fields", there))
        check.field(logged.into, there, (*way, "fields", there))
    for there in logged.values:
        check.field(logged.into, there, (*way, "values", there))


def show_by(table: TableBody) -> str:
    """Return the date by which `show` limits the rows of a copy: the first required one."""
    return next((n for n, f in table.fields.items() if f.type in DATES and f.required), "")


def _owner(check: Checker, name: str, owner: str) -> None:
    way: Way = ("tables", name, "owner")
    via = VIA.fullmatch(owner)
    if not via:
        check.typed_field(name, owner, way, PEOPLE)
        return
    seen = [name]
    ref = check.typed_field(name, via[1], way, {"ref"})
    while ref and check.by_hand and (target := check.body.tables.get(ref.to)):
        if not target.owner or ref.to in seen:
            check.complain("SCHEMA_VIA", way, word=owner, table=ref.to)
            return
        seen.append(ref.to)
        onward = VIA.fullmatch(target.owner)
        ref = target.fields.get(onward[1]) if onward else None


def _titles(check: Checker, name: str, table: TableBody) -> None:
    """Check that a header names one column: no two fields of a table share a title in one language."""
    for language in ("zh", "en"):
        first: dict[str, str] = {}
        for field, body in table.fields.items():
            title: str = getattr(body.title, language)
            way = ("tables", name, "fields", field, "title")
            if len(title) > LONGEST_TITLE and check.by_hand:
                check.complain("SCHEMA_TITLE_LONG", way, word=f"{title[:20]}…", limit=LONGEST_TITLE)
                return
            other = first.setdefault(title.casefold(), field)
            if other != field:
                check.complain("SCHEMA_TITLE_TWICE", way, word=title, field=field, other=other)
                return


def _sheet_names(check: Checker) -> None:
    for language in ("zh", "en"):
        taken: dict[str, str] = {}
        for name, table in check.body.tables.items():
            title: str = getattr(table.title, language)
            way = ("tables", name, "title")
            if len(title) > 31 or _NOT_IN_SHEET_NAMES & set(title) or title.startswith("'") or title.endswith("'"):
                check.complain("SCHEMA_SHEET", way, word=title)
            elif title.casefold() in _OUR_SHEETS or taken.setdefault(title.casefold(), name) != name:
                check.complain("SCHEMA_SHEET_TAKEN", way, word=title)


# ── fields ──────────────────────────────────────────────────────────────────────────────────────────


def _field(check: Checker, way: Way, body: FieldBody) -> None:
    if body.type not in check.types:
        near = nearest_word(body.type, check.types)
        known = ", ".join(sorted(check.types))
        check.complain("SCHEMA_TYPE", (*way, "type"), nearest=near, word=body.type, known=known)
        return
    given = {f.alias or n for n, f in FieldBody.model_fields.items() if n in body.model_fields_set}
    for setting in sorted(given & set(_ONLY_FOR)) if check.by_hand else ():
        if body.type in BUILT_IN and body.type not in _ONLY_FOR[setting]:
            known = ", ".join(sorted(_ONLY_FOR[setting]))
            check.complain("SCHEMA_MISPLACED", (*way, setting), at_key=True, word=setting, type=body.type, known=known)
    need = _NEEDS.get(body.type, "")
    if need and not getattr(body, need) and not check.broken((*way, need)):
        check.complain("SCHEMA_NEEDS", way, at_key=True, word=need, type=body.type)
    if body.type == "ref" and body.to:
        check.table(body.to, (*way, "to"))
    if body.merge in _MERGES and body.type in BUILT_IN and body.type not in _MERGES[body.merge]:
        known = ", ".join(sorted(_MERGES[body.merge]))
        check.complain("SCHEMA_MERGE", (*way, "merge"), word=body.merge, type=body.type, known=known)
    for setting in ("min", "max", "default"):
        given = getattr(body, setting)
        if given is not None and body.type in BUILT_IN - {"computed"} and constant(body.type, given) is None:
            check.complain("SCHEMA_CONSTANT", (*way, setting), word=given, field=way[-1], type=body.type)
    if body.pattern and (wrong := what_is_wrong(body.pattern)):
        check.complain(wrong, (*way, "pattern"), word=body.pattern)
    _options(check, way, body)


def _options(check: Checker, way: Way, body: FieldBody) -> None:
    """Check that every word for an option leads to one option."""
    taken: dict[str, int] = {}
    for at, option in enumerate(body.options):
        words = dict.fromkeys(w for w in (option.value, option.zh, option.en, *option.also) if w)
        for word in words:
            if taken.setdefault(word.casefold(), at) != at:
                first = body.options[taken[word.casefold()]].value
                check.complain("SCHEMA_OPTION_TWICE", (*way, "options", at), word=word, other=first)
                break
    values = [o.value for o in body.options]
    if body.type == "choice" and values and body.default is not None and body.default not in values:
        near = option_meant(body.options, body.default) or nearest_word(body.default, values)
        check.complain("SCHEMA_OPTION", (*way, "default"), nearest=near, word=body.default, field=way[-1], known=values)


def option_meant(options: Sequence[OptionBody], word: object) -> str:
    """Return the option that one of its other words stands for."""
    return next((o.value for o in options if word in (o.zh, o.en, *o.also)), "")


# ── roles and members ───────────────────────────────────────────────────────────────────────────────


def _grant(check: Checker, role: str, name: str, grant: GrantBody) -> None:
    way: Way = ("roles", role, name)
    if name == "*":
        for setting in ("see", "edit"):
            if getattr(grant, setting) not in (None, "*"):
                check.complain("SCHEMA_STAR_ONLY", (*way, setting), word=setting)
        if grant.rows in {"own", "team"} and not any(t.owner for t in check.body.tables.values()):
            check.complain("SCHEMA_NO_OWNER", (*way, "rows"), word=grant.rows, table=name)
        return
    table = check.table(name, way, at_key=True)
    if table is None:
        return
    if grant.rows in {"own", "team"} and not table.owner:
        check.complain("SCHEMA_NO_OWNER", (*way, "rows"), word=grant.rows, table=name)
    if not grant.see and grant.rows != "none" and check.by_hand:
        check.complain("SCHEMA_ROLE_EMPTY", (*way, "see"), word=role)
    for setting, names in (("see", grant.see), ("edit", grant.edit)):
        for at, field in enumerate(names if isinstance(names, list) else ()):
            found = check.field(name, field, (*way, setting, at))
            if found and setting == "edit":
                _editable(check, (*way, setting, at), field, found, table=table, grant=grant)


def _editable(check: Checker, way: Way, name: str, field: FieldBody, *, table: TableBody, grant: GrantBody) -> None:
    if isinstance(grant.see, list) and name not in grant.see:
        check.complain("SCHEMA_EDIT_UNSEEN", way, word=name)
    elif field.compute is not None or field.filled:
        check.complain("SCHEMA_EDIT_SYSTEM", way, word=name)
    elif name == table.owner and not grant.reassign:
        check.complain("SCHEMA_EDIT_OWNER", way, word=name)


def _member_settings(check: Checker) -> None:
    own = settings_of(MemberBody)
    for name in check.body.member_fields:
        if name in own:
            check.complain("SCHEMA_MEMBER_FIELD", ("member_fields", name), at_key=True, word=name)
    known = (*own, *check.body.member_fields)
    for name in check.body.member_aliases:
        if name not in known:
            near = nearest_word(name, known)
            way = ("member_aliases", name)
            check.complain("SCHEMA_SETTING", way, nearest=near, at_key=True, word=name, known=", ".join(known))
