"""A ledger that cannot be used, or a disk that does not take it: words in both languages, an exit code, no harm."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from team_bench import TeamBench

LAKE = "澄湖示例科技"
PAGE = 4096


def pragma(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()


def overwrite_pages(path: Path) -> None:
    """Write chance over a few pages in the middle, each time others."""
    data, chance = bytearray(path.read_bytes()), random.Random(path.stat().st_mtime_ns)
    for at in chance.sample(range(2, len(data) // PAGE), 4):
        data[at * PAGE : (at + 1) * PAGE] = chance.randbytes(PAGE)
    path.write_bytes(bytes(data))


SPOILT: dict[str, tuple[Callable[[Path], object], str, str, str]] = {
    "gone": (Path.unlink, "LEDGER_MISSING", "没找到账本", "No ledger at"),
    "empty": (lambda p: p.write_bytes(b""), "LEDGER_DAMAGED", "文件坏了", "is damaged"),
    "cut off": (lambda p: p.write_bytes(p.read_bytes()[: 5 * PAGE + 100]), "LEDGER_DAMAGED", "文件坏了", "is damaged"),
    "a workbook": (lambda p: p.write_bytes(b"PK\x03\x04" * 99), "LEDGER_DAMAGED", "文件坏了", "is damaged"),
    "newer": (lambda p: pragma(p, "PRAGMA user_version = 9"), "LEDGER_NEWER", "第 9 版", "layout 9"),
    "other": (lambda p: pragma(p, "PRAGMA application_id = 7"), "LEDGER_FOREIGN", "别的程序", "another program"),
}


def speak(team: Any, language: str) -> None:
    """Set the workspace's language."""
    settings = team.root / "custsheet.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("language: zh", f"language: {language}"))


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_ledger_that_cannot_be_used_is_told(team: Any, how: str, language: str) -> None:
    """Gone, empty, cut off, newer or another program's: exit 5, the sentence, and not a byte of it is touched."""
    spoil, code, *words = SPOILT[how]
    speak(team, language)
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    spoil(team.root / "ledger.db")
    before = team.state()
    done = team.run("merge")
    assert (done.code, f"[{code}]" in done.err, words[language == "en"] in done.err) == (5, True, True), done.err
    assert team.state() == before


@pytest.mark.parametrize("turn", range(4))
def test_spoilt_pages_stop_a_merge_before_it_writes(team: Any, turn: int) -> None:
    """Chance over any pages of the file: `verify --full` and the merge end with 5, and the merge writes nothing."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    overwrite_pages(team.root / "ledger.db")
    before = (team.root / "ledger.db").read_bytes()
    assert [team.run("verify", "--full").code, team.run("merge").code] == [5, 5]
    assert (team.root / "ledger.db").read_bytes() == before


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_what_lies_beside_a_ledger_does_no_harm(team: Any, ending: str) -> None:
    """A journal or log without sense, as a copying program may leave it: the merge goes on, the ledger is whole."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    (team.root / f"ledger.db{ending}").write_bytes(random.Random(1).randbytes(9_000))
    assert team.json("merge")["edits"]["applied"] == 1
    assert team.run("verify", "--full").code == 0


def test_another_team_s_ledger_takes_nothing_from_our_copies(team: Any, team_of_others: Any) -> None:
    """Put in the place of ours, in a folder that does not know its ledger: every copy is refused (exit 4), by name."""
    (team.root / "backups" / "ledger.id").unlink()
    path = team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    shutil.copyfile(team_of_others.root / "ledger.db", team.root / "ledger.db")
    done = team.run("merge", path)
    assert (done.code, "[E_FOREIGN]" in done.out + done.err) == (4, True), done.out + done.err
    assert team.json("status")["revision"] == team_of_others.json("status")["revision"]


# ── disks ───────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def disk(place: Path, options: str) -> Iterator[None]:
    """Mount a small disk; skip where that is not permitted."""
    place.mkdir(parents=True, exist_ok=True)
    call = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if sys.platform != "linux" or shutil.which("mount") is None or subprocess.run(call, check=False).returncode:
        pytest.skip("needs the right to mount a small tmpfs (root on Linux)")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("room", [0, 40_000, 150_000])
def test_a_full_disk_loses_nothing(team: Any, tmp_path: Path, room: int, language: str) -> None:
    """With no room, or for a part of the merge alone: exit 6 with what to do, and with room the same merge ends."""
    speak(team, language)
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    with disk(tmp_path / "disk", "size=4m"):
        root = tmp_path / "disk" / "team"
        shutil.copytree(team.root, root)
        here = type(team)(root)
        filler = root.parent / "filler"
        free = shutil.disk_usage(root).free
        filler.write_bytes(b"\0" * max(0, free - room))
        done = here.run("merge")
        words = {"zh": "磁盘满了", "en": "The disk is full"}[language]
        assert (done.code, words in done.err, "会接着做完" in done.err or "goes on" in done.err) == (6, True, True)
        assert here.run("verify", "--full").code == 0
        filler.unlink()
        assert here.run("merge").code == 0
        assert here.value(f"customers/{LAKE}", "phone") == "13900000001"
        assert here.run("verify", "--full").code == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_read_only_disk_is_told(team: Any, tmp_path: Path, language: str) -> None:
    """What only reads works; a merge ends with 6 and says that the right is missing."""
    speak(team, language)
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    place = tmp_path / "disk"
    with disk(place, "size=8m"):
        shutil.copytree(team.root, place / "team")
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        here = type(team)(place / "team")
        assert [here.run(*call).code for call in (("status",), ("verify", "--full"), ("validate",))] == [0, 0, 0]
        done = here.run("merge")
    words = {"zh": "没有权限写", "en": "No permission to write"}[language]
    assert (done.code, words in done.err) == (6, True), done.err


if os.name != "nt" and os.geteuid() != 0:  # no right stops root, whom the read-only disk stops

    @pytest.mark.parametrize("name", ["ledger.db", "."])
    def test_a_ledger_without_the_right_to_write_is_told(team: Any, name: str) -> None:
        """The file or its folder may only be read: exit 6, the name, nothing changed."""
        team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
        place = team.root / name
        place.chmod(0o500 if name == "." else 0o400)
        try:
            done = team.run("merge")
        finally:
            place.chmod(0o700)
        assert (done.code, "没有权限写" in done.err) == (6, True), done.err


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE round SET opening_revision = opening_revision + 1",
        "UPDATE submission SET state = 'revoked'",
        "UPDATE issue SET state = 'revoked'",
        "DELETE FROM file",
        "UPDATE audit_payload SET body = '{' WHERE seq = (SELECT max(seq) FROM audit_payload)",
    ],
)
def test_what_merges_start_from_is_verified(team: Any, statement: str) -> None:
    """Where a round opened, which files count and which came: changed behind the program, `verify --full` says so."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    team.run("merge")
    assert team.run("verify", "--full").code == 0
    pragma(team.root / "ledger.db", statement)
    done = team.run("verify", "--full")
    assert done.code == 5


def test_a_ledger_of_another_team_is_refused_in_the_first_week(team: Any, team_of_others: Any, tmp_path: Path) -> None:
    """No backup was made here yet: the folder knows its own ledger all the same, and nothing is shown or written."""
    theirs = team.root / "ledger.db"
    before = theirs.read_bytes()
    ours = TeamBench(Path(shutil.copytree(team_of_others.root, tmp_path / "ours")))
    for backup in (ours.root / "backups").glob("*.db"):
        backup.unlink()
    ours.set_ledger(str(theirs))
    listing = tmp_path / "list.csv"
    listing.write_text(f"客户名称,电话\n{LAKE},13700000002\n", encoding="utf-8")
    for call in (
        ("status",),
        ("merge",),
        ("import", listing, "--table", "customers", "--update"),
        ("generate", "--again"),
    ):
        done = ours.run(*call)
        assert (done.code, LAKE in done.out) == (5, False)
        assert "LEDGER_OTHER_TEAM" in done.err
    assert theirs.read_bytes() == before
    backup = Path(team.json("backup")["file"])
    ours.set_ledger("gone.db")
    assert "LEDGER_RESTORE_FOREIGN" in ours.run("restore", backup).err
