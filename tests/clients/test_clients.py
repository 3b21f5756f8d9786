"""Whatever program saved a copy: what nobody touched is no edit, and what was edited is found, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from client_bench import ClientTeam, Returned, scripted
from client_programs import PROGRAMS

from custsheet.demo import client_team as demo
from custsheet.demo.client_values import KINDS
from custsheet.fields import types
from custsheet.model import Unreadable

From = Callable[[str], Mapping[tuple[str, str], Returned]]
CASES = [
    pytest.param(p.name, ending, marks=pytest.mark.xdist_group(f"client-{p.name}"))
    for p in PROGRAMS.values()
    for ending in p.formats
]
SAID = {("sheetjs", "ods"): {"F_DATE_SERIAL"}, ("gnumeric", "ods"): {"F_REPAIRED"}}
"""What is rightly said about edits: dates that came as bare numbers, a sign that was written into the cell."""


def test_the_copy_holds_every_kind_of_value_in_every_family(client_team: ClientTeam) -> None:
    """At least 60 kinds times all families of field: each cell holds the kind's value, read or kept as typed."""
    rows = demo.rows("zh")["values"]
    assert set(types()) == set(demo.FAMILIES)
    assert len(KINDS) == len(rows) >= 60
    for name in client_team_fields():
        held = {repr(v.raw if isinstance(v, Unreadable) else v) for v in rows.column(name)}
        assert len(held) >= 60, name


def client_team_fields() -> list[str]:
    return [name for name, f in demo.schema("zh").tables["values"].fields.items() if f.editable and name != "named"]


@pytest.mark.parametrize(("name", "ending"), CASES)
def test_opened_and_saved_is_unchanged(name: str, ending: str, saved_by: From) -> None:
    """A copy that a program opened and saved holds no edit, and nothing is said about it (P08, P27, P51, P52, R118)."""
    returned = saved_by(name)[ending, "saved"]
    assert returned.findings == []
    assert returned.edits == []


@pytest.mark.parametrize(("name", "ending"), CASES)
def test_what_was_edited_is_found_and_nothing_else(name: str, ending: str, saved_by: From) -> None:
    """Text, date, number, choice, clearing, rows added, inserted, deleted, marked: exactly these edits (R118)."""
    returned = saved_by(name)[ending, "edited"]
    assert sorted(returned.edits) == sorted(scripted(PROGRAMS[name], "zh"))
    assert {(f["code"], f["severity"]) for f in returned.findings} <= {
        (code, "info") for code in SAID.get((name, ending), ())
    }


@pytest.mark.parametrize(("name", "ending"), CASES)
def test_a_merge_takes_exactly_these_edits(name: str, ending: str, saved_by: From, tmp_path: Path) -> None:
    """`merge` applies each edit of the script, asks about the two deletions, and changes nothing else in the ledger."""
    plan = scripted(PROGRAMS[name], "zh")
    merged = saved_by(name)[ending, "edited"].merged(tmp_path / "team")
    gone = {row for kind, row, _, _ in plan if kind == "delete"}
    assert (merged["edits"]["total"], merged["edits"]["held"]) == (len(plan), len(gone))
    assert merged["edits"]["applied"] == len(plan) - len(gone)
    assert {question["label"].partition("/")[2] for question in merged["questions"]} == gone
    cells = {(c["label"].partition("/")[2], c["field"], c["new"]) for c in merged["changes"] if c["kind"] == "cell"}
    assert cells == {tuple(found[1:]) for found in plan if found[0] == "cell"}
    added = {row for kind, row, _, _ in plan if kind == "add"}
    assert len(merged["changes"]) == len(cells) + len(added)
