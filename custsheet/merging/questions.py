"""Questions and answers: stable ids, digests over the candidates, and which answer still stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from custsheet.ids import short_hash
from custsheet.model import Resolution

WITHDRAWN = "withdrawn"
"""The choice that takes back an answer to the same candidates."""


def question_id(family: str, table: str, rid: str, what: str = "") -> str:
    """Return the id of a question: the same cell or row keeps its question, whatever code it is asked under."""
    return f"q{short_hash(family, table, rid, what)}"


def digest_of(candidates: Sequence[str]) -> str:
    """Return the digest over the candidates' hashes, in the order of the choices `claim:0`, `claim:1`, ..."""
    return ".".join(dict.fromkeys(candidates))


class Answers:
    """The resolutions of a round, by question, the latest one last."""

    def __init__(self, resolutions: Sequence[Resolution]) -> None:
        self._by_question: dict[str, list[Resolution]] = {}
        for resolution in sorted(resolutions, key=lambda r: r.at):  # stable: equal times stay as given
            told = self._by_question.setdefault(resolution.question, [])
            if resolution.choice == WITHDRAWN:
                told[:] = [r for r in told if r.digest != resolution.digest]
            else:
                told.append(resolution)

    def __len__(self) -> int:
        return len(self._by_question)

    @property
    def own(self) -> list[Resolution]:
        """The questions' latest answers that are somebody's own words for a cell."""
        last = (told[-1] for told in self._by_question.values() if told)
        return [answer for answer in last if answer.choice == "value" and answer.cells]

    def standing(self, question: str, candidates: Sequence[str]) -> Resolution | None:
        """Return the latest answer that knew all these candidates; one that has gone since takes nothing from it."""
        wanted = set(candidates)
        for resolution in reversed(self._by_question.get(question, [])):
            if wanted <= set(resolution.digest.split(".")):
                return resolution
        return None

    def last(self, question: str) -> Resolution | None:
        """Return the latest answer, whatever it knew."""
        told = self._by_question.get(question)
        return told[-1] if told else None

    def known(self, question: str) -> frozenset[str]:
        """Return every candidate that some answer knew."""
        return frozenset(candidate for r in self._by_question.get(question, []) for candidate in r.digest.split("."))


def chosen(resolution: Resolution, candidates: Mapping[str, int]) -> int | None:
    """Return which of the present candidates, hash → position, an answer `claim:i` means; None where it is gone."""
    kind, _, number = resolution.choice.partition(":")
    hashes = resolution.digest.split(".")
    if kind != "claim" or not number.isdigit() or int(number) >= len(hashes):
        return None
    return candidates.get(hashes[int(number)])
