"""A team whose ledger is on a PostgreSQL server: the week, the way there and back, and what stands in the way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pg_bench import PASSWORD, Cable, Server
from team_bench import TeamBench

from custsheet import messages

LAKE, EAST = "澄湖示例科技", "东屿示例制药"
PHONE, OTHER = ("客户", LAKE, "电话"), ("客户", EAST, "电话")


@pytest.fixture
def database() -> str:
    return "postgresql"


def test_a_whole_week_on_a_server(team: TeamBench) -> None:
    """Copies, merge, question, answer, report, next week's copies, undo, replay, verify: as with a file (DESIGN 7)."""
    for member, phone in (("王芳", "13900000001"), ("李雷", "13900000002")):
        team.put(member, {PHONE: phone})
    assert team.run("merge", today="2026-11-18").code == 3
    team.answer("claim:0")
    assert team.run("merge", today="2026-11-19").code == 0
    answered = team.value(f"customers/{LAKE}", "phone")
    assert team.run("report", today="2026-11-20").code == 0
    assert (team.root / "rounds" / team.round / "report.xlsx").is_file()
    assert team.run("report", "--as-of", "1", today="2026-11-20").code == 0
    assert team.run("generate", "--round", "2026-W48", today="2026-11-23").code == 0
    assert team.copy_of("王芳", "2026-W48").is_file()
    assert [team.run(*call).code for call in (("verify", "--full"), ("replay",), ("status",), ("log",))] == [0] * 4
    last = team.json("log")["revisions"][0]["revision"]
    assert team.run("undo", f"r{last}", today="2026-11-24").code in (0, 3)
    assert answered in ("13900000001", "13900000002")
    assert team.value(f"customers/{LAKE}", "phone") == "13800000001"
    assert team.run("verify", "--full").code == 0


def test_verify_says_what_it_leaves_to_the_server(team: TeamBench) -> None:
    """The pages of a server's files are not ours to check, and nobody is let believe that they were."""
    assert "pg_amcheck" in team.run("verify").out
    assert team.json("verify")["pages"] is False


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_ledger_moves_to_a_server_and_back(team: TeamBench, new_database: Callable[[], str]) -> None:
    """Backup, another `ledger:`, restore: the same history, in both directions, and a merge in each place."""
    address = new_database()
    for where, member, edits in (
        (address, "王芳", {PHONE: "13900000001"}),
        ("moved.db", "李雷", {OTHER: "13900000002"}),
    ):
        assert team.run("backup").code == 0
        team.set_ledger(where)
        assert team.run("verify").code == 5
        assert team.run("restore").code == 0
        team.put(member, edits)
        assert team.json("merge")["edits"]["applied"] == 1
    assert team.run("verify", "--full").code == team.run("replay").code == 0
    assert team.value(f"customers/{LAKE}", "phone") == "13900000001"


def test_a_backup_goes_back_and_what_was_there_is_kept(team: TeamBench) -> None:
    """As with a file: what came after the backup is counted, and can be put back."""
    before = team.json("backup")["file"]
    team.put("王芳", {PHONE: "13900000001"})
    team.run("merge")
    done = team.json("restore", before)
    assert (done["lost"], team.value(f"customers/{LAKE}", "phone")) == (1, "13800000001")
    assert team.run("restore", done["replaced"]).code == 0
    assert team.value(f"customers/{LAKE}", "phone") == "13900000001"


@pytest.mark.parametrize("word", [b"INSERT INTO submission", b"INSERT INTO cell_history", b"COMMIT\0"])
def test_a_merge_whose_server_goes_is_run_again(team: TeamBench, server: Server, cable: Cable, word: bytes) -> None:
    """Gone in the middle or at the very end: exit 6; the same command again, and every edit is there once."""
    team.put("王芳", {PHONE: "13900000001"})
    settings = (team.root / "custsheet.yaml").read_text("utf-8")
    (team.root / "custsheet.yaml").write_text(settings.replace(f":{server.port}/", f":{cable.port}/"), "utf-8")
    cable.cut_after(word)
    stopped = team.run("merge")
    assert (stopped.code, "SERVER_LOST" in stopped.err) == (6, True)
    (team.root / "custsheet.yaml").write_text(settings, "utf-8")
    assert team.run("merge").code == 0
    steps = team.json("blame", f"customers/{LAKE}", "phone")["history"]
    assert [step["new"] for step in steps] == ["13800000001", "13900000001"]
    assert team.run("verify", "--full").code == team.run("replay").code == 0


# ── what stands in the way ──────────────────────────────────────────────────────────────────────────

WRONG: dict[str, tuple[int, Callable[[Server], str]]] = {
    "SETTINGS_DRIVER": (2, lambda _: "mysql://crm:geheim@127.0.0.1/crm"),
    "SETTINGS_ADDRESS": (2, lambda server: f"postgresql://crm:ge@heim@127.0.0.1:{server.port}/crm"),
    "SERVER_ADDRESS": (2, lambda server: server.address() + "?colour=red"),
    "LEDGER_EMPTY": (5, lambda server: server.address("nothing_here")),
    "LEDGER_FOREIGN": (5, lambda server: server.address("other_program")),
    "SERVER_NO_DATABASE": (5, lambda server: server.address(database="nowhere")),
    "SERVER_LOGIN": (6, lambda server: server.address().replace("custsheet@", "custsheet:geheim@")),
    "SERVER_AWAY": (6, lambda server: server.address(port=1)),
}


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_address_says_what_to_do(team: TeamBench, server: Server, code: str, language: str) -> None:
    """Exit 2, 5 or 6, a sentence in the team's language, no password in it, and nothing in the folder is changed."""
    exit_code, where = WRONG[code]
    server.sql(
        server.address(), "CREATE SCHEMA IF NOT EXISTS nothing_here", "CREATE SCHEMA IF NOT EXISTS other_program"
    )
    server.sql(server.address(), "CREATE TABLE IF NOT EXISTS other_program.notes (x TEXT)")
    settings = team.root / "custsheet.yaml"
    settings.write_text(settings.read_text("utf-8").replace("language: zh", f"language: {language}"), "utf-8")
    team.set_ledger(where(server))
    before = team.state()
    for call in (("status",), ("merge", "--json")):
        done = team.run(*call)
        assert (done.code, code in team.run("merge", "--json").out) == (exit_code, True)
        assert not [secret for secret in (PASSWORD, "geheim", "ge@heim", "heim@") if secret in done.out + done.err]
    said = re.split(r"\{\w+\}", messages.say(code, language))[0][:12]
    assert said.split("…")[0] in team.run("status").err
    assert team.state() == before


def test_the_database_of_another_team_is_refused(team: TeamBench, team_of_others: TeamBench, tmp_path: Path) -> None:
    """Whose backups lie in the folder does not write into another team's ledger, nor put a backup over it: exit 5."""
    shutil.copytree(team_of_others.root, tmp_path / "others")
    others = TeamBench(tmp_path / "others")
    backup = others.json("backup")["file"]
    others.set_ledger(re.findall(r"(?m)^ledger: (.*)$", (team.root / "custsheet.yaml").read_text("utf-8"))[0])
    for call, code in ((("generate", "--again"), "LEDGER_OTHER_TEAM"), (("restore", backup), "LEDGER_RESTORE_FOREIGN")):
        done = others.run(*call)
        assert (done.code, code in done.err) == (5, True), done.err
    assert team.run("verify", "--full").code == 0


def test_no_password_in_any_file_or_output(team: TeamBench, tmp_path: Path) -> None:
    """One that was written into the address all the same stays there alone: no backup, book or message shows it."""
    settings = team.root / "custsheet.yaml"
    settings.write_text(settings.read_text("utf-8").replace("custsheet@", f"custsheet:{PASSWORD}@"), "utf-8")
    team.put("王芳", {PHONE: "13900000001"})
    said = [team.run(*call) for call in (("merge",), ("status",), ("backup",), ("log", "--json"), ("doctor",))]
    assert [done.code for done in said] == [0] * 5
    assert not [done for done in said if PASSWORD in done.out + done.err]
    assert [name for name, data in team.state().items() if PASSWORD.encode() in data] == ["custsheet.yaml"]
