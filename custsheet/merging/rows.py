"""Rows that somebody asked to delete, and rows that were deleted before somebody's edit came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from custsheet.fields.base import text_of
from custsheet.ids import short_hash
from custsheet.merging.cells import cell_question, together
from custsheet.merging.questions import digest_of, question_id
from custsheet.merging.state import Item, Work, by_submission
from custsheet.merging.values import same
from custsheet.model import Bucket, Change, Claim, Question, Resolution, Value

RowKey = tuple[str, str]

_ABSENT = short_hash("missing")
"""What an answer about a row that did not come back has to know."""


@dataclass
class RowVerdicts:
    """What becomes of whole rows, and the cell claims that are still to be decided one by one."""

    cells: list[Item] = field(default_factory=list)
    deleted: dict[RowKey, Change] = field(default_factory=dict)
    restored: dict[RowKey, Change] = field(default_factory=dict)


def judge_rows(work: Work, items: Sequence[Item]) -> RowVerdicts:
    """Settle delete marks and edits of deleted rows; return the claims that go on to the cell rule."""
    verdicts = RowVerdicts()
    touched = {(i.edit.table, i.edit.rid) for i in items}
    if not any(i.edit.kind == "delete" for i in items) and all(work.live(*key) is not None for key in touched):
        verdicts.cells += items  # nothing but cells of rows that are there
        return verdicts
    by_row: dict[RowKey, list[Item]] = defaultdict(list)
    marked: dict[RowKey, list[Item]] = {}
    for item in items:
        key = (item.edit.table, item.edit.rid)
        if item.edit.kind == "delete":
            marked.setdefault(key, []).append(item)
        else:
            by_row[key].append(item)
    for key in sorted(by_row.keys() | marked.keys()):
        marks, cells = marked.get(key, []), by_row[key]
        if work.live(*key) is None:
            _gone(work, key, marks, cells, verdicts)
        elif marks:
            _marked(work, key, marks, cells, verdicts)
        else:
            verdicts.cells += cells
    return verdicts


def _marked(work: Work, key: RowKey, marks: list[Item], cells: list[Item], verdicts: RowVerdicts) -> None:
    """Cases 5, 6, 7 and 7b; 50 where an answer deleted the row and somebody types into it anew."""
    standing_marks = [i for i in marks if not work.is_overruled(i)]
    _place([i for i in marks if work.is_overruled(i)], "superseded")
    if not standing_marks:
        verdicts.cells += cells
        return
    rivals = [i for i in cells if not work.is_overruled(i) and not _is_master(work, i)]
    question, hashes = question_id("delete", *key), _hashes(work, [*standing_marks, *rivals])
    answer = work.answers.standing(question, hashes) or work.answers.last(question)
    if answer is not None and answer.choice == "delete":
        _place(cells, "superseded")
        _ask_anew(work, key, question, rivals, hashes)
        _delete(work, key, standing_marks, verdicts, answer)
    elif answer is not None:
        work.kept[key] = answer.by
        _place(standing_marks, "superseded")
        verdicts.cells += cells
    elif rivals:
        _ask(work, key, "H_DELETE_EDIT", [*standing_marks, *rivals], "conflict", question)
        open_ = [i for i in rivals if not _is_answered(work, i)]
        verdicts.cells += [i for i in cells if i not in open_]
    elif any(_is_stale(work, i) for i in standing_marks):
        verdicts.cells += cells
        _ask(work, key, "H_STALE_DELETE", standing_marks, "conflict", question)
    elif len({i.member for i in standing_marks}) > 1:
        verdicts.cells += cells
        _delete(work, key, standing_marks, verdicts, None)
    else:
        verdicts.cells += cells
        _ask(work, key, "H_DELETE", standing_marks, "held", question)


def _ask_anew(work: Work, key: RowKey, question: str, rivals: Sequence[Item], hashes: Sequence[str]) -> None:
    """Case 50 for a row: the answer deleted it, and holds while people are asked about what it did not know."""
    if work.answers.standing(question, hashes) is None:
        known = work.answers.known(question)
        passed = [i for i in rivals if not known.isdisjoint(_hashes(work, [i]))]
        if len(passed) < len(rivals):
            _ask(work, key, "H_ROW_GONE", rivals, "conflict", question, hashes)  # all that comes with the row is shown
            _place(passed, "superseded")


def _delete(work: Work, key: RowKey, marks: list[Item], verdicts: RowVerdicts, answer: Resolution | None) -> None:
    _place(marks, "applied")
    members = tuple(sorted({i.member for i in marks}))
    cause = "edit" if answer is None else "resolution"
    label = work.label(*key)
    verdicts.deleted[key] = Change(*key, "", None, None, members, label, cause, "delete")  # type: ignore[arg-type]


def _gone(work: Work, key: RowKey, marks: list[Item], cells: list[Item], verdicts: RowVerdicts) -> None:
    """Case 45: the row is no longer there; asking to delete it asks for what is so already."""
    buried = work.buried(*key) is not None
    _place(marks, "same")
    rivals = [i for i in cells if not (buried and _is_master(work, i))]
    _place([i for i in cells if i not in rivals], "same")
    if not rivals:
        return
    question, hashes = question_id("gone", *key), _hashes(work, rivals)
    answer = work.answers.standing(question, hashes) or work.answers.last(question)
    if answer is None:
        _ask(work, key, "H_ROW_GONE", rivals, "conflict", question)
    elif answer.choice == "keep" and buried:
        verdicts.cells += rivals
        members = tuple(sorted({i.member for i in rivals}))
        verdicts.restored[key] = Change(*key, "", None, None, members, work.label(*key), "resolution", "add")
    else:
        _place(rivals, "superseded")
        _ask_anew(work, key, question, rivals, hashes)


def ask_missing(
    work: Work,
    missing: Sequence[tuple[str, str, str]],
    ever: Sequence[tuple[str, str, str]],
    items: Sequence[Item],
) -> dict[RowKey, Change]:
    """Ask about rows that did not come back, (table, rid, member); return those that an answer deletes.

    That answer holds when another version of the copy has the row: `ever` are the rows that some version lacks.
    `items` are all edits: what an answer to delete did not know of is asked about, the row being gone meanwhile.
    """
    members: dict[RowKey, set[str]] = {}
    answered = [(*row, member) for *row, member in ever if _goes(work, *row)]
    for table, rid, member in (*missing, *answered):
        if table in work.schema.tables and work.live(table, rid) is not None:
            members.setdefault((table, rid), set()).add(member)
    rivals: dict[RowKey, list[Item]] = {key: [] for key in members}
    for item in items:
        key = (item.edit.table, item.edit.rid)
        if key in rivals and not work.is_overruled(item):
            rivals[key].append(item)
    deleted: dict[RowKey, Change] = {}
    for key in sorted(members):
        question, absent = question_id("missing", *key), [_ABSENT]
        hashes = [*absent, *_hashes(work, rivals[key])]
        answer = work.answers.standing(question, absent)
        if answer is not None and answer.choice == "delete":
            answer = work.answers.standing(question, hashes) or answer
        label = work.label(*key)
        who = tuple(sorted(members[key]))
        if answer is not None and answer.choice == "delete":
            deleted[key] = Change(*key, "", None, None, who, label, "resolution", "delete")
            cells = [i for i in rivals[key] if i.edit.kind != "delete" and not _is_master(work, i)]
            _ask_anew(work, key, question, cells, hashes)
        elif answer is not None:
            work.kept[key] = answer.by
        else:
            claims = tuple(Claim(member, None, kind="delete") for member in who)
            facts = (("label", label), ("members", work.names(who)), ("state", _state(work, key)))
            work.questions.append(
                Question(question, "H_ROW_MISSING", *key, label=label, claims=claims, digest=digest_of(hashes),
                         choices=("keep", "delete"), default="keep", facts=facts)
            )  # fmt: skip
    return deleted


def _goes(work: Work, table: str, rid: str) -> bool:
    """Tell whether an answer deletes a row that did not come back."""
    answer = work.answers.standing(question_id("missing", table, rid), [_ABSENT])
    return answer is not None and answer.choice == "delete"


# ── questions ───────────────────────────────────────────────────────────────────────────────────────


def _ask(
    work: Work,
    key: RowKey,
    code: str,
    items: Sequence[Item],
    bucket: Bucket,
    question: str,
    hashes: Sequence[str] = (),
) -> None:
    """Ask about a row. `hashes` name what an answer has to know, where that is more than what these edits say."""
    _place(items, bucket)
    table, rid = key
    label = work.label(table, rid)
    if code != "H_ROW_GONE":
        choices: tuple[str, ...] = ("keep", "delete")
    else:
        choices = ("delete", "keep") if work.known(table, rid) is not None else ("delete",)
    edits = [i for i in items if i.edit.kind != "delete"]
    said = [f"{work.title(table, i.edit.field)}: {work.say(table, i.edit.field, i.value)}" for i in edits]
    facts = (
        ("label", label if label != f"{table}/{rid}" or not items[0].edit.where.label else items[0].edit.where.label),
        ("members", work.names(frozenset(i.member for i in items if i.edit.kind == "delete" or not said))),
        ("editors", work.names(frozenset(i.member for i in edits))),
        ("value", "; ".join(dict.fromkeys(said))),
        ("state", _state(work, key)),
    )
    work.questions.append(
        Question(
            id=question,
            code=code,
            table=table,
            rid=rid,
            label=facts[0][1],
            claims=_claims(items),
            digest=digest_of(hashes or _hashes(work, items)),
            choices=choices,
            default=choices[0],
            facts=facts,
        )
    )


def _state(work: Work, key: RowKey) -> str:
    """Name what a row holds while it is asked about; empty for one that is gone."""
    row = work.mapping(*key) if work.live(*key) is not None else {}
    fields = work.definition(key[0]).fields
    texts = [f"{name}={text_of(fields[name], value)}" for name, value in row.items() if name in fields]
    return short_hash(*texts) if texts else ""


def _claims(items: Sequence[Item]) -> tuple[Claim, ...]:
    """One claim per submission: a delete mark, or the cells that it changed in this row."""
    claims = []
    for mine in by_submission(items).values():
        group = sorted(mine, key=lambda i: (i.edit.kind != "delete", i.edit.field, repr(i.value)))
        claims.append(group[0].claim(tuple((i.edit.field, i.value) for i in group if i.edit.kind != "delete")))
    return tuple(claims)


def _hashes(work: Work, items: Sequence[Item]) -> list[str]:
    found = {
        short_hash("delete")
        if i.edit.kind == "delete"
        else short_hash(i.edit.field, text_of(work.field(i.edit.table, i.edit.field), i.value))
        for i in items
    }
    return sorted(found)


def _is_master(work: Work, item: Item) -> bool:
    e = item.edit
    return same(work.field(e.table, e.field), item.value, work.value(e.table, e.rid, e.field))


def _is_answered(work: Work, item: Item) -> bool:
    """Tell whether somebody answered what stands in this cell: that holds while the row is asked about."""
    e = item.edit
    return work.answers.last(cell_question(e.table, e.rid, together(work.definition(e.table), e.field))) is not None


def _is_stale(work: Work, item: Item) -> bool:
    """Tell whether the row has changed since it was issued to the one who marked it."""
    e = item.edit
    now: dict[str, Value] = work.mapping(e.table, e.rid)
    known = work.definition(e.table).fields
    return any(name in known and not same(known[name], value, now.get(name)) for name, value in e.row)


def _place(items: Sequence[Item], bucket: Bucket) -> None:
    for item in items:
        item.bucket = bucket
