"""Files that the manager writes: a mistake is told at its line and column with what was meant, and nothing is done."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schema_bench as sb
from bad_bench import LAKE, SHEET
from catalogue import bad_input
from team_bench import TeamBench

from custsheet.schema.patterns import runs_away
from custsheet.xlsx.read import read_grid


def told(bench: TeamBench, text: str | bytes) -> list[dict[str, Any]]:
    """Save a schema and let commands meet it: exit 2, both languages, the ledger and every other file as before."""
    path = bench.root / "schema.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = bench.state()
    for command in ("merge", "generate", "status"):
        assert bench.run(command).code == 2, command
    done = bench.run("schema", "check", "--json")
    assert (done.code, done.json["code"]) == (2, "SCHEMA_WRONG")
    for problem in done.json["problems"]:
        assert problem["message"].strip()
        assert problem["fix"].strip()
        assert "…" not in problem["message"].replace("长…", "")
    assert bench.state() == before
    return list(done.json["problems"])


@pytest.fixture
def good(team: TeamBench) -> str:
    """The team's schema as it is."""
    return (team.root / "schema.yaml").read_text(encoding="utf-8")


def changed(good: str, old: str, new: str) -> tuple[str, int]:
    """The schema with its first such text replaced, and the line of that."""
    assert old in good
    return good.replace(old, new, 1), good[: good.index(old)].count("\n") + 1


@bad_input(59)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    key: [name]", "\tkey: [name]"),
        ("    key: [name]", "    key: [name"),
        ('version: "1"', 'version: "1'),
        ("language: zh", "language： zh"),
    ],
)
def test_yaml_that_cannot_be_read(team: TeamBench, good: str, old: str, new: str) -> None:
    """A tab, an open bracket, an open quote, a full-width colon: the line is shown, with the place in it."""
    text, line = changed(good, old, new)
    found = told(team, text)[0]
    assert found["line"] >= line
    assert found["column"] > 0
    assert found["text"] == text.splitlines()[found["line"] - 1]


@bad_input(59)
def test_other_encodings(team: TeamBench, good: str) -> None:
    """Notepad's ANSI is named with its first line; a byte order mark and Windows line ends are no mistake."""
    [found] = told(team, good.encode("gb18030"))
    assert "UTF-8" in found["message"] + found["fix"]
    (team.root / "schema.yaml").write_bytes(b"\xef\xbb\xbf" + good.replace("\n", "\r\n").encode())
    assert team.run("schema", "check").code == 0


@bad_input(60)
@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("required: true", "requierd: true", "required"),
        ("type: phone", "type: fone", "phone"),
        ("missing_rows:", "mising_rows:", "missing_rows"),
        ("tables:\n", "tabels:\n", "tables"),
    ],
)
def test_a_word_that_was_mistyped(team: TeamBench, good: str, old: str, new: str, meant: str) -> None:
    """The word, where it stands, and the one that was meant."""
    text, line = changed(good, old, new)
    found = next(p for p in told(team, text) if p["line"] == line)
    assert (found["nearest"], meant in found["fix"]) == (meant, True)
    at_place = text.splitlines()[line - 1][found["column"] - 1 :]
    assert at_place.startswith(tuple(word.rstrip(":\n") for word in new.split(": ") if word not in old))


@bad_input(61)
def test_two_fields_of_one_name_or_title(team: TeamBench, good: str) -> None:
    """A field that is there twice, and two columns that would be called the same."""
    text, _ = changed(good, "      contact: {", "      phone: {type: text}\n      contact: {")
    assert told(team, text)
    text, line = changed(good, "title: {zh: 联系人, en: Contact}", "title: {zh: 电话, en: Contact}")
    assert any("电话" in p["message"] for p in told(team, text))
    assert line


@bad_input(61)
def test_a_title_that_no_head_holds(team: TeamBench, good: str) -> None:
    """Excel keeps 255 characters of a table's head: said before a copy is written that Excel would want to repair."""
    text, line = changed(good, "title: {zh: 联系人, en: Contact}", f"title: {{zh: {'长' * 256}, en: Contact}}")
    [found] = told(team, text)
    assert (found["line"], "255" in found["message"]) == (line, True)


@bad_input(61)
def test_a_list_of_any_length_is_in_order(team: TeamBench, good: str) -> None:
    """400 options are no mistake: lists come from ranges, so the 255 characters of a list in a cell do not count."""
    options = ", ".join(f"行业{n}" for n in range(400))
    text, _ = changed(good, "title: {type: text,", f"title: {{type: choice, options: [{options}],")
    (team.root / "schema.yaml").write_text(text, encoding="utf-8")
    assert team.run("schema", "check").code == 0
    assert team.run("generate", "--round", "2026-W48").code == 0


@bad_input(62)
@pytest.mark.parametrize(
    ("grant", "said"),
    [
        ("{}", "sales"),
        ("{customers: {rows: own, see: []}}", "sales"),
        ("{customers: {rows: own}}", "see"),
        ("{customers: {rows: own, see: [name, fone]}}", "fone"),
        ("{customers: {rows: own, see: [name], edit: [phone]}}", "phone"),
        ("{custmers: {rows: own, see: '*'}}", "custmers"),
    ],
)
def test_a_role_that_sees_nothing_or_what_is_not_there(team: TeamBench, good: str, grant: str, said: str) -> None:
    """A role without columns, a field or table that nobody knows, a right to change what is not seen."""
    head, _, roles = good.partition("\nroles:\n")
    rest = re.sub(r"(?ms)^  sales:.*?(?=^  \w+:)", f"  sales: {grant}\n", roles, count=1)
    assert rest != roles
    assert any(said in p["message"] for p in told(team, f"{head}\nroles:\n{rest}"))


@bad_input(64)
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "bomb",
    [
        "bomb: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}' if n else '*a'] * 10)}]\n" for n in range(9)),
        "loop: &l [*l]\n",
        "x: !!python/object/apply:os.system ['touch hacked']\n",
        "x: !!python/name:os.system\n",
    ],
)
def test_yaml_that_attacks(team: TeamBench, good: str, bomb: str) -> None:
    """References that unfold to billions, endless ones and Python's own tags: refused at once, nothing is run."""
    assert told(team, f"{good}\n{bomb}")
    assert not (team.root / "hacked").exists()


@bad_input(64)
def test_a_template_in_a_text_is_text(team: TeamBench, good: str) -> None:
    """Words in braces stand in the copy as they were written; nothing evaluates a schema (T17)."""
    attack = "{{ ''.__class__.__mro__ }}"
    text, _ = changed(good, "zh: 每个客户都有人跟", f'zh: "{attack}" # 每个客户都有人跟')
    (team.root / "schema.yaml").write_text(text, encoding="utf-8")
    assert team.run("schema", "check").code == 0
    assert team.run("generate", "--round", "2026-W48").code == 0
    guide = read_grid(team.copy_of("王芳", "2026-W48")).sheets[0]
    assert any(attack in cell.raw for row in guide.rows for cell in row.cells if cell is not None)


@bad_input(65)
@pytest.mark.parametrize("pattern", ["(a+)+", "([a-z]+ ?)+", "(.*)*x", "(a|a)*", "(x+x+)+y", r"^(([a-z])+.)+[A-Z]$"])
def test_a_pattern_that_never_finishes(team: TeamBench, good: str, pattern: str) -> None:
    """A repeat inside a repeat is told in the schema, before any cell meets it."""
    text, line = changed(good, "title: {type: text,", f"title: {{type: text, pattern: '{pattern}',")
    [found] = told(team, text)
    assert (found["code"], found["line"]) == ("SCHEMA_PATTERN_SLOW", line)


@bad_input(65)
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("pattern", "typed", "fits"),
    [
        (r"(\d+,)*\d+", "1,22,333", True),
        (r"(\w+-)+\w+", "ab-cd-ef", True),
        (".*合同.*金额.*", "签合同，谈金额", True),
        (r"(\d+,)*\d+", "7," * 15_000 + "x", False),
        (".*a.*b.*c", "ab" * 16_000, False),
    ],
)
def test_a_pattern_that_finishes(team: TeamBench, good: str, pattern: str, typed: str, fits: bool) -> None:
    """Other patterns are judged in time, on the longest text too: what does not fit is rejected at its cell."""
    assert not runs_away(pattern)
    text, _ = changed(good, "title: {type: text,", f"title: {{type: text, pattern: '{pattern}',")
    (team.root / "schema.yaml").write_text(text, encoding="utf-8")
    team.put("王芳", {(SHEET, LAKE, "职位"): typed})
    done = team.run("merge", "--json")
    assert (done.code, done.json["edits"]["applied"]) == ((0, 1) if fits else (3, 0))
    assert [f["code"] for f in done.json["findings"]] == ([] if fits else ["R_VALUE"])


@bad_input(63)
@pytest.mark.parametrize("made", [sb.drop_plan, sb.plan_as_number, sb.drop_grade_c, sb.drop_opportunities])
def test_a_change_that_loses_data(team: TeamBench, made: sb.Change) -> None:
    """Counted and named, exit 2, nothing changed; with --accept-loss it goes on and the values are in history."""
    sb.change(team, made)
    before = team.state()
    for command in (
        ("schema", "migrate"),
        ("merge",),
        ("generate",),
        ("report",),
        ("set", LAKE, "电话", "13900000009"),
    ):
        done = team.run(*command)
        assert done.code == 2, command
        assert "custsheet schema migrate --preview" in done.err
        assert "--accept-loss" in done.err or "SCHEMA_MOVED" in done.err
    lost = team.json("schema", "migrate", "--preview")["lost"]
    assert lost > 0
    assert str(lost) in team.run("schema", "migrate").err
    assert team.state() == before
    done = team.json("schema", "migrate", "--accept-loss")
    assert (done["lost"], done["revision"]) == (lost, 4)
    assert team.run("verify", "--full").code == 0
