"""A schema that changes while something is asked: what no column takes any more is told, and chosen by nobody."""

from __future__ import annotations

from typing import Any

import pytest
import schema_bench as sb
from later_bench import GRADE, LABEL, MONDAY, NEW, NEXT_WEEK, WEEK, cell, differ, new, proved, put, told
from schema_bench import change, fields
from team_bench import sheet_of

CONTACT = "联系人"


def contact_as_number(data: dict[str, Any]) -> None:
    """联系人 holds numbers now."""
    fields(data)["contact"] = {"type": "number", "title": CONTACT, "visible": True}


def migrated(team: Any, *made: Any) -> dict[str, Any]:
    """The manager changes the schema and accepts what is lost by it."""
    change(team, *made)
    done: dict[str, Any] = team.json("schema", "migrate", "--accept-loss")
    return done


def left_out(done: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What a run told as not taken any more: who, where, what."""
    found = [f for f in done["findings"] if f["code"] == "R_TYPE_CHANGED"]
    return [(f["file"], f["cell"], f["value"]) for f in found]


def offered(done: dict[str, Any]) -> list[tuple[list[str], list[str]]]:
    """Of each question the values that are claimed, and the claims that may be chosen."""
    return [
        ([c["value"] for c in q["claims"]], [c for c in q["choices"] if c.startswith("claim")])
        for q in done["questions"]
    ]


# ── an option that is gone ──────────────────────────────────────────────────────────────────────────


def test_what_is_no_option_any_more_is_no_answer(team: Any) -> None:
    """B or C was asked, and there is no C any more: C is told and shown, and only B may be chosen (case 33)."""
    differ(team, GRADE, "B", "C")
    migrated(team, sb.drop_grade_c)
    done = team.json("merge")
    assert (offered(done), [v for *_, v in left_out(done)]) == ([(["B", "C"], ["claim:0"])], ["C"])
    assert team.run("resolve", "--label", LABEL, "--with", "乙").code == 2
    assert left_out(again := team.json("merge")) == []
    assert (offered(again), team.value(LABEL, "grade")) == (offered(done), "A")
    assert team.run("resolve", "--label", LABEL, "--with", "甲").code == 0
    assert (team.value(LABEL, "grade"), proved(team)) == ("B", True)


def test_the_text_of_a_question_says_why_a_claim_cannot_be_chosen(team: Any) -> None:
    """Who wants what is still there, in the list and in the workbook; it is no choice of the dropdown."""
    differ(team, GRADE, "B", "C")
    migrated(team, sb.drop_grade_c)
    text = team.run("resolve").out
    assert "李雷　C（这一栏现在收不了，选不了它）" in text
    assert "乙：C" not in text
    cells = [c.raw for r in sheet_of(team.questions().read_bytes(), "冲突").rows for c in r.cells if c is not None]
    assert any(c.startswith("C\n李雷") and c.endswith("这一栏现在收不了，选不了") for c in cells)


def test_an_answer_to_what_was_an_option_stands(team: Any) -> None:
    """C was chosen while there was a C: it stays, and nobody is asked again (case 49)."""
    differ(team, GRADE, "B", "C")
    team.answer("claim:1")
    assert team.json("resolve")["questions"] == []
    migrated(team, sb.drop_grade_c)
    done = team.json("merge")
    assert (done["questions"], told(done), left_out(done)) == ([], [], [])
    assert (team.value(LABEL, "grade"), proved(team)) == ("C", True)


def test_what_was_merged_stays_when_its_option_goes(team: Any) -> None:
    """Nobody disputed C on Monday: it stands, in red."""
    put(team, "李雷", {cell(GRADE): "C"}, "l.xlsx")
    migrated(team, sb.drop_grade_c)
    done = team.json("merge")
    assert (done["questions"], told(done), team.value(LABEL, "grade"), proved(team)) == ([], [], "C", True)


def test_a_new_policy_takes_no_value_that_is_no_option_any_more(team: Any) -> None:
    """The owner's word counts from now on, but hers is no option: B is asked about."""
    differ(team, GRADE, "C", "B")

    def owner_wins(data: dict[str, Any]) -> None:
        fields(data)["grade"]["merge"] = "owner_wins"

    migrated(team, sb.drop_grade_c, owner_wins)
    done = team.json("merge")
    assert (offered(done), team.value(LABEL, "grade")) == ([(["B", "C"], ["claim:0"])], "A")


def test_what_a_policy_settled_stays_when_its_option_goes(team: Any) -> None:
    """The owner's C was taken while there was a C; the next merge takes nothing back."""
    change(team, lambda data: fields(data)["grade"].update(merge="owner_wins"))
    differ(team, GRADE, "C", "B")
    assert team.value(LABEL, "grade") == "C"
    migrated(team, sb.drop_grade_c)
    done = team.json("merge")
    assert (done["questions"], told(done), team.value(LABEL, "grade"), proved(team)) == ([], [], "C", True)


# ── what the preview says ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("made", "field", "typed", "told_as"),
    [
        (sb.drop_grade_c, GRADE, ("B", "C"), [("王芳", "B", "B"), ("李雷", "C", "")]),
        (contact_as_number, CONTACT, ("12", "十三妹"), [("王芳", "12", "12"), ("李雷", "十三妹", "")]),
        (sb.drop_plan, "下次跟进内容", ("甲甲", "乙乙"), [("王芳", "甲甲", ""), ("李雷", "乙乙", "")]),
    ],
)
def test_the_preview_says_what_is_asked_about(team: Any, made: Any, field: str, typed: Any, told_as: Any) -> None:
    """Who waits with what in a question that the change touches; the values of the rows are counted apart (R157)."""
    differ(team, field, *typed)
    change(team, made)
    found = team.json("schema", "migrate", "--preview")
    (question,) = found["questions"]
    assert question["label"] == LABEL
    claims = [(c["label"], c["old"], c["new"]) for c in question["claims"]]
    assert sorted(claims) == sorted(told_as)
    (effect,) = found["effects"]
    held = {"等级": 7, "联系人": 8, "下次跟进内容": 7}
    assert effect["values"] == held[field]
    assert found["lost"] == effect["lost"] + sum(not new for *_, new in claims)
    text = team.run("schema", "migrate", "--preview").out
    assert "有 1 处正等你定" in text
    assert f"{LABEL}：{typed[1]}" not in text  # the cell holds something else


def test_a_change_that_touches_nothing_asked_says_nothing_of_questions(team: Any) -> None:
    """Another field is asked about."""
    differ(team, GRADE, "A", "B")
    change(team, contact_as_number)
    assert team.json("schema", "migrate", "--preview")["questions"] == []


# ── another type ────────────────────────────────────────────────────────────────────────────────────


def test_a_question_is_not_settled_by_another_type(team: Any) -> None:
    """12 and 十三妹 were asked about, and 联系人 holds numbers now: 十三妹 is told once, 12 waits (case 33)."""
    differ(team, CONTACT, "12", "十三妹")
    migrated(team, contact_as_number)
    done = team.json("merge")
    assert left_out(done) == [("l.xlsx", "C3", "十三妹")]
    assert (offered(done), told(done)) == ([(["十三妹", "12"], ["claim:1"])], [])
    assert left_out(team.json("merge")) == []
    assert team.value(LABEL, "contact") == "林晓"
    assert team.run("resolve", "--label", LABEL, "--with", "乙").code == 0
    assert (team.value(LABEL, "contact"), proved(team)) == ("12", True)


def test_who_typed_what_cannot_be_read_any_more_hears_why(team: Any) -> None:
    """The receipt says that the column has changed, not that somebody else's word was taken."""
    differ(team, CONTACT, "12", "十三妹")
    migrated(team, contact_as_number)
    team.run("merge")
    team.run("resolve", "--label", LABEL, "--with", "乙")
    assert team.run("generate", "--round", NEXT_WEEK, today=MONDAY).code == 0
    guide = sheet_of(team.copy_of("李雷", NEXT_WEEK).read_bytes(), "说明")
    rows = [[c.raw for c in row.cells if c is not None and c.raw] for row in guide.rows]
    (line,) = [row for row in rows if "十三妹" in row]
    assert line[-1] == "这一栏后来换了类型或选项，收不了这个，请问主管"


def test_where_nothing_can_be_read_both_are_told(team: Any) -> None:
    """Neither name is a number: nothing is left to choose from, and nobody's value goes without a word."""
    differ(team, CONTACT)
    migrated(team, contact_as_number)
    done = team.json("merge")
    assert sorted(v for *_, v in left_out(done)) == ["乙乙", "甲甲"]
    assert (done["questions"], told(done), team.value(LABEL, "contact")) == ([], [], "林晓")
    assert proved(team)


@pytest.mark.parametrize("made", [contact_as_number, sb.drop_grade_c])
def test_a_week_that_was_closed_with_its_question_open_replays(team: Any, made: Any) -> None:
    """What nobody answered stays unanswered, whatever the column becomes (U14)."""
    differ(team, CONTACT, "12", "十三妹")
    differ(team, GRADE, "B", "C")
    team.run("round", "close", WEEK)
    migrated(team, made)
    assert (team.value(LABEL, "contact"), team.value(LABEL, "grade"), proved(team)) == ("林晓", "A", True)


def test_a_new_value_beside_what_cannot_be_read_is_asked_about(team: Any) -> None:
    """十三妹 was merged and stands in red; a number that an old copy brings meets it as what is there (case 25)."""
    put(team, "李雷", {cell(CONTACT): "十三妹"}, "l.xlsx")
    migrated(team, contact_as_number)
    done = put(team, "王芳", {cell(CONTACT): "12"}, "w.xlsx")
    assert ([q["kind"] for q in done["questions"]], left_out(done)) == (["H_STALE"], [])
    assert (team.value(LABEL, "contact"), proved(team)) == ("十三妹", True)


def test_what_a_new_row_holds_stays_in_it(team: Any) -> None:
    """Its contact is no number and stands in red since; the next merge leaves it, an undo takes the row."""
    merged = put(team, "王芳", new(), "w.xlsx")["revision"]
    migrated(team, contact_as_number)
    done = team.json("merge")
    assert (told(done), left_out(done), team.value(NEW, "contact"), proved(team)) == ([], [], "钱示例", True)
    again = put(team, "王芳", new(联系人="孙示例"), "w2.xlsx")
    assert [f["code"] for f in again["findings"] if f["severity"] == "rejected"] == ["R_TYPE_CHANGED"]
    assert team.run("undo", f"r{merged}").code == 0


def test_in_fields_that_merge_together_it_is_told_as_well(team: Any) -> None:
    """Contact and grade merge together: what cannot be read is told, the rest is asked about."""
    change(team, lambda data: data["tables"]["customers"].update(groups=[["contact", "grade"]]))
    assert team.run("schema", "migrate").code == 0
    put(team, "王芳", {cell(CONTACT): "12"}, "w.xlsx")
    put(team, "李雷", {cell(CONTACT): "十三妹", cell(GRADE): "B"}, "l.xlsx")
    migrated(team, contact_as_number)
    done = team.json("merge")
    assert ([q["kind"] for q in done["questions"]], [v for *_, v in left_out(done)]) == (["H_CELL"], ["十三妹"])
    assert (left_out(team.json("merge")), team.value(LABEL, "grade"), proved(team)) == ([], "A", True)


# ── undo ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_merge_wrote_for_another_schema_is_not_undone_in_vain(team: Any, language: str) -> None:
    """It took in nothing that could be taken back: refused, with the cell and the way to set it; it said 0 changes."""
    differ(team, GRADE, "B", "C")
    change(team, lambda data: fields(data)["grade"].update(merge="owner_wins"))
    written = team.json("merge")["revision"]
    assert team.value(LABEL, "grade") == "B"
    path = team.root / "custsheet.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("language: zh", f"language: {language}"), encoding="utf-8")
    done = team.run("undo", f"r{written}")
    assert (done.code, "[NOT_UNDOABLE_MERGE]" in done.err) == (2, True)
    assert all(word in done.err for word in (LABEL, "custsheet set", "custsheet blame"))
    assert team.json("log")["revisions"][0]["revision"] == written
    assert team.run("set", LABEL, "grade", "A").code == 0
    assert team.json("merge")["changes"] == []
    assert (team.value(LABEL, "grade"), proved(team)) == ("A", True)
