"""Which row is this: by its id and check code, by its key where the id is lost; doubts are marked, not guessed away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from custsheet.errors import FileRefused
from custsheet.fields.base import listed
from custsheet.ids import check_code, derive
from custsheet.intake import no_ids
from custsheet.intake.cells import RawRow
from custsheet.model import CellRef, Finding, PutBack, Value
from custsheet.text import fold

MOST = 0.9
"""Of the rows whose id and check code are at odds, so many have to fit their issued row for one of both to be true."""


class Shown(Mapping[str, tuple[str, ...]]):
    """Row id → texts of the shown cells as issued, made where somebody asks for them."""

    def __init__(
        self, rows: Mapping[str, Sequence[Value]], texts: Callable[[Sequence[Value]], tuple[str, ...]]
    ) -> None:
        self._rows, self._make = rows, texts
        self._made: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, rid: str) -> tuple[str, ...]:
        if rid not in self._made:
            self._made[rid] = self._make(self._rows[rid])
        return self._made[rid]

    def __contains__(self, rid: object) -> bool:
        return rid in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@dataclass
class Known:
    """What identity is judged against: one table as it was issued, and rows added in earlier versions of the copy."""

    copy: str
    table: str
    issued: Mapping[str, tuple[str, ...]]
    """Row id → texts of the shown cells as issued."""
    spare: frozenset[str]
    key_at: tuple[int, ...]
    """Positions of the key fields among the shown cells; empty if the key is not wholly shown."""
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Rows typed outside of the spare rows in an earlier version: row id → texts."""

    def key(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The folded key of a row; empty where any part is blank or there is no key."""
        key = tuple(fold(texts[at]) for at in self.key_at)
        return key if all(key) else ()


class Row:
    """A raw row, its texts where somebody asks for them, and what identity made of it."""

    __slots__ = ("_text_of", "_texts", "code", "drop", "kind", "raw", "rid")

    def __init__(self, raw: RawRow, text_of: Callable[[RawRow, int], str]) -> None:
        self.raw = raw
        self._text_of = text_of
        self._texts: tuple[str, ...] | None = None
        self.rid, self.kind, self.code, self.drop = "", "issued", "", False

    @property
    def texts(self) -> tuple[str, ...]:
        """One text per shown cell; most rows are known by their id, and never asked."""
        if self._texts is None:
            self._texts = tuple(self.text(at) for at in range(len(self.raw.parsed)))
        return self._texts

    def text(self, at: int) -> str:
        """The text of one shown cell."""
        return self._text_of(self.raw, at)


def identify(rows: list[Row], known: Known, sheet: str, file: str, *, checked: bool = True) -> list[Finding]:
    """Give every row its id, kind and, where it is in doubt, its code; return what is to be said.

    `checked`: the column of the check codes came back.

    Raises FileRefused `E_PARTIAL_SORT` where two or more rows carry the check code of another issued row.
    """
    findings: list[Finding] = []
    owner = {check_code(known.copy, rid): rid for rid in known.issued}
    if no_ids.ids_are_gone(rows, known):
        findings += no_ids.restore(rows, known, owner, sheet, file)
    _check_codes(rows, known, owner, sheet, file)
    if checked:
        findings += _unchecked(rows, known, owner, sheet, file)
    by_rid: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_rid[row.raw.rid].append(row)
    lost = [row for row in by_rid.pop("", []) if any(row.texts)]
    for rid, group in by_rid.items():
        if rid in known.issued:
            findings += _issued(rid, group, known, sheet, file)
        elif rid in known.spare:
            _spare(rid, group)
        else:
            for row in group:
                row.code, row.rid = "R_ID_NOT_ISSUED", rid
                findings.append(Finding(row.code, "rejected", _at(row, sheet, file, known.table), value=rid))
    missing = [rid for rid in known.issued if rid not in by_rid]
    findings += _without_id(lost, missing, known, sheet, file)
    _name_new(rows, known)
    return findings


def put_back_ids(rows: Sequence[Row], known: Known) -> list[PutBack]:
    """Undo that the column of the ids was sorted alone: where the check codes fit what stands in the rows better.

    Changes the raw ids of `rows`; returns what was put back.
    """
    owner = {check_code(known.copy, rid): rid for rid in known.issued}
    crossed = [row for row in rows if owner.get(row.raw.check, row.raw.rid) != row.raw.rid]
    crossed = [row for row in crossed if row.raw.rid in known.issued]
    by_id = sum(_alike(row.texts, known.issued[row.raw.rid]) for row in crossed)
    by_check = sum(_alike(row.texts, known.issued[owner[row.raw.check]]) for row in crossed)
    if max(by_id, by_check) < MOST * len(crossed):
        return []
    moved = []
    for row in crossed:
        true = owner[row.raw.check] if by_check > by_id else row.raw.rid
        if true != row.raw.rid:
            moved.append(PutBack(true, row.raw.number, "_id", true, row.raw.rid, true))
        row.raw.rid, row.raw.check = true, check_code(known.copy, true)
    return moved


def _at(row: Row, sheet: str, file: str, table: str) -> CellRef:
    return CellRef(file, sheet, f"A{row.raw.number}", table=table, rid=row.rid)


def _check_codes(rows: Sequence[Row], known: Known, owner: Mapping[str, str], sheet: str, file: str) -> None:
    """Tier (a) of the detector: ids and check codes of issued rows that no longer belong together."""
    crossed = [row for row in rows if row.raw.check and owner.get(row.raw.check, row.raw.rid) != row.raw.rid]
    crossed = [row for row in crossed if row.raw.rid in known.issued]
    if len(crossed) >= 2:
        numbers = [row.raw.number for row in crossed[:3]]
        raise FileRefused("E_PARTIAL_SORT", file=file, sheet=sheet, title="_id", rows=numbers, count=len(crossed))
    for row in crossed:
        row.code = "H_ID_LOST"


def _unchecked(rows: Sequence[Row], known: Known, owner: Mapping[str, str], sheet: str, file: str) -> list[Finding]:
    """Rows known by their id whose check code is gone or no issued row's; spare rows once something is typed."""
    odd = [row for row in rows if not row.code and _odd_check(row, known, owner)]
    if not odd:
        return []
    facts = (("sheet", sheet), ("count", str(len(odd))), *listed("rows", [row.raw.number for row in odd], 3))
    where = CellRef(file, sheet, f"A{odd[0].raw.number}", table=known.table)
    return [Finding("F_CHECK", "warning", where, value=odd[0].raw.check, facts=facts)]


def _odd_check(row: Row, known: Known, owner: Mapping[str, str]) -> bool:
    rid, check = row.raw.rid, row.raw.check
    if rid in known.issued:
        return owner.get(check) != rid
    return rid in known.spare and check != check_code(known.copy, rid) and any(row.texts)


def _issued(rid: str, group: list[Row], known: Known, sheet: str, file: str) -> list[Finding]:
    if len(group) == 1:
        group[0].rid = rid
        if group[0].code:
            return [Finding(group[0].code, "held", _at(group[0], sheet, file, known.table), value=rid)]
        return []
    where = _at(group[1], sheet, file, known.table)
    facts = (*listed("rows", [row.raw.number for row in group], len(group)), ("count", str(len(group))))
    if all(row.texts == group[0].texts and row.raw.delete == group[0].raw.delete for row in group):
        group[0].rid = rid
        for row in group[1:]:
            row.drop = True
        return [Finding("F_DUP_ID_SAME", "warning", where, value=rid, facts=facts)]
    key = known.key(known.issued[rid])
    keep = [row for row in group if key and known.key(row.texts) == key]
    if len(keep) == 1:
        keep[0].rid = rid
        for row in group:
            if row is not keep[0]:
                row.kind, row.code = "new", "H_DUP_ID_SPLIT"
        return [Finding("H_DUP_ID_SPLIT", "held", where, value=rid, facts=facts)]
    for row in group:
        row.rid, row.code = rid, "R_DUP_ID"
    return [Finding("R_DUP_ID", "rejected", where, value=rid, facts=facts)]


def _spare(rid: str, group: list[Row]) -> None:
    """A new row in a spare place; rows copied from it with its hidden id are new rows of their own."""
    typed = [row for row in group if any(row.texts)]
    for row in group:
        row.kind, row.drop = "new", row not in typed
    if typed:
        typed[0].rid = rid


def _without_id(lost: Sequence[Row], missing: Sequence[str], known: Known, sheet: str, file: str) -> list[Finding]:
    """Rows without an id: new, or an issued row whose id was blanked (cases 17 and 18)."""
    findings = []
    keys = Counter(known.key(row.texts) for row in lost)
    for row in lost:
        key = known.key(row.texts)
        same_key = [rid for rid in missing if key and known.key(known.issued[rid]) == key]
        alike = [rid for rid in missing if _alike(row.texts, known.issued[rid])]
        if same_key and len(missing) == keys[key] == 1:
            row.rid = missing[0]
            findings.append(Finding("F_ID_RESTORED", "warning", _at(row, sheet, file, known.table), value=row.rid))
        elif same_key or alike:
            row.code = "H_ID_LOST"
            row.kind = "new"
            findings.append(Finding("H_ID_LOST", "held", _at(row, sheet, file, known.table)))
        else:
            row.kind = "new"
    return findings


def _alike(texts: Sequence[str], issued: Sequence[str]) -> bool:
    """Tell whether at least half of the filled cells of an issued row are in this row."""
    filled = [(a, b) for a, b in zip(texts, issued, strict=True) if b]
    return bool(filled) and 2 * sum(a == b for a, b in filled) >= len(filled)


def _name_new(rows: Sequence[Row], known: Known) -> None:
    """Give rows typed outside of the spare rows an id from their content, and keep the one an earlier version gave.

    An amended row is known again by its key, else by its content, else by its position among the added.
    """
    nameless = [row for row in rows if not row.rid and not row.drop and (row.kind == "new" or row.code)]
    free = dict(known.added)
    for row in nameless:
        same = next((rid for rid, texts in free.items() if texts == row.texts), None)
        key = known.key(row.texts)
        same = same or next((rid for rid, texts in free.items() if key and known.key(texts) == key), None)
        if same:
            row.rid = same
            del free[same]
    rest = [row for row in nameless if not row.rid]
    if len(rest) == len(free) or (not known.key_at and len(rest) < len(free)):
        for row, rid in zip(rest, list(free), strict=False):
            row.rid = rid
    counted: dict[tuple[str, ...], int] = defaultdict(int)
    taken = {row.rid for row in rows} | set(known.added)
    for row in nameless:
        while not row.rid:
            rid = derive("row", known.copy, known.table, *row.texts, str(counted[row.texts]))
            counted[row.texts] += 1
            row.rid = "" if rid in taken else rid
        taken.add(row.rid)
