"""A copy that came in a mail from somebody else than its member (catalogue 20, MERGE case 47)."""

from __future__ import annotations

import json
import re
import zipfile
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from bad_bench import LAKE
from catalogue import bad_input
from team_bench import MANAGER, run_here

from custsheet.foreign import senders

EDIT = {(LAKE, "电话"): "13900000001"}
WANG, LI, BOSS, STRANGER = "wang@kehu.example", "li@kehu.example", "zhao@kehu.example", "someone@elsewhere.example"


def mail(attached: bytes, sender: str, name: str = "王芳.xlsx") -> bytes:
    """A saved mail with one attachment; without a sender its From is missing."""
    message = EmailMessage()
    if sender:
        message["From"] = sender
    message["To"], message["Subject"] = BOSS, "本周的表"
    message.set_content("见附件")
    message.add_attachment(attached, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@pytest.fixture
def known(bad: Any) -> Any:
    """The sample team, whose members' addresses are known: 陈晨's is not."""
    path = bad.team.root / "members.yaml"
    text = path.read_text(encoding="utf-8")
    for who, address in (("王芳", f"{WANG}; wang@home.example"), ("李雷", LI), (MANAGER, BOSS)):
        text = text.replace(f"name: {who}\n", f"name: {who}\n    email: {address}\n")
    path.write_text(text, encoding="utf-8")
    assert WANG in text
    return bad


FROM = {
    STRANGER: {STRANGER},
    f"=?utf-8?b?546L6Iqz?= <{WANG.upper()}>": {WANG},
    f'"{WANG}" <{STRANGER}>': {STRANGER},
    f"{WANG}, {STRANGER}": {WANG, STRANGER},
    "王芳": {"王芳"},
    "": set(),
}


@pytest.mark.parametrize(("header", "found"), FROM.items())
def test_from_whom_a_mail_is(header: str, found: set[str]) -> None:
    """A name of any kind is no address; an address dressed up as a name is none; what is no address stays itself."""
    assert set(senders(mail(b"", header))) == found


@bad_input(20)
@pytest.mark.parametrize("sender", [STRANGER, LI])
def test_a_copy_in_somebody_elses_mail(known: Any, sender: str) -> None:
    """A stranger's mail or a colleague's: the copy is left out whole, and both addresses are said."""
    found = _refused(known, sender)
    assert WANG in found["message"]
    assert sender in found["message"]


def _refused(known: Any, sender: str) -> dict[str, Any]:
    path = known.put(mail(known.typed(EDIT), sender), "来信.eml")
    done = known.team.run("merge", "--json")
    assert (done.code, done.json["edits"]["total"], known.phone()) == (4, 0, "13800000001")
    [found] = done.json["files"]
    assert (found["file"], found["state"], found["code"]) == ("王芳.xlsx", "refused", "F_SENDER")
    assert known.is_kept(path)
    english = known.in_language("en", "validate", path)[1]["files"][0]
    assert "was issued to 王芳" in english["message"]
    assert "members.yaml" in english["fix"]
    assert [r["code"] for r in known.team.json("status")["refused"]] == ["F_SENDER"]
    return dict(found)


@pytest.mark.parametrize("sender", ["王芳 <WANG@home.example>", BOSS, ""])
def test_whose_mail_says_nothing_against_a_copy(known: Any, sender: str) -> None:
    """The member in capitals or from home, the manager who forwards it, a mail without a sender: taken as usual."""
    known.put(mail(known.typed(EDIT), sender), "来信.eml")
    assert known.merged(code=0)["edits"]["applied"] == 1
    assert known.phone() == "13900000001"


def test_a_member_without_an_address_tells_nothing(known: Any) -> None:
    """陈晨 has no address in members.yaml: nobody can say that a mail is not 陈晨's."""
    attached = known.team.edited(known.team.copy_of("陈晨"), {("客户", "西塘示例服装", "电话"): "13900000007"})
    known.put(mail(attached, STRANGER), "来信.eml")
    assert known.merged(code=0)["edits"]["applied"] == 1


def test_a_mail_in_a_zip_and_a_mail_in_a_mail_are_asked_who_sent_them(known: Any) -> None:
    """However deep the copy lies, the one who handed it over counts: the outermost sender."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("来信.eml", mail(known.typed(EDIT), STRANGER))
    known.put(packed.getvalue(), "大家的.zip")
    known.put(mail(mail(known.typed({(LAKE, "电话"): "13900000002"}), WANG), STRANGER, "转.eml"), "转来.eml")
    done = known.team.run("merge", "--json")
    assert [f.get("code") for f in done.json["files"]] == ["F_SENDER", "F_SENDER"]


def test_whoever_runs_the_command_may_forward_a_copy(known: Any) -> None:
    """李雷 stands in for the manager and forwards what 王芳 gave him."""
    path = known.put(mail(known.typed(EDIT), LI), "来信.eml")
    done = run_here("-C", known.team.root, "merge", path, "--as", "李雷", "--json", "--today", known.team.today)
    assert (done.code, done.json["edits"]["applied"]) == (0, 1), done.out


def test_a_person_says_in_the_questions_to_take_it(known: Any) -> None:
    """One question with both addresses; yes takes the copy with that merge, and nothing is left to ask."""
    _refused(known, STRANGER)
    [question] = known.team.json("resolve")["questions"]
    assert (question["kind"], question["label"]) == ("H_SENDER", "王芳.xlsx")
    page = openpyxl.load_workbook(known.team.questions()).worksheets[0]
    shown = " ".join(str(cell.value) for row in page.iter_rows() for cell in row)
    assert {WANG, STRANGER} <= set(re.findall(r"[a-z@.]+", shown))
    known.team.answer("claim:0")
    done = known.team.run("merge", "--json")
    assert (done.code, done.json["answers"], done.json["edits"]["applied"]) == (0, 1, 1), done.out
    assert (known.phone(), done.json["findings"], done.json["questions"]) == ("13900000001", [], [])
    assert known.team.json("status")["refused"] == []
    assert known.team.run("replay").code == 0


@pytest.mark.parametrize("again", [False, True], ids=["at once", "after it came again"])
def test_a_person_says_in_the_questions_to_leave_it(known: Any, again: bool) -> None:
    """No: nothing is taken, it is asked no more, and its bytes are kept; the same mail once more asks again."""
    _refused(known, STRANGER)
    known.team.answer("drop")
    done = known.team.run("merge", "--json")
    assert (done.code, done.json["questions"], known.phone()) == (0, [], "13800000001")
    if again:
        known.put(mail(known.typed(EDIT), STRANGER) + b"\n", "又来.eml")
        assert [q["kind"] for q in known.team.json("merge")["questions"]] == ["H_SENDER"]


def test_an_answer_in_words_takes_it_as_well(known: Any) -> None:
    """`resolve --label` with the file's name."""
    _refused(known, STRANGER)
    assert known.team.run("resolve", "--label", "王芳.xlsx", "--with", "claim:0").code == 0
    assert known.phone() == "13900000001"


def test_a_person_accepts_it_by_saving_the_attachment_into_the_inbox(known: Any) -> None:
    """What was left out waits nowhere in silence: out of its mail it is news again, is taken, and no longer refused."""
    _refused(known, STRANGER)
    assert known.team.json("merge")["files"] == []
    known.put(known.typed(EDIT), "另存的.xlsx")
    assert known.team.json("status")["waiting"] == ["另存的.xlsx"]
    assert known.merged(code=0)["edits"]["applied"] == 1
    assert known.team.json("status")["refused"] == []


def test_a_new_address_in_the_member_list_is_enough(known: Any) -> None:
    """王芳 writes from a new address: once members.yaml has it, the same mail is taken."""
    _refused(known, STRANGER)
    path = known.team.root / "members.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(f"{WANG};", f"{STRANGER};"), encoding="utf-8")
    done = known.team.run("merge", known.team.folder("inbox") / "来信.eml", "--json")
    assert (done.code, json.loads(done.out)["edits"]["applied"]) == (0, 1), done.out
