"""Which versions of one copy still count: a version that goes on from another supersedes it, branches both count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from custsheet.errors import Bug
from custsheet.model import Edit, Submission

SubmissionKey = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Lineage:
    """The submissions that count, and for each of the others the one that came in its place in the end."""

    heads: tuple[Submission, ...]
    follower: Mapping[SubmissionKey, Submission]
    past: tuple[Submission, ...]


def lineage(submissions: Iterable[Submission]) -> Lineage:
    """Sort submissions into those that count and those that a later version of the same copy supersedes."""
    by_copy: dict[str, list[Submission]] = {}
    for submission in ordered(submissions):
        by_copy.setdefault(submission.copy, []).append(submission)
    heads: list[Submission] = []
    replaced: dict[SubmissionKey, Submission] = {}
    for versions in by_copy.values():
        branches: list[Submission] = []
        for later in versions:
            followed = [branch for branch in branches if follows(later, branch)]
            replaced.update((branch.key, later) for branch in followed)
            branches = [branch for branch in branches if branch not in followed] + [later]
        heads += branches
    past = [s for versions in by_copy.values() for s in versions if s.key in replaced]
    return Lineage(tuple(heads), {s.key: _last(s.key, replaced) for s in past}, tuple(past))


def ordered(submissions: Iterable[Submission]) -> list[Submission]:
    """Return each submission once, in an order that does not depend on how they came."""
    unique = {(s.copy, s.version, s.digest): s for s in submissions}
    if len({(copy, version) for copy, version, _ in unique}) < len(unique):
        raise Bug("VERSION_TWICE")
    return [unique[key] for key in sorted(unique)]


def follows(later: Submission, earlier: Submission) -> bool:
    """Tell whether a version goes on from an earlier one: it carries one of its edits, or there was none to carry."""
    if not earlier.edits:
        return True
    carried = {mark(edit) for edit in earlier.edits}
    return any(mark(edit) in carried for edit in later.edits)


def mark(edit: Edit) -> tuple[object, ...]:
    """Return what makes an edit the same edit in another version: not its place, not its base."""
    return (edit.kind, edit.table, edit.rid, edit.field, edit.value)


def _last(key: SubmissionKey, replaced: Mapping[SubmissionKey, Submission]) -> Submission:
    last = replaced[key]
    while last.key in replaced:
        last = replaced[last.key]
    return last
