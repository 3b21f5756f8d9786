"""The ledger's head travels in every copy, so a past that was rewritten shows against any of them (R126)."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from custsheet.ledger import audit
from custsheet.ledger.codec import to_json

LAKE = "澄湖示例科技"
Database = sqlite3.Connection


def tamper(path: Path, act: Callable[[Database], object]) -> None:
    """Change a ledger's file with its guards taken off and put back."""
    with closing(sqlite3.connect(path)) as database:
        guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            database.execute(f"DROP TRIGGER {name}")
        act(database)
        for _, sql in guards:
            database.execute(sql)
        database.commit()


def rewrite_the_chain(database: Database) -> None:
    """Tell entry 3 otherwise and compute the rest of the chain anew, salts and all: the ledger's key lies beside it."""
    (key,) = database.execute("SELECT value FROM meta WHERE name = 'key'").fetchone()
    database.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 3")
    prev = audit.START
    for seq, at, actor, act, subject in database.execute(
        "SELECT seq, at, actor, act, subject FROM audit ORDER BY seq"
    ).fetchall():
        (body,) = database.execute("SELECT body FROM audit_payload WHERE seq = ?", (seq,)).fetchone()
        salt = hmac.new(bytes.fromhex(key), f"audit {seq} {prev}".encode(), hashlib.sha256).hexdigest()
        digest = audit.payload_digest(salt, body)
        link = hashlib.sha256(to_json([prev, str(seq), at, actor, act, subject, digest]).encode()).hexdigest()
        database.execute("UPDATE audit_payload SET salt = ? WHERE seq = ?", (salt, seq))
        database.execute(
            "UPDATE audit SET payload_digest = ?, prev = ?, hash = ? WHERE seq = ?", (digest, prev, link, seq)
        )
        prev = link


def cut_the_end(database: Database) -> None:
    """Take the last entries away: what the round's issue and the members' import left."""
    for table in ("audit_payload", "audit"):
        database.execute(f"DELETE FROM {table} WHERE seq > 3")


@pytest.mark.parametrize("act", [rewrite_the_chain, cut_the_end])
def test_a_rewritten_past_shows_against_a_mailed_copy(team: Any, act: Callable[[Database], None]) -> None:
    """Computed anew with the key, or cut off at the end, the chain holds in itself; a copy that left does not agree."""
    copy = team.copy_of("王芳")
    assert team.run("verify", "--anchor", copy).code == 0
    tamper(team.root / "ledger.db", act)
    assert team.run("verify").code == 0
    for language, words in (("zh", "重写过或截掉过"), ("en", "rewritten or cut off")):
        settings = team.root / "custsheet.yaml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("language: zh", f"language: {language}"))
        found = team.run("verify", "--anchor", copy)
        assert (found.code, words in found.out) == (5, True), found.out


def test_a_returned_copy_is_as_good(team: Any) -> None:
    """A member's edits do not touch the head in their copy."""
    path = team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    assert team.run("verify", "--anchor", path).code == 0
    tamper(team.root / "ledger.db", rewrite_the_chain)
    assert team.run("verify", "--anchor", path).code == 5


def test_the_printed_fingerprint_is_an_anchor(team: Any, tmp_path: Path) -> None:
    """What `verify` prints, kept in a text file, proves later that nothing before it was rewritten."""
    kept = tmp_path / "kept.txt"
    kept.write_text(team.run("verify").out, encoding="utf-8")
    assert team.json("verify")["head"] in kept.read_text(encoding="utf-8")
    assert team.run("set", f"customers/{LAKE}", "phone", "13900000009").code == 0
    assert team.run("verify", "--anchor", kept).code == 0
    tamper(team.root / "ledger.db", rewrite_the_chain)
    assert team.run("verify", "--anchor", kept).code == 5


@pytest.mark.parametrize("text", ["", "no fingerprint", "PK\x03\x04 no workbook", "0123456789abcdef" * 5])
def test_a_file_without_a_fingerprint_is_no_anchor(team: Any, tmp_path: Path, text: str) -> None:
    """Exit 2 with what would be one."""
    path = tmp_path / "kept.txt"
    path.write_text(text, encoding="utf-8")
    done = team.run("verify", "--anchor", path)
    assert (done.code, "[ANCHOR_NONE]" in done.err) == (2, True)


def test_another_team_s_copy_is_no_anchor(team: Any, team_of_others: Any) -> None:
    """Exit 2: it says nothing about this ledger."""
    done = team.run("verify", "--anchor", team_of_others.copy_of("王芳"))
    assert (done.code, "[ANCHOR_FOREIGN]" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE cell SET value = '13700000000' WHERE field = 'phone'", "绕过程序改过"),
        ("DELETE FROM cell_history WHERE rev = (SELECT max(number) FROM revision)", "历史重放"),
        ("UPDATE cell_history SET value = 'x' WHERE field = 'phone'", "历史重放"),
        ("UPDATE audit SET seq = seq + 1000 WHERE seq = 4", "接不上"),
        ("UPDATE audit_payload SET body = '{}' WHERE seq = 4", "内容被改过"),
        ("UPDATE issue SET member = 'zhao' WHERE member = 'wang'", "对不上"),
    ],
)
def test_tampering_is_told_in_words(team: Any, statement: str, words: str) -> None:
    """A value, a step of history, the order, a payload, a record: `verify --full` ends with 5 and says which."""
    tamper(
        team.root / "ledger.db",
        lambda database: (database.execute("PRAGMA foreign_keys = OFF"), database.execute(statement)),
    )
    found = team.run("verify", "--full")
    assert (found.code, words in found.out) == (5, True), found.out


def test_spoilt_received_files_are_told_by_name(team: Any) -> None:
    """Other bytes under a received file's name, and a file that is gone: both are named by `verify --full`."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    team.put("李雷", {("客户", "东屿示例制药", "电话"): "13900000002"})
    assert team.run("merge").code == 0
    first, second = sorted((team.root / "files").iterdir())[:2]
    first.write_bytes(first.read_bytes()[:-1] + b"x")
    second.unlink()
    found = team.run("verify", "--full")
    assert (found.code, "被改过" in found.out, "不见了" in found.out) == (5, True, True)
    assert team.run("verify", "--quick").code == 0
    assert {p["code"] for p in team.json("verify", "--full")["problems"]} == {
        "F_LEDGER_FILE_CHANGED",
        "F_LEDGER_FILE_MISSING",
    }
    assert json.loads(team.run("verify", "--full", "--json").out)["head"] == ""
