"""What became of what a member returned last, and what others changed in the member's rows since: for the next copy."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from custsheet.fields.base import Field, Language
from custsheet.ledger.records import HistoryEntry, IssueInfo, Revision, SubmissionInfo
from custsheet.merging.about import questions_about
from custsheet.merging.questions import WITHDRAWN
from custsheet.merging.standing import PREFIX
from custsheet.merging.values import holds, row_label, same, takes
from custsheet.merging.versions import follows
from custsheet.messages import word
from custsheet.model import NOT_THEIRS, Bucket, Change, Edit, Resolution, Submission, Tables, Unreadable, Value
from custsheet.schema.evolution import TYPE_CHANGED
from custsheet.schema.labels import Labels
from custsheet.schema.records import Issue
from custsheet.summary import Receipt, ReceiptLine
from custsheet.text import in_a_row, join
from custsheet.workspace.evolving import Roads
from custsheet.workspace.evolving import submissions as counted
from custsheet.workspace.folder import Folder
from custsheet.workspace.opening import open_at, outcome_of
from custsheet.workspace.outcomes import is_settled

MOST_LINES, MOST_OTHERS = 20, 15
_WHY: Final = {
    **dict.fromkeys(NOT_THEIRS, "permission"),
    "R_DUP_ID": "twice",
    "R_FORMULA": "formula",
    "R_REQUIRED": "required",
    "R_COLUMN_REMOVED": "removed",
    TYPE_CHANGED: "moved",
}
"""Code of an edit that was not taken → the word that says why; anything else could not be read."""


class Receipts:
    """Makes receipts for the copies of one `generate`; each round's outcome is worked out once."""

    def __init__(self, folder: Folder, tables: Tables, labels: Labels) -> None:
        self._folder, self._tables, self._labels = folder, tables, labels
        self._roads = Roads(folder.ledger, folder.schema)
        self._changed: dict[int, list[Change]] = {}
        self._typed: dict[tuple[str, str], dict[str, Value]] = defaultdict(dict)
        self._named: dict[str, str] = {}
        """Row id → name of a new row, as its member typed it."""
        """What was typed into new rows, as their members last had them."""
        self._fates: dict[str, dict[tuple[str, int], tuple[Bucket, ...]]] = {}

    def of(self, issue: Issue) -> Receipt | None:
        """Return the receipt that a new copy carries; None for somebody's first copy."""
        earlier = [i for i in self._folder.ledger.issues(member=issue.member) if i.state != "revoked"]
        back = {info.copy for infos in self._infos.values() for info in infos}
        while earlier and earlier[-1].round == issue.round and earlier[-1].copy not in back:
            earlier.pop()  # issued again before it came back: what is told is what the first one told
        if not earlier:
            return None
        last = earlier[-1]
        rounds = {i.copy: i.round for i in earlier}
        returned = self._returned(last, rounds)
        late = dict.fromkeys(rounds[s.copy] for s in returned if rounds[s.copy] != last.round)
        pairs = list(self._lines(returned, issue))
        lines = [line for _, line in pairs]
        counts = Counter(line.kind for line in lines)
        latest = {s.copy: s for s in reversed(returned)}
        counts["mended"] = sum(map(self._mended, latest.values()))
        is_back = issue.member in self._folder.readers or any(rounds[s.copy] == last.round for s in returned)
        named = {(line.table, line.rid, line.title) for line in lines if line.kind == "lost"}
        others = [o for o in self._others(last, issue) if (o.table, o.rid, o.title) not in named]
        told = sorted(
            self._by_row([pair for pair in pairs if pair[1].kind != "taken"], issue), key=lambda one: one.kind
        )
        came = any(self._infos.get(copy) for copy, name in rounds.items() if name == last.round)
        return Receipt(last.round, is_back, tuple(sorted(late)), dict(counts), tuple(told[:MOST_LINES]),
                       len(told), tuple(others[:MOST_OTHERS]), len(others), undone=came and not is_back)  # fmt: skip

    def _mended(self, submission: Submission) -> int:
        return int(self._folder.ledger.note(f"mended:{submission.copy}:{submission.version}") or 0)

    def _returned(self, last: IssueInfo, rounds: Mapping[str, str]) -> list[Submission]:
        """Every version that came back of this member's copies of that round, or late since, the latest first."""
        infos = [
            info
            for copy, name in rounds.items()
            for info in self._infos[copy]
            if name == last.round or (info.revision, info.received) >= (last.revision, last.at)  # one clock in each
        ]
        keys, counting = {(i.copy, i.version) for i in infos}, dict.fromkeys(i.round for i in infos)
        found = [s for name in counting for s in counted(self._folder, name, self._roads) if s.key in keys]
        return sorted(found, key=lambda s: (s.received, s.version), reverse=True)

    @cached_property
    def _infos(self) -> Mapping[str, list[SubmissionInfo]]:
        found: dict[str, list[SubmissionInfo]] = defaultdict(list)
        for info in self._folder.ledger.submission_infos():
            found[info.copy].append(info)
        return found

    def _buckets(self, submission: Submission) -> tuple[Bucket, ...]:
        name = self._round_of(submission)
        if name not in self._fates:
            folder = self._folder
            submissions = counted(folder, name, self._roads)
            outcome = outcome_of(folder, open_at(folder, name), submissions, folder.ledger.resolutions(name))
            self._fates[name] = dict(outcome.buckets)
        return self._fates[name][submission.key]

    def _round_of(self, submission: Submission) -> str:
        return next(i.round for i in self._infos[submission.copy] if i.version == submission.version)

    @cached_property
    def _closed(self) -> frozenset[str]:
        """Rounds that ask nobody any more."""
        return frozenset(info.name for info in self._folder.ledger.rounds() if info.state == "closed")

    # ── one's own edits ─────────────────────────────────────────────────────────────────────────────

    def _lines(self, returned: Sequence[Submission], issue: Issue) -> Iterator[tuple[Edit, ReceiptLine]]:
        """Tell of each place once, as the latest version that has an edit there left it."""
        for submission in reversed(returned):
            for edit in submission.edits:
                if edit.kind == "add":
                    self._typed[edit.table, edit.rid][edit.field] = edit.value
                    self._named[edit.rid] = _name_of(edit)
        told: set[tuple[str, str, str]] = set()
        for at, submission in enumerate(returned):
            is_followed = any(s.copy == submission.copy and follows(s, submission) for s in returned[:at])
            is_closed = self._round_of(submission) in self._closed
            for edit, bucket in zip(submission.edits, self._buckets(submission), strict=True):
                place = (edit.table, edit.rid, edit.field)
                if place not in told:
                    told.add(place)
                    line = self._one(edit, bucket, issue, is_dropped=is_followed and bucket == "superseded")
                    yield edit, self._unasked(edit, line, issue) if is_closed and line.kind == "waiting" else line

    def _unasked(self, edit: Edit, line: ReceiptLine, issue: Issue) -> ReceiptLine:
        """Tell of what a closed round left undecided: nobody asks about it any more."""
        if self._stands(edit):
            return replace(line, kind="taken", why=word("receipt.why.taken", issue.language))
        is_there = edit.kind == "add" or edit.rid in issue.rows(edit.table)
        why = "receipt.why.closed" if is_there else "receipt.why.closed_away"
        return replace(line, kind="lost", why=word(why, issue.language))

    def _by_row(self, pairs: Sequence[tuple[Edit, ReceiptLine]], issue: Issue) -> Iterator[ReceiptLine]:
        """Tell of a new row that did not come in, or waits, as one line; of everything else cell by cell."""
        rows: dict[tuple[str, ...], list[ReceiptLine]] = defaultdict(list)
        for edit, line in pairs:
            is_out = edit.kind == "add" and edit.rid not in self._tables[edit.table].by_rid
            place = (edit.table, edit.rid, *(() if is_out and line.kind != "refused" else (edit.field,)))
            rows[(*place, line.kind, line.why)].append(line)
        for lines in rows.values():
            said = join([f"{one.title} {one.yours}" for one in lines], issue.language)
            row = replace(lines[0], title=word("receipt.added", issue.language), yours=said)
            yield row if len(lines) > 1 else lines[0]

    def _one(self, edit: Edit, bucket: Bucket, issue: Issue, *, is_dropped: bool) -> ReceiptLine:
        kind = self._kind(edit, bucket)
        now, said = self._now(edit, issue), self._said(edit.table, edit.field, edit.value, issue)
        if edit.kind == "delete":
            said = word("receipt.deleted", issue.language)
            now = word("receipt.kept", issue.language) if edit.rid in self._tables[edit.table].by_rid else ""
        return ReceiptLine(
            kind,
            edit.table,
            edit.rid,
            self._label(edit.table, edit.rid, issue) or self._called(edit),
            self._title(edit.table, edit.field, issue),
            said,
            now,
            word("receipt.why.dropped", issue.language) if is_dropped else self._why(kind, edit, issue),
        )

    def _kind(self, edit: Edit, bucket: Bucket) -> str:
        if bucket == "rejected" and is_settled(edit, self._folder.schema, self._tables):
            return "taken" if self._stands(edit) else "lost"
        told = {"conflict": "waiting", "held": "waiting", "rejected": "refused", "superseded": "lost"}
        return told[bucket] if bucket in told else "taken" if self._stands(edit) else "lost"

    def _stands(self, edit: Edit) -> bool:
        """Whether what was applied is still there."""
        table = self._tables.get(edit.table)
        there = table is not None and edit.rid in table.by_rid
        if edit.kind == "delete" or table is None or not there:
            return there == (edit.kind != "delete")
        field = self._folder.schema.tables[edit.table].fields.get(edit.field)
        now = table.get(edit.rid, edit.field) if field is not None else None
        if field is None or holds(field, now, edit.value, edit.base) or _united(field, edit.value, now):
            return True
        return field.spec.merge == "sum_of_changes" and self._is_summed(edit)

    def _is_summed(self, edit: Edit) -> bool:
        """Whether what stands there now is what everybody's changes came to."""
        entry = self._last(edit.table, edit.rid, edit.field)
        return entry is not None and entry.cause == "policy"

    def _now(self, edit: Edit, issue: Issue) -> str:
        """What stands there now, as far as this member may see it."""
        grant, rows = issue.grant.get(edit.table), issue.base.get(edit.table)
        if grant is None or rows is None or edit.field not in grant.see or edit.rid not in rows.by_rid:
            return ""
        return self._said(edit.table, edit.field, rows.get(edit.rid, edit.field), issue)

    def _why(self, kind: str, edit: Edit, issue: Issue) -> str:
        language = issue.language
        if kind == "refused":
            code = edit.code or TYPE_CHANGED  # it was a claim, and its field does not take it any more
            return word(f"receipt.why.{_WHY.get(code, 'unreadable')}", language)
        if kind != "lost" or self._is_out(edit):
            return word(f"receipt.why.{kind if kind != 'lost' else 'moved'}", language)
        rows = issue.base.get(edit.table)
        if edit.kind == "add" and edit.rid not in self._tables[edit.table].by_rid:
            return self._decision(edit, language)
        if rows is None or edit.rid not in rows.by_rid:
            return word("receipt.why.gone", language)
        entry = self._last(edit.table, edit.rid, edit.field)
        if entry is None or entry.cause == "resolution":
            return self._decision(edit, language)
        key = "receipt.why.policy" if entry.cause == "policy" else "receipt.why.lost"
        return word(key, language, who=self._who(entry.members or (entry.actor,), language), at=entry.at[5:10])

    def _is_out(self, edit: Edit) -> bool:
        """Whether a field does not take any more what it never held, nor anybody had decided about before that."""
        definition = self._folder.schema.tables.get(edit.table)
        field = definition.fields.get(edit.field) if definition is not None else None
        is_other = isinstance(edit.value, Unreadable) and edit.code != TYPE_CHANGED  # it was never a value
        if field is None or is_other or takes(field, edit.value, edit.base):
            return False
        moved = max((one.number for one in self._revisions if one.kind == "migrate"), default=0)
        entries = self._folder.ledger.history(edit.table, edit.rid, self._folder.schema, edit.field)
        has_stood = any(holds(field, entry.new, edit.value, edit.base) for entry in entries)
        return not has_stood and all(r.revision is not None and r.revision >= moved for r in self._answers(edit))

    def _answers(self, edit: Edit) -> list[Resolution]:
        """Every answer about a cell, or its row."""
        definition, rows = self._folder.schema.tables[edit.table], self._tables[edit.table]
        row = dict(zip(rows.fields, rows.by_rid[edit.rid], strict=True)) if edit.rid in rows.by_rid else {}
        row = row or self._typed[edit.table, edit.rid]
        about = questions_about(definition, edit.rid, row)
        return [r for name, fields in about.items() if not fields or edit.field in fields for r in self._told[name]]

    def _decision(self, edit: Edit, language: Language) -> str:
        """By whom it was decided, and when; as far as that is known."""
        told = self._answers(edit)
        if not told:
            return word("receipt.why.decided", language)
        last = max(told, key=lambda answer: answer.at)
        key = "receipt.why.rule" if last.reason.startswith(PREFIX) else "receipt.why.decided_by"
        return word(key, language, who=self._folder.names.get(last.by, last.by), at=last.at[5:10])

    @cached_property
    def _told(self) -> Mapping[str, list[Resolution]]:
        """Every answer by its question."""
        found: dict[str, list[Resolution]] = defaultdict(list)
        for _, answer in self._folder.ledger.told():
            if answer.choice != WITHDRAWN:
                found[answer.question].append(answer)
        return found

    # ── what others did ─────────────────────────────────────────────────────────────────────────────

    def _others(self, last: IssueInfo, issue: Issue) -> Iterator[ReceiptLine]:
        """What others did in this member's rows since the last copy was issued, the latest first.

        A cell is told by who wrote it last and what was there before all of them, a row that came in as one line.
        """
        found: dict[tuple[str, str, str], tuple[Change, Sequence[str]]] = {}
        ended: set[tuple[str, str, str]] = set()
        before = self._folder.ledger.issue(last.copy, self._folder.schema)
        for revision in self._since(last.revision):
            for change in self._steps(revision.number):
                place = (change.table, change.rid, change.field)
                by = change.members or (revision.actor,)
                is_told = place in found or self._is_gone(change, before, issue) or self._is_shown(change, issue)
                if place in ended or not is_told:
                    continue
                typed = change.cause == "edit" and issue.member in by  # several may have typed the same
                if typed or by == (issue.member,):
                    ended.add(place)
                elif place in found:
                    found[place] = (found[place][0]._replace(old=change.old), found[place][1])
                else:
                    found[place] = (change, by)
        for change, who in found.values():
            if before is not None and self._is_gone(change, before, issue):
                yield self._deleted(change, before, issue, who)
            else:
                was_shown = before is not None and change.rid in before.rows(change.table)
                if not (was_shown and change.kind == "cell" and self._is_back(change)):
                    yield self._line(change, issue, who, was_shown=was_shown)

    def _is_back(self, change: Change) -> bool:
        """Whether a cell came back to what it was."""
        definition = self._folder.schema.tables.get(change.table)
        known = definition.fields.get(change.field) if definition is not None else None
        return known is not None and same(known, change.old, change.new)

    def _steps(self, number: int) -> Iterator[Change]:
        """The rows that one revision brought, and the cells that it changed in others, the last first."""
        changes = self._changes(number)
        added = {(c.table, c.rid) for c in changes if c.kind == "add"}
        for change in reversed(changes):
            if change.kind != "cell" or (change.table, change.rid) not in added:
                yield change

    def _is_gone(self, change: Change, before: Issue | None, issue: Issue) -> bool:
        """Whether a row that the last copy showed is no more; one that is only somebody else's now still is."""
        if change.kind != "delete" or before is None or change.table not in self._tables:
            return False
        if change.rid not in before.rows(change.table):
            return False
        return change.rid not in self._tables[change.table].by_rid and change.rid not in issue.rows(change.table)

    def _deleted(self, change: Change, before: Issue, issue: Issue, by: Sequence[str]) -> ReceiptLine:
        """The line for a row that is gone, by the name that the member's own last copy gave it."""
        base = before.base[change.table]
        row = dict(zip(base.fields, base.by_rid[change.rid], strict=True))
        label = row_label(self._folder.schema.tables[change.table], row, before.labels, change.rid).partition("/")[2]
        gone = word("receipt.deleted_row", issue.language)
        return ReceiptLine("theirs", change.table, change.rid, label, "", "", gone, self._who(by, issue.language))

    def _is_shown(self, change: Change, issue: Issue) -> bool:
        """Whether the copy shows the row, and the cell as this change left it."""
        rows = issue.rows(change.table)
        if change.kind != "cell" or change.rid not in rows:
            return change.kind == "add" and change.rid in rows
        see = issue.grant[change.table].see
        return change.field in see and rows[change.rid][see.index(change.field)] == change.new

    def _line(self, change: Change, issue: Issue, by: Sequence[str], *, was_shown: bool) -> ReceiptLine:
        said = [self._said(change.table, change.field, value, issue) for value in (change.old, change.new)]
        old, new = said if change.kind == "cell" else ("", word("receipt.added", issue.language))
        return ReceiptLine(
            "theirs",
            change.table,
            change.rid,
            self._label(change.table, change.rid, issue),
            self._title(change.table, change.field, issue),
            old if was_shown else "",  # else it was not this member's row then
            new,
            self._who(by, issue.language),
        )

    @cached_property
    def _revisions(self) -> list[Revision]:
        return self._folder.ledger.revisions()

    def _since(self, number: int) -> list[Revision]:
        """The revisions after one, the latest first."""
        return [revision for revision in reversed(self._revisions) if revision.number > number]

    def _changes(self, number: int) -> list[Change]:
        if number not in self._changed:
            self._changed[number] = self._folder.ledger.changes(number, self._folder.schema)
        return self._changed[number]

    def _last(self, table: str, rid: str, field: str) -> HistoryEntry | None:
        entries = self._folder.ledger.history(table, rid, self._folder.schema, field) if field else []
        return entries[-1] if entries else None

    def _who(self, members: Sequence[str], language: Language) -> str:
        names: Mapping[str, str] = self._folder.names
        return in_a_row((names.get(m, m) for m in members), language)

    def _title(self, table: str, field: str, issue: Issue) -> str:
        definition = self._folder.schema.tables.get(table)
        known = definition.fields.get(field) if definition is not None else None
        return known.spec.title[issue.language] if known is not None else self._labels.title(table, field)

    def _said(self, table: str, field: str, value: Value, issue: Issue) -> str:
        """A value in words; a row that this copy does not name is not named here either."""
        if isinstance(value, Unreadable):
            return value.raw
        if value is None or not field:
            return ""
        definition = self._folder.schema.tables.get(table)
        target = definition.refs.get(field) if definition is not None else None
        if target is not None:
            return issue.labels.get(target, {}).get(str(value), "") or self._named.get(str(value), "")
        return self._labels.value(table, field, value)

    def _called(self, edit: Edit) -> str:
        """The name of a new row, which may hold that of another new one."""
        name = _name_of(edit)
        for rid in self._named if name else ():
            name = name.replace(rid, self._named[rid] or rid)
        return name

    def _label(self, table: str, rid: str, issue: Issue) -> str:
        """The name of a row that this copy shows."""
        rows = issue.base.get(table)
        seen = self._labels.within(issue.grant)
        return seen.text(table, rid) if rows is not None and rid in rows.by_rid else ""


def _name_of(edit: Edit) -> str:
    """The name of a row as its member typed it; empty where it has none."""
    name = edit.where.label.partition("/")[2]
    return "" if name == edit.rid else name


def _united(field: Field, yours: Value, now: Value) -> bool:
    """Tell whether what was put together with what others wrote holds one's own as well."""
    if field.spec.merge not in ("union", "append"):
        return False
    if isinstance(now, tuple) and isinstance(yours, tuple):
        return set(yours) <= set(now)
    return isinstance(now, str) and isinstance(yours, str) and yours in now
