"""What a round came to when it was merged last, whatever was done since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from custsheet.model import Edit, Outcome, Submission
from custsheet.schema.records import Schema
from custsheet.workspace.acts import is_own
from custsheet.workspace.evolving import COUNTED, Roads, carried
from custsheet.workspace.folder import Folder
from custsheet.workspace.opening import MERGED, open_at, outcome_of
from custsheet.workspace.waits import undone_by


def last_merged(folder: Folder, name: str) -> int:
    """Return the revision as of which a round was merged last; what was done since, its next merge will look at."""
    ledger = folder.ledger
    info, told = ledger.round(name), ledger.note(f"{MERGED}{name}")
    if not told and info.state == "open":  # by an earlier custsheet
        return ledger.revision()
    own = [r.number for r in ledger.revisions() if is_own(r, name)]
    return max(int((told or "0").split()[0]), info.opening_revision, *own)


def counting(folder: Folder, name: str, until: int | None = None) -> frozenset[tuple[str, int]]:
    """Return the submissions that counted after a revision, as a rule that of a round's last merge.

    An undo since may have moved some.
    """
    until, infos = last_merged(folder, name) if until is None else until, folder.ledger.submission_infos(name)
    states = {(i.copy, i.version): i.state for i in infos if i.revision <= until}
    for revision in reversed([r for r in folder.ledger.revisions() if r.number > until and r.kind == "undo"]):
        done = undone_by(folder, revision.number)
        before = "revoked" if done.get("state") == "merged" else "merged"
        states.update({(copy, version): before for copy, version in done.get("moved", []) if (copy, version) in states})
    return frozenset(key for key, state in states.items() if state in COUNTED)


def outcome_then(folder: Folder, name: str, submissions: Sequence[Submission], until: int | None = None) -> Outcome:
    """Merge a round anew from these submissions as of a revision, as a rule that of its last merge."""
    until = last_merged(folder, name) if until is None else until
    told = (a for where, a in folder.ledger.told() if where == name and (a.revision is None or a.revision <= until))
    answers = {(a.question, a.digest): a for a in told}  # the last word to each
    return outcome_of(folder, open_at(folder, name, until=until), submissions, [*answers.values()])


@dataclass(frozen=True)
class Before:
    """What a late copy goes on from: its last version, without new rows that never came in.

    `aliases` names new rows of it that are in the ledger under another one's id.
    """

    submission: Submission
    aliases: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def heard(self, late: Submission, schema: Schema) -> Submission:
        """Return the late copy as it is meant.

        What it says of a row that is in the ledger under another id, or refers to it, is said of that one; a cell whose
        last value was rejected goes on from what had been there.
        """
        rejected = {(e.table, e.rid, e.field): e.base for e in self.submission.edits if e.code.startswith("R_")}

        def meant(edit: Edit) -> Edit:
            base = rejected.get((edit.table, edit.rid, edit.field), edit.base) if edit.kind == "cell" else edit.base
            target = schema.tables[edit.table].refs.get(edit.field, "") if edit.table in schema.tables else ""
            value = self._stays(target, edit.value) if isinstance(edit.value, str) and target else edit.value
            return edit._replace(rid=self._stays(edit.table, edit.rid), base=base, value=value)

        edits = map(meant, late.edits) if rejected or self.aliases else late.edits
        return replace(late, edits=tuple(e for e in edits if e.kind != "cell" or e.base != e.value))

    def _stays(self, table: str, rid: str) -> str:
        while (table, rid) in self.aliases:
            rid = self.aliases[table, rid]
        return rid


def came_to(folder: Folder, name: str, until: int) -> Outcome:
    """Return what a round came to as of a revision."""
    keys, roads = counting(folder, name, until), Roads(folder.ledger, folder.schema)
    stored = [s for s in folder.ledger.submissions(name, states=()) if s.key in keys]
    return outcome_then(folder, name, [carried(s, roads.of(s.copy)) for s in stored], until)


def brings_rows(submission: Submission) -> bool:
    """Tell whether a submission has new rows."""
    return any(edit.kind == "add" for edit in submission.edits)


def gone_on_from(last: Submission, outcome: Outcome) -> Before:
    """Return from what a late version goes on; `last` is the version that counts in the outcome of its closed round."""
    told = zip(last.edits, outcome.buckets.get(last.key, ()), strict=False)
    waiting = {(e.table, e.rid) for e, bucket in told if e.kind == "add" and bucket in ("held", "conflict")}
    kept = tuple(edit for edit in last.edits if (edit.table, edit.rid) not in waiting)
    return Before(replace(last, edits=kept), outcome.aliases)
