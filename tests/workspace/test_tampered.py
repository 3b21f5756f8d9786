"""Whatever is changed in the ledger's file behind the program's back, in any column of any table, is found (R081)."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from later_bench import LAKE, MARK, PHONE, answer, cell, differ, last, put

INFORMATIVE = {("schema_version", "at"), ("team", "at")}
"""When a schema or a list of members was kept first: nothing is judged by it, and the audit chain has it too."""
SMALL = ("note:open:", "note:questions:", "note:issuing:")
"""Notes on which nothing hangs: how many questions wait, which files we wrote."""


@pytest.fixture
def whole(team: Any) -> Any:
    """A week in which something came into every table: a conflict and its answer, an undo, a file that is none."""
    differ(team)
    answer(team, "claim:0")
    put(team, "王芳", {cell(PHONE): "13900000001"}, "x.xlsx")
    team.run("undo", last(team))
    (team.folder("inbox") / "坏.xlsx").write_bytes(b"PK nothing")
    put(team, "王芳", {cell(MARK): "删除", cell("客户名称", "+0"): "新的样例"}, "z.xlsx")
    assert team.run("verify", "--full").code == 0
    return team


class Behind:
    """A hand in the database: each change starts from the same ledger, and the guards stand again afterwards."""

    def __init__(self, team: Any) -> None:
        self.team, self.path = team, Path(team.root / "ledger.db")
        self.bytes = self.path.read_bytes()
        with contextlib.closing(sqlite3.connect(self.path)) as raw:
            known = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            self.columns = {t: [row[1:3] for row in raw.execute(f"PRAGMA table_info('{t}')")] for t in known}
            self.counts = {t: raw.execute(f"SELECT count(*) FROM '{t}'").fetchone()[0] for t in known}
            self.guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            self.notes = [name for (name,) in raw.execute("SELECT name FROM meta WHERE name LIKE 'note:%'")]

    def does(self, *statements: str) -> int:
        """Return the exit code of `verify --full` after a change; 5 where the database itself refuses it."""
        self.path.write_bytes(self.bytes)
        for beside in ("-wal", "-shm"):
            self.path.with_name(self.path.name + beside).unlink(missing_ok=True)
        drops, sets = [f"DROP TRIGGER {name}" for name, _ in self.guards], [sql for _, sql in self.guards]
        with contextlib.closing(sqlite3.connect(self.path)) as raw:
            try:
                for statement in (*drops, *statements, *sets):
                    raw.execute(statement)
            except sqlite3.IntegrityError:
                return 5
            raw.commit()
        code: int = self.team.run("verify", "--full").code
        return code


def changes(behind: Behind) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield a change of each column in the last record of its table; and one that deletes that record."""
    for table, columns in behind.columns.items():
        rowless = "rev" in [name for name, _ in columns] and table != "cause"
        key = "(row, rev)" if rowless else "rowid"
        newest = "row, rev FROM {0} ORDER BY rev" if rowless else "rowid FROM {0} ORDER BY rowid"
        which = f"WHERE {key} IN (SELECT {newest.format(table)} DESC LIMIT 1)"
        for name, kind in columns if table != "meta" else ():
            more = {"INTEGER": f"coalesce({name}, 0) + 1", "BLOB": "x'00'"}.get(kind, f"coalesce({name}, '') || 'x'")
            quoted = f'"{name}"'
            yield (table, name), f'UPDATE "{table}" SET {quoted} = {more.replace(name, quoted)} {which}'
        if table not in ("meta", "cell", "cell_history", "row_history"):
            yield (table, "*"), f'DELETE FROM "{table}" {which}'


def test_every_column_of_every_table_is_proved(whole: Any) -> None:
    """A value is changed, a record deleted: `verify --full` says no to each, and never falls over it."""
    behind = Behind(whole)
    assert min(behind.counts.values()) > 0
    codes = {place: behind.does(statement) for place, statement in changes(behind)}
    assert {place for place, code in codes.items() if code == 0} == INFORMATIVE
    assert {code for code in codes.values() if code} == {5}


def test_what_merges_are_judged_by_is_proved(whole: Any) -> None:
    """By which schema files were judged, what was undone, what waits: a note that is changed or gone is found."""
    behind = Behind(whole)
    notes = [name for name in behind.notes if not name.startswith(SMALL)]
    assert {name.split(":")[1] for name in notes} >= {"judged", "merged", "mended", "undid", "undone", "answers"}
    for name in [*notes, "schema", "team"]:
        for statement in (
            f"UPDATE meta SET value = value || 'x' WHERE name = '{name}'",
            f"DELETE FROM meta WHERE name = '{name}'",
        ):
            assert behind.does(statement) == 5, statement


def test_what_was_erased_is_told(whole: Any) -> None:
    """The chain holds without its payloads; what they proved is proved no more, and nobody may take it for whole."""
    assert Behind(whole).does("DELETE FROM audit_payload") == 5
    found = whole.json("verify", "--full")["problems"]
    assert [problem["code"] for problem in found] == ["F_LEDGER_ERASED"]


def test_a_rewritten_past_shows_against_a_mailed_copy(whole: Any) -> None:
    """Value, history and fingerprints were all changed to agree, payloads erased: the copy of that week says no."""
    copy = whole.copy_of("李雷")
    assert whole.run("verify", "--anchor", copy).code == 0
    phone = whole.value(f"customers/{LAKE}", "phone")
    behind = Behind(whole)
    behind.does(
        "DELETE FROM audit_payload",
        f"UPDATE cell SET value = '13712345678' WHERE field = 'phone' AND value = '{phone}'",
        f"UPDATE cell_history SET value = '13712345678' WHERE field = 'phone' AND value = '{phone}'",
    )
    found = whole.json("verify", "--anchor", copy)["problems"]
    assert "F_LEDGER_ANCHOR_ROWS" in {problem["code"] for problem in found}
