"""What must hold after the merge: rules of rows, uniqueness, refs that lead somewhere; claims that break it wait.

Looked at on the merged state, all at once, and again until nothing changes: so the order of copies plays no part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from custsheet.expr import Related, Scope, asks_the_day, holds
from custsheet.fields.base import Text, spoken, text_of
from custsheet.merging.adds import Add, object_to
from custsheet.merging.cells import Unit
from custsheet.merging.questions import digest_of, question_id
from custsheet.merging.state import Item, Work
from custsheet.model import CellRef, Change, Finding, Question, Resolution, Value
from custsheet.schema.records import Rule
from custsheet.schema.sentences import rule_sentence
from custsheet.text import clauses, in_a_row, named
from custsheet.wording import Facts

RowKey = tuple[str, str]


@dataclass(eq=False)
class Draft:
    """The merged state while it is being settled."""

    work: Work
    units: list[Unit]
    adds: list[Add]
    deleted: Mapping[RowKey, Change]
    restored: Mapping[RowKey, Change]
    pending: frozenset[RowKey]
    """Every row that some submission adds, whatever became of it."""
    aliases: Mapping[RowKey, str] = field(default_factory=dict)
    """New rows that are the same as another one → id of the row that stays."""
    exempt: set[tuple[str, str, str]] = field(default_factory=set)
    """(table, rid, rule) that a person has let pass."""
    dated: dict[int, bool] = field(default_factory=dict)
    """Whether a rule, by its identity, asks for the day."""

    def __post_init__(self) -> None:
        self.by_row: dict[RowKey, list[Unit]] = {}
        for unit in self.units:
            self.by_row.setdefault((unit.table, unit.rid), []).append(unit)

    def row(self, key: RowKey) -> dict[str, Value]:
        """Return a row of the opening as it is after the merge."""
        row = self.work.mapping(*key)
        for unit in self.by_row.get(key, ()):
            row.update(zip(unit.names, unit.outcome, strict=True))
        return row

    def added(self, table: str | None = None) -> list[Add]:
        """Return the rows that are inserted."""
        return [a for a in self.adds if a.state == "in" and (table is None or a.table == table)]

    def touched(self) -> list[RowKey]:
        """Return the rows of the opening in which something changes, and those that come back."""
        changed = {key for key, units in self.by_row.items() if any(unit.changed for unit in units)}
        return sorted((changed | set(self.restored)) - set(self.deleted))

    def rows(self, table: str) -> Iterable[tuple[str, Mapping[str, Value]]]:
        """Iterate over a whole table as it is after the merge."""
        opening = self.work.opening.get(table)
        for rid in opening.rids if opening is not None else ():
            if (table, rid) not in self.deleted:
                yield rid, self.row((table, rid))
        for _, rid in sorted(key for key in self.restored if key[0] == table):
            yield rid, self.row((table, rid))
        for add in self.added(table):
            yield add.rid, add.row

    def culprits(self, key: RowKey, names: Iterable[str]) -> list[Unit]:
        """Return the units of a row that change one of these fields and may still be held back."""
        wanted = set(names)
        return [u for u in self.by_row.get(key, ()) if u.holdable and wanted & set(u.names)]


class Unique(NamedTuple):
    """Fields whose values may stand only once: the rule, or "key"; what is asked about a row, and about a new one."""

    name: str
    fields: tuple[str, ...]
    code: str
    add_code: str


@dataclass(frozen=True)
class Objection:
    """Claims on one row that cannot stand as things are."""

    code: str
    family: str
    """What it is about, for the question's id: the rule's name."""
    units: tuple[Unit, ...] = ()
    add: Add | None = None
    facts: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    """The fields that it is about."""


def settle(draft: Draft) -> None:
    """Hold back what cannot stand, until all that is left can."""
    while True:
        found = [*_dangling(draft), *_broken_rules(draft), *_not_unique(draft)]
        if not _decided(draft, found) and not _held(draft, [_unknown(draft, objection) for objection in found]):
            return


def _decided(draft: Draft, found: Sequence[Objection]) -> bool:
    """Carry out what people have answered to these objections already; tell whether that changed anything."""
    changed = False
    for objection in found:
        answers = [(unit, _answer(draft, objection, unit)) for unit in objection.units]
        dropped = [unit for unit, answer in answers if answer is not None and answer.choice != "both"]
        for unit in dropped:
            unit.drop()
        if answers and not dropped and all(answer is not None for _, answer in answers):
            first = objection.units[0]
            draft.exempt.add((first.table, first.rid, objection.family))
            changed = True
        changed |= bool(dropped)
    return changed


def _unknown(draft: Draft, objection: Objection) -> Objection:
    """Return the objection without what a person has let pass: that stays while the rest waits."""
    return replace(objection, units=tuple(u for u in objection.units if _answer(draft, objection, u) is None))


def _answer(draft: Draft, objection: Objection, unit: Unit) -> Resolution | None:
    return draft.work.answers.standing(_id(objection), _hashes([unit]))


def _held(draft: Draft, found: Sequence[Objection]) -> bool:
    changed = False
    for objection in found:
        if objection.add is not None:
            about = (objection.family, objection.code, objection.facts, objection.names)
            changed |= object_to(draft.work, objection.add, *about)
        else:
            _hold(draft.work, objection)
            changed = True
    return changed


def _hold(work: Work, objection: Objection) -> None:
    units = objection.units
    first = units[0]
    label = work.label(first.table, first.rid)
    claimants = [c for unit in units for c in unit.claimants]
    is_out = not all(c.fits(unit.fields) for unit in units for c in unit.claimants)  # by now nobody may write it
    values = [named(work.title(u.table, n), work.say(u.table, n, v), work.schema.language) for u in units for n, v in
              zip(u.names, u.outcome, strict=True)]  # fmt: skip
    for unit in units:
        unit.hold()
    claims = tuple(i.claim(((i.edit.field, i.value),)) for c in claimants for i in c.items if i.bucket == "held")
    single = first.names[0] if len(units) == 1 and len(first.names) == 1 else ""
    titles = in_a_row((work.titles(u.table, u.names) for u in units), work.schema.language)
    work.questions.append(
        Question(
            id=_id(objection),
            code=objection.code,
            table=first.table,
            rid=first.rid,
            field=single,
            label=label,
            base=first.claimants[0].base[0] if single else None,
            master=first.master[0] if single else None,
            claims=claims,
            digest=digest_of(_hashes(units)),
            choices=("master",) if objection.code == "H_DEPENDS" or is_out else ("master", "both"),
            facts=(
                ("label", label),
                ("title", titles),
                ("value", clauses(values, work.schema.language)),
                ("members", work.names(frozenset(c.submission.member for c in claimants))),
                *objection.facts,
            ),
        )
    )


def _id(objection: Objection) -> str:
    first = objection.units[0]
    return question_id("rule", first.table, first.rid, objection.family)


def _hashes(units: Sequence[Unit]) -> list[str]:
    return sorted({c.digest for unit in units for c in unit.claimants})


# ── refs ────────────────────────────────────────────────────────────────────────────────────────────


def _dangling(draft: Draft) -> list[Objection]:
    """Rows and cells that refer to an added row which is not inserted."""
    there = {(add.table, add.rid) for add in draft.added()}
    found = []
    for add in draft.added():
        refs = draft.work.definition(add.table).refs
        loose = [name for name, target in refs.items() if _waits(draft, there, target, add.row[name])]
        if loose and "depends" in add.allowed:
            _blank(add, loose)
        elif loose:
            found.append(
                Objection(
                    "H_DEPENDS", "depends", add=add, facts=_titles(draft.work, add.table, loose), names=tuple(loose)
                )
            )
    for key in draft.touched():
        refs = draft.work.definition(key[0]).refs
        if not refs:
            continue
        row = draft.row(key)
        loose = [name for name, target in refs.items() if _waits(draft, there, target, row.get(name))]
        units = draft.culprits(key, loose)
        found += [Objection("H_DEPENDS", f"depends:{'+'.join(unit.names)}", (unit,)) for unit in units]
    return found


def _waits(draft: Draft, there: set[RowKey], target: str, value: Value) -> bool:
    if not isinstance(value, str) or (target, value) in there or draft.work.known(target, value) is not None:
        return False
    return target in draft.work.opening or (target, value) in draft.pending


def _blank(add: Add, names: Sequence[str]) -> None:
    """Take the row without what it refers to: a person said so."""
    for name in names:
        add.row[name] = None
    for item in add.items:
        if item.edit.field in names:
            item.bucket = "superseded"


def _titles(work: Work, table: str, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return (("title", work.titles(table, names)),)


# ── rules of one row ────────────────────────────────────────────────────────────────────────────────


def _broken_rules(draft: Draft) -> list[Objection]:
    """Cases 43: rules that held before the merge, or that a new row has to keep, and that do not hold now."""
    found = []
    now, before = _Index(draft), _Index(draft, merged=False)
    for key in draft.touched():
        rules = [r for r in _row_rules(draft, key[0]) if (*key, r.name) not in draft.exempt]
        for rule in rules:
            units = draft.culprits(key, rule.fields)
            day = _day(draft, rule, [unit.items for unit in units])
            if not any(_knew(draft.work, rule, item) for unit in units for item in unit.items):
                continue
            if _holds(draft, rule, draft.row(key), key, now, day):
                continue
            if _holds(draft, rule, draft.work.mapping(*key), key, before, day):
                found.append(Objection("H_RULE", rule.name, tuple(units), facts=(("rule", rule.name),)))
    for add in draft.added():
        for rule in _row_rules(draft, add.table):
            day = _day(draft, rule, [[i for i in add.items if i.edit.field == name] for name in rule.fields])
            is_free = f"rule:{rule.name}" in add.allowed or not any(_knew(draft.work, rule, i) for i in add.items)
            if not is_free and not _holds(draft, rule, add.row, (add.table, add.rid), now, day):
                facts = (("rule", rule.name), *_titles(draft.work, add.table, rule.fields))
                found.append(Objection("H_RULE", f"rule:{rule.name}", add=add, facts=facts, names=tuple(rule.fields)))
    return found


def _row_rules(draft: Draft, table: str) -> list[Rule]:
    return [r for r in draft.work.definition(table).rules if r.severity == "error" and not r.unique]


def _knew(work: Work, rule: Rule, item: Item) -> bool:
    """Tell whether a rule was in force when an edit came in: what was in order then stays so."""
    then = work.judged(item)
    table = then.table(work.definition(item.edit.table)) if then else None
    return table is None or any(r.name == rule.name for r in table.rules)


def _day(draft: Draft, rule: Rule, typed: Iterable[Sequence[Item]]) -> dt.date:
    """Return the day on which a rule has to hold: that on which the last of what it is about came in.

    What was in order when it came is so however often the round is merged again.
    """
    work = draft.work
    if id(rule) not in draft.dated:
        draft.dated[id(rule)] = asks_the_day(rule.holds)
    if not draft.dated[id(rule)]:
        return work.today
    days = [min(map(work.came, items)) for items in typed if items]
    return max((dt.date.fromisoformat(day[:10]) for day in days if day), default=work.today)


def _holds(  # a row, whether it keeps a rule, among which others, and on which day
    draft: Draft, rule: Rule, row: Mapping[str, Value], key: RowKey, index: _Index, day: dt.date
) -> bool:
    scope = Scope(row=row, today=day, related=index.of(key), language=draft.work.schema.language)
    return holds(rule.holds, scope)


def broken_by_answers(draft: Draft) -> Iterator[Finding]:
    """Say where a row that an answer changed, or brought back, breaks a rule that held, or says what another one says.

    What somebody has answered stands; nobody may overlook what comes of it.
    """
    now, before, today = _Index(draft), _Index(draft, merged=False), draft.work.today
    whole = {*draft.restored, *draft.work.kept}
    answered: dict[RowKey, set[str]] = {key: set(draft.work.definition(key[0]).fields) for key in whole}
    for unit in draft.units:
        if unit.changed and unit.cause == "resolution":
            answered.setdefault((unit.table, unit.rid), set()).update(unit.names)
    for key in sorted(answered.keys() - draft.deleted.keys()):
        for rule in _row_rules(draft, key[0]):
            is_free = (*key, rule.name) in draft.exempt or answered[key].isdisjoint(rule.fields)
            if is_free or _holds(draft, rule, draft.row(key), key, now, today):
                continue
            if key in draft.restored or _holds(draft, rule, draft.work.mapping(*key), key, before, today):
                zh, en = (rule_sentence(draft.work.schema, key[0], rule, lang) for lang in ("zh", "en"))
                facts = spoken("sentence", Text(zh, en))
                yield _broken(draft, key, rule.fields, "F_ANSWER_BREAKS", facts, rule.name)
    for table in sorted({key[0] for key in answered}):
        for name, fields, *_ in _unique(draft, table):
            for value, group in _alike(draft, table, fields).items():
                for key in ((table, rid) for rid in group):
                    if not answered.get(key, set()).isdisjoint(fields) and (*key, name) not in draft.exempt:
                        yield _broken(draft, key, fields, "F_ANSWER_TWIN", (("value", " · ".join(value)),))


def _broken(draft: Draft, key: RowKey, names: Sequence[str], code: str, more: Facts, rule: str = "") -> Finding:
    label = draft.work.label(*key, draft.row(key))
    where = CellRef(table=key[0], rid=key[1], field=names[0], label=label)
    facts = (("label", label), *_titles(draft.work, key[0], names), *more)
    return Finding(code, "warning", where, rule=rule, facts=facts)


class _Index:
    """Rows that refer to a row, before or after the merge, indexed when first asked for."""

    def __init__(self, draft: Draft, *, merged: bool = True) -> None:
        self._draft = draft
        self._merged = merged
        self._index: dict[tuple[str, str], dict[str, list[Mapping[str, Value]]]] = {}

    def of(self, key: RowKey) -> Related:
        rid = key[1]

        def related(table: str, via: str) -> Sequence[Mapping[str, Value]]:
            if (table, via) not in self._index:
                self._index[table, via] = self._build(table, via)
            return self._index[table, via].get(rid, ())

        return related

    def _build(self, table: str, via: str) -> dict[str, list[Mapping[str, Value]]]:
        found: dict[str, list[Mapping[str, Value]]] = {}
        for _, row in self._rows(table):
            target = row.get(via)
            if isinstance(target, str):
                found.setdefault(target, []).append(row)
        return found

    def _rows(self, table: str) -> Iterable[tuple[str, Mapping[str, Value]]]:
        if self._merged:
            return self._draft.rows(table)
        opening = self._draft.work.opening.get(table)
        rids = opening.rids if opening is not None else ()
        return ((rid, self._draft.work.mapping(table, rid)) for rid in rids)


# ── rules of a table ────────────────────────────────────────────────────────────────────────────────


def _not_unique(draft: Draft) -> list[Objection]:
    """Case 44, and case 22: values that may stand only once, the key among them."""
    found = []
    for table in sorted({u.table for u in draft.units} | {a.table for a in draft.adds}):
        for what in _unique(draft, table):
            found += _clashes(draft, table, what)
    return found


def _unique(draft: Draft, table: str) -> list[Unique]:
    definition = draft.work.definition(table)
    unique = [Unique(r.name, r.fields, "H_UNIQUE", "H_UNIQUE") for r in definition.rules if r.unique]
    return [*unique, Unique("key", definition.key, "H_KEY", "H_DUP_KEY")] if definition.key else unique


def _clashes(draft: Draft, table: str, what: Unique) -> list[Objection]:
    name, fields, code, add_code = what
    suspects = {
        key[1]: tuple(units)
        for key in draft.touched()
        if key[0] == table and (*key, name) not in draft.exempt and (units := draft.culprits(key, fields))
    }
    adds = {add.rid: add for add in draft.added(table) if name not in add.allowed}
    if not suspects and not adds:
        return []
    found = []
    for group in _alike(draft, table, fields).values():
        facts = (("rule", name), ("count", str(len(group))), *_titles(draft.work, table, fields))
        found += [Objection(code, name, suspects[rid], facts=facts) for rid in group if rid in suspects]
        found += [Objection(add_code, name, add=adds[rid], facts=facts, names=fields) for rid in group if rid in adds]
    return found


def _alike(draft: Draft, table: str, fields: Sequence[str]) -> dict[tuple[str, ...], list[str]]:
    """Return the rows that say the same in all of these fields, by what they say; a blank says nothing."""
    groups: dict[tuple[str, ...], list[str]] = {}
    types = draft.work.definition(table).fields
    for rid, row in draft.rows(table):
        value = tuple(text_of(types[f], row.get(f)) for f in fields)
        if all(value):
            groups.setdefault(value, []).append(rid)
    return {value: group for value, group in groups.items() if len(group) > 1}
