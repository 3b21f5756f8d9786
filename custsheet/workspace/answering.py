"""The question workbooks of the open rounds: read what was answered in them, write what is asked, lose neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from custsheet.books.answers import Resolve, answer_in_words, is_questions, read_answers
from custsheet.books.question_texts import Asked
from custsheet.books.questions import questions_book
from custsheet.errors import CallError, FileRefused
from custsheet.fields.base import Field
from custsheet.intake import stamp_of
from custsheet.intake.refs import Resolver
from custsheet.ledger.files import FileStore
from custsheet.ledger.transaction import Transaction
from custsheet.model import Finding, Grid, Question, Resolution, Value
from custsheet.schema.labels import Labels
from custsheet.schema.records import Issue, Schema
from custsheet.stamp import Stamp, encode
from custsheet.text import fold, join
from custsheet.workspace.beside import write_beside
from custsheet.workspace.disk import digest_of, read_bytes
from custsheet.workspace.folder import Folder
from custsheet.xlsx.read import read_grid
from custsheet.xlsx.write import write_book

QUESTIONS = "questions.xlsx"


@dataclass(frozen=True)
class _File:
    """One question workbook that somebody changed since we wrote it."""

    path: Path
    data: bytes
    grid: Grid
    round: str


@dataclass
class Taken:
    """The answers of one round."""

    resolutions: list[Resolution] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    files: list[_File] = field(default_factory=list)
    """Those that an answer came from."""
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
        places = list(named) or [p for name in rounds for p in _lying(folder, name)]
        self._files = [file for path in places if (file := self._open(path, rounds)) is not None]

    def __bool__(self) -> bool:
        return bool(self._files or self._told)

    def _open(self, path: Path, rounds: Sequence[str]) -> _File | None:
        """Read a workbook; None for one that is as we wrote it, FileRefused `E_FOREIGN` for one that is not ours."""
        if not path.is_file():
            return None
        data = read_bytes(path)
        digest = digest_of(data)
        if any(digest in self.folder.ledger.note(note_of(name, path)).split() for name in rounds):
            return None
        grid = read_grid(data, name=path.name)
        stamp = stamp_of(grid)
        if not is_questions(grid) or (stamp is not None and stamp.ledger not in ("", self.folder.ledger.id)):
            raise FileRefused("E_FOREIGN", file=path.name, detail="")
        return _File(path, data, grid, stamp.round if stamp is not None and stamp.round in rounds else rounds[-1])

    def read(self, round_name: str, questions: Sequence[Question]) -> Taken:
        """Read the answers to a round's questions."""
        folder, taken = self.folder, Taken()
        mine = [file for file in self._files if file.round == round_name]
        if not mine and not self._told:
            return taken
        labels = folder.labels(folder.ledger.tables(folder.schema))
        resolver = Resolver(folder.schema, Issue("", "", "", 0, 0, {}, {}), folder.team, labels.of)

        def resolve(of: Field, value: Value) -> Value:
            """An own value of a ref or member is looked up in the whole ledger: the manager may see it."""
            return resolver.resolve(of, value)[0]

        for file in mine:
            found, findings = read_answers(
                file.grid,
                questions=questions,
                schema=folder.schema,
                by=folder.actor.id,
                at=folder.now,
                today=folder.today,
                resolve=resolve,
                file=file.path.name,
            )
            taken.resolutions += found
            taken.findings += findings
            taken.files += [file] if found else []
        taken.resolutions += self._in_words(questions, labels, resolve)
        return taken

    def _in_words(self, questions: Sequence[Question], labels: Labels, resolve: Resolve) -> list[Resolution]:
        """The answers that were told; CallError `ANSWER_UNREADABLE` for one that is none of the choices."""
        folder, found = self.folder, []
        for told in self._told:
            for question in (q for q in questions if told.means(q, folder.schema)):
                shown = asked(folder, question, labels).choices
                answer = answer_in_words(
                    question,
                    told.text,
                    shown=shown,
                    schema=folder.schema,
                    by=folder.actor.id,
                    at=folder.now,
                    today=folder.today,
                    resolve=resolve,
                )
                if answer is None:
                    choices = join(list(shown.values()), folder.settings.language)
                    raise CallError("ANSWER_UNREADABLE", label=question.label, value=told.text, choices=choices)
                self.matched.add(told)
                found.append(answer)
        return found

    def require_matched(self) -> None:
        """Raise CallError `NO_QUESTION` for an answer in words to nothing that is asked."""
        for told in self._told:
            if told not in self.matched:
                raise CallError("NO_QUESTION", label=told.label, field=told.field)

    def keep(self, taken: Taken, tx: Transaction) -> None:
        """Keep the bytes of the workbooks that answers came from, and note that new ones may take their place."""
        for file in taken.files:
            FileStore(self.folder.files).put(file.data)
            name = note_of(file.round, file.path)
            before = self.folder.ledger.note(name).split()[-1:]  # who named another file leaves ours where it lies
            tx.set_note(name, " ".join([*before, digest_of(file.data)]))


def asked(folder: Folder, question: Question, labels: Labels) -> Asked:
    """Return a question with the words that a person reads of it."""
    return Asked(question, folder.schema, folder.names, labels.value, folder.settings.language)


def _lying(folder: Folder, round_name: str) -> list[Path]:
    """The question workbooks of a round, ours beside a changed one among them."""
    place = folder.round_folder(round_name)
    return [place / QUESTIONS, *sorted(place.glob("questions-new*.xlsx"))]


def note_of(round_name: str, path: Path) -> str:
    """Return the name of the note about what we wrote last to a place."""
    return f"questions:{round_name}" + ("" if path.name == QUESTIONS else f"/{path.name}")


def write_questions(folder: Folder, round_name: str, questions: Sequence[Question], labels: Labels) -> Path | None:
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
        stamp_cells=encode(stamp, folder.ledger.key),
    )
    return write_beside(folder, path, note_of(round_name, path), write_book(book))


def open_questions(folder: Folder) -> int:
    """Return how many questions wait in the open rounds, as the last merge left them."""
    return sum(int(folder.ledger.note(f"open:{name}") or 0) for name in open_names(folder))


def open_names(folder: Folder) -> list[str]:
    """Return the names of the open rounds, the oldest first."""
    return [info.name for info in folder.ledger.rounds() if info.state == "open"]
