"""The proof in front of a healed copy whose columns were sorted apart from their rows: each cell that was put back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custsheet import look
from custsheet.books.listing import Line, Listing, Spot, label_of, listing_sheet, place_of
from custsheet.books.scope import CopyScope
from custsheet.messages import word
from custsheet.model import PutBack, Value
from custsheet.plan import Sheet

COLUMNS: Final = (
    ("sign", 5.0),
    ("where", 13.0),
    ("row", 22.0),
    ("field", 13.0),
    ("issued", 24.0),
    ("returned", 24.0),
    ("proposed", 24.0),
    ("why", 44.0),
)
_SIGNS: Final = {"left": "！", "likely": "▲", "back": "※"}


@dataclass(frozen=True, slots=True)
class Proof:
    """One cell that was put back, and where it stands in the healed copy."""

    moved: PutBack
    spot: Spot


def proof_sheet(copy: CopyScope, proofs: Sequence[Proof]) -> Sheet:
    """Return the list, what a person has to decide first."""
    counts = Counter(proof.moved.how for proof in proofs)
    facts = {"count": counts["back"] + counts["likely"], "likely": counts["likely"], "left": counts["left"]}
    order = list(_SIGNS)
    lines = [_line(copy, p) for p in sorted(proofs, key=lambda p: (order.index(p.moved.how), p.spot.table, p.spot.row))]
    sentence = word("proof.sum", copy.language, **facts)
    return listing_sheet(copy, Listing("proof", COLUMNS, look.SIGNS["wrong"].ink, sentence, lines))


def _line(copy: CopyScope, proof: Proof) -> Line:
    moved, spot = proof.moved, proof.spot
    fields = copy.table(spot.table).fields
    title = fields[moved.field].spec.title[copy.language] if moved.field in fields else word("proof.id", copy.language)

    def said(value: Value) -> str:
        shown = copy.shown(fields[moved.field], value) if moved.field in fields else value
        return "" if shown is None else str(shown)

    texts = [said(value) for value in (moved.issued, moved.returned, moved.proposed)]
    if moved.how == "left":  # its value stands nowhere: show it as what came back
        texts = [texts[0], texts[2], ""]
    why = word(f"proof.why.{moved.how}", copy.language, row=moved.number)
    return Line(spot, (_SIGNS[moved.how], place_of(copy, spot), label_of(copy, spot), title, *texts, why))
