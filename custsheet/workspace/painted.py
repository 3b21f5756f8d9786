"""What members say by colours and notes: offered once to the manager as a tag, and remembered for each person."""

from __future__ import annotations

import colorsys
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from custsheet.addresses import letters
from custsheet.fields.base import listed
from custsheet.ids import short_hash
from custsheet.merging.questions import digest_of, question_id
from custsheet.messages import word
from custsheet.model import CellNote, CellRef, Change, Claim, Finding, Question, Resolution, Returned, Table, Tables
from custsheet.schema.labels import Labels
from custsheet.schema.records import Schema
from custsheet.text import named
from custsheet.workspace.folder import Folder
from custsheet.workspace.waits import Waits
from custsheet.xlsx.skin import Skin

NOTE = "note"
PAINTED, ANSWER = "painted:", "format:"
"""What the names of the notes begin with that keep a round's marks, and what each kind of mark means."""
_MOST_SAID, _LONGEST_LINE = 20, 120
_ROWS_NAMED = 5
_HUES = ((15, "red"), (42, "orange"), (70, "yellow"), (165, "green"), (260, "blue"), (300, "violet"), (345, "pink"))
"""Up to so many degrees a colour is called so; beyond, red again."""


@dataclass(frozen=True, slots=True)
class Painted:
    """The rows of one table that one member marked in one way."""

    member: str
    table: str
    kind: str
    """A fill as RRGGBB, or `note`."""
    rows: tuple[tuple[str, str], ...]
    """(row id, text of the notes); the text is empty for a colour."""

    @property
    def id(self) -> str:
        """The id of the question about it: the same for a person's colour every week."""
        return offer_id(self.member, self.table, self.kind)


def painted_in(skins: Mapping[str, Skin], returned: Returned) -> tuple[list[Painted], list[Finding]]:
    """Return what was marked by hand in a returned copy, whose sheets look so, and what is to be said about it."""
    found: list[Painted] = []
    said: list[Finding] = []
    for table in returned.tables.values():
        skin = skins.get(table.sheet)
        rids = {row.number: row.rid for row in table.rows}
        if skin is None:
            continue
        where = CellRef(returned.file, table.sheet, table=table.table)
        by_kind: dict[str, dict[str, list[str]]] = {}
        for note in skin.notes:
            if note.row in rids:
                by_kind.setdefault(NOTE, {}).setdefault(rids[note.row], []).append(note.text)
        said += [_noted(note, where, rids[note.row]) for note in skin.notes if note.row in rids][:_MOST_SAID]
        places: dict[str, list[tuple[int, int]]] = {}
        for (row, column), fill in sorted(skin.fills.items()):
            if row in rids:
                by_kind.setdefault(fill, {}).setdefault(rids[row], [])
                places.setdefault(fill, []).append((row, column))
        said += [_coloured(fill, cells, where) for fill, cells in places.items()]
        found += [
            Painted(returned.member, table.table, kind, tuple((rid, "\n".join(t)) for rid, t in sorted(rows.items())))
            for kind, rows in by_kind.items()
        ]
    return found, [replace(finding, member=returned.member) for finding in said]


def _noted(note: CellNote, where: CellRef, rid: str) -> Finding:
    cell = f"{letters(note.column)}{note.row}"
    facts = (("text", note.text), ("author", note.author))
    return Finding("F_NOTE", "info", where._replace(cell=cell, rid=rid), value=note.text, facts=facts)


def _coloured(fill: str, cells: Sequence[tuple[int, int]], where: CellRef) -> Finding:
    row, column = cells[0]
    rows = list(dict.fromkeys(row for row, _ in cells))
    facts = (*_colours(fill).items(), ("count", str(len(rows))), *listed("rows", rows, _ROWS_NAMED))
    return Finding("F_PAINTED", "info", where._replace(cell=f"{letters(column)}{row}"), value=fill, facts=facts)


def _colours(fill: str) -> dict[str, str]:
    return {f"colour_{language}": word(f"colour.{_colour(fill)}", language) for language in ("zh", "en")}


def _colour(fill: str) -> str:
    """Return the word for a colour."""
    red, green, blue = (int(fill[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    if strength < 0.12 or light < 0.08:
        return "grey"
    return next((name for most, name in _HUES if hue * 360 < most), "red")


class Offers:
    """The marks of one round that were not answered yet, and what was answered about such marks before."""

    def __init__(self, folder: Folder, round_name: str, fresh: Iterable[Painted]) -> None:
        self._folder, self._round, self._note = folder, round_name, painted_note(round_name)
        kept = [_load(item) for item in json.loads(folder.ledger.note(self._note) or "[]")]
        self._painted = list(_joined([*kept, *fresh], folder.schema))
        kept_tags = ((p.id, folder.ledger.note(f"{ANSWER}{p.id}")) for p in self._painted)
        self._tags: dict[str, list[str]] = {name: tags_in(text) for name, text in kept_tags if text}
        """Id → the tags that it was answered with; none where the marks mean nothing."""
        self._news: set[str] = set()

    def questions(self, labels: Labels) -> tuple[Question, ...]:
        """Return what is to be offered: one question for each person, table and kind of mark."""
        return tuple(self._question(p, labels) for p in self._painted if p.id not in self._tags)

    def take(self, resolutions: Iterable[Resolution]) -> list[Resolution]:
        """Remember the answers to offers; return the others."""
        ids, others = {p.id for p in self._painted}, []
        for resolution in resolutions:
            if resolution.question in ids:
                tags = list(resolution.value) if isinstance(resolution.value, tuple) else []
                self._tags[resolution.question] = tags
                self._news.add(resolution.question)
            else:
                others.append(resolution)
        return others

    def changes(self, master: Tables, labels: Labels) -> tuple[dict[str, Table], tuple[Change, ...]]:
        """Return the tables with the tags that answered marks stand for, and each cell that this changes."""
        tables: dict[str, Table] = {}
        found: list[Change] = []
        for p in self._painted:
            table = tables.get(p.table, master[p.table])
            name = _tags(self._folder.schema, p.table)
            new = {rid: self._tagged(table.get(rid, name), p) for rid, _ in p.rows if rid in table.by_rid}
            changed = {rid: tags for rid, tags in new.items() if tags != table.get(rid, name)}
            for rid, tags in changed.items():
                label = labels.label(p.table, rid)
                found.append(Change(p.table, rid, name, table.get(rid, name), tags, (), label, "resolution"))
            if changed:
                at = table.at[name]
                rows = ((*r[:at], changed.get(rid, r[at]), *r[at + 1 :]) for rid, r in table.items())
                tables[p.table] = replace(table, rows=tuple(rows))
        return tables, tuple(found)

    def _tagged(self, tags: object, painted: Painted) -> tuple[str, ...] | None:
        had = tags if isinstance(tags, tuple) else ()
        return tuple(dict.fromkeys((*had, *self._tags.get(painted.id, ())))) or None

    def notes(self) -> Iterator[tuple[str, str]]:
        """Yield what has to be remembered: (name, value)."""
        yield from ((name, since) for name, (_, since) in self._answers().items())
        waiting = [_dump(p) for p in self._painted if p.id not in self._tags]
        text = json.dumps(waiting, ensure_ascii=False) if waiting else ""
        if text != self._folder.ledger.note(self._note):
            yield self._note, text

    def waits(self, rules: Collection[str]) -> Waits:
        """Return the marks that were answered now, and what is remembered of them."""
        return Waits(off={self._note: [_dump(p) for p in self._painted if p.id in self._news]}, said=self._answers())

    def _answers(self) -> dict[str, tuple[str, str]]:
        """What is to be remembered of the answers given now; nothing was before, else nobody would have been asked."""
        answered = (p for p in self._painted if p.id in self._news)
        return {f"{ANSWER}{p.id}": ("", answer_text(p.member, p.table, p.kind, self._tags[p.id])) for p in answered}

    @property
    def summary(self) -> Mapping[str, object]:
        """Tags by colours and notes."""
        return {"format": self._round}

    def _question(self, painted: Painted, labels: Labels) -> Question:
        called = [(labels.text(painted.table, rid) or rid, text) for rid, text in painted.rows]
        language = self._folder.settings.language
        lines = [named(name, text, language) if text else name for name, text in called]
        shown = [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in lines[:_MOST_SAID]]
        shown += ["…"] if len(lines) > _MOST_SAID else []
        facts = {"count": str(len(lines)), "detail": "\n".join(shown)}
        marked = "noted" if painted.kind == NOTE else "coloured"
        colour = "" if painted.kind == NOTE else word(f"colour.{_colour(painted.kind)}", language)
        who = self._folder.names.get(painted.member, painted.member)
        label = word(f"question.format.{marked}", language, colour=colour, count=len(lines), who=who)
        return Question(
            id=painted.id,
            code="H_FORMAT",
            table=painted.table,
            rid="",
            field=_tags(self._folder.schema, painted.table),
            label=label,
            claims=(Claim(painted.member, None),),
            digest=digest_of([short_hash(rid) for rid, _ in painted.rows]),
            choices=("drop", "value"),
            default="drop",
            facts=tuple(facts.items()),
        )


def painted_note(round_name: str) -> str:
    """Return the name of the note that keeps a round's marks until somebody answers."""
    return f"{PAINTED}{round_name}"


def tags_in(text: str) -> list[str]:
    """Return the tags of such a note; an early one is nothing but their list."""
    kept = json.loads(text)
    return list(kept["tags"] if isinstance(kept, dict) else kept)


def offer_id(member: str, table: str, kind: str) -> str:
    """Return the id of the question about what a person marks in one way in a table."""
    return question_id("H_FORMAT", table, "", f"{member}/{kind}")


def answer_text(member: str, table: str, kind: str, tags: Sequence[str]) -> str:
    """Return the text of the note, named after `ANSWER` and the offer's id, that remembers what such marks mean."""
    return json.dumps({"member": member, "table": table, "kind": kind, "tags": list(tags)}, ensure_ascii=False)


def _joined(painted: Iterable[Painted], schema: Schema) -> Iterator[Painted]:
    """Put together what one person marked in several versions of a copy; tables without tags have no offers."""
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for p in painted:
        if _tags(schema, p.table):
            rows.setdefault((p.member, p.table, p.kind), {}).update(p.rows)
    for (member, table, kind), found in sorted(rows.items()):
        yield Painted(member, table, kind, tuple(sorted(found.items())))


def _tags(schema: Schema, table: str) -> str:
    """Return the first field of tags of a table; empty where there is none."""
    fields = schema.tables[table].fields.values() if table in schema.tables else ()
    return next((f.name for f in fields if f.spec.type == "tags"), "")


def _dump(painted: Painted) -> dict[str, Any]:
    return {"member": painted.member, "table": painted.table, "kind": painted.kind, "rows": dict(painted.rows)}


def _load(data: Mapping[str, Any]) -> Painted:
    return Painted(data["member"], data["table"], data["kind"], tuple(data["rows"].items()))
