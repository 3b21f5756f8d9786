"""The list of problems in front of an annotated copy, and the note on a cell: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custsheet import look, wording
from custsheet.books.listing import Line, Listing, Spot, label_of, listing_sheet, place_of
from custsheet.books.scope import CopyScope
from custsheet.fields.base import Language
from custsheet.messages import word
from custsheet.model import NOT_THEIRS, Finding
from custsheet.plan import Sheet

COLUMNS: Final = (
    ("sign", 5.0),
    ("where", 13.0),
    ("row", 22.0),
    ("field", 13.0),
    ("typed", 22.0),
    ("what", 44.0),
    ("how", 44.0),
    ("example", 34.0),
)
SIGNS: Final = {"refused": "！", "rejected": "！", "error": "！", "held": "□", "warning": "▲", "info": "※"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding, and where it stands in the copy as it is laid out again."""

    finding: Finding
    spot: Spot


CLOSED: Final = "－"
"""The sign of what its member may not change: there is nothing to do."""


def sign_of(finding: Finding) -> str:
    """Return the sign in front of a finding."""
    return CLOSED if finding.code in NOT_THEIRS else SIGNS[finding.severity]


def note_of(finding: Finding, language: Language) -> str:
    """Return the note on a cell: what is wrong, what was typed, what to do, and the code."""
    what, how = wording.message_of(finding, language)
    typed = word("problem.note.typed", language, value=finding.value) if finding.value else ""
    mend = word("problem.note.how", language, how=how) if how else ""
    lines = (f"{sign_of(finding)} {what}", typed, mend, f"({finding.code})")
    return "\n".join(line for line in lines if line)


def problem_sheet(copy: CopyScope, problems: Sequence[Problem]) -> Sheet:
    """Return the list; every line leads to its cell."""
    counts = wording.tally(p.finding for p in problems)
    closed = word("problem.closed", copy.language, count=counts["closed"]) if counts["closed"] else ""
    sentence = word("problem.sum", copy.language, **{**counts, "closed": closed})
    lines = [_line(copy, problem) for problem in sorted(problems, key=_rank)]
    return listing_sheet(copy, Listing("problem", COLUMNS, look.SIGNS["wrong"].ink, sentence, lines))


def _rank(problem: Problem) -> tuple[object, ...]:
    """What has to be done first: by severity, then as it stands in the workbook, old troubles last."""
    finding, spot = problem.finding, problem.spot
    old = finding.origin == "inherited"
    closed = finding.code in NOT_THEIRS
    return (old, closed, wording.SEVERITIES.index(finding.severity), spot.table, spot.row, spot.field)


def _line(copy: CopyScope, problem: Problem) -> Line:
    finding, spot, language = problem.finding, problem.spot, copy.language
    what, how = wording.message_of(finding, language)
    field = copy.table(spot.table).fields.get(spot.field) if spot.table in copy.layouts else None
    title = field.spec.title[language] if field is not None else ""
    example = (
        " ".join(field.say(language=language)) if field is not None and how and finding.code not in NOT_THEIRS else ""
    )
    where, label = place_of(copy, spot), label_of(copy, spot)
    return Line(spot, (sign_of(finding), where, label, title, finding.value, what, how, example))
