"""Added rows: completed, matched by key with one another and with the master, inserted, held or dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, Literal

from custsheet.fields.base import Field, text_of
from custsheet.ids import short_hash
from custsheet.merging.questions import chosen, digest_of, question_id
from custsheet.merging.state import Item, Work, by_submission
from custsheet.merging.values import can_hold, same
from custsheet.model import Bucket, Change, Claim, Question, Resolution, Unreadable, Value
from custsheet.schema.records import TableDef

State = Literal["in", "held", "dropped"]
CONTENT: Final = "~"
"""Begins what names a row's content."""
CELL_CHOICES: Final = frozenset({"value", "master", "claim:0"})
"""Answers that give a cell of a new row its value."""


@dataclass(eq=False)
class Add:
    """One row that somebody typed; several who typed the same row are one add."""

    table: str
    rid: str
    items: list[Item]
    row: dict[str, Value]
    """The whole row: what was typed, and what the merge fills in."""
    digest: str = ""
    state: State = "in"
    resolved: bool = False
    allowed: set[str] = field(default_factory=set)
    """Objections that a person has overruled."""
    filled: dict[str, str] = field(default_factory=dict)
    """Field → who gave its value in an answer."""
    aside: dict[str, Bucket] = field(default_factory=dict)
    """Field → what becomes of what was typed there, where an answer's value stands instead."""

    @property
    def mark(self) -> str:
        """What names the row among those that a person chooses from, however it is amended later."""
        return short_hash(self.table, self.rid)

    @property
    def content(self) -> str:
        """What names all that the row says, among the names of rows."""
        return CONTENT + self.digest

    def about(self, definition: TableDef, why: str, names: Sequence[str]) -> list[str]:
        """Return what names the cells that an objection is about: whatever else is amended, the answer stands.

        A ref counts by the row that it leads to and by each that was typed: which of equal rows stays may change.
        """
        typed = ({i.edit.field: i.edit.value for i in mine} for mine in by_submission(self.items).values())
        refs = [{name: row[name] for name in row.keys() & definition.refs.keys() - self.filled.keys()} for row in typed]
        rows = [self.row, *({**self.row, **led} for led in refs)]
        texts = ([f"{name}={text_of(definition.fields[name], row[name])}" for name in names] for row in rows)
        return list(dict.fromkeys(short_hash(why, *row) for row in texts))

    @property
    def members(self) -> tuple[str, ...]:
        """Return who typed the row."""
        return tuple(sorted({item.member for item in self.items}))

    def set(self, state: State) -> None:
        """Insert, hold or drop the row, and place its cells accordingly."""
        self.state = state
        bucket: Bucket = {"in": "applied", "held": "held", "dropped": "superseded"}[state]  # type: ignore[assignment]
        for item in self.items:
            item.bucket = self.aside.get(item.edit.field, bucket) if state == "in" else bucket

    def claims(self) -> tuple[Claim, ...]:
        """Return the row as a candidate of a question, once for each who typed it, with what could not be read."""
        filled = tuple((name, value) for name, value in self.row.items() if value is not None)
        firsts = {(item.submission.key, item.edit.rid): item for item in reversed(self.items)}
        claims = (firsts[key].claim((*filled, *self._unread(firsts[key]))) for key in sorted(firsts))
        return tuple(claim._replace(value=None) for claim in claims)

    def _unread(self, item: Item) -> Iterator[tuple[str, Value]]:
        for edit in item.submission.edits:
            is_mine = (edit.kind, edit.table, edit.rid) == ("add", self.table, item.edit.rid)
            if is_mine and isinstance(edit.value, Unreadable) and self.row.get(edit.field) is None:
                yield edit.field, edit.value

    def changes(self, label: str) -> list[Change]:
        """Return the change that inserts the row, and one for each cell that is not its members'."""
        cause: Literal["resolution", "edit"] = "resolution" if self.resolved else "edit"
        return [
            Change(self.table, self.rid, "", None, None, self.members, label, cause, kind="add"),
            *(
                Change(self.table, self.rid, name, None, self.row[name], (by,) if by else (), label, "resolution")
                for name, by in self.filled.items()
            ),
        ]


def judge_adds(work: Work, items: Sequence[Item]) -> tuple[list[Add], dict[tuple[str, str], str]]:
    """Settle added rows; return them all, and which row id stands for which other."""
    aliases: dict[tuple[str, str], str] = {}
    adds: list[Add] = []
    for table in targets_first(work):
        mine = [item for item in items if item.edit.table == table]
        follow_aliases(work, mine, aliases)
        adds += _Table(work, table, aliases).judge(mine)
    return adds, aliases


def targets_first(work: Work) -> list[str]:
    """Return the tables so that one stands after those that it refers to, as far as that goes."""
    tables = work.schema.tables
    return list(dict.fromkeys(name for table in sorted(tables) for name in _behind(work, table, frozenset({table}))))


def _behind(work: Work, table: str, trail: frozenset[str]) -> Iterator[str]:
    """Yield a table behind those that it refers to, and these behind theirs."""
    for target in sorted(set(work.definition(table).refs.values()) - trail):
        if target in work.schema.tables:
            yield from _behind(work, target, trail | {target})
    yield table


def follow_aliases(work: Work, items: Iterable[Item], aliases: Mapping[tuple[str, str], str]) -> None:
    """Lead refs to a row that was merged into another one to that other row."""
    if not aliases:
        return
    for item in items:
        target = work.definition(item.edit.table).refs.get(item.edit.field)
        while target and isinstance(item.value, str) and (target, item.value) in aliases:
            item.value = aliases[target, item.value]


class _Table:
    """Judges the added rows of one table."""

    def __init__(self, work: Work, table: str, aliases: dict[tuple[str, str], str]) -> None:
        self._work = work
        self._table = table
        self._definition = work.definition(table)
        self._aliases = aliases

    def judge(self, items: Sequence[Item]) -> list[Add]:
        adds: list[Add] = []
        clear: list[Add] = []
        by_rid: dict[str, list[Item]] = {}
        for item in items:
            by_rid.setdefault(item.edit.rid, []).append(item)
        for rid in sorted(by_rid):
            versions = [self._add(rid, group) for group in by_submission(by_rid[rid]).values()]
            versions = self._merge_equal(versions)
            adds += versions
            clear += versions if len(versions) == 1 else self._diverged(rid, versions)
        for _, group in sorted(self._by_key(clear).items()):
            self._one_key(group)
        for add in clear:
            if add.state == "in":
                self._complete(add)
        return adds

    def _add(self, rid: str, items: list[Item]) -> Add:
        row: dict[str, Value] = dict.fromkeys(self._definition.fields)
        row.update((item.edit.field, item.value) for item in items)
        member = items[0].member
        grant = self._work.grant(items[0], self._table)
        for name, f in self._definition.fields.items():
            if row[name] is not None or not (name == self._definition.owner or f.spec.filled == "merge"):
                if row[name] is None and f.editable and name not in grant.see:
                    row[name] = f.spec.default
                continue
            if f.spec.type in ("member", "members"):
                row[name] = (member,) if f.spec.type == "members" else member
        add = Add(self._table, rid, items, row, self._hash(row, self._definition.fields))
        add.set("in")
        return add

    def _hash(self, row: Mapping[str, Value], names: Iterable[str]) -> str:
        fields = self._definition.fields
        texts = ((name, text_of(fields[name], row[name])) for name in names if row[name] is not None)
        return short_hash(*(f"{name}={text}" for name, text in texts))  # a new column that is blank changes nothing

    def _merge_equal(self, adds: Sequence[Add]) -> list[Add]:
        """Make one add of those that are the same row in everything; the smallest id stays."""
        kept: dict[str, Add] = {}
        for add in sorted(adds, key=lambda a: (a.digest, a.rid)):
            first = kept.setdefault(add.digest, add)
            if first is not add:
                first.items += add.items
                add.items, add.state = [], "dropped"
                if add.rid != first.rid:
                    self._aliases[self._table, add.rid] = first.rid
        return list(kept.values())

    # ── two branches of one copy used one blank row ─────────────────────────────────────────────────

    def _diverged(self, rid: str, versions: list[Add]) -> list[Add]:
        """Case 26 for an added row: return those that a person has decided to take."""
        question = question_id("add", self._table, rid)
        taken, fresh = self._told(question, versions, attrgetter("digest"))
        if fresh:
            self._ask("H_DIVERGED", question, fresh, [a.digest for a in fresh], None)
        for add in taken[1:]:
            add.rid = f"n{short_hash(rid, add.digest)}"
        return taken

    # ── several rows under one key ──────────────────────────────────────────────────────────────────

    def _by_key(self, adds: Sequence[Add]) -> dict[tuple[str, ...], list[Add]]:
        """Group rows by key; one without a key stands alone, under its id."""
        groups: dict[tuple[str, ...], list[Add]] = {}
        for add in adds:
            key = key_text(self._work, self._table, add.row)
            groups.setdefault(key or ("", add.rid), []).append(add)
        return groups

    def _one_key(self, group: list[Add]) -> None:
        """Cases 10 to 13."""
        key = key_text(self._work, self._table, group[0].row)
        there = self._existing.get(key) if key else None
        if len(group) == 1 and there is None and not self._work.answers:
            return
        question = question_id("key", self._table, "", "\x1f".join(key))
        there = there or self._renamed(question)
        group = self._merge_equal(group)
        if len(group) == 1 and there is None:
            return
        taken, fresh = self._told(question, sorted(group, key=attrgetter("rid")), attrgetter("mark"), there)
        for add in taken:
            add.allowed.add("key")
        if not fresh:
            return
        there = there or next((add.rid for add in taken), None)
        code = "H_OWNER" if there is None and self._differ_in_owner_only(fresh) else "H_DUP_KEY"
        self._ask(code, question, fresh, [*(a.mark for a in fresh), *(a.content for a in fresh)], there)

    def _renamed(self, question: str) -> str | None:
        """Return the row that an answer chose under a key, and that somebody gave another key since."""
        answer, rows = self._work.answers.last(question), self._work.opening.get(self._table)
        if answer is None or rows is None:
            return None
        known = frozenset(answer.digest.split("."))
        return next((rid for rid in rows.rids if short_hash(self._table, rid) in known), None)

    @property
    def _existing(self) -> Mapping[tuple[str, ...], str]:
        cache = self._work.keys
        if self._table not in cache:
            rows = self._work.opening.get(self._table)
            found: dict[tuple[str, ...], str] = {}
            for rid in rows.rids if rows is not None else ():
                found.setdefault(key_text(self._work, self._table, self._work.mapping(self._table, rid)), rid)
            found.pop((), None)
            cache[self._table] = found
        return cache[self._table]

    def _differ_in_owner_only(self, group: Sequence[Add]) -> bool:
        skip = {self._definition.owner} | {n for n, f in self._definition.fields.items() if f.spec.filled}
        names = [name for name in self._definition.fields if name not in skip]
        return bool(self._definition.owner) and len({self._hash(add.row, names) for add in group}) == 1

    def _told(
        self, question: str, group: Sequence[Add], mark: Callable[[Add], str], there: str | None = None
    ) -> tuple[list[Add], list[Add]]:
        """Let each row go by the last answer that knew it; return those taken, and those nobody was asked about."""
        told: dict[int, tuple[Resolution, list[Add]]] = {}
        fresh: list[Add] = []
        for add in group:
            answer = self._work.answers.standing(question, [mark(add)])
            if answer is not None and _says_more(add, answer, mark(add)):
                answer = self._work.answers.standing(question, [mark(add), add.content])  # it says again what it said
            if answer is None:
                fresh.append(add)
            else:
                told.setdefault(id(answer), (answer, []))[1].append(add)
        taken: list[Add] = []
        for answer, known in sorted(told.values(), key=lambda one: (one[0].at, one[0].number)):
            taken += self._answered(known, answer, [mark(a) for a in known], there or (taken[0].rid if taken else None))
        return taken, fresh

    def _answered(
        self, group: list[Add], answer: Resolution, marks: Sequence[str], there: str | None = None
    ) -> list[Add]:
        """Do what the answer says; return the rows that it takes. `marks` name the rows as the question did."""
        for add in group:
            add.resolved = True
        if answer.choice == "add":
            for add in group:
                add.set("in")
            return list(group)
        position = chosen(answer, {mark: at for at, mark in enumerate(marks)})
        taken = group[position] if position is not None else None
        stays = taken.rid if taken else there
        for add in group:
            add.set("in" if add is taken else "dropped")
            if stays is not None and add.rid != stays:
                self._aliases[self._table, add.rid] = stays
        return [taken] if taken else []

    # ── a row that is not whole ─────────────────────────────────────────────────────────────────────

    def _complete(self, add: Add) -> None:
        """Hold a row in which something required is blank that its member could have typed and nobody gave since."""
        grant = self._work.grant(add.items[0], self._table)
        fields = self._definition.fields
        for name in fields if self._work.answers else ():
            question = question_id("row", self._table, add.rid, lacking(name))
            answer = self._work.answers.last(question)
            if answer is None or answer.value is None or answer.choice not in CELL_CHOICES:
                continue
            if not can_hold(fields[name], answer.value):
                continue
            if add.row[name] is None:
                _fill(add, name, answer)
            elif not same(fields[name], add.row[name], answer.value):
                self._retyped(add, fields[name], question, answer)
        blank = [
            name
            for name in fields
            if fields[name].spec.required
            and add.row[name] is None
            and name in grant.enter | grant.edit
            and self._was_required(add, name)
        ]
        if blank:
            facts = (("title", self._work.titles(self._table, blank)),)
            only = blank[0] if len(blank) == 1 else ""
            object_to(self._work, add, lacking(only), "H_INCOMPLETE", facts, blank)

    def _was_required(self, add: Add, name: str) -> bool:
        """Tell whether a field, as it was called then, was required when the row came in."""
        then = self._work.judged(add.items[0])
        table = then.table(self._definition) if then else self._definition
        names = (name, *self._definition.fields[name].spec.was)
        return table is None or any(one in table.fields and table.fields[one].spec.required for one in names)

    def _retyped(self, add: Add, field_: Field, question: str, answer: Resolution) -> None:
        """Case 50 in a new row: who added it types something else into a cell that an answer filled.

        The answer holds meanwhile, and whatever is answered then.
        """
        name, typed = field_.name, add.row[field_.name]
        mark = short_hash(name, text_of(field_, typed))
        items = [item for item in add.items if item.edit.field == name]
        is_known = self._work.answers.standing(question, [mark]) is not None
        add.aside[name] = "superseded" if is_known else "conflict"
        _fill(add, name, answer)
        add.set("in")
        if is_known:
            return
        work, table = self._work, self._table
        facts = {
            "title": work.title(table, name),
            "label": work.label(table, add.rid, add.row),
            "members": work.names(frozenset(item.member for item in items)),
            "base": "",
            "master": work.say(table, name, answer.value),
            "value": work.say(table, name, typed),
        }
        work.questions.append(
            Question(
                id=question,
                code="H_STALE",
                table=table,
                rid=add.rid,
                field=name,
                label=facts["label"],
                master=answer.value,
                claims=tuple(item.claim() for item in items),
                digest=digest_of([mark]),
                choices=("master", "claim:0", "value"),
                facts=tuple(facts.items()),
            )
        )

    def _ask(self, code: str, question: str, group: list[Add], marks: Sequence[str], there: str | None) -> None:
        for add in group:
            add.set("held")
        work, table = self._work, self._table
        is_choice = len(group) > 1 and there is None  # beside a row that is there one more or none can come in
        several = tuple(f"claim:{at}" for at in range(len(group))) if is_choice else ()
        label = work.label(table, group[0].rid, group[0].row)
        members = frozenset(member for add in group for member in add.members)
        work.questions.append(
            Question(
                id=question,
                code=code,
                table=table,
                rid=there or min(add.rid for add in group),
                label=label,
                claims=(*(add.claims()[0] for add in group), *(c for add in group for c in add.claims()[1:])),
                digest=digest_of(marks),
                choices=("drop", *several, "add"),
                default="drop",
                facts=(("label", label), ("members", work.names(members)), ("count", str(len(group)))),
            )
        )


def _says_more(add: Add, answer: Resolution, mark: str) -> bool:
    """Tell whether a row that an answer left out says something by now that the answer did not know."""
    known = answer.digest.split(".")
    is_taken = answer.choice == "add" or chosen(answer, {mark: 0}) is not None
    return not is_taken and add.content not in known and any(one.startswith(CONTENT) for one in known)


def object_to(  # a row, why it cannot stand as it is, in which words, and about which of its fields
    work: Work, add: Add, why: str, code: str, facts: tuple[tuple[str, str], ...], names: Sequence[str]
) -> bool:
    """Hold a row for a reason unless a person has overruled it; tell whether anything changed.

    To take it holds while these fields say what they said then; to drop it, while the whole row does. Where it lacks
    one field, an answer may give its value, which then is there already.
    """
    if why in add.allowed:
        return False
    question = question_id("row", add.table, add.rid, why)
    about = add.about(work.definition(add.table), why, names)
    known = (work.answers.standing(question, [one]) for one in (add.digest, *about))
    answer = next((answer for answer in known if answer is not None), None)
    blank = names[0] if code == "H_INCOMPLETE" and len(names) == 1 else ""
    if answer is not None and answer.choice == "add":
        add.allowed.add(why)
        add.resolved = True
        return True  # what it refers to in vain is still to be taken out
    if answer is not None and answer.choice == "drop" and add.digest in answer.digest.split("."):
        add.set("dropped")
        return True
    add.set("held")
    label = work.label(add.table, add.rid, add.row)
    work.questions.append(
        Question(
            id=question,
            code=code,
            table=add.table,
            rid=add.rid,
            field=blank,
            label=label,
            claims=add.claims(),
            digest=digest_of([add.digest, *about]),
            choices=("drop", "add", "value") if blank else ("drop", "add"),
            default="drop",
            facts=(("label", label), ("members", work.names(frozenset(add.members))), *facts),
        )
    )
    return True


def lacking(field_name: str = "") -> str:
    """Return why a row is held that lacks this field, or several."""
    return f"required:{field_name}" if field_name else "required"


def _fill(add: Add, name: str, answer: Resolution) -> None:
    """Take what somebody answered into a row."""
    add.row[name] = answer.value
    add.filled[name] = answer.by
    add.resolved = True


def key_text(work: Work, table: str, row: Mapping[str, Value]) -> tuple[str, ...]:
    """Return a row's key as texts; empty where the table has none, or a part of it is blank."""
    definition = work.definition(table)
    key = tuple(text_of(definition.fields[name], row.get(name)) for name in definition.key)
    return key if all(key) else ()
