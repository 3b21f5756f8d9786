"""Whatever a schema turns into, no value leaves the ledger: it is a value now, or it is in history and was listed."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from custsheet.ledger import layout
from custsheet.model import Table, Unreadable
from custsheet.workspace.create import create
from custsheet.workspace.folder import Folder
from custsheet.workspace.migrating import migrate, preview

EXAMPLES = min(int(os.environ.get("CUSTSHEET_LAWS", "60")), 2_000)
NOW = dt.datetime.fromisoformat("2026-11-16T09:00")
OPTIONS = ["A", "B", "C", "12"]

VALUES: Mapping[str, list[Any]] = {
    "text": ["甲", "12", "12.50", "2026-11-20", "是", "丙、丁", "A", "3月4日", "=1+1"],
    "note": ["甲", "12", "基本信息：乙"],
    "number": [Decimal(0), Decimal(12), Decimal("-3.25")],
    "money": [Decimal(12), Decimal("0.5")],
    "percent": [Decimal("0.2"), Decimal(1)],
    "date": [dt.date(2026, 11, 20), dt.date(1999, 2, 28)],
    "datetime": [dt.datetime.fromisoformat("2026-11-20T09:30")],
    "bool": [True, False],
    "choice": OPTIONS,
    "tags": [("丙", "丁"), ("A",)],
}
TYPES = sorted(VALUES)


def field_body(kind: str, options: list[str]) -> dict[str, Any]:
    """One field of the file."""
    return {"type": kind, "title": kind, **({"options": options} if kind == "choice" else {})}


@st.composite
def changes(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, str | None], list[list[Any]]]:
    """A table and rows, what it turns into, and field → its name then (None: gone)."""
    kinds = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=4))
    names = [f"f{at}" for at in range(len(kinds))]
    before = {name: field_body(kind, OPTIONS) for name, kind in zip(names, kinds, strict=True)}
    after: dict[str, Any] = {}
    fate: dict[str, str | None] = {}
    for name, kind in zip(names, kinds, strict=True):
        act = draw(st.sampled_from(["keep", "keep", "rename", "retype", "both", "drop", "narrow"]))
        fate[name] = None if act == "drop" else f"{name}x" if act in ("rename", "both") else name
        now = draw(st.sampled_from(TYPES)) if act in ("retype", "both") else kind
        if (new := fate[name]) is not None:
            body = field_body(now, OPTIONS[:2] if act == "narrow" else OPTIONS)
            after[new] = {**body, "title": f"{now}{name}", **({"was": [name]} if new != name else {})}
    after["extra"] = {"type": "text", "title": "多"}
    cell = {kind: st.one_of(st.none(), st.sampled_from(VALUES[kind])) for kind in TYPES}
    rows = draw(st.lists(st.tuples(*(cell[kind] for kind in kinds)), min_size=1, max_size=4))
    for name in names:
        before[name]["title"] = f"{before[name]['type']}{name}"
    return before, after, fate, [list(row) for row in rows]


def schema_file(fields: Mapping[str, Any], table: str, was: list[str]) -> str:
    """The schema file around a table's fields."""
    body = {"title": "事", "fields": fields, **({"was": was} if was else {})}
    tables = {table: body, "other": {"title": "别的", "fields": {"name": {"type": "text", "title": "名"}}}}
    roles = {"manager": {"*": {"rows": "all", "see": "*", "edit": "*", "add": True}}}
    return json.dumps({"schema": "s", "version": "1", "title": "s", "tables": tables, "roles": roles})


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an empty ledger."""
    root = tmp_path_factory.mktemp("law") / "empty"
    create(root, schema="simple", language="zh", now=NOW, seed="law")
    return root


def opened(root: Path) -> Folder:
    return Folder.open(root, now=NOW, actor="manager")


def filled(root: Path, fields: dict[str, Any], rows: list[list[Any]]) -> int:
    """Put rows into the ledger under the first schema."""
    (root / "schema.yaml").write_text(schema_file(fields, "things", []), encoding="utf-8")
    folder = opened(root)
    rids = tuple(f"r{at}" for at in range(len(rows)))
    table = Table("things", tuple(fields), rids, tuple(tuple(row) for row in rows))
    with folder.ledger.write(actor="manager", kind="import", now=folder.now) as tx:
        tx.store_team(folder.team)
        number = tx.revise({"things": table}, (), folder.schema)
    folder.close()
    return number


def lost_of(before: dict[str, Any], after: dict[str, Any], place: str | None, name: str, value: Any, now: Any) -> bool:
    """Whether a value has left its row or is not read any more; what keeps its type keeps its value."""
    if place is None:
        return True
    assert now is not None, (name, value)
    if isinstance(now, Unreadable):
        assert now.raw.strip(), (name, value)
        return True
    if before[name]["type"] == after[place]["type"]:
        assert now == value
    return after[place]["type"] == before[name]["type"] == "choice" and now not in after[place]["options"]


def history_of(folder: Folder, revision: int) -> Counter[str]:
    """How many values of each field a revision wrote, as history has it."""
    fields = select(layout.cell_history.c.field).where(layout.cell_history.c.rev == revision)
    with folder.ledger.reading() as connection:
        return Counter(connection.execute(fields).scalars())


@settings(max_examples=EXAMPLES)
@given(changed=changes(), table=st.sampled_from(["things", "matters"]), says=st.booleans())
def test_no_value_disappears(empty: Path, tmp_path_factory: Any, changed: Any, table: str, says: bool) -> None:
    """Renamed, retyped, narrowed, dropped, all at once: each value is in its row or in history and counted; R048."""
    before, after, fate, rows = changed
    root = tmp_path_factory.mktemp("case") / "team"
    shutil.copytree(empty, root)
    number = filled(root, before, rows)
    gone = table != "things" and not says
    was = ["things"] if table != "things" and says else []
    (root / "schema.yaml").write_text(schema_file(after, table, was), encoding="utf-8")
    with closing(opened(root)) as folder:
        told, done = preview(folder), migrate(folder, accept_loss=True)
        held = {(at, f): row[p] for at, row in enumerate(rows) for p, f in enumerate(before) if row[p] is not None}
        now = folder.ledger.tables(folder.schema)[table]
        assert history_of(folder, number) == Counter(f for _, f in held)
        lost = len(rows) if gone else 0
        for (at, name), value in ({} if gone else held).items():
            found = now.get(f"r{at}", fate[name]) if fate[name] else None
            lost += lost_of(before, after, fate[name], name, value, found)
        assert (told.lost, done.lost, done.effects) == (lost, lost, told.effects)
        rows_kept = folder.ledger.state().tables.get(table, {}).values()
        assert all(set(row.texts) <= set(after) for row in rows_kept)  # what is gone leaves the row
        assert folder.ledger.verify(full=True) == []
        then = folder.ledger.tables(folder.schema, number)[table]
        assert gone or (then.rids, then.rows) == (now.rids, now.rows)
