"""The merge of a round: take files and answers in, recompute the round, write what differs as one revision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from custsheet.errors import CallError, CustsheetError, LedgerError
from custsheet.ledger.files import FileStore
from custsheet.ledger.transaction import Transaction
from custsheet.merging import difference
from custsheet.merging.questions import WITHDRAWN
from custsheet.merging.standing import PREFIX, answer_by_rule, in_force
from custsheet.model import NOWHERE, Change, Finding, Outcome, Question, Resolution, Standing, Submission, Tables
from custsheet.schema.evolution import TYPE_CHANGED
from custsheet.schema.labels import Labels
from custsheet.text import join
from custsheet.workspace import senders
from custsheet.workspace.agreement import DISPUTED
from custsheet.workspace.answering import AnswerFiles, Taken, Told, is_answers, open_names, write_questions
from custsheet.workspace.asides import Aside, differences, leftovers
from custsheet.workspace.evolving import submissions as counted
from custsheet.workspace.folder import Folder, following
from custsheet.workspace.keeping import backup_path, tidy
from custsheet.workspace.opening import CAME, JUDGED, MERGED, Opening, judged_note, merged_note, open_at, outcome_of
from custsheet.workspace.outcomes import files_of, named, with_proposed
from custsheet.workspace.painted import Offers, Painted
from custsheet.workspace.receive import Receiver, inbox_files
from custsheet.workspace.received import Received
from custsheet.workspace.waits import Waits

QUESTIONS = "questions.xlsx"
TRIES = 5
ABOUT_CELLS = frozenset({"H_CELL", "H_STALE", "H_DIVERGED"})
"""Questions of which what one round decides and what another one does are two values of one cell."""
PASSES = 5
"""How often the rounds of one run are merged again at most, until none has news of another."""
TOOK, ANSWERS = "_took", "_answers"
"""Facts of a revision: copy and version of each submission that it took in; the numbers between which its answers lie.

The first number is the last answer before the run, the second the last one when it was written.
"""


@dataclass(frozen=True)
class Merged:
    """What a merge came to: files, counted edits, changes of the master, open questions, findings."""

    round: str
    revision: int
    edits: Mapping[str, int]
    files: tuple[Received, ...] = ()
    per_file: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Path → counted edits."""
    changes: tuple[Change, ...] = ()
    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()
    answers: int = 0
    by_rule: int = 0
    """Questions that standing rules answered."""
    rules: tuple[Standing, ...] = ()
    """The standing rules, these changes among them."""
    rule_changes: int = 0
    question_files: tuple[Path, ...] = ()
    """The workbooks that hold them, one for each round with open questions; the youngest round's last."""
    dry_run: bool = False
    released: Mapping[str, int] = field(default_factory=dict)
    """Path of a file that had come in late and waited → its edits that this call let in."""
    labels: Labels | None = None
    backup: Path | None = None

    @property
    def stopped(self) -> tuple[CustsheetError, ...]:
        """Why files were not read, one for each."""
        return tuple(item.refused for item in self.files if item.refused is not None)


def merge(
    folder: Folder,
    paths: Sequence[Path] = (),
    *,
    dry_run: bool = False,
    only_answers: bool = False,
    told: Sequence[Told] = (),
    late: bool = False,
) -> Merged:
    """Merge what came in for the open round, as one transaction.

    `only_answers` takes up questions.xlsx alone (`resolve`), `told` are answers in words beside it, `late` accepts the
    copies of closed rounds among `paths` that would wait for a word. Raises CallError `NO_ROUND` before anything was
    issued, `NO_QUESTION` for an answer to nothing that is asked, `ANSWER_UNREADABLE`.
    """
    for _ in range(TRIES):
        current = current_round(folder)
        head = folder.ledger.head
        answered = list(paths) if only_answers else [path for path in paths if is_answers(path)]
        named = [path for path in paths if path not in answered]
        chosen = named if paths else ([] if only_answers else inbox_files(folder))
        answers = AnswerFiles(folder, answered, open_names(folder), told)
        receiver = Receiver(folder)
        vouched = senders.accepted(folder, answers, open_names(folder))
        received = receiver.receive(chosen, again=bool(paths), kept=vouched)
        try:
            accepted = receiver.copies_of(received) if late else frozenset()
            return _Run(folder, current, received, answers, dry_run=dry_run, accepted=accepted).go(head)
        except _Moved:
            continue  # another run merged while this one was reading: read again what is new now
    raise LedgerError("LEDGER_BUSY")


@dataclass(frozen=True, slots=True)
class Undoing:
    """What an undo does around the merge that it makes, within the same transaction."""

    summary: Mapping[str, object]
    before: Callable[[Transaction], None]
    """Changes what counts."""
    after: Callable[[Transaction, int], None] | None = None
    """Gets the number of the round's revision, which is written even where nothing changes.

    None where `before` writes the revision of the undo itself.
    """


def recompute(folder: Folder, round_name: str, undoing: Undoing) -> Merged:
    """Merge the open rounds again, as one transaction of kind `undo`."""
    for _ in range(TRIES):
        run = _Run(folder, round_name, (), AnswerFiles(folder, [], []), dry_run=False, undoing=undoing)
        try:
            return run.go(folder.ledger.head)
        except _Moved:
            continue
    raise LedgerError("LEDGER_BUSY")


class _Moved(Exception):  # not a fault: the ledger went on since the files were read
    pass


class _Rehearsed(Exception):  # not a fault: it ends a dry run, which is the merge itself but for its last step
    def __init__(self, merged: Merged) -> None:
        self.merged = merged


def current_round(folder: Folder) -> str:
    """Return the youngest open round; CallError `NO_ROUND` before anything was issued, `ROUND_CLOSED` after all."""
    rounds = folder.ledger.rounds()
    if not rounds:
        raise CallError("NO_ROUND")
    names = [info.name for info in rounds if info.state == "open"]
    if not names:
        last = rounds[-1].name
        raise CallError("ROUND_CLOSED", round=last, next=following(last, folder.today))
    return names[-1]


@dataclass
class _Total:
    """What the rounds of one run come to together."""

    labels: Labels
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    placed: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)


class _Run:
    """One merge, from received files to the written revision."""

    def __init__(
        self,
        folder: Folder,
        current: str,
        received: Sequence[Received],
        answers: AnswerFiles,
        *,
        dry_run: bool,
        undoing: Undoing | None = None,
        accepted: frozenset[str] = frozenset(),
    ) -> None:
        self.folder = folder
        self.current = current
        self.received = [*received, *answers.refused]
        self.answers = answers
        self.dry_run = dry_run
        self.undoing = undoing
        self.accepted = accepted  # copies that are late, and that somebody takes all the same
        self.released: dict[str, int] = {}  # copy → its edits that waited and were let in
        self.came = [list(i.submission.key) for i in self.received if i.submission is not None]
        self.revised: dict[str, int] = {}
        self.merged: dict[str, int] = {}  # the revision as of which each round was merged
        self.taken: dict[str, Taken] = {}
        self.asked: dict[str, tuple[Question, ...]] = {}
        self.asked_before: dict[str, tuple[Question, ...]] = {}  # what was answered, where it is not what is asked now
        self.rules: list[Standing] = []
        self.rule_changes = 0
        self._rules_before: frozenset[str] = frozenset()
        self._answered_before = folder.ledger.answers()

    def go(self, head: str) -> Merged:
        """Recompute every open round, the oldest first: what was asked in one is asked until it is answered."""
        folder = self.folder
        backup, before = None if self.dry_run else self._backup(), folder.ledger.revision()
        kind = "undo" if self.undoing else "merge"
        try:
            with folder.ledger.write(actor=folder.actor.id, kind=kind, now=folder.now) as tx:
                if folder.ledger.head != head:
                    raise _Moved
                merged = self._merge(tx, backup)
                self.answers.require_matched()
                if self.dry_run:
                    raise _Rehearsed(replace(merged, revision=before))
        except _Rehearsed as done:
            return done.merged
        tidy(folder)
        return replace(merged, question_files=self._write_questions(merged))

    def _backup(self) -> Path | None:
        """A verified backup before each merge that has something to take in."""
        folder = self.folder
        fresh = any(item.state in ("new", "late", "refused") for item in self.received)
        if not fresh and not self.answers:
            return None
        return folder.ledger.backup(backup_path(folder))

    def _merge(self, tx: Transaction, backup: Path | None) -> Merged:
        folder = self.folder
        if self.undoing is not None:
            self.undoing.before(tx)
        master: Tables = folder.ledger.tables(folder.schema)
        total = _Total(folder.labels(master), findings=[f for item in self.received for f in item.findings])
        self._store_files(tx)
        self._take_rules(tx)
        total.findings += self.answers.findings
        self._look_back()
        for name in self._rounds():
            master = self._round(name, tx, master, total)
            if self.undoing is not None and self.undoing.after is not None and name == self.current:
                self.undoing.after(tx, self.revised[name])
        self._settle(tx, total)
        fresh = [i for i in self.received if i.submission is not None]
        counts = {str(i.path): _count([total.placed[i.submission.key]]) for i in fresh if i.submission is not None}
        return Merged(
            round=self.current,
            revision=folder.ledger.revision(),
            edits=_count([total.placed[i.submission.key] for i in fresh if i.submission is not None]),
            files=tuple(self.received),
            per_file=counts,
            changes=together(total.changes),
            questions=tuple(question for name in self._rounds() for question in self.asked[name]),
            findings=tuple(total.findings),
            answers=sum(taken.count for taken in self.taken.values()),
            by_rule=sum(len(taken.by_rule) for taken in self.taken.values()),
            rules=tuple(self.rules),
            rule_changes=self.rule_changes,
            dry_run=self.dry_run,
            released=self._let_in(),
            labels=total.labels,
            backup=backup,
        )

    def _look_back(self) -> None:
        """What younger rounds ask of cells before older ones are answered: each answer of a run is to what was asked.

        Where files came in with the answers, what is decided in one round may be news to another: people look again.
        """
        folder = self.folder
        if any(item.submission is not None for item in self.received):
            return
        for name in self._rounds()[1:]:
            if self.rule_changes or self.answers.mentioned(name):
                given = list(folder.ledger.resolutions(name))
                before = self._outcome(open_at(folder, name), counted(folder, name), given)
                self.asked_before[name] = tuple(q for q in before.questions if q.code in ABOUT_CELLS)

    def _settle(self, tx: Transaction, total: _Total) -> None:
        """Merge rounds again until none has news of another."""
        for _ in range(PASSES):
            if not (names := self._with_news()):
                return
            self._merge_again(names, tx, total)
        if names := self._with_news():
            facts = (("rounds", join(names, self.folder.settings.language)),)
            total.findings.append(Finding("F_NOT_SETTLED", "warning", NOWHERE, facts=facts))

    def _with_news(self) -> list[str]:
        return [name for name in self._rounds() if self._has_news(name)]

    def _has_news(self, name: str) -> bool:
        """Tell whether another round changed something since this one was merged."""
        return any(number > self.merged[name] for other, number in self.revised.items() if other != name)

    def _merge_again(self, names: Sequence[str], tx: Transaction, total: _Total) -> None:
        """Merge rounds once more to which others are news: what comes of that is done and asked now."""
        again = _Run(self.folder, self.current, (), AnswerFiles(self.folder, [], []), dry_run=False)
        again.rules, again.undoing, again.revised, again.merged = self.rules, self.undoing, self.revised, self.merged
        again.came = self.came
        for name in names:
            rest = _Total(total.labels)
            again._round(name, tx, self.folder.ledger.tables(self.folder.schema), rest)
            total.labels, self.asked[name] = rest.labels, again.asked[name]
            total.changes += rest.changes
            total.findings += [finding for finding in rest.findings if finding not in total.findings]
            total.placed |= rest.placed

    def _take_rules(self, tx: Transaction) -> None:
        """The standing rules, with what the question workbooks change in them."""
        told = [resolution for _, resolution in self.folder.ledger.told(PREFIX)]
        changes = self.answers.rules(in_force(told))
        for change in changes:
            tx.add_resolution(change, self.current)
        self._rules_before = frozenset(rule.id for rule in in_force(told))
        self.rules, self.rule_changes = in_force([*told, *changes]), len(changes)

    def _rounds(self) -> list[str]:
        """The rounds to recompute, the oldest first: the open ones, and a closed one whose copy was named."""
        named = {i.round for i in self.received if i.submission and not i.submission.late}
        known = [i.name for i in self.folder.ledger.rounds() if i.state == "open" or i.name in named]
        return known or [self.current]

    def _mine(self, name: str) -> list[Received]:
        """The files of a round; a late one belongs to the current round."""
        taken = [i for i in self.received if i.submission is not None]
        return [i for i in taken if i.round == name or (name == self.current and i.submission and i.submission.late)]

    def _painted(self, name: str) -> list[Painted]:
        """What was marked in the files of a round, those that brought no new content among them."""
        again = [i for i in self.received if i.submission is None and i.round == name]
        return [painted for item in (*self._mine(name), *again) for painted in item.painted]

    def _round(self, name: str, tx: Transaction, master: Tables, total: _Total) -> Tables:
        """Recompute one round and write what differs; return the rows as they are then."""
        folder, schema = self.folder, self.folder.schema
        mine = [i.submission for i in self._mine(name) if i.submission is not None]
        opening = open_at(folder, name)
        is_first = folder.ledger.note(f"{MERGED}{name}").split()[1:][-1:] != [schema.digest]  # by this schema
        stored = counted(folder, name)
        submissions = [*stored, *[s for s in mine if s.key not in {k.key for k in stored}]]
        asides: list[Aside] = [Offers(folder, name, self._painted(name))]
        asides += [leftovers(folder), differences(folder)] if name == self.current else []
        asides.append(senders.Doubts(folder, name, self.received if name == self.current else ()))
        arrived = frozenset(s.key for s in submissions) - {s.key for s in stored}
        outcome = self._answered(name, opening, submissions, asides, total.labels, arrived)
        taken = self.taken[name]
        self._keep(name, tx, taken)
        labels, written = self._named(master, outcome)
        total.labels = labels
        stands_for_all = self.undoing is not None and self.undoing.after is not None and name == self.current
        if written or (stands_for_all and name not in self.revised):
            files = files_of(written, submissions)
            self.revised[name] = tx.revise(outcome.master, written, schema, summary=self._summary(name), files=files)
        total.changes += written
        master = outcome.master
        for aside in asides:
            master = self._beside(tx, aside, master, total, self.revised.get(name, 0))
        asked = (*outcome.questions, *(q for aside in asides for q in aside.questions(labels)))
        self.merged[name] = folder.ledger.revision()
        tx.decide(f"{MERGED}{name}", merged_note(self.merged[name], opening.policies or (schema,)))
        tx.set_note(f"open:{name}", str(len(asked)))
        self.asked[name] = asked
        news = (f for f in outcome.findings if _is_news(f, mine, written) and (f.code != TYPE_CHANGED or is_first))
        total.findings += [*taken.findings, *news]
        total.placed |= {key: tuple(buckets) for key, buckets in outcome.buckets.items()}
        return master

    def _keep(self, name: str, tx: Transaction, taken: Taken) -> None:
        """Take a round's files in, as they are judged today, and its answers."""
        folder, schema, judged = self.folder, self.folder.schema, judged_note(self.folder)
        mine = [(item, item.submission) for item in self._mine(name) if item.submission is not None]
        if mine:
            tx.store_team(folder.team)
        if mine or not folder.ledger.has_schema(schema.digest):
            tx.store_schema(schema)
        for item, submission in mine:
            tx.add_submission(item.kept, name, sha256=item.sha256)
            tx.decide(f"{JUDGED}{submission.copy}:{submission.version}", judged)
            mended = sum(f.severity == "info" and bool(f.where.field) for f in item.findings)
            tx.decide(f"mended:{submission.copy}:{submission.version}", str(mended))
        for resolution in taken.resolutions:
            tx.add_resolution(resolution, name)
        self.answers.keep(taken, tx)

    def _named(self, master: Tables, outcome: Outcome) -> tuple[Labels, tuple[Change, ...]]:
        """Return the labels of the rows as they are after a round, and what it changes, by names."""
        before, labels = self.folder.labels(master), self.folder.labels(with_proposed(outcome))
        written = tuple(
            c._replace(label=c.label or (labels if c.rid in labels.of(c.table) else before).label(c.table, c.rid))
            for c in difference(master, outcome.master, outcome)
        )
        if self.undoing is not None:
            written = tuple(c._replace(cause="undo") if c.cause == "reopened" else c for c in written)
        return labels, written

    def _summary(self, name: str) -> dict[str, object]:
        """The facts of a round's revision."""
        mine = [(item.name, list(item.submission.key)) for item in self._mine(name) if item.submission is not None]
        took = [key for _, key in mine]
        came = [key for key in self.came if key not in took]
        facts = {"round": name, "files": [file for file, _ in mine], TOOK: took, ANSWERS: self._new_answers()}
        return {**facts, **(self.undoing.summary if self.undoing else {}), **({CAME: came} if came else {})}

    def _answered(  # a round, what is in it, what lies beside it, and which submissions are new in this run
        self,
        name: str,
        opening: Opening,
        submissions: Sequence[Submission],
        asides: Sequence[Aside],
        labels: Labels,
        arrived: frozenset[tuple[str, int]],
    ) -> Outcome:
        """The outcome of a round, with the answers that lie in its question files (`self.taken`)."""
        resolutions = list(self.folder.ledger.resolutions(name))
        outcome = self._outcome(opening, submissions, resolutions)
        asked = (*outcome.questions, *(q for aside in asides for q in aside.questions(labels)))
        again = self._settled(name, opening, submissions, asked)
        before = self.asked_before.get(name, ())
        if arrived and self.answers.mentioned(name):  # what was answered is what was asked before these files came
            before = self._outcome(opening, [s for s in submissions if s.key not in arrived], resolutions).questions
        asked = tuple({q.id: q for q in (*asked, *before)}.values())
        taken = self.taken[name] = self.answers.read(name, asked, again, resolutions)
        taken.count = sum(r.choice != WITHDRAWN for r in taken.resolutions)
        taken.resolutions = [*_others(asides, taken.resolutions), *self._accepted_late(outcome.questions)]
        fresh = taken.resolutions
        while True:
            if fresh:
                outcome = self._outcome(opening, submissions, _last(resolutions, taken.resolutions))
            asked = (*outcome.questions, *(q for aside in asides for q in aside.questions(labels)))
            by_rule = self._by_rule(name, [*asked, *self._unanswered(name, asked)], taken)
            if not by_rule:
                return outcome
            taken.by_rule += by_rule
            fresh = _others(asides, by_rule)
            taken.resolutions = [*taken.resolutions, *fresh]

    def _unanswered(self, name: str, asked: Sequence[Question]) -> list[Question]:
        """What a round asked before this run and does not ask now, though no person has answered it in any round."""
        given = (r for taken in self.taken.values() for r in taken.resolutions)
        known = {r.question for r in given if not r.reason.startswith(PREFIX)} | {q.id for q in asked}
        return [q for q in self.asked_before.get(name, ()) if q.id not in known]

    def _by_rule(self, name: str, asked: Sequence[Question], taken: Taken) -> list[Resolution]:
        """The answers of the standing rules to what is still open; what people dispute is theirs."""
        known = {r.question for r in taken.by_rule}
        given = [*self.folder.ledger.resolutions(name), *taken.resolutions]
        disputed = {(r.question, r.digest) for r in given if r.reason == DISPUTED}
        disputed -= {(r.question, r.digest) for r in given if r.choice != WITHDRAWN}
        found = (
            answer_by_rule(question, self.rules, at=self.folder.now)
            for question in asked
            if question.id not in known and (question.id, question.digest) not in disputed
        )
        return [answer for answer in found if answer is not None]

    def _settled(
        self, name: str, opening: Opening, submissions: Sequence[Submission], asked: Sequence[Question]
    ) -> list[Question]:
        """The questions that are answered already and that a workbook or a word answers again, as they were asked last.

        What was answered before a new value came holds while they are asked.
        """
        mentioned = self.answers.mentioned(name) - {question.id for question in asked}
        resolutions = self.folder.ledger.resolutions(name)
        given = {(r.question, r.digest) for r in resolutions if r.choice != WITHDRAWN}
        latest = {r.question: r.digest for r in resolutions if r.choice != WITHDRAWN and r.question in mentioned}
        found: list[Question] = []
        if latest:
            before = [r for r in resolutions if r.digest != latest.get(r.question, "")]
            outcome = self._outcome(opening, submissions, before)
            found = [question for question in outcome.questions if question.id in mentioned]
        beyond = self.answers.told_beyond(asked)
        if given and beyond:
            known, schema = {question.id for question in (*asked, *found)}, self.folder.schema
            first = [q for q in self._outcome(opening, submissions, []).questions if (q.id, q.digest) in given]
            found += [q for q in first if q.id not in known and any(told.means(q, schema) for told in beyond)]
        return found

    def _accepted_late(self, asked: Sequence[Question]) -> list[Resolution]:
        """The word that late copies are taken, where it was given with their files."""
        by, at = self.folder.actor.id, self.folder.now
        waiting = [q for q in asked if q.code == "H_LATE" and q.claims[0].copy in self.accepted]
        for question in waiting:
            copy = question.claims[0].copy
            self.released[copy] = self.released.get(copy, 0) + int(dict(question.facts)["count"])
        return [Resolution(q.id, q.digest, q.choices[-1], by=by, at=at) for q in waiting]

    def _let_in(self) -> dict[str, int]:
        """Return by their paths the files that had come before and were named to be let in."""
        files = (item for item in self.received if item.state == "duplicate" and self.released)
        seen = ((str(item.path), self.folder.ledger.file_seen(item.sha256)) for item in files)
        copies = ((path, one.submission.copy) for path, one in seen if one is not None and one.submission is not None)
        return {path: self.released[copy] for path, copy in copies if copy in self.released}

    def _new_answers(self) -> list[int]:
        return [self._answered_before, self.folder.ledger.answers()]

    def _beside(self, tx: Transaction, aside: Aside, master: Tables, total: _Total, merged: int) -> Tables:
        """Write what the answers beside the merge change: no part of its outcome, it stays like an edit by hand.

        Answers that change nothing belong to the revision of the round's own, `merged`, where there is one.
        """
        tables, changes = aside.changes(master, total.labels)
        if changes:
            summary = {**aside.summary, ANSWERS: self._new_answers()}
            number = tx.revise(tables, changes, self.folder.schema, summary=summary)
            aside.waits(self._rules_before).keep(tx, number)
        elif merged:
            Waits.of(self.folder, merged).also(aside.waits(self._rules_before)).keep(tx, merged)
        for note, value in aside.notes():
            tx.decide(note, value)
        total.changes += changes
        return {**master, **tables}

    def _outcome(
        self, opening: Opening, submissions: Sequence[Submission], resolutions: Sequence[Resolution]
    ) -> Outcome:
        outcome = outcome_of(self.folder, opening, submissions, resolutions)
        return named(outcome, self.folder.labels(with_proposed(outcome)))

    def _store_files(self, tx: Transaction) -> None:
        """Every received byte is kept, whatever became of the file."""
        store = FileStore(self.folder.files)
        for item in self.received:
            if not item.sha256 or item.note == "SKIPPED_SEEN":
                continue
            if item.refused is not None and item.refused.code == "E_FILE_TOO_BIG":  # it was never in memory
                size = item.path.stat().st_size if self.dry_run else store.put_file(item.path, item.sha256)
            else:
                size = len(item.data)
                if not self.dry_run:
                    store.put(item.data)
            tx.add_file(item.sha256, item.name, size)
            if item.refused is not None:
                tx.add_refused(
                    sha256=item.sha256,
                    name=item.name,
                    code=item.refused.code,
                    facts=item.refused.facts,
                    round_name=self.current,
                )

    def _write_questions(self, merged: Merged) -> tuple[Path, ...]:
        assert merged.labels is not None
        found = []
        for name, asked in self.asked.items():
            path = write_questions(self.folder, name, asked, merged.labels, self.rules)
            if path is not None and (asked or name == self.current):
                found.append(path)
        return tuple(found)


def _last(given: Sequence[Resolution], fresh: Sequence[Resolution]) -> list[Resolution]:
    """The last word on each question and its candidates, whatever the clock said when it was given."""
    return list({(r.question, r.digest): r for r in (*given, *fresh)}.values())


def _others(asides: Sequence[Aside], resolutions: list[Resolution]) -> list[Resolution]:
    """The answers to the merge's own questions, when those beside it have taken theirs."""
    for aside in asides:
        resolutions = aside.take(resolutions)
    return resolutions


def together(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Count a cell that several revisions of one run wrote in turn as one change, and as none where it is back."""
    cells: dict[tuple[str, str, str], Change] = {}
    for change in changes:
        if change.kind == "cell":
            place = (change.table, change.rid, change.field)
            cells[place] = change._replace(old=cells[place].old) if place in cells else change
    told = [cells.pop((c.table, c.rid, c.field), None) if c.kind == "cell" else c for c in changes]
    return tuple(c for c in told if c is not None and (c.kind != "cell" or c.old != c.new))


def _is_news(finding: Finding, mine: Sequence[Submission], written: Sequence[Change]) -> bool:
    """What came of a file or an answer is told by the run that takes it in, not by each one after it."""
    if finding.code in ("F_ANSWER_BREAKS", "F_ANSWER_TWIN"):
        return any((c.table, c.rid) == (finding.where.table, finding.where.rid) for c in written)
    if finding.code in ("F_PASSED_OVER", "F_KEY_CHANGED"):
        return any(
            (e.table, e.rid, e.field) == (finding.where.table, finding.where.rid, finding.where.field)
            for s in mine
            for e in s.edits
        )
    versions = {(s.member, str(s.version)) for s in mine}
    return finding.code != "F_SUPERSEDED" or (finding.member, dict(finding.facts)["version"]) in versions


def _count(placed: Sequence[Sequence[str]]) -> dict[str, int]:
    names = ("applied", "same", "conflict", "held", "rejected", "superseded")
    chosen = [bucket for buckets in placed for bucket in buckets]
    return {"total": len(chosen), **{name: chosen.count(name) for name in names}}
