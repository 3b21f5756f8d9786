"""The cell rule: what becomes of the claims on one cell, or on fields that merge together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Literal

from custsheet.fields.base import Field, spoken, text_of
from custsheet.merging import policies
from custsheet.merging.questions import chosen, digest_of, question_id
from custsheet.merging.state import HANDED, Item, Then, Work, by_submission
from custsheet.merging.values import Vector, can_hold, same, same_all, strays, takes, vector_hash
from custsheet.model import Bucket, Cells, Change, Claim, Finding, Question, Resolution, Submission, Unreadable, Value
from custsheet.schema.records import TableDef
from custsheet.schema.rights import holders_of, holding_rows, owners_of
from custsheet.text import clauses

Cause = Literal["edit", "resolution", "policy"]


@dataclass(eq=False, slots=True)
class Claimant:
    """One submission's claim on a unit: the values that it wants there, and those it started from."""

    submission: Submission
    items: list[Item]
    wants: Vector
    base: Vector
    stale: bool
    digest: str

    def fits(self, fields: Sequence[Field]) -> bool:
        """Tell whether the fields take by now what is claimed: else it is no answer to choose."""
        return all(map(takes, fields, self.wants, self.base))


@dataclass(eq=False)
class Unit:
    """One cell, or the fields of a row that merge together, with the claims on it and what they come to."""

    table: str
    rid: str
    names: tuple[str, ...]
    fields: tuple[Field, ...]
    master: Vector
    """As in the opening."""
    items: list[Item]
    outcome: Vector
    """The very vector of the opening where nothing changes."""
    cause: Cause = "edit"
    asked: bool = False
    by: tuple[str, ...] = ()
    """Who is behind the outcome where it is not a claim: the one who answered."""

    @cached_property
    def claimants(self) -> list[Claimant]:
        """The claims on the whole unit, by member; worked out where it takes more than a look at the values."""
        known = _Known(self.fields, self.master)
        parts = [[item] for item in self.items] if len(self.names) == 1 else _parts(self.items)
        claimants = [_claimant(self.names, known, part) for part in parts]
        return sorted(claimants, key=lambda c: (c.submission.member, c.submission.key, c.digest))

    @cached_property
    def question(self) -> str:
        """Return the id of this unit's question."""
        return cell_question(self.table, self.rid, self.names)

    @property
    def changed(self) -> bool:
        """Tell whether the outcome differs from the opening."""
        return self.outcome is not self.master

    @property
    def holdable(self) -> bool:
        """Tell whether a rule may still hold these claims back: a person's answer stands."""
        return self.changed and self.cause != "resolution"

    @property
    def winners(self) -> frozenset[str]:
        """The members whose values are in the outcome."""
        return frozenset([item.submission.member for item in self.items if item.bucket == "applied"])

    def take(self, outcome: Vector) -> None:
        """Let this be the outcome; the same content in another shape stays as it is in the opening."""
        self.outcome = self.master if same_all(self.fields, outcome, self.master) else outcome

    def hold(self) -> None:
        """Give the cell back to the opening; its claims wait."""
        self.outcome = self.master
        for item in self.items:
            if item.bucket in ("applied", "superseded"):
                item.bucket = "held"

    def drop(self) -> None:
        """Give the cell back to the opening for good: somebody decided so."""
        self.outcome = self.master
        self.cause = "resolution"
        for item in self.items:
            if item.bucket == "applied":
                item.bucket = "superseded"

    def changes(self, label: str) -> list[Change]:
        """Return what this unit, which is changed, changes in the opening."""
        members = tuple(sorted(self.winners)) or self.by
        if len(self.names) == 1:
            (name,), (old,), (new,) = self.names, self.master, self.outcome
            return [Change(self.table, self.rid, name, old, new, members, label, self.cause)]
        return [
            Change(self.table, self.rid, name, old, new, members, label, self.cause)
            for name, f, old, new in zip(self.names, self.fields, self.master, self.outcome, strict=True)
            if not same(f, old, new)
        ]


def units_of(work: Work, items: Sequence[Item]) -> list[Unit]:
    """Group claims on rows of the opening (or on rows about to come back) by the unit that they touch."""
    by_cell: dict[tuple[str, str, str], list[Item]] = defaultdict(list)
    for item in items:
        e = item.edit
        by_cell[e.table, e.rid, e.field].append(item)
    grouped: dict[tuple[str, str, tuple[str, ...]], list[Item]] = {}
    names: dict[tuple[str, str, int], tuple[str, ...]] = {}
    thens = _last_of_rows(work, items) if work.then else {}
    for (table, rid, name), found in by_cell.items():
        then = thens.get((table, rid))
        unit = names.get((table, name, id(then)))
        if unit is None:
            unit = names[table, name, id(then)] = _together_then(work.definition(table), name, then)
        grouped.setdefault((table, rid, unit), []).extend(found)
    fields = {(t, unit): tuple([work.field(t, name) for name in unit]) for (t, *_), unit in names.items()}
    return [
        Unit(table, rid, unit, fields[table, unit], master := work.cells(table, rid, unit), found, outcome=master)
        for (table, rid, unit), found in sorted(grouped.items(), key=itemgetter(0))
    ]


def units_of_answers(work: Work, units: Sequence[Unit], restored: Container[tuple[str, str]]) -> list[Unit]:
    """Return the cells that hold somebody's own words in answer to claims that were all taken back since.

    Their row is there, or among those that come back.
    """
    found, own = [], work.answers.own
    there = {(unit.table, unit.rid, name) for unit in units for name in unit.names} if own else set()
    for answer in own:
        table, rid, name, value = answer.cells[0]
        known = work.schema.tables.get(table)
        if (table, rid, name) in there or known is None or name not in known.fields:
            continue
        if work.live(table, rid) is None and (table, rid) not in restored:
            continue
        names, f = together(known, name), known.fields[name]
        master = work.cells(table, rid, names)
        if names == (name,) and not same(f, value, master[0]) and can_hold(f, value):
            found.append(Unit(table, rid, names, (f,), master, [], (value,), cause="resolution", by=(answer.by,)))
    return found


def together(definition: TableDef, name: str) -> tuple[str, ...]:
    """Return the fields that merge as one with this field."""
    if definition.strict == "row":
        return tuple(n for n, f in definition.fields.items() if f.editable)
    return next((group for group in definition.groups if name in group), (name,))


def _last_of_rows(work: Work, items: Sequence[Item]) -> dict[tuple[str, str], Then | None]:
    """Return by what the last claim on each row was judged when it came in: by that its fields merge together."""
    last: dict[tuple[str, str], tuple[tuple[str, int], Item]] = {}
    for item in items:
        key, came = (item.edit.table, item.edit.rid), (work.came(item), item.submission.version)
        if key not in last or came >= last[key][0]:
            last[key] = (came, item)
    return {key: work.judged(item) for key, (_, item) in last.items()}


def _together_then(definition: TableDef, name: str, then: Then | None) -> tuple[str, ...]:
    """Return the fields that merged as one with this field then, as they are called now."""
    was = then.table(definition) if then is not None else None
    if was is None:
        return together(definition, name)
    known = definition.fields.items()
    called = {old: now for now, f in known for old in (*f.spec.was, now) if old in was.fields}
    before = next((old for old, now in called.items() if now == name), None)
    return tuple(called[old] for old in together(was, before) if old in called) if before else (name,)


def cell_question(table: str, rid: str, names: Sequence[str]) -> str:
    """Return the id of the question about a cell, or about fields that merge together."""
    return question_id("cell", table, rid, "+".join(names))


def _parts(items: Sequence[Item]) -> list[list[Item]]:
    """Split claims so that no part is of two submissions, or has a field twice."""
    return [part for group in by_submission(items).values() for part in _layers(group)]


def _layers(items: Sequence[Item]) -> list[list[Item]]:
    layers: list[list[Item]] = []
    for item in sorted(items, key=lambda i: (i.edit.field, repr(i.value))):
        free = next((part for part in layers if all(i.edit.field != item.edit.field for i in part)), None)
        if free is None:
            layers.append([item])
        else:
            free.append(item)
    return layers


class _Known:
    """What is claimed on one unit, or was seen there: compared and named once, however many claim the same."""

    def __init__(self, fields: tuple[Field, ...], master: Vector) -> None:
        self.fields = fields
        self.master = master
        self._stale: dict[Vector, bool] = {}
        self._digests: dict[Vector, str] = {}

    def is_stale(self, base: Vector) -> bool:
        """Tell whether the opening has something else than what was seen."""
        found = self._stale.get(base)
        if found is None:
            found = self._stale[base] = not same_all(self.fields, base, self.master)
        return found

    def digest(self, wants: Vector) -> str:
        """Return the name of a candidate value."""
        return self._digests.get(wants) or self._digests.setdefault(wants, vector_hash(self.fields, wants))


def _claimant(names: tuple[str, ...], known: _Known, items: list[Item]) -> Claimant:
    """Take a member's edits as a claim on the whole unit."""
    first = items[0]
    base: Vector = (first.edit.base,)
    wants: Vector = (first.value,)
    if len(names) > 1:
        base, wants = _whole(names, known.master, items)
    return Claimant(first.submission, items, wants, base, known.is_stale(base), known.digest(wants))


def _whole(names: tuple[str, ...], master: Vector, items: Sequence[Item]) -> tuple[Vector, Vector]:
    """Return what a member saw in a unit of several fields, and wants there: what was left alone counts as seen."""
    seen: dict[str, Value] = dict(zip(names, master, strict=True))
    for item in items:
        seen.update((name, value) for name, value in item.edit.row if name in seen)
    seen |= {item.edit.field: item.edit.base for item in items}
    wants = seen | {item.edit.field: item.value for item in items}
    return tuple(seen[name] for name in names), tuple(wants[name] for name in names)


# ── the rule ────────────────────────────────────────────────────────────────────────────────────────


def decide(work: Work, unit: Unit) -> None:
    """Apply the cell rule to a unit: place its claims, set its outcome, ask where it has to be asked."""
    if _agreed(work, unit):
        return
    alive = _not_overruled(work, unit) if work.overruled else unit.claimants
    if not alive:
        _answered_later(work, unit)
        return
    alive = _not_standing(unit, _latest_of_each(unit, alive))
    if not alive:
        return
    if work.overruled and _policy(work, unit, alive) in policies.PARTS:
        _go_on(work, unit, alive)
    candidates = _candidates(unit, alive)
    answer = work.answers.standing(unit.question, list(candidates))
    meant = _meaning(unit, answer, candidates) if answer else None
    if answer and meant:
        _resolve(unit, alive, answer, meant)
    elif work.answers.last(unit.question) and not answer:
        _reopen(work, unit, alive, candidates)
    else:
        _first_time(work, unit, alive, candidates)


def _agreed(work: Work, unit: Unit) -> bool:
    """Settle a cell as most are: everybody saw what the opening has, wants the same, and nobody decided anything."""
    if len(unit.names) > 1 or work.overruled or (work.answers and work.answers.last(unit.question)):
        return False
    wanted, seen = [item.value for item in unit.items], [item.edit.base for item in unit.items]
    if wanted.count(wanted[0]) < len(wanted) or seen.count(seen[0]) < len(seen):
        return False
    if not same(unit.fields[0], seen[0], unit.master[0]) or _outsiders(work, unit, unit.items):
        return False
    if isinstance(wanted[0], Unreadable):
        return False
    unit.take((wanted[0],))
    bucket: Bucket = "applied" if unit.changed else "same"
    for item in unit.items:
        item.bucket = bucket
    return True


def _not_overruled(work: Work, unit: Unit) -> list[Claimant]:
    """Return the claims that the manager's own edits have not answered; place the others.

    Where fields merge together, one that holds something new is new as a whole.
    """
    alive = []
    for claimant in unit.claimants:
        if all(work.is_overruled(item) for item in claimant.items):
            _put(claimant, "same" if same_all(unit.fields, claimant.wants, unit.master) else "superseded")
        else:
            alive.append(claimant)
    return alive


def _latest_of_each(unit: Unit, alive: list[Claimant]) -> list[Claimant]:
    """Return the claims without those from which the same member went on in another copy, as if from their base."""
    if len(alive) == len({claimant.submission.member for claimant in alive}):
        return alive
    known = _Known(unit.fields, unit.master)
    for earlier in alive:
        mine = [c for c in alive if c is not earlier and c.submission.member == earlier.submission.member]
        later = [c for c in mine if c.stale and c.submission.copy != earlier.submission.copy]
        went_on = [c for c in later if same_all(unit.fields, c.base, earlier.wants)]
        if went_on and not earlier.stale:
            for claimant in went_on:
                claimant.base, claimant.stale = earlier.base, known.is_stale(earlier.base)
            _put(earlier, "superseded")
            return _latest_of_each(unit, [c for c in alive if c is not earlier])
    return alive


def _not_standing(unit: Unit, alive: list[Claimant]) -> list[Claimant]:
    """Return the claims without those that stand as they were typed, since they cannot be read any more."""
    if len(unit.names) > 1 or not isinstance(unit.master[0], Unreadable):
        return alive
    standing = [c for c in alive if c.wants == unit.master]
    _place(standing, "same")
    return [c for c in alive if c not in standing]


def _go_on(work: Work, unit: Unit, alive: Sequence[Claimant]) -> None:
    """Let each claim start from an earlier version of its copy where that counts in the opening already (L19)."""
    place, known = (unit.table, unit.rid, unit.names[0]), _Known(unit.fields, unit.master)
    keys = work.overruled.get(place, frozenset())
    for claimant in alive if keys else ():
        earlier = [edit.value for key, edit in work.earlier(claimant.submission.copy, place) if key in keys]
        if earlier:
            claimant.base = (earlier[-1],)
            claimant.stale = known.is_stale(claimant.base)


def _first_time(work: Work, unit: Unit, alive: list[Claimant], candidates: Mapping[str, Vector]) -> None:
    stale = any(c.stale for c in alive)
    values = list(candidates.values())
    if len(values) == 1 and (not stale or same_all(unit.fields, values[0], unit.master)):
        if same_all(unit.fields, values[0], unit.master):
            _place(alive, "same")
        elif _outsiders(work, unit, [item for c in alive for item in c.items]):
            _ask(work, unit, alive, candidates, "H_REASSIGNED", "held")
        elif len(unit.names) == 1 and isinstance(values[0][0], Unreadable):
            _leave_out(work, unit, alive)
        else:
            unit.take(values[0])
            _place(alive, "applied")
        return
    if _by_policy(work, unit, alive, stale):
        return
    copies = {c.submission.copy for c in alive}
    code = "H_STALE" if len(values) == 1 else "H_DIVERGED" if len(copies) == 1 else "H_CELL"
    _ask(work, unit, alive, candidates, code, "conflict")


def _policy(work: Work, unit: Unit, alive: Sequence[Claimant]) -> str:
    """Return how claims on a unit are settled; fields that merge together are asked about."""
    field = _settling(work, unit, alive)
    return field.spec.merge if field is not None else "ask"


def _settling(work: Work, unit: Unit, alive: Sequence[Claimant]) -> Field | None:
    """Return the field by whose policy claims on a unit are settled."""
    items = [item for claimant in alive for item in claimant.items]
    return work.settling(unit.table, unit.fields[0], items) if len(unit.names) == 1 else None


def _by_policy(work: Work, unit: Unit, alive: Sequence[Claimant], stale: bool) -> bool:
    field = _settling(work, unit, alive)
    policy = field.spec.merge if field is not None else "ask"
    if field is None or policy not in policies.POLICIES:
        return False
    if any(isinstance(c.wants[0], Unreadable) or strays(field, c.wants[0], c.base[0]) for c in alive):
        return False
    if any(_outsider(work, unit, item) for c in alive for item in c.items):
        return False
    owners = owners_of(work.schema, work.opening, unit.table, unit.rid)
    cell = policies.Cell(policy, unit.fields[0], unit.master[0], owners, stale, work.team)
    settled = policies.settle(cell, [policies.Bid(c.submission.member, c.base[0], c.wants[0]) for c in alive])
    if settled is None:
        return False
    unit.take((settled.value,))
    unit.cause = "policy"
    for claimant, won in zip(alive, settled.won, strict=True):
        if same_all(unit.fields, claimant.wants, unit.master) or (won and not unit.changed):
            _put(claimant, "same")
        else:
            _put(claimant, "applied" if won else "superseded")
            if not won:
                _passed_over(work, unit, claimant)
    return True


def _passed_over(work: Work, unit: Unit, claimant: Claimant) -> None:
    """Say what a policy did not take: who typed it has to hear of it, and so has whoever merges."""
    where, member = claimant.items[0].edit.where, claimant.submission.member
    facts = (
        *spoken("title", unit.fields[0].spec.title),
        ("label", work.label(unit.table, unit.rid)),
        ("who", work.names(frozenset({member}))),
        ("value", _say(work, unit, claimant.wants)),
        ("taken", _say(work, unit, unit.outcome)),
    )
    work.findings.append(Finding("F_PASSED_OVER", "info", where, value=facts[-2][1], facts=facts, member=member))


def _outsiders(work: Work, unit: Unit, items: Sequence[Item]) -> bool:
    return all(_outsider(work, unit, item) for item in items)


def _outsider(work: Work, unit: Unit, item: Item) -> bool:
    """Case 30: the member may change own rows only, or those of a team, and this row has gone out of these since.

    What was merged before the row was handed over stands: it was the member's then.
    """
    scope = work.grant(item, unit.table).rows
    if scope not in ("own", "team"):
        return False
    member = item.submission.member
    rows = holding_rows(work.schema, work.opening, unit.table, unit.rid) if work.overruled else ()
    if any(work.came_with(item, work.overruled.get((*row, HANDED), frozenset())) for row in rows):
        return False
    mine = work.team.under(member) if scope == "team" else {member}
    holders = holders_of(work.schema, work.opening, unit.table, unit.rid)
    return bool(holders) and not holders.intersection(mine)


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────


def _resolve(unit: Unit, alive: Sequence[Claimant], answer: Resolution, meant: Vector) -> None:
    """Count the winner as applied and what the answer passed over as superseded."""
    unit.take(meant)
    unit.cause = "resolution"
    unit.by = (answer.by,) if answer.by else ()
    for claimant in alive:
        if answer.choice == "both" or same_all(unit.fields, claimant.wants, meant):
            _put(claimant, "applied" if unit.changed else "same")
        else:
            _put(claimant, "superseded")


def _answered_later(work: Work, unit: Unit) -> None:
    """Let an answer stand that was given when somebody else's word had settled what it is about.

    It was asked before, and answered together with that. To leave what is there says nothing against that word.
    """
    answer = work.answers.last(unit.question)
    if answer is None or answer.choice == "master":
        return
    candidates = _candidates(unit, unit.claimants)
    if not candidates.keys() >= set(answer.digest.split(".")):
        return
    meant = _meaning(unit, answer, candidates)
    if meant:
        _resolve(unit, unit.claimants, answer, meant)


def _reopen(work: Work, unit: Unit, alive: Sequence[Claimant], candidates: Mapping[str, Vector]) -> None:
    """Case 50: a new value after an answer. The answer holds meanwhile, and is what the new value is compared with."""
    last = work.answers.last(unit.question)
    known = work.answers.known(unit.question)
    meant = (_meaning(unit, last, candidates) if last else None) or unit.master
    fresh = [c for c in alive if c.digest not in known and not same_all(unit.fields, c.wants, meant)]
    old = [c for c in alive if c not in fresh]
    if last:
        _resolve(unit, old, last, meant)
    if _wait(work, unit, fresh, "conflict"):
        _question(work, unit, alive, candidates, "H_STALE")


def _meaning(unit: Unit, answer: Resolution, candidates: Mapping[str, Vector]) -> Vector | None:
    """Return the values that an answer stands for; None where it cannot be understood, or not in these fields."""
    kind = answer.choice.partition(":")[0]
    position = chosen(answer, {digest: at for at, digest in enumerate(candidates)})
    if position is not None:
        picked = list(candidates.values())[position]
        return picked if not isinstance(picked[0], Unreadable) or len(picked) > 1 else None
    told = {name: value for *_, name, value in answer.cells}
    if not told and kind in ("claim", "value") and len(unit.names) == 1:
        told = {unit.names[0]: answer.value}
    if told:
        meant = tuple(told.get(name) for name in unit.names)
        return meant if set(told) == set(unit.names) and all(map(can_hold, unit.fields, meant)) else None
    if kind in ("master", "base"):
        return unit.master if kind == "master" else _base(unit.claimants)
    return _both(unit, list(candidates.values())) if kind == "both" else None


def _both(unit: Unit, values: Sequence[Vector]) -> Vector | None:
    """Tags: all of them. Texts: one under the other. Nothing else can be both."""
    if len(unit.names) > 1:
        return None
    cells = [vector[0] for vector in values if vector[0] is not None]
    if cells and all(isinstance(v, tuple) for v in cells):
        return (tuple(dict.fromkeys(tag for v in cells if isinstance(v, tuple) for tag in v)),)
    if cells and unit.fields[0].spec.type in ("text", "note"):
        return ("\n".join(dict.fromkeys(str(v) for v in cells)),)
    return None


# ── questions ───────────────────────────────────────────────────────────────────────────────────────


def _ask(
    work: Work, unit: Unit, alive: Sequence[Claimant], candidates: Mapping[str, Vector], code: str, bucket: Bucket
) -> None:
    if _wait(work, unit, alive, bucket):
        _question(work, unit, alive, candidates, code)


def _wait(work: Work, unit: Unit, alive: Sequence[Claimant], bucket: Bucket) -> bool:
    """Let claims wait that may be chosen; tell whether there are any. What has no place any more is kept out."""
    waiting = _choosable(unit, alive)
    if len(waiting) < len(alive):
        _leave_out(work, unit, [c for c in alive if c not in waiting])
    _place(waiting, bucket)
    return bool(waiting)


def _choosable(unit: Unit, alive: Sequence[Claimant]) -> list[Claimant]:
    """Return the claims that their fields take by now; the same value over the same base is judged once."""
    judged: dict[tuple[str, Vector], bool] = {}
    for claimant in alive:
        key = (claimant.digest, claimant.base)
        if key not in judged:
            judged[key] = claimant.fits(unit.fields)
    return [c for c in alive if judged[c.digest, c.base]]


def _leave_out(work: Work, unit: Unit, lost: Sequence[Claimant]) -> None:
    """Case 33: keep out what was claimed before the schema changed and its field does not take any more."""
    for item in (item for claimant in lost for item in claimant.items):
        work.leave_out(item)


def _question(work: Work, unit: Unit, alive: Sequence[Claimant], candidates: Mapping[str, Vector], code: str) -> None:
    unit.asked = True
    shown = unit.outcome
    single = len(unit.names) == 1
    fitting = {c.digest for c in _choosable(unit, alive)}
    choices = ["master", "base", *(f"claim:{at}" for at, digest in enumerate(candidates) if digest in fitting)]
    if len(fitting) == len(candidates) > 1 and _both(unit, list(candidates.values())) is not None:
        choices.append("both")
    if single:
        choices.append("value")
    base = _base(alive)
    if not all(map(can_hold, unit.fields, base)) or any(map(strays, unit.fields, base, shown)):
        choices.remove("base")
    members = frozenset(c.submission.member for c in alive)
    titles = work.titles(unit.table, unit.names)
    label = work.label(unit.table, unit.rid)
    work.questions.append(
        Question(
            id=unit.question,
            code=code,
            table=unit.table,
            rid=unit.rid,
            field=unit.names[0] if single else "",
            label=label,
            base=base[0] if single else None,
            master=shown[0] if single else None,
            claims=_claims(unit, alive, list(candidates)),
            digest=digest_of(list(candidates)),
            choices=tuple(choices),
            facts=(
                ("title", titles),
                ("label", label),
                ("members", work.names(members)),
                ("base", _say(work, unit, base)),
                ("master", _say(work, unit, shown)),
                ("value", clauses([_say(work, unit, vector) for vector in candidates.values()], work.schema.language)),
            ),
            means=_means(unit, choices, {"master": shown, "base": base}, list(candidates.values())),
        )
    )


def _means(
    unit: Unit, choices: Sequence[str], known: Mapping[str, Vector], candidates: Sequence[Vector]
) -> tuple[tuple[str, Cells], ...]:
    """Return what each choice but one's own value comes to."""
    vectors = {**known, **{f"claim:{at}": wants for at, wants in enumerate(candidates)}}
    if "both" in choices and (joined := _both(unit, candidates)) is not None:
        vectors["both"] = joined
    return tuple(
        (choice, tuple((unit.table, unit.rid, name, value) for name, value in zip(unit.names, vector, strict=True)))
        for choice, vector in vectors.items()
        if choice in choices
    )


def _claims(unit: Unit, alive: Sequence[Claimant], order: Sequence[str]) -> tuple[Claim, ...]:
    """One claim per candidate first, so that `claim:i` means the i-th candidate whoever joins it; then the others."""
    first_of = {c.digest: c for c in reversed(alive)}
    ordered = [first_of[digest] for digest in order] + [c for c in alive if first_of[c.digest] is not c]
    if len(unit.names) == 1:
        return tuple([c.items[0].claim() for c in ordered])
    return tuple([c.items[0].claim(tuple(zip(unit.names, c.wants, strict=True))) for c in ordered])


def _say(work: Work, unit: Unit, vector: Vector) -> str:
    said = [work.say(unit.table, name, value) for name, value in zip(unit.names, vector, strict=True)]
    return said[0] if len(said) == 1 else " · ".join(text or "—" for text in said)


def _candidates(unit: Unit, alive: Sequence[Claimant]) -> dict[str, Vector]:
    """Distinct claimed values, digest → vector, in an order that depends on nothing but the values."""
    distinct = {claimant.digest: claimant.wants for claimant in reversed(alive)}
    texts = {d: [text_of(f, v) for f, v in zip(unit.fields, wants, strict=True)] for d, wants in distinct.items()}
    found: dict[str, Vector] = {}
    equals: dict[str, str] = {}
    for digest in sorted(distinct, key=texts.__getitem__):
        equal = next((d for d, wants in found.items() if same_all(unit.fields, wants, distinct[digest])), digest)
        found.setdefault(equal, distinct[digest])
        equals[digest] = equal
    for claimant in alive:
        claimant.digest = equals[claimant.digest]
    return found


def _base(claimants: Sequence[Claimant]) -> Vector:
    """Return the base that a question shows: that of the first claimant in member order."""
    return claimants[0].base


def _place(claimants: Sequence[Claimant], bucket: Bucket) -> None:
    for claimant in claimants:
        _put(claimant, bucket)


def _put(claimant: Claimant, bucket: Bucket) -> None:
    for item in claimant.items:
        item.bucket = bucket
