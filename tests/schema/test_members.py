"""members.yaml becomes a team and back, and what is wrong in it is told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from custsheet.errors import CallError
from custsheet.schema import builtin, dump_team, load_schema, load_team
from custsheet.schema.records import Member, Team

SCHEMA = load_schema(builtin("pipeline"))

GOOD = """\
members:
  - {id: c, name: 陈晨, role: manager, email: chen@example.com}
  - {id: w, name: 王芳, role: sales, manager: 陈晨, regional_office: East}
  - {id: 7, name: 李雷, role: sales, manager: c, language: en, active: false}
"""


def loaded(tmp_path: Path, text: str) -> Team:
    """Load a member file's text."""
    path = tmp_path / "members.yaml"
    path.write_text(text, encoding="utf-8")
    return load_team(path, SCHEMA)


def test_members_load_with_their_settings(tmp_path: Path) -> None:
    """A manager may be named by id or name; what the schema adds is kept; an id may look like a number."""
    assert loaded(tmp_path, GOOD).members == (
        Member("c", "陈晨", "manager", email="chen@example.com"),
        Member("w", "王芳", "sales", manager="c", extra=(("regional_office", "East"),)),
        Member("7", "李雷", "sales", manager="c", language="en", active=False),
    )


def test_a_team_written_is_the_same_team_read(tmp_path: Path) -> None:
    """Writing members.yaml loses nothing, also where a word looks like something else in YAML."""
    team = Team((*loaded(tmp_path, GOOD).members, Member("no", "true", "sales", extra=(("regional_office", "01"),))))

    assert loaded(tmp_path, dump_team(team)) == team


MISTAKES = [
    ("role: manager,", "role: manger,", 2, 29, "没有「manger」这个角色。", "manager"),
    ("manager: 陈晨", "manager: 陈辰", 3, 45, "主管「陈辰」不在成员表里。", "陈晨"),
    ("id: w", "id: c", 3, 10, "「c」已经是 陈晨 的编号或名字。", ""),
    ("name: 王芳", "name: 陈晨", 3, 19, "「陈晨」已经是 陈晨 的编号或名字。", ""),
    ("name: 王芳", "name: Ｃ", 3, 19, "「Ｃ」已经是 陈晨 的编号或名字。", ""),
    ("regional_office", "regional_ofice", 3, 49, "没有「regional_ofice」这个设置。", "regional_office"),
    ("language: en", "language: eng", 4, 58, "language 不能写「eng」。", "en"),
    ("active: false", "active: no", 4, 70, "active 要写 true 或 false，这里是「no」。", ""),
    ("id: w, ", "", 3, 5, "这里少了「id」。", ""),
    ("members:", "member:", 1, 1, "没有「member」这个设置。", "members"),
]


@pytest.mark.parametrize(("good", "bad", "line", "column", "words", "nearest"), MISTAKES)
def test_a_mistake_in_the_member_file_is_told_at_its_place(
    tmp_path: Path, good: str, bad: str, line: int, column: int, words: str, nearest: str
) -> None:
    """Ids and names are unique across both, roles and managers exist, settings are known."""
    assert good in GOOD
    with pytest.raises(CallError) as stopped:
        loaded(tmp_path, GOOD.replace(good, bad, 1))

    assert stopped.value.code == "MEMBERS_WRONG"
    (found,) = stopped.value.facts["problems"]  # type: ignore[misc]
    assert (found.line, found.column, found.message("zh"), found.nearest) == (line, column, words, nearest)
