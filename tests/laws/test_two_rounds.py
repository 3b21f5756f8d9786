"""Two rounds that are open at once, through the ledger: what the last word left stays, whatever is merged again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import law_world as lw
from hypothesis import given, settings
from hypothesis import strategies as st
from law_world import Copy, World, make_world
from ledger_world import MOST, ROUND, TEAM, fill, folder_at, take

from custsheet.errors import CallError
from custsheet.merging import find_edits
from custsheet.model import Outcome, Submission
from custsheet.workspace import merging
from custsheet.workspace.editing import set_value
from custsheet.workspace.folder import Folder
from custsheet.workspace.past import counting
from custsheet.workspace.replaying import differing
from custsheet.workspace.status import close_round, reopen_round
from custsheet.workspace.undoing import KINDS, undo
from custsheet.workspace.waits import UNDONE_BY

NEXT = "2026-W48"


@dataclass
class Weeks:
    """One sample week and the next, issued while the first is still open."""

    root: Path
    world: World
    rnd: Random
    minutes: int = 0
    waiting: list[Submission] = field(default_factory=list)
    issued: list[Copy] = field(default_factory=list)
    word: set[tuple[str, str, str]] = field(default_factory=set)
    """The cells that the last act wrote by hand."""
    is_merged: bool = False
    """Whether the last act merged every open week itself."""
    done: list[str] = field(default_factory=list)
    """What happened, for whoever reads a failure."""

    def __post_init__(self) -> None:
        fill(self.root, self.world)
        self.waiting = self.world.submissions()
        self.rnd.shuffle(self.waiting)

    def run(self, act: Callable[[Folder], str]) -> None:
        self.minutes += 1
        folder = folder_at(self.root, self.minutes)
        try:
            self.done.append(act(folder))
        finally:
            folder.close()

    # ── what people do ──────────────────────────────────────────────────────────────────────────────

    def first_week(self, folder: Folder) -> str:
        """Some copies of the first week come in."""
        some, self.waiting = self.waiting[:2], self.waiting[2:]
        return self._take(folder, ROUND, some)

    def second_week(self, folder: Folder) -> str:
        """The next week is issued, once; then somebody returns a copy of it."""
        if not self.issued:
            self._issue(folder)
        copy = self.rnd.choice(self.issued)
        typed = lw._type(self.rnd, copy.issue, {})
        version = 1 + sum(s.copy == copy.issue.copy for s in folder.ledger.submissions(NEXT))
        back = lw.returned(copy.issue, typed, digest=str(version))
        submission, _ = find_edits(back, copy.issue, lw.schema(), version=version)
        return self._take(folder, NEXT, [submission])

    def _issue(self, folder: Folder) -> None:
        tables, number = folder.ledger.tables(folder.schema), folder.ledger.revision()
        with folder.ledger.write(actor="e-boss", kind="generate", now=folder.now) as tx:
            tx.open_round(NEXT, number)
            for member in self.rnd.sample(TEAM.members, 2):
                issue = replace(lw.make_issue(TEAM, member, tables, 9), round=NEXT, revision=number)
                tx.add_issue(issue, folder.schema)
                self.issued.append(Copy(issue, lw.returned(issue, {}), 1))

    def _take(self, folder: Folder, name: str, submissions: list[Submission]) -> str:
        take(folder, name, submissions)
        merging.merge(folder)
        return f"{name} takes {[s.key for s in submissions]}"

    def answer(self, folder: Folder) -> str:
        """Somebody answers one of the questions of a round by one of its choices."""
        asked = [(name, q) for name in open_rounds(folder) for q in outcome(folder, name).questions if q.choices]
        if not asked:
            return "nothing is asked"
        name, question = self.rnd.choice(asked)
        choice = self.rnd.choice([c for c in question.choices if c != "value"])
        with folder.ledger.write(actor="e-boss", kind="merge", now=folder.now) as tx:
            tx.add_resolution(question.answered(choice, by="e-boss", at=folder.now), name)
        merging.merge(folder)
        return f"{name} {question.code} {question.rid} {question.field}: {choice}"

    def set(self, folder: Folder) -> str:
        """The manager writes into a cell."""
        rows = folder.ledger.tables(folder.schema)["customers"]
        if not rows.rids:
            return "no row is left"
        rid, name = self.rnd.choice(rows.rids), self.rnd.choice(("plan", "size", "grade", "tags", "owner"))
        known = folder.schema.tables["customers"].fields[name]
        value = self.rnd.choice(lw.POOLS[name] if name in lw.POOLS else [m.id for m in TEAM.members])
        text = value if name == "owner" else known.text(value, language="zh")
        try:
            set_value(folder, f"customers/{rid}", name, str(text))
        except CallError as no:
            return f"{no}"
        self.word = {("customers", rid, name)}
        return f"set {rid} {name} {text}"

    def undo(self, folder: Folder) -> str:
        """One of the last revisions is taken back; an undo among them, and that is to do it again."""
        revisions = [r for r in folder.ledger.revisions() if r.kind in KINDS and r.number > 2]
        left = [r for r in revisions if not folder.ledger.note(f"{UNDONE_BY}{r.number}")][:4]
        if not left:
            return "nothing to undo"
        number = self.rnd.choice(left).number
        try:
            undo(folder, number)
        except CallError as no:
            if no.code != "NOT_UNDOABLE_MERGE":
                raise
            return f"{no}"
        self.is_merged = True
        return f"undo r{number}"

    def close(self, folder: Folder) -> str:
        """The first week is closed, or opened again; not where what was undone meanwhile would be asked about."""
        is_open = folder.ledger.round(ROUND).state == "open"
        if is_open and not self.issued:
            return "the only week stays open"
        if not is_open and any(r.kind == "undo" and "round" not in r.summary for r in folder.ledger.revisions()):
            return "it stays closed"
        (close_round if is_open else reopen_round)(folder, ROUND)
        return "closed" if is_open else "open again"

    # ── what has to hold ────────────────────────────────────────────────────────────────────────────

    def rests(self, folder: Folder) -> str:
        """The next merge leaves alone what was written by hand, the one after it everything; refs lead somewhere.

        The next may well take what had waited for just that: a rule that is kept by now. An undo has merged.
        """
        settled = merging.merge(folder).changes
        changed = [c for c in settled if self.is_merged or (c.table, c.rid, c.field) in self.word]
        assert changed == [], self.done
        self.is_merged = False
        for info in folder.ledger.rounds():
            keys, submissions = counting(folder, info.name), folder.ledger.submissions(info.name)
            differs = list(differing(folder, info.name, [s for s in submissions if s.key in keys]))
            assert differs == [], (info.name, self.done)
        again = merging.merge(folder, dry_run=True)
        assert [(c.kind, c.table, c.rid, c.field, c.old, c.new) for c in again.changes] == [], self.done
        self.word = set()
        tables, gone = folder.ledger.tables(folder.schema), folder.ledger.gone(folder.schema)
        known = {*tables["customers"].rids, *gone["customers"].rids, None}
        for name in ("log", "deals"):
            assert set(tables[name].column("customer")) <= known, (name, self.done)
        return ""


def open_rounds(folder: Folder) -> list[str]:
    return [info.name for info in folder.ledger.open_rounds()]


def outcome(folder: Folder, name: str) -> Outcome:
    """What a round comes to."""
    submissions = folder.ledger.submissions(name, states=("merged",))
    given = folder.ledger.resolutions(name)
    return merging.outcome_of(folder, merging.open_at(folder, name), submissions, given)


def test_law_27_what_is_merged_again_rests(template: Path) -> None:
    """Copies of two weeks, answers, a manager's own words, undo and redo in any order: no merge goes back on it."""

    @settings(max_examples=min(MOST, settings().max_examples // 4))  # each takes a whole workspace
    @given(st.integers(0, 2**32), st.integers(0, 2**16))
    def holds(seed: int, choice: int) -> None:
        rnd = Random(choice)
        with tempfile.TemporaryDirectory() as place:
            root = Path(place) / "team"
            shutil.copytree(template, root)
            weeks = Weeks(root, make_world(Random(seed)), rnd)
            acts = (weeks.first_week, weeks.second_week, weeks.second_week, weeks.answer, weeks.answer, weeks.set)
            weeks.run(weeks.first_week)
            for _ in range(rnd.randint(2, 5)):
                weeks.run(rnd.choice((*acts, weeks.undo, weeks.undo, weeks.close)))
                weeks.run(weeks.rests)

    holds()
