"""The question workbooks of the open rounds: read what was answered in them, write what is asked, lose neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from custsheet.books.answers import (
    Resolve,
    answer_in_words,
    asked_in,
    has_answers,
    is_questions,
    is_settled,
    read_answers,
)
from custsheet.books.question_texts import LETTERS
from custsheet.books.questions import questions_book
from custsheet.books.standing_rules import RuleLine, RuleReader, rule_text
from custsheet.errors import CallError, FileRefused
from custsheet.fields.base import Field
from custsheet.intake import stamp_of
from custsheet.intake.refs import Resolver
from custsheet.ledger.files import FileStore
from custsheet.ledger.transaction import Transaction
from custsheet.merging.standing import as_resolution, taken_away
from custsheet.messages import word
from custsheet.model import CellRef, Finding, Grid, Question, Resolution, Standing, Value
from custsheet.schema.labels import Labels
from custsheet.schema.records import Issue, Schema
from custsheet.stamp import Stamp, encode
from custsheet.text import fold, join
from custsheet.workspace.agreement import Agreement, asked, is_same
from custsheet.workspace.beside import lying, write_beside
from custsheet.workspace.disk import digest_of, read_bytes
from custsheet.workspace.folder import Folder
from custsheet.workspace.reading import read_any, unlocked
from custsheet.workspace.received import Received
from custsheet.xlsx.write import write_book

QUESTIONS = "questions.xlsx"
TAKEN, LIFTED = "answers:", "undone"
"""Begins the name of the note that a workbook's answers were taken up; its text once these were undone."""
OWN = "questions"
"""Told of a question workbook that is no workbook any more: no member can send it again."""
FORMATS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv"})


@dataclass(frozen=True)
class _File:
    """One question workbook that somebody changed since we wrote it."""

    path: Path
    data: bytes
    grid: Grid
    round: str

    @property
    def note(self) -> str:
        """The name of the note that its answers were taken up."""
        return taken_note(digest_of(self.data))


@dataclass
class Taken:
    """The answers of one round."""

    resolutions: list[Resolution] = field(default_factory=list)
    by_rule: list[Resolution] = field(default_factory=list)
    """Those that standing rules gave."""
    findings: list[Finding] = field(default_factory=list)
    files: list[_File] = field(default_factory=list)
    """Those that an answer or a rule came from, and those in which nothing is asked any more: that is said once."""
    count: int = 0
    """Answers that were taken, those to offers of tags among them."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer given in words: to the questions about a row, or about one of its fields, what the answer is."""

    label: str
    field: str
    text: str

    def means(self, question: Question, schema: Schema) -> bool:
        """Tell whether a question is about this row and field."""
        if fold(self.label) not in (fold(question.label), fold(question.label.partition("/")[2])):
            return False
        if not self.field:
            return True
        fields = schema.tables[question.table].fields if question.table in schema.tables else {}
        titles = fields[question.field].spec.title if question.field in fields else None
        known = (question.field, *((titles.zh, titles.en) if titles else ()))
        return fold(self.field) in map(fold, known)


class AnswerFiles:
    """The changed question workbooks: those named, or those that lie in the folders of the open rounds.

    `told` are answers given in words beside them.
    """

    def __init__(self, folder: Folder, named: Sequence[Path], rounds: Sequence[str], told: Sequence[Told] = ()) -> None:
        self.folder = folder
        self._told = told
        self.matched: set[Told] = set()
        self.refused: list[Received] = []
        """Workbooks that cannot be read as answers: kept, said, and nothing else is hindered by them."""
        self.findings: list[Finding] = []
        self._ruled: list[_File] = []
        places = list(named) or [p for name in rounds for p in _lying(folder, name)]
        found = (self._open(path, rounds, is_named=bool(named)) for path in places)
        self._files = [file for file in found if file is not None]

    def __bool__(self) -> bool:
        return bool(self._files or self._told)

    def _open(self, path: Path, rounds: Sequence[str], *, is_named: bool) -> _File | None:
        """Read a workbook; None for one that is as we wrote it, was taken up before, or holds no answers of ours."""
        try:
            data = read_bytes(path)
        except FileRefused as problem:  # too big for any workbook
            self.refused.append(Received(path, "refused", refused=problem))
            return None
        digest = digest_of(data)
        taken = self.folder.ledger.note(taken_note(digest))
        is_known = any(digest in self.folder.ledger.note(note_of(name, path)).split() for name in rounds)
        if is_known and not (is_named and taken == LIFTED):
            self._say_seen(path, taken, is_named=is_named)
            return None
        facts: dict[str, object] = {"file": path.name, "of": OWN}
        try:
            grid = read_any(unlocked(data, path.name, self.folder.passwords)[0], path.name)
            del facts["of"]  # it is a workbook: what may be wrong with it is its own matter
            file = _File(path, data, grid, _round_of(self.folder, path, grid, rounds))
        except FileRefused as problem:
            refused = FileRefused(problem.code, **{**facts, **problem.facts})
            self.refused.append(Received(path, "refused", data, digest, refused=refused))
            return None
        if taken not in ("", LIFTED):
            self._say_seen(path, taken, is_named=is_named)
            return None
        return file

    def _say_seen(self, path: Path, taken: str, *, is_named: bool) -> None:
        """Say of a file that somebody named that its answers were taken up before."""
        if is_named and taken:
            self.findings.append(Finding("F_QUESTIONS_SEEN", "info", CellRef(path.name), facts=(("file", path.name),)))

    # ── rules ───────────────────────────────────────────────────────────────────────────────────────

    def rules(self, standing: Sequence[Standing]) -> list[Resolution]:
        """Return what the workbooks change in the standing rules, as the ledger keeps it."""
        found: dict[str, list[tuple[_File, RuleLine]]] = {}
        for file in self._files:
            reader = RuleReader(self.folder.schema, self.folder.names, file.path.name)
            lines, findings = reader.read(file.grid)
            self.findings += findings
            for line in lines:
                self._ruled.append(file)
                for rule in {(line.wanted or line.written), line.written} - {None}:
                    found.setdefault(rule.id, []).append((file, line))  # type: ignore[union-attr]
        now = {rule.id: rule for rule in standing}
        changes = (self._rule(name, lines, now.get(name)) for name, lines in found.items())
        return [change for change in changes if change is not None]

    def _rule(self, name: str, lines: Sequence[tuple[_File, RuleLine]], now: Standing | None) -> Resolution | None:
        """What becomes of one rule; two who want it differently are told so, and it stays as it is."""
        by, at = self.folder.actor.id, self.folder.now
        wanted = [w if (w := line.wanted) is not None and w.id == name else None for _, line in lines]
        written = next((w for _, line in lines if (w := line.written) is not None and w.id == name), None)
        moved = now is not None and (written is None or written.choice != now.choice)
        choices = {w.choice if w is not None else "" for w in wanted} | ({now.choice} if moved and now else set())
        if len(choices) > 1:
            texts = [self._rule_text(w, file) for w, (file, _) in zip(wanted, lines, strict=True)]
            texts += [self._rule_text(now, None)] if moved else []
            first, second = list(dict.fromkeys(texts))[:2]
            where, facts = CellRef(lines[0][0].path.name), (("first", first), ("second", second))
            self.findings.append(Finding("F_RULE_DIFFERS", "warning", where, facts=facts))
            return None
        rule = wanted[0]
        if (rule.choice if rule else "") == (now.choice if now else ""):
            return None
        if rule is None:
            return taken_away(now, by=by, at=at) if now is not None else None
        return as_resolution(replace(rule, by=by, at=at))

    def _rule_text(self, rule: Standing | None, file: _File | None) -> str:
        folder, language = self.folder, self.folder.settings.language
        source = file.path.name if file is not None else folder.names.get(rule.by if rule else "", "")
        said = rule_text(rule, folder.schema, folder.names, language) if rule else word("rule.none", language)
        return f"{source} {said}".strip()

    # ── answers ─────────────────────────────────────────────────────────────────────────────────────

    def mentioned(self, round_name: str) -> frozenset[str]:
        """Return the ids of a round's questions that the workbooks answer."""
        return frozenset(name for file in self._files if file.round == round_name for name in asked_in(file.grid))

    def told_beyond(self, asked_now: Sequence[Question]) -> list[Told]:
        """Return what was told that is about nothing asked now."""
        schema = self.folder.schema
        return [told for told in self._told if not any(told.means(question, schema) for question in asked_now)]

    def read(
        self, round_name: str, questions: Sequence[Question], settled: Sequence[Question], given: Sequence[Resolution]
    ) -> Taken:
        """Read the answers to a round's open questions, and those that differ from what was `given` before.

        `settled` are the questions that are answered already and that a workbook answers again.
        """
        folder, taken = self.folder, Taken()
        mine = [file for file in self._files if file.round == round_name]
        if not mine and not self._told:
            return taken
        labels = folder.labels(folder.ledger.tables(folder.schema))
        resolver = Resolver(folder.schema, Issue("", "", "", 0, 0, {}, {}), folder.team, labels.of)

        def resolve(of: Field, value: Value) -> Value:
            """An own value of a ref or member is looked up in the whole ledger: the manager may see it."""
            return resolver.resolve(of, value).value

        sources: list[tuple[str, Resolution]] = []
        for file in mine:
            found, findings = read_answers(
                file.grid,
                questions=[*questions, *settled],
                schema=folder.schema,
                by=folder.actor.id,
                at=folder.now,
                today=folder.today,
                resolve=resolve,
                file=file.path.name,
            )
            taken.findings += findings
            sources += [(file.path.name, answer) for answer in found]
            if found or file in self._ruled or self._is_past(file, findings, questions):
                taken.files.append(file)
        sources += [(folder.names[folder.actor.id], a) for a in self._in_words(questions, labels, resolve)]
        self.matched |= {told for told in self._told if self._was_given(told, settled, given, labels, resolve)}
        agreement = Agreement(folder, {q.id: q for q in (*questions, *settled)}, given, labels)
        taken.resolutions = agreement.of(sources)
        taken.findings += agreement.findings
        return taken

    def _is_past(self, file: _File, findings: Sequence[Finding], questions: Sequence[Question]) -> bool:
        """Tell whether a workbook only answers what is asked no more, and has no rule that is to be mended."""
        is_asked = not asked_in(file.grid).isdisjoint(question.id for question in questions)
        of_rules = any(finding.where.file == file.path.name for finding in self.findings)
        return {finding.code for finding in findings} == {"F_ANSWER_OLD"} and not is_asked and not of_rules

    def _was_given(
        self,
        told: Told,
        settled: Sequence[Question],
        given: Sequence[Resolution],
        labels: Labels,
        resolve: Resolve,
    ) -> bool:
        """Tell whether this is the answer that what is settled was given before: to say it again changes nothing."""
        last = {(r.question, r.digest): r for r in given}
        read = [self._meant(told, q, labels, resolve) for q in settled if told.means(q, self.folder.schema)]
        pairs = ((a, last.get((a.question, a.digest))) for a in read if a is not None)
        return any(before is not None and is_same(answer, before) for answer, before in pairs)

    def _in_words(self, questions: Sequence[Question], labels: Labels, resolve: Resolve) -> list[Resolution]:
        """The answers that were told; CallError `ANSWER_UNREADABLE` for one that is none of the choices."""
        folder, found = self.folder, []
        for told in self._told:
            asked_now = [q for q in questions if told.means(q, folder.schema)]
            answers = [(q, self._meant(told, q, labels, resolve)) for q in asked_now]
            if asked_now and all(answer is None for _, answer in answers):
                raise self._unreadable(told, asked_now, labels)
            read = [answer for _, answer in answers if answer is not None]
            chosen = [answer for answer in read if answer.choice != "value"]
            self._require_one_meaning(told, asked_now, chosen or read, labels)
            found += chosen or read  # what is a choice of one question is no own value for another
            self.matched |= {told} if read else set()
        return found

    def _meant(self, told: Told, question: Question, labels: Labels, resolve: Resolve) -> Resolution | None:
        folder = self.folder
        return answer_in_words(
            question,
            told.text,
            shown=asked(folder, question, labels).choices,
            schema=folder.schema,
            by=folder.actor.id,
            at=folder.now,
            today=folder.today,
            resolve=resolve,
        )

    def _require_one_meaning(
        self, told: Told, questions: Sequence[Question], chosen: Sequence[Resolution], labels: Labels
    ) -> None:
        """Raise CallError `ANSWER_SEVERAL` for an answer that would mean something else from question to question.

        One letter for different people, one value of one's own for several cells, one name for rows of several tables.
        """
        by_id = {question.id: question for question in questions}
        places = {a.question: asked(self.folder, by_id[a.question], labels).place for a in chosen}
        people: dict[str, str] = {}
        for answer in chosen:
            kind, _, number = answer.choice.partition(":")
            if kind == "claim" and int(number) < len(by_id[answer.question].claims):
                people[answer.question] = by_id[answer.question].claims[int(number)].member
        names = self.folder.names
        if len({by_id[question].table for question in places}) > 1:
            said = [f"{by_id[question].label} {place}" for question, place in places.items()]
        elif len(set(people.values())) > 1:
            said = [f"{places[question]} → {names.get(member, member)}" for question, member in people.items()]
        elif len(places) > 1 and all(answer.choice == "value" for answer in chosen):
            said = list(places.values())
        else:
            return
        fields = join(said, self.folder.settings.language)
        raise CallError("ANSWER_SEVERAL", label=told.label, value=told.text, fields=fields)

    def _unreadable(self, told: Told, questions: Sequence[Question], labels: Labels) -> CallError:
        """Return the error that lists what may be said: the choices, and what a value of one's own has to be."""
        language, tables = self.folder.settings.language, self.folder.schema.tables
        shown = {t: None for q in questions for c, t in asked(self.folder, q, labels).choices.items() if c != "value"}
        fields = [tables[q.table].fields[q.field] for q in questions if "value" in q.choices and q.field]
        rules = dict.fromkeys(
            word("answer.own", language, title=f.spec.title[language], rule=f.rule(language)) for f in fields
        )
        claims = sorted({int(c[6:]) for q in questions for c in q.choices if c.startswith("claim:")})
        letters = [LETTERS[language][at] for at in claims if at < len(LETTERS[language])]
        return CallError(
            "ANSWER_UNREADABLE",
            label=questions[0].label,
            value=told.text,
            choices=join(list(shown), language),
            letters=word("answer.letters", language, letters=join(letters, language)) if letters else "",
            own=" ".join(rules),
        )

    def require_matched(self) -> None:
        """Raise CallError `NO_QUESTION` for an answer in words to nothing that is asked."""
        for told in self._told:
            if told not in self.matched:
                raise CallError("NO_QUESTION", label=told.label, field=f" {told.field}" if told.field else "")

    def keep(self, taken: Taken, tx: Transaction) -> None:
        """Keep the bytes of the workbooks that answers came from, and note that new ones may take their place."""
        for file in taken.files:
            FileStore(self.folder.files).put(file.data)
            tx.decide(file.note, f"{self.folder.now} {self.folder.ledger.answers()}")
            name = note_of(file.round, file.path)
            before = self.folder.ledger.note(name).split()[-1:]  # who named another file leaves ours where it lies
            tx.set_note(name, " ".join([*before, digest_of(file.data)]))


def is_answers(path: Path) -> bool:
    """Tell by its name whether a file is meant as answered questions."""
    return path.name.lower().startswith("questions") and path.suffix.lower() in FORMATS


def _round_of(folder: Folder, path: Path, grid: Grid, rounds: Sequence[str]) -> str:
    """Return the open round whose questions these are; FileRefused for what is not ours, closed or torn."""
    stamp = stamp_of(grid)
    if not is_questions(grid) or (stamp is not None and stamp.ledger not in ("", folder.ledger.id)):
        raise FileRefused("E_FOREIGN", file=path.name, detail="")
    if not has_answers(grid) and not is_settled(grid):
        raise FileRefused("E_QUESTIONS_COLUMNS", file=path.name)
    if stamp is None or not stamp.round:
        lying = next((name for name in rounds if path.parent.resolve() == folder.round_folder(name).resolve()), "")
        return lying or rounds[-1]
    if stamp.round not in rounds:
        known = any(info.name == stamp.round for info in folder.ledger.rounds())
        raise FileRefused("E_QUESTIONS_ROUND" if known else "E_FOREIGN", file=path.name, round=stamp.round, detail="")
    return stamp.round


def _lying(folder: Folder, round_name: str) -> list[Path]:
    """The question workbooks of a round, ours beside a changed one and a colleague's among them."""
    place = folder.round_folder(round_name)
    return sorted(p for p in place.iterdir() if p.is_file() and is_answers(p)) if place.is_dir() else []


def taken_note(digest: str) -> str:
    """Return the name of the note that the answers of a workbook with this digest were taken up."""
    return f"{TAKEN}{digest}"


def lifted(folder: Folder, first: int, last: int) -> dict[str, tuple[str, str]]:
    """Return what changes where the answers after number `first`, up to `last`, are undone: note → (text, new text).

    Whoever names one of the workbooks that they came from gives them again.
    """
    taken = {name: text for name, text in folder.ledger.notes(TAKEN).items() if " " in text}
    numbers = {name: int(text.rpartition(" ")[2]) for name, text in taken.items()}
    return {name: (text, LIFTED) for name, text in taken.items() if first < numbers[name] <= last}


def note_of(round_name: str, path: Path) -> str:
    """Return the name of the note about what we wrote last to a place."""
    return f"questions:{round_name}" + ("" if path.name == QUESTIONS else f"/{path.name}")


def write_questions(
    folder: Folder, round_name: str, questions: Sequence[Question], labels: Labels, rules: Sequence[Standing] = ()
) -> Path | None:
    """Write a round's open questions where the manager finds them; None where there never were any.

    A workbook that somebody changed stays, unless its answers were taken up (`AnswerFiles.keep`).
    """
    path = folder.round_folder(round_name) / QUESTIONS
    if not questions and not path.exists():
        return None
    language = folder.settings.language
    stamp = Stamp("questions", folder.ledger.id, round_name, title=folder.schema.title[language])
    book = questions_book(
        questions,
        folder.schema,
        names=folder.names,
        labels=labels.value,
        round=round_name,
        language=language,
        today=folder.today,
        rules=rules,
        master=folder.ledger.tables(folder.schema),
        stamp_cells=encode(stamp, folder.ledger.key),
    )
    return write_beside(folder, path, note_of(round_name, path), write_book(book))


def open_questions(folder: Folder) -> int:
    """Return how many questions wait in the open rounds, as the last merge left them."""
    return sum(_waiting(folder).values())


def question_files(folder: Folder) -> list[Path]:
    """Return the question workbooks of the open rounds in which something waits."""
    firsts = {name: folder.round_folder(name) / QUESTIONS for name, count in _waiting(folder).items() if count}
    return [lying(folder, first, note_of(name, first)) for name, first in firsts.items()]


def _waiting(folder: Folder) -> dict[str, int]:
    """Open round → how many questions wait in it."""
    return {name: int(folder.ledger.note(f"open:{name}") or 0) for name in open_names(folder)}


def open_names(folder: Folder) -> list[str]:
    """Return the names of the open rounds, the oldest first."""
    return [info.name for info in folder.ledger.rounds() if info.state == "open"]
