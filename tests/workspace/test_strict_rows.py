"""Questions about many cells at once (`strict: row`, groups): people see what the choices differ in, and only that."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from deals_bench import DealsBench, deals_team


def test_a_question_about_a_whole_row_shows_the_fields_that_differ(tmp_path: Path) -> None:
    """Thirteen fields are decided together, three differ: these are named, with what each choice comes to."""
    team = deals_team(tmp_path, replaced=("    groups: [[stage, amount]]\n", "    strict: row\n"))
    team.edit("Ann", {"Note": "n1", "Count": ""})
    team.edit("Bob", {"Mail": "q@x.com"})
    said = (team.run("merge").out, team.run("resolve").out)[1]
    assert "? deals/D1 · Count, Mail, Note  Two people differ" in said
    assert "Keep what is there: Count: 5; Mail: a@x.com; Note: hello" in said
    assert "A: Count: (blank); Mail: a@x.com; Note: n1 (Ann)" in said
    assert "B: Count: 5; Mail: q@x.com; Note: hello (Bob)" in said
    page = openpyxl.load_workbook(team.questions()).worksheets[0]
    assert "Count: 5\nMail: a@x.com\nNote: hello" in [c.value for row in page.iter_rows() for c in row]


def test_what_a_group_has_in_common_is_not_asked_about(deals: DealsBench) -> None:
    """Stage and amount go together; where two differ in the amount alone, the amount alone is shown."""
    deals.edit("Ann", {"Amount": "150"})
    deals.edit("Bob", {"Amount": "170"})
    said = (deals.run("merge").out, deals.run("resolve").out)[1]
    assert "? deals/D1 · Amount  Two people differ" in said
    assert "B: Amount: $170 (Bob)" in said
