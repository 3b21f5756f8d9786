"""The rows with which a round's merge starts: as the round opened, and every later act that the round did not bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from custsheet.ledger.codec import team_text, text_digest
from custsheet.ledger.records import Revision
from custsheet.merging import core as merging
from custsheet.merging.cells import cell_question, together
from custsheet.merging.logged import logged_fields
from custsheet.merging.questions import WITHDRAWN, question_id
from custsheet.merging.state import HANDED, Stood, Then
from custsheet.model import Change, Edit, Outcome, Resolution, Submission, Table, Tables, Unreadable, Value
from custsheet.schema.evolution import TYPE_CHANGED
from custsheet.schema.records import Schema
from custsheet.workspace.acts import Acts, Decision, Place, is_own
from custsheet.workspace.folder import Folder

JUDGED = "judged:"
"""Begins the name of the note that says of a submission by which schema and team it was judged when it came in."""
CAME = "_came"
"""Fact of a revision: copy and version of each submission that came into another round by the same run."""
MERGED = "merged:"
"""Begins the name of the note that says of a round as of which revision, and by whose policies, it was merged last."""


@dataclass(frozen=True)
class Opening:
    """A round's opening, the rows deleted in it, and where other acts overruled what members had claimed."""

    rows: Tables
    gone: Tables
    decided: tuple[Decision, ...]
    taken: Mapping[tuple[str, int], int]
    """Submission key → revision after which it was taken in."""
    stood: tuple[Stood, ...] = ()
    """What logged fields held when another act changed one of them."""
    brought: Mapping[tuple[str, str], Mapping[str, Value]] = field(default_factory=dict)
    """Rows that the round added itself and that count as given now, as they came in."""
    policies: tuple[Schema, ...] = ()
    """By whose policies the round was merged, in order; those of now at the end, but for a closed round."""
    left: Mapping[Place, Value] = field(default_factory=dict)
    """What a change of schema could not read in rows that the round added itself: it stands there as it was typed."""

    def amending(self, submissions: Sequence[Submission]) -> list[Submission]:
        """Return the submissions in which a new row that counts as given is amended cell by cell, from how it came.

        What stands in a new row as it was typed, since the schema changed, is no news either.
        """
        return list(map(self._amending, submissions)) if self.brought or self.left else list(submissions)

    def _amending(self, submission: Submission) -> Submission:
        def amended(edit: Edit) -> Edit:
            if edit.code == TYPE_CHANGED and edit.value == self.left.get((edit.table, edit.rid, edit.field)):
                return edit._replace(code="")
            row = self.brought.get((edit.table, edit.rid)) if edit.kind == "add" and edit.value is not None else None
            if row is None or edit.field not in row or row[edit.field] == edit.value:
                return edit
            return edit._replace(kind="cell", base=row[edit.field])

        return replace(submission, edits=tuple(map(amended, submission.edits)))

    def heeding(self, resolutions: Sequence[Resolution]) -> Opening:
        """Return the opening in which an edit of another round that went on from an answer is the later word.

        It settles what the answer was about, and the answer; one that went on from a mere claim settles that claim.
        """
        held = {(r.question, r.digest): r for r in resolutions}  # the last word to each
        told: dict[Place, list[tuple[Value, Resolution]]] = {}
        for answer in held.values() if self.decided else ():
            for table, rid, name, value in answer.cells if answer.choice != WITHDRAWN else ():
                told.setdefault((table, rid, name), []).append((value, answer))

        def goes_on(one: Decision) -> bool:
            return any(value == one.old and _is_older(r, one.revision) for value, r in told.get(one.place, ()))

        decided = (replace(o, over="claims") if o.over == "value" and goes_on(o) else o for o in self.decided)
        return replace(self, decided=tuple(decided)) if told else self

    def overruled(self, submissions: Sequence[Submission], schema: Schema) -> dict[Place, frozenset[tuple[str, int]]]:
        """Return the claims that a manager's own edit has settled: those merged before it, in later versions too.

        Under the field `HANDED` stand those that were merged before a row went to somebody else.
        """
        places = {one.place for one in self.decided if one.over != "answers"}
        claims: dict[Place, list[tuple[Submission, Value]]] = {}
        for submission in submissions if places else ():
            for edit in submission.edits:
                if (place := (edit.table, edit.rid, edit.field)) in places:
                    claims.setdefault(place, []).append((submission, edit.value))
        taken = [(s.key, self.taken[s.key]) for s in submissions if s.key in self.taken]
        before = {
            number: frozenset(key for key, at in taken if at < number) - _came_with(revision)
            for number, revision in {one.revision.number: one.revision for one in self.decided}.items()
        }
        found: dict[Place, frozenset[tuple[str, int]]] = {}
        for one in self.decided:
            if one.over == "answers":
                continue
            then, mine = before[one.revision.number], claims.get(one.place, ())
            known = {(s.copy, value) for s, value in mine if s.key in then and one.over_rules(value)}
            again = frozenset(s.key for s, value in mine if (s.copy, value) in known)
            if not one.place[2]:  # about the row itself: a copy that lacked it lacks it in its next version too
                lacking = {s.copy for s in submissions if s.key in then and one.place[:2] in s.missing}
                again |= {s.key for s in submissions if s.copy in lacking and one.place[:2] in s.missing}
            keys = then | again if one.over == "claims" else again
            found[one.place] = found[one.place] | keys if one.place in found else keys
            table, rid, name = one.place
            if name and name in (schema.tables[table].owner, schema.tables[table].helpers):
                found[table, rid, HANDED] = found.get((table, rid, HANDED), frozenset()) | then
        return found

    def standing(self, resolutions: Sequence[Resolution], schema: Schema) -> Sequence[Resolution]:
        """Return the answers without those about what somebody settled since: the later word counts."""
        settling = [one for one in self.decided if one.over != "value"] if resolutions else []
        cells = {one.place: one.revision for one in settling if one.place[2]}
        lives = {one.place[:2]: one.revision for one in settling}
        questions = {
            cell_question(table, rid, together(schema.tables[table], name)): revision
            for (table, rid, name), revision in cells.items()
        }
        rows = {question_id(f, *row): at for row, at in lives.items() for f in ("delete", "missing", "gone")}
        return [answer for answer in resolutions if not _is_settled(answer, cells, rows, questions)]


def _came_with(revision: Revision) -> frozenset[tuple[str, int]]:
    """Return the submissions of other rounds that came by the same run: who decided has not seen them."""
    return frozenset(
        (str(copy), int(version)) for copy, version in cast("list[list[str]]", revision.summary.get(CAME, []))
    )


def _is_settled(
    answer: Resolution,
    cells: Mapping[Place, Revision],
    rows: Mapping[str, Revision],
    questions: Mapping[str, Revision],
) -> bool:
    """Tell whether a later act settled what an answer is about; who changes a row does not want it deleted."""
    since = [questions.get(answer.question), *(cells.get(cell[:3]) for cell in answer.cells)]
    since += [rows.get(answer.question)] if answer.choice == "delete" else []
    return any(revision is not None and _is_older(answer, revision) for revision in since)


def outcome_of(
    folder: Folder,
    opening: Opening,
    submissions: Sequence[Submission],
    resolutions: Sequence[Resolution],
    *,
    today: dt.date | None = None,
) -> Outcome:
    """Merge a round from its opening: whoever asks what became of it works it out in this one way."""
    opening = _with_issued(folder, opening, submissions).heeding(resolutions)
    submissions = opening.amending(submissions)
    return merging.merge(
        opening.rows,
        submissions,
        folder.schema,
        team=folder.team,
        resolutions=opening.standing(resolutions, folder.schema),
        overruled=opening.overruled(submissions, folder.schema),
        today=today or folder.today,
        gone=opening.gone,
        stood=(*opening.stood, *_standing(opening, folder.schema)),
        then=_judged(folder, submissions),
        policies=opening.policies,
    )


def judged_note(folder: Folder) -> str:
    """Return what is remembered of a submission that comes in: by which schema and team it is judged."""
    return f"{folder.schema.digest} {text_digest(team_text(folder.team))}"


def _judged(folder: Folder, submissions: Sequence[Submission]) -> dict[tuple[str, int], Then]:
    """Return by what submissions were judged when they came in, for those that were by something else than now."""
    told, now = folder.ledger.notes(JUDGED), judged_note(folder)
    found: dict[tuple[str, int], Then] = {}
    known: dict[str, Then | None] = {now: None}
    for submission in submissions:
        said = told.get(f"{JUDGED}{submission.copy}:{submission.version}", now)
        if said not in known:
            schema, _, team = said.partition(" ")
            stored = folder.ledger.stored(schema, team)
            known[said] = Then(*stored) if stored is not None else None
        if (then := known[said]) is not None:
            found[submission.key] = then
    return found


def _standing(opening: Opening, schema: Schema) -> Iterator[Stood]:
    """Yield what logged fields hold in the rows of which another act settled one: it may be what was typed as well."""
    places = {one.place for one in opening.decided if one.over != "answers"}
    for table, rid in sorted({(table, rid) for table, rid, name in places if name in logged_fields(schema, table)}):
        rows = opening.rows.get(table)
        if rows is not None and rid in rows.by_rid:
            yield Stood(table, rid, {name: rows.get(rid, name) for name in logged_fields(schema, table)})


def _with_issued(folder: Folder, opening: Opening, submissions: Sequence[Submission]) -> Opening:
    """Count rows as given that the round added itself and then issued: a later copy has them, and edits or lacks them.

    They are given as that copy had them, and what they are made of settles what they were made from; of several copies
    the first counts.
    """
    wanted: dict[tuple[str, str], set[str]] = {}
    for submission in submissions:
        edited = [(e.table, e.rid) for e in submission.edits if e.kind != "add"]
        for table, rid in dict.fromkeys((*edited, *submission.missing)):
            known = (tables.get(table) for tables in (opening.rows, opening.gone))
            if not any(rows is not None and rid in rows.by_rid for rows in known):
                wanted.setdefault((table, rid), set()).add(submission.copy)
    if not wanted:
        return opening
    issued = {info.copy: info.revision for info in folder.ledger.issues()}
    revisions = {revision.number: revision for revision in folder.ledger.revisions()}
    made, brought = list[Decision](), dict(opening.brought)
    rows = {name: dict(table.items()) for name, table in opening.rows.items()}
    for (table, rid), copies in wanted.items():
        first = min((issued[copy] for copy in copies if copy in issued), default=0)
        then = folder.ledger.tables(folder.schema, first).get(table)
        if then is not None and rid in then.by_rid and table in rows:
            row = rows[table][rid] = then.by_rid[rid]
            cells = list(zip(then.fields, row, strict=True))
            brought.setdefault((table, rid), dict(cells))
            made += [Decision((table, rid, name), revisions[first], "value", value) for name, value in cells]
    return replace(opening, rows=_tables(rows, folder.schema), decided=(*opening.decided, *made), brought=brought)


def _tables(rows: Mapping[str, Mapping[str, tuple[Value, ...]]], schema: Schema) -> dict[str, Table]:
    return {
        table: Table(table, tuple(schema.tables[table].fields), tuple(found), tuple(found.values()))
        for table, found in rows.items()
    }


def open_at(folder: Folder, name: str, *, until: int | None = None) -> Opening:
    """Work a round's opening out from history; with `until` what was done after that revision plays no part."""
    ledger, schema = folder.ledger, folder.schema
    info = ledger.round(name)
    end = ledger.revision() if until is None else until
    start = min(info.opening_revision, end)  # what the round's own merges added and took back was never there
    rows = {table: dict(t.items()) for table, t in ledger.tables(schema, start).items()}
    gone: dict[str, dict[str, tuple[Value, ...]]] = {
        table: dict(t.items()) for table, t in ledger.gone(schema, start).items()
    }
    decided: list[Decision] = []
    stood: list[Stood] = []
    own: dict[str, dict[str, tuple[Value, ...]]] = {}
    own_gone = {table: dict(found) for table, found in gone.items()}  # what the round brings back may be of these
    brought: dict[tuple[str, str], Mapping[str, Value]] = {}
    left: dict[Place, Value] = {}

    def adopt(table: str, rid: str) -> None:
        """Count a row that the round itself brought as given, once somebody else has changed it, or refers to it."""
        row = own.get(table, {}).pop(rid, None)
        if row is not None:
            rows.setdefault(table, {}).setdefault(rid, row)
            brought[table, rid] = dict(zip(schema.tables[table].fields, row, strict=True))

    acts = Acts(folder, name, start, end)
    for revision in acts.revisions:
        if is_own(revision, name):
            _bring(own, own_gone, acts.changes(revision), schema)
            continue
        if revision.kind == "migrate":
            now = ledger.tables(schema, revision.number)
            _lay_over(rows, now)
            left |= _left(own, now)
        for change in acts.lasting(revision):
            if change.kind != "add":
                adopt(change.table, change.rid)
            _apply(rows, gone, change, schema)
            if change.kind == "add" and not any(rows[change.table][change.rid]):
                rows[change.table][change.rid] = acts.row(revision, change) or rows[change.table][change.rid]
            for target in _referred(rows, change, schema):
                adopt(*target)
            decision = acts.decision(revision, change)
            if decision is not None:
                decided.append(decision)
                stood += acts.stood(decision)
                for other, value in (*acts.others(decision), *acts.handed(decision, change)):
                    decided.append(other)
                    _apply(rows, {}, Change(*other.place, None, value), schema)
    taken = {(i.copy, i.version): i.revision for i in ledger.submission_infos(name)}
    policies = _policies(folder, name, is_now=info.state == "open" and until is None)
    return Opening(
        _tables(rows, schema), _tables(gone, schema), tuple(decided), taken, tuple(stood), brought, policies, left
    )


def merged_note(revision: int, policies: Sequence[Schema]) -> str:
    """Return what is remembered of a round's last merge: as of which revision; by whose policies, earlier ones too."""
    return " ".join([str(revision), *(schema.digest for schema in policies)])


def _policies(folder: Folder, name: str, *, is_now: bool) -> tuple[Schema, ...]:
    told = folder.ledger.note(f"{MERGED}{name}").split()[1:]
    known = tuple(folder.ledger.schema_by(digest) for digest in told if folder.ledger.has_schema(digest))
    return (*known, folder.schema) if is_now and told[-1:] != [folder.schema.digest] else known


def _is_older(answer: Resolution, revision: Revision) -> bool:
    """Tell whether an answer was taken in before a revision; one that is not kept yet is the latest word."""
    if not answer.number:
        return False
    if answer.revision is None:  # kept by an earlier custsheet
        return answer.at <= revision.at
    return answer.revision < revision.number


def _lay_over(rows, now: Tables) -> None:  # type: ignore[no-untyped-def]  # nested dictionaries of rows
    """Take over what a change of schema could not read: it stays as it was typed, whatever came in by whom."""
    for name, table in now.items():
        for rid, row in table.items():
            before = rows.get(name, {}).get(rid)
            if before is not None and any(_is_left(value) for value in row):
                rows[name][rid] = tuple(new if _is_left(new) else old for old, new in zip(before, row, strict=True))


def _left(own: Mapping[str, Mapping[str, object]], now: Tables) -> dict[Place, Value]:
    """Return the same of rows that the round brought itself: cell → what stands there."""
    found: dict[Place, Value] = {}
    for name, rids in own.items():
        table = now[name]
        rows = ((rid, table.by_rid[rid]) for rid in rids if rid in table.by_rid)
        found |= {(name, rid, f): v for rid, row in rows for f, v in zip(table.fields, row, strict=True) if _is_left(v)}
    return found


def _is_left(value: Value) -> bool:
    return isinstance(value, Unreadable) and value.code == TYPE_CHANGED


def _bring(own, gone, changes: Iterable[Change], schema: Schema) -> None:  # type: ignore[no-untyped-def]
    """Follow the rows that the round itself adds."""
    for change in changes:
        if change.kind == "add" or change.rid in own.get(change.table, ()):
            _apply(own, gone, change, schema)


def _referred(rows, change: Change, schema: Schema) -> Iterator[tuple[str, str]]:  # type: ignore[no-untyped-def]
    """Yield the rows to which a change refers."""
    definition = schema.tables[change.table]
    if change.kind == "cell":
        named = {change.field: change.new}
    elif change.kind == "add":
        named = dict(zip(definition.fields, rows[change.table][change.rid], strict=True))
    else:
        return
    for name, target in definition.refs.items():
        if isinstance(value := named.get(name), str):
            yield target, value


def _apply(rows, gone, change: Change, schema) -> None:  # type: ignore[no-untyped-def]  # nested dictionaries of rows
    fields = tuple(schema.tables[change.table].fields)
    table = rows.setdefault(change.table, {})
    if change.kind == "add":
        buried = gone.get(change.table, {}).pop(change.rid, None)
        table[change.rid] = buried or table.get(change.rid) or (None,) * len(fields)
    elif change.kind == "delete":
        row = table.pop(change.rid, None)
        if row is not None:
            gone.setdefault(change.table, {})[change.rid] = row
    elif change.rid in table:
        row = list(table[change.rid])
        row[fields.index(change.field)] = change.new
        table[change.rid] = tuple(row)
