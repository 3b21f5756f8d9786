"""Import a list into a table of the master: match by key, add what is new, hold or update what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Final, Literal

from custsheet.checks import CheckRow, check
from custsheet.errors import CallError
from custsheet.fields.base import Field, Parsed, Text, expected, spoken
from custsheet.ids import derive
from custsheet.intake.refs import Resolver
from custsheet.intake.sheets import letters
from custsheet.ledger.codec import value_to_text
from custsheet.ledger.files import FileStore
from custsheet.messages import severity
from custsheet.model import Cell, CellRef, Change, Finding, Severity, Table, Unreadable, Value
from custsheet.schema.labels import Labels
from custsheet.schema.records import Issue, Schema, TableDef
from custsheet.schema.source import nearest_word
from custsheet.text import fold, join
from custsheet.workspace.asides import IMPORT_NOTE, Difference, as_item, decided_differences, known_differences
from custsheet.workspace.disk import digest_of, read_bytes
from custsheet.workspace.editing import now_read
from custsheet.workspace.folder import Folder
from custsheet.workspace.relations import Relations
from custsheet.workspace.tabular import Listing, Matched, below_title, load_map, match_heads, read_listing
from custsheet.workspace.waits import Waits

_NEW: Final = ""


@dataclass(frozen=True)
class Imported:
    """What an import came to, in rows.

    `held` counts those that differ and wait for an answer or `--update`, `decided` those whose differences somebody
    has answered already.
    """

    file: str
    table: str
    revision: int
    rows: int
    added: int
    same: int
    updated: int
    held: int
    decided: int = 0
    guessed: tuple[tuple[str, str], ...] = ()
    unused: tuple[tuple[str, int], ...] = ()
    """Heads that no field has, each with the number of cells that hold something below it."""
    findings: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = field(default=(), repr=False)


@dataclass(slots=True)
class _Row:
    """One row of the list: where it stands, its values for the matched fields, and the row it belongs to."""

    number: int
    values: dict[str, Value]
    rid: str = _NEW
    outcome: Literal["", "added", "same", "updated", "held", "decided"] = ""


def import_rows(
    folder: Folder, path: Path, table: str, *, map_file: Path | None = None, update: bool = False, dry_run: bool = False
) -> Imported:
    """Import a csv or xlsx into one table as one revision; nothing in the file is dropped.

    Raises CallError for a table or a head that is not known; findings tell of repairs and of what could not be read.
    """
    return _Import(folder, path, table, map_file).run(update=update, dry_run=dry_run)


def _table(schema: Schema, text: str) -> TableDef:
    """Return a table by its name or title; CallError `TABLE_MISSING`, or `TABLE_UNKNOWN` with the nearest."""
    for table in schema.tables.values():
        if fold(text) in map(fold, (table.name, table.title.zh, table.title.en)):
            return table
    form = "{}（{}）" if schema.language == "zh" else "{} ({})"
    known = tuple(form.format(table.name, table.title[schema.language]) for table in schema.tables.values())
    if not text:
        raise CallError("TABLE_MISSING", known=known)
    raise CallError("TABLE_UNKNOWN", name=text, known=known, nearest=nearest_word(text, tuple(schema.tables)))


class _Import:
    def __init__(self, folder: Folder, path: Path, table: str, map_file: Path | None) -> None:
        self.folder = folder
        self.path = path
        self.table = _table(folder.schema, table)
        self.master = folder.ledger.tables(folder.schema)
        self.current = self.master[self.table.name]
        self.listing: Listing = read_listing(path)
        self.matched = self._heads(map_file)
        self.findings: list[Finding] = [*self._above(), *self._surplus()]
        self.left: list[Difference] = []
        self._given: set[str] = set()

    def run(self, *, update: bool, dry_run: bool) -> Imported:
        rows = self._parse()
        self._match(rows, update=update)
        target, changes = self._target(rows)
        self._check(rows, target)
        revision = self.folder.ledger.revision()
        if (changes or self.left) and not dry_run:
            revision = self._write(target, changes, rows)
        outcomes = [row.outcome for row in rows]
        return Imported(
            file=self.listing.file,
            table=self.table.name,
            revision=revision,
            rows=len(rows),
            added=outcomes.count("added"),
            same=outcomes.count("same"),
            updated=outcomes.count("updated"),
            held=outcomes.count("held"),
            decided=outcomes.count("decided"),
            guessed=self.matched.guessed,
            unused=tuple((head, self._filled(head)) for head in self.matched.unused),
            findings=tuple(self.findings),
            changes=changes,
        )

    def _heads(self, map_file: Path | None) -> Matched:
        fields = {name: f for name, f in self.table.fields.items() if f.spec.compute is None}
        names: dict[str, str] = {}
        for f in fields.values():
            texts = (*f.spec.aliases, f.spec.title.zh, f.spec.title.en, f.name, f.name.replace("_", " "))
            names |= {fold(text): f.name for text in texts}
        if map_file:
            mapped = load_map(map_file, list(fields), self.listing)
            names = {text: name for text, name in names.items() if name not in mapped.values()} | mapped
        self.listing = below_title(self.listing, names)
        matched = match_heads(self.listing.head, names)
        lacking = [name for name in self.table.key if name not in matched.at]
        if lacking:
            language = self.folder.settings.language
            titles = join([fields[n].spec.title[language] for n in lacking], language)
            heads = join([h for h in self.listing.head if h], language)
            raise CallError("IMPORT_NO_KEY", file=self.listing.file, title=titles, heads=heads)
        return matched

    def _filled(self, head: str) -> int:
        at = self.listing.head.index(head)
        cells = (row.cells[at] for row in self.listing.rows if at < len(row.cells))
        return sum(cell is not None and bool(cell.raw.strip()) for cell in cells)

    def _above(self) -> list[Finding]:
        """What stands over the head is no row."""
        if not self.listing.above:
            return []
        where = CellRef(self.listing.file, self.listing.sheet, "", self.table.name)
        value = join(self.listing.above, self.folder.settings.language)
        return [Finding("F_IMPORT_ABOVE", "info", where, value=value)]

    def _surplus(self) -> list[Finding]:
        """Cells that stand under no head have no field to go to: said, never dropped in silence."""
        heads = self.listing.head
        findings = []
        for row in self.listing.rows:
            loose = [
                (at, cell.raw.strip())
                for at, cell in enumerate(row.cells)
                if cell is not None and cell.raw.strip() and (at >= len(heads) or not heads[at])
            ]
            if loose:
                value = join([raw for _, raw in loose], self.folder.settings.language)
                cell = f"{letters(loose[0][0])}{row.number}"
                where = CellRef(self.listing.file, self.listing.sheet, cell, self.table.name)
                facts = (("row", str(row.number)),)
                findings.append(Finding("F_IMPORT_SURPLUS", "warning", where, value=value, facts=facts))
        return findings

    # ── parse ──
    def _parse(self) -> list[_Row]:
        parsers = {name: self._memo(self.table.fields[name], self._texts(name)) for name in self.matched.at}
        raw = [
            (row, {name: parse(self._cell(row.cells, name)) for name, parse in parsers.items()})
            for row in self.listing.rows
        ]
        resolver = self._resolver([parsed for _, parsed in raw])
        rows = []
        for row, parsed in raw:
            values: dict[str, Value] = {}
            for name, p in parsed.items():
                f = self.table.fields[name]
                found = resolver.resolve(f, p.value)
                values[name] = found.value
                more = {"facts": p.facts + found.facts, "notes": p.notes + found.notes}
                self._remark(f, p._replace(value=found.value, **more), row.number)
            rows.append(_Row(row.number, values))
        return rows

    def _texts(self, name: str) -> Iterator[str]:
        cells = (self._cell(row.cells, name) for row in self.listing.rows)
        return (cell.raw for cell in cells if cell is not None and cell.kind == "text")

    def _memo(self, f: Field, texts: Iterable[str]):  # type: ignore[no-untyped-def]  # a closure over one dictionary
        known: dict[Cell | None, Parsed] = {}
        language, today, order = self.folder.settings.language, self.folder.today, f.order(texts)

        def parse(cell: Cell | None) -> Parsed:
            if cell not in known:
                known[cell] = f.parse(cell, language=language, today=today, order=order)
            return known[cell]

        return parse

    def _cell(self, cells: Sequence[Cell | None], name: str) -> Cell | None:
        at = self.matched.at[name]
        return cells[at] if at < len(cells) else None

    def _resolver(self, rows: Sequence[Mapping[str, Parsed]]) -> Resolver:
        """Refs are looked up among the rows of this file too, for tables that refer to themselves."""
        labels = self.folder.labels(self.master)
        issue = Issue("", "", "", 0, 0, {}, {})
        resolver = Resolver(self.folder.schema, issue, self.folder.team, labels.of)
        shown = []
        for parsed in rows:
            key = [parsed[name].value for name in self.table.key]
            text = " · ".join(str(v) for v in key if v is not None)
            shown.append((self._new_rid(tuple(key)), text))
        known = {fold(text) for text in labels.of(self.table.name).values()}
        resolver.add_rows(
            self.table.name, [(rid, text) for rid, text in dict(shown).items() if fold(text) not in known]
        )
        return resolver

    def _new_rid(self, key: tuple[Value, ...]) -> str:
        parts = [self.table.fields[name].dump(v) or "" for name, v in zip(self.table.key, key, strict=True)]
        return self._free(map(fold, parts), 0, self._buried.get(self._folded(key), ""))

    def _free(self, parts: Iterable[str], first: int, buried: str) -> str:
        """Return the first id made of these parts that no row bears: what was called so may have another name by now.

        A deleted row that still says the same, `buried`, comes back under its id.
        """
        names = (self.folder.ledger.id, self.table.name, *parts)
        ids = (derive("import", *names, str(at)) for at in count(first))
        borne = (self.current.by_rid, self._gone.by_rid, self._given)
        return next(rid for rid in ids if rid == buried or not any(rid in rids for rids in borne))

    @cached_property
    def _gone(self) -> Table:
        return self.folder.ledger.gone(self.folder.schema)[self.table.name]

    def _remark(self, f: Field, parsed: Parsed, number: int) -> None:
        where = self._where(f.name, number)
        title = spoken("title", f.spec.title)
        for note in parsed.notes:
            facts = (*title, ("old", note.old), ("new", note.new))
            self.findings.append(Finding(note.code, "info", where, value=note.old, facts=facts))
        if isinstance(parsed.value, Unreadable):
            why = (*title, *parsed.facts, *self._near(f, dict(parsed.facts)))
            value = parsed.value.raw
            self.findings.append(Finding(parsed.value.code, "error", where, value=value, rule=f.spec.type, facts=why))

    def _near(self, f: Field, facts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """What to write instead of the name of a row or member that is not there, with the name that is like it."""
        near = Text(facts.get("nearest_zh", ""), facts.get("nearest_en", ""))
        if f.spec.type not in ("ref", "member") or not near.en or facts.get("reason") == "ambiguous":
            return ()
        return expected(f"{f.spec.type}_near", nearest=near)

    def _where(self, name: str, number: int) -> CellRef:
        cell = f"{letters(self.matched.at[name])}{number}" if name in self.matched.at else f"{number}"
        return CellRef(self.listing.file, self.listing.sheet, cell, self.table.name, field=name)

    # ── match ──
    def _match(self, rows: Sequence[_Row], *, update: bool) -> None:
        key = self.table.key
        there: dict[tuple[Value, ...], str] = {}
        if key:
            at = [self.current.at[name] for name in key]
            there = {self._folded([row[i] for i in at]): rid for rid, row in self.current.items()}
        else:
            content = self._contents(self.current)
        seen: dict[tuple[Value, ...], _Row] = {}
        counted: dict[tuple[Value, ...], int] = {}
        for row in rows:
            if not key:
                self._match_by_content(row, content, counted)
                continue
            blank = [name for name in key if row.values[name] is None and self.table.fields[name].spec.required]
            if blank:
                self._nameless(row, blank[0])
                continue
            folded = self._folded([row.values[name] for name in key])
            if folded in seen:
                same = seen[folded].values == row.values
                row.rid, row.outcome = seen[folded].rid, "same" if same else "held"
                if not same:
                    self._held(row, "F_IMPORT_TWICE", seen[folded].values, str(seen[folded].number))
                continue
            seen[folded] = row
            row.rid = there.get(folded, _NEW)
            if row.rid == _NEW:
                row.rid, row.outcome = self._new_rid(tuple(row.values[name] for name in key)), "added"
                self._tell_of_deleted(row, folded)
            elif not self._differs(row):
                row.outcome = "same"
            else:
                row.outcome = "updated" if update or self._only_read_now(row) else "held"
                if row.outcome == "held":
                    self._ask(row)

    def _nameless(self, row: _Row, blank: str) -> None:
        """Leave out a row that nobody could tell from others, now or when the file comes again."""
        row.outcome = "held"
        facts = (("title", self.table.fields[blank].spec.title[self.folder.settings.language]),)
        self.findings.append(Finding("F_IMPORT_NAMELESS", "held", self._where(blank, row.number), facts=facts))

    def _tell_of_deleted(self, row: _Row, folded: tuple[Value, ...]) -> None:
        """A row of this name was deleted: whoever imports the list has to hear that it comes back as a new one."""
        if rid := self._buried.get(folded):
            entries = self.folder.ledger.history(self.table.name, rid, self.folder.schema)
            last = next((e for e in reversed(entries) if e.act == "deleted"), None)
            if last is not None and last.kind == "undo":  # it went with a list that was taken back
                return
            label = self.folder.labels(self.folder.ledger.gone(self.folder.schema)).label(self.table.name, rid)
            facts = (("label", label), ("at", last.at[:10] if last else ""))
            where = self._where(self.table.key[0], row.number)
            self.findings.append(Finding("F_IMPORT_DELETED", "warning", where, facts=facts))

    @cached_property
    def _buried(self) -> dict[tuple[Value, ...], str]:
        at = [self._gone.at[name] for name in self.table.key]
        return {self._folded([row[i] for i in at]): rid for rid, row in self._gone.items()}

    def _folded(self, key: Sequence[Value]) -> tuple[Value, ...]:
        return tuple(fold(v) if isinstance(v, str) else v for v in key)

    @cached_property
    def _gone_contents(self) -> dict[tuple[Value, ...], list[str]]:
        return self._contents(self._gone)

    def _contents(self, table: Table) -> dict[tuple[Value, ...], list[str]]:
        at = [table.at[name] for name in self.matched.at]
        found: dict[tuple[Value, ...], list[str]] = {}
        for rid, row in table.items():
            found.setdefault(tuple(row[i] for i in at), []).append(rid)
        return found

    def _match_by_content(
        self, row: _Row, content: dict[tuple[Value, ...], list[str]], counted: dict[tuple[Value, ...], int]
    ) -> None:
        """A table without a key: the n-th equal row of the file is the n-th equal row of the master."""
        values = tuple(row.values[name] for name in self.matched.at)
        nth = counted[values] = counted.get(values, 0) + 1
        held = content.get(values, [])
        if nth <= len(held):
            row.rid, row.outcome = held[nth - 1], "same"
            return
        dumped = [self.table.fields[name].dump(v) or "" for name, v in zip(self.matched.at, values, strict=True)]
        gone = (rid for rid in self._gone_contents.get(values, ()) if rid not in self._given)
        row.rid = self._free(dumped, nth, next(gone, ""))
        self._given.add(row.rid)
        row.outcome = "added"

    def _differs(self, row: _Row) -> list[str]:
        before = self.current.by_rid[row.rid]
        return [
            name
            for name, value in row.values.items()
            if value is not None and self._is_other(name, value, before[self.current.at[name]])
        ]

    def _is_other(self, name: str, value: Value, before: Value) -> bool:
        return not self.table.fields[name].same(value, before) or now_read(before, value)

    def _only_read_now(self, row: _Row) -> bool:
        """Tell whether the file says what it said before, and all that is new is that it can be read."""
        before = self.current.by_rid[row.rid]
        return all(now_read(before[self.current.at[n]], row.values[n]) for n in self._differs(row))

    def _ask(self, row: _Row) -> None:
        """Ask about the cells in which a row differs, but for those that somebody has decided already (case 49)."""
        before = dict(zip(self.current.fields, self.current.by_rid[row.rid], strict=True))
        decided = [name for name in self._differs(row) if self._is_decided(row, name, before[name])]
        left = {name: value for name, value in row.values.items() if name not in decided}
        for names, code in ((decided, "F_IMPORT_DECIDED"), (left, "H_IMPORT")):
            values = {name: row.values[name] for name in names}
            self._held(_Row(row.number, values, row.rid), code, before, "")
        if len(decided) == len(self._differs(row)):
            row.outcome = "decided"

    def _is_decided(self, row: _Row, name: str, before: Value) -> bool:
        """Tell whether somebody decided about this very difference, and what was to stand there still does."""
        asked = self._difference(row, self.table.fields[name], before, row.values[name])
        return (asked.id, asked.base, asked.offered) in self._decided

    @cached_property
    def _decided(self) -> frozenset[tuple[str, str | None, str | None]]:
        return frozenset((one.id, one.base, one.offered) for one in decided_differences(self.folder))

    def _held(self, row: _Row, code: str, before: Mapping[str, Value], other: str) -> None:
        for name, value in row.values.items():
            f = self.table.fields[name]
            if value is None or not self._is_other(name, value, before.get(name)):
                continue
            language = self.folder.settings.language
            facts = (
                ("title", f.spec.title[language]),
                ("old", f.text(before.get(name), language=language)),
                ("row", other),
            )
            text = f.text(value, language=language)
            if code == "H_IMPORT" and not isinstance(value, Unreadable):
                self.left.append(self._difference(row, f, before.get(name), value))
            where = self._where(name, row.number)
            level: Severity = "info" if severity(code) == "info" else "held"
            self.findings.append(Finding(code, level, where, value=text, facts=facts))

    def _difference(self, row: _Row, f: Field, before: Value, value: Value) -> Difference:
        texts = (value_to_text(f, before), value_to_text(f, value))
        who = (self.folder.actor.id, self.listing.file, self.folder.now)
        return Difference(self.table.name, row.rid, f.name, *texts, *who)

    # ── apply ──
    def _target(self, rows: Sequence[_Row]) -> tuple[Table, tuple[Change, ...]]:
        after: dict[str, tuple[Value, ...]] = dict(self.current.items())
        changes: list[Change] = []
        who = (self.folder.actor.id,)
        for row in rows:
            if row.outcome == "added":
                after[row.rid] = tuple(row.values.get(name) for name in self.current.fields)
                changes.append(Change(self.table.name, row.rid, "", None, None, who, cause="import", kind="add"))
            elif row.outcome == "updated":
                before = dict(zip(self.current.fields, after[row.rid], strict=True))
                for name in self._differs(row):
                    new = row.values[name]
                    changes.append(Change(self.table.name, row.rid, name, before[name], new, who, cause="import"))
                    before[name] = new
                after[row.rid] = tuple(before[name] for name in self.current.fields)
        return Table(self.table.name, self.current.fields, tuple(after), tuple(after.values())), tuple(changes)

    def _check(self, rows: Sequence[_Row], target: Table) -> None:
        fresh = [row for row in rows if row.outcome in ("added", "updated")]
        checked = [
            CheckRow(
                rid=row.rid,
                row=target.by_rid[row.rid],
                changed=frozenset(self.table.fields),
                refs={name: self._where(name, row.number) for name in self.table.fields},
            )
            for row in fresh
        ]
        related = Relations(self.folder.schema, {**self.master, self.table.name: target}).of
        found = check(
            self.table,
            checked,
            today=self.folder.today,
            related=related,
            language=self.folder.settings.language,
        )
        for _, finding in found:
            severity = "error" if finding.severity == "rejected" else finding.severity
            self.findings.append(
                Finding(finding.code, severity, finding.where, "edit", finding.value, finding.rule, finding.facts)
            )

    def _write(self, target: Table, changes: tuple[Change, ...], rows: Sequence[_Row]) -> int:
        folder = self.folder
        data = read_bytes(self.path)
        FileStore(folder.files).put(data)
        tables = {**self.master, self.table.name: target}
        labels = Labels(folder.schema, tables, language=folder.settings.language, names=folder.names)
        labelled = tuple(
            Change(c.table, c.rid, c.field, c.old, c.new, c.members, labels.label(c.table, c.rid), c.cause, c.kind)
            for c in changes
        )
        with folder.ledger.write(actor=folder.actor.id, kind="import", now=folder.now) as tx:
            tx.store_schema(folder.schema)
            tx.add_file(digest_of(data), self.path.name, len(data))
            waits = self._waits()
            waits.move(folder, tx)
            if not changes:
                return folder.ledger.revision()
            summary = {"table": self.table.name, "file": self.path.name, "rows": len(rows)}
            number = tx.revise({self.table.name: target}, labelled, folder.schema, summary=summary)
            waits.keep(tx, number)
            return number

    def _waits(self) -> Waits:
        """What is asked from now on, in the place of what an earlier list said of the same cells."""
        ids = {one.id for one in self.left}
        earlier = [one for one in known_differences(self.folder) if one.id in ids]
        return Waits(
            off={IMPORT_NOTE: [as_item(one) for one in earlier]}, on={IMPORT_NOTE: [as_item(one) for one in self.left]}
        )
