"""Edits that come with a code: rejected ones stay out, held ones wait behind one question for those that belong."""

from __future__ import annotations

from collections.abc import Sequence

from custsheet.fields.base import Text, text_of
from custsheet.ids import short_hash
from custsheet.merging.questions import digest_of, question_id
from custsheet.merging.state import Item, Work
from custsheet.messages import word
from custsheet.model import Claim, Finding, Question, Value
from custsheet.schema.evolution import removed_facts
from custsheet.text import named

BY_COLUMN = frozenset({"H_MASS_BLANK", "H_SUSPECT_SORT"})
"""Held by the column: fifty emptied cells are one question, not fifty."""

BY_TABLE = frozenset({"H_LATE"})
"""Held by the table: a late copy is one question for each of its sheets."""

MOST_SAID = 20

Gate = tuple[str, str, str, str, str]
"""Code, copy, table, rid, field: what one question is about."""


def sift(work: Work, items: Sequence[Item]) -> list[Item]:
    """Place the edits that are no claims, ask about those that wait, and return the rest."""
    known = {(name, f) for name, table in work.schema.tables.items() for f in (*table.fields, "")}
    if not any(i.edit.code or (i.edit.table, i.edit.field) not in known for i in items):
        return list(items)  # as most rounds are
    open_items: list[Item] = []
    gates: dict[Gate, list[Item]] = {}
    for item in items:
        code = item.edit.code
        if not code and (item.edit.table, item.edit.field) not in known:
            code = _removed(work, item)
        if not code or (code == "R_TYPE_CHANGED" and work.was_claim(item)):
            open_items.append(item)
        elif _is_left_out(work, item, code):
            work.leave_out(item)
        elif code.startswith("R_"):
            item.bucket = "rejected"
        else:
            gates.setdefault(_gate(item, code), []).append(item)
    for gate in sorted(gates):
        open_items += _pass(work, gate, gates[gate])
    return open_items


def _is_left_out(work: Work, item: Item, code: str) -> bool:
    """Tell whether an edit was a claim, of a unit of several fields, and has lost its value since: that is told."""
    e = item.edit
    if code != "R_TYPE_CHANGED" or e.kind != "cell" or not work.was_read(item):
        return False
    return work.value(e.table, e.rid, e.field) != item.value


def _removed(work: Work, item: Item) -> str:
    """Case 31: the column or table is no longer in the schema."""
    e = item.edit
    title, table = Text(e.field, e.field), work.schema.tables.get(e.table)
    called = table.title if table is not None else Text(e.table, e.table)
    gone = removed_facts(called, title if e.field else None, str(e.value), is_column=table is not None)
    facts = (("title", e.field), ("label", e.where.label), ("value", str(e.value)), *gone)
    finding = Finding("R_COLUMN_REMOVED", "rejected", e.where, value=str(e.value), facts=facts, member=item.member)
    work.findings.append(finding)
    return finding.code


def _gate(item: Item, code: str) -> Gate:
    e = item.edit
    if code in BY_COLUMN:
        return (code, item.submission.copy, e.table, "", e.field)
    if code in BY_TABLE:
        return (code, item.submission.copy, e.table, "", "")
    return (code, item.submission.copy, e.table, e.rid, "")


def _pass(work: Work, gate: Gate, items: Sequence[Item]) -> list[Item]:
    """Return the items that an answer takes, place those that it does not, and ask about those that nobody knew."""
    code, copy, table, rid, name = gate
    question = question_id(code, table, rid, f"{copy}/{name}")
    taken: list[Item] = []
    fresh: list[Item] = []
    for item in items:
        answer = work.answers.standing(question, [_hash(work, item)])
        if answer is None:
            fresh.append(item)
            item.bucket = "held"
        elif answer.choice == "add" or answer.choice.startswith("claim:"):
            taken.append(item)
        else:
            item.bucket = "superseded"
    if fresh:
        _ask(work, gate, question, fresh)
    return taken


def _ask(work: Work, gate: Gate, question: str, items: Sequence[Item]) -> None:
    code, copy, table, rid, name = gate
    added = any(i.edit.kind == "add" for i in items)
    first = min(items, key=lambda i: (i.edit.rid, i.edit.field))
    row = tuple((i.edit.field, i.value) for i in items) if rid else ()
    master: Value = None if rid == "" or added else work.value(table, rid, first.edit.field)
    claim = first.claim(row)
    who = work.names(frozenset(i.member for i in items))
    label = f"{table}/{work.title(table, name) or who}" if not rid else first.edit.where.label or work.label(table, rid)
    work.questions.append(
        Question(
            id=question,
            code=code,
            table=table,
            rid=rid,
            field=name,
            label=label,
            base=first.edit.base,
            master=master,
            claims=(claim if rid else Claim(item_member(items), None, first.edit.where, copy=copy),),
            digest=digest_of(sorted(_hash(work, i) for i in items)),
            choices=("drop", "add") if added else ("master", "claim:0"),
            default="drop" if added else "master",
            facts=(
                ("title", work.title(table, name)),
                ("label", label),
                ("members", who),
                ("count", str(len(items))),
                *((("detail", _detail(work, items)),) if code in BY_TABLE else ()),
            ),
        )
    )


def _hash(work: Work, item: Item) -> str:
    return short_hash(item.edit.kind, item.edit.rid, item.edit.field, _text(work, item))


def _detail(work: Work, items: Sequence[Item]) -> str:
    """List what waits, an edit a line."""
    lines = [_line(work, item) for item in sorted(items, key=lambda i: (i.edit.where.label, i.edit.rid, i.edit.field))]
    return "\n".join(lines[:MOST_SAID] + (["…"] if len(lines) > MOST_SAID else []))


def _line(work: Work, item: Item) -> str:
    e = item.edit
    row = (e.where.label or work.label(e.table, e.rid)).partition("/")[2]
    if e.kind == "delete":
        return named(row, word("receipt.deleted", work.schema.language), work.schema.language)
    old, new = (work.say(e.table, e.field, value) or "—" for value in (e.base, item.value))
    return named(f"{row} · {work.title(e.table, e.field)}", f"{old} → {new}", work.schema.language)


def item_member(items: Sequence[Item]) -> str:
    """Return the member of a gate's items: they are of one copy, so of one member."""
    return items[0].member


def _text(work: Work, item: Item) -> str:
    definition = work.schema.tables.get(item.edit.table)
    field = definition.fields.get(item.edit.field) if definition else None
    return text_of(field, item.value) if field else str(item.value)
