"""The report as a file: sound, with native charts and formulas that come to what stands there, never overwritten."""

from __future__ import annotations

import importlib.util
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from read_report import ReportRead
from recount import Recount
from report_teams import ROUND, TODAY, must
from team_bench import TeamBench, letters, run_here

from custsheet.xlsx.lint import lint
from custsheet.xlsx.patch import CellEdit, patch
from custsheet.xlsx.read import read_grid

pytestmark = pytest.mark.xdist_group("reports")

SHARED_LINT = Path(__file__).resolve().parents[3] / "shared" / "reference" / "xlsx" / "xlsx_lint.py"
EXCEL_ERROR = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!)")


# ── sound ───────────────────────────────────────────────────────────────────────────────────────────


def test_no_cell_is_an_error(week: Any) -> None:
    """No number is #DIV/0! or the like, and no formula is without its value beside it but a blank rate."""
    sheets = week.report.values
    assert not [c for s in sheets for row in s for c in row if EXCEL_ERROR.match(str(c.value))]
    blank = {at for at, value in week.report.formula_cells().items() if value is None}
    assert all('=0,"",' in week.report.formulas[s][a].value for s, a in (at.split("!") for at in blank))


def test_our_lint_finds_nothing(week: Any) -> None:
    """No client has anything to repair."""
    assert lint(week.team.path.read_bytes()) == []


def test_the_shared_lint_finds_nothing(week: Any) -> None:
    """The lint that was written before the product finds nothing either."""
    if not SHARED_LINT.is_file():
        pytest.skip("needs ../shared/reference/xlsx/xlsx_lint.py")
    spec = importlib.util.spec_from_file_location("shared_lint", SHARED_LINT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.lint(week.team.path) == []


def test_the_open_xml_sdk_finds_nothing(week: Any, sdk_validate: Callable[[Path], list[str]]) -> None:
    """The report is valid against Microsoft's own schemas."""
    assert sdk_validate(week.team.path) == []


# ── charts and formulas ─────────────────────────────────────────────────────────────────────────────


def test_charts_are_native_and_point_at_what_they_show(week: Any) -> None:
    """A pie and bars of c:pieChart and c:barChart; every range holds exactly the cached names and numbers (R107)."""
    assert {"pieChart", "barChart"} == {chart.kind for chart in week.report.charts}
    for chart in week.report.charts:
        for series in chart.series:
            assert week.report.at(series.categories) == series.names
            assert [float(v or 0) for v in week.report.at(series.values)] == series.numbers, chart.title


def test_formulas_come_to_what_stands_beside_them(
    zh_week: Any, en_week: Any, tmp_path: Path, libreoffice: Callable[..., None]
) -> None:
    """Totals and rates that LibreOffice works out, from a file without our values, equal the values that we wrote."""
    weeks = {"zh": zh_week, "en": en_week}
    for name, week in weeks.items():
        _without_values(week.team.path, tmp_path / f"{name}.xlsx")
        assert set(ReportRead(tmp_path / f"{name}.xlsx").formula_cells().values()) == {None}
    libreoffice([(tmp_path / f"{name}.xlsx", tmp_path / f"{name}-saved.xlsx", ()) for name in weeks])
    for name, week in weeks.items():
        ours, saved = week.report.formula_cells(), ReportRead(tmp_path / f"{name}-saved.xlsx")
        theirs = {at: saved.values[at.split("!")[0]][at.split("!")[1]].value for at in ours}
        assert len(ours) > 40
        assert {at: _plain(v) for at, v in theirs.items()} == {at: _plain(v) for at, v in ours.items()}


def _plain(value: Any) -> Any:
    """An empty text is a blank; LibreOffice keeps 15 digits."""
    return None if value in (None, "") else round(float(value), 9)


def _without_values(source: Path, target: Path) -> None:
    """Take the value out of every formula cell, so that none can be kept."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            new.writestr(name, data)


# ── --json ──────────────────────────────────────────────────────────────────────────────────────────


def test_json_holds_the_numbers_of_the_workbook(week: Any) -> None:
    """`report --json`: every measure equals the cell that shows it."""
    told, book = week.team.document["measures"], week.report
    tables = book.tables
    status = tables["report_status"]
    assert (told["today"], told["rows"], told["revision"]) == (TODAY, status.total[1], week.count.revision)
    assert [s["count"] for s in told["status"]] == status.column(status.heads[1])
    people = tables["report_members"]
    assert [[m["name"], m["rows"]] for m in told["members"]] == [row[:2] for row in people.rows]
    rate = people.heads.index("成交率" if week.count.language == "zh" else "Win rate")
    assert [told["won"], told["lost"], told["win_rate"]] == people.total[rate - 2 : rate + 1]
    grid = tables["report_stages"]
    assert [[s["text"], *s["amounts"], s["total"], s["count"]] for s in told["stages"]["stages"]] == grid.rows
    for by in ("members", "products", "quarters"):
        lines = [[t["text"], t["open"], t["won"], t["lost"], t["value"]] for t in told["totals"][by]]
        assert lines == [[*row[:4], row[-1]] for row in tables[f"report_won_{by}"].rows]
    for key in ("overdue", "stale"):
        wanted = [[d["member"] or None, d["label"], d["days"]] for d in told[key] or []]
        assert wanted == [[row[0], row[1], row[3]] for row in getattr(tables.get(f"report_{key}"), "rows", [])]
    quality = tables["report_quality"]
    assert [[r["name"], r["edits"]["total"], r["findings"]] for r in told["returned"]] == [
        [row[0], row[2], row[9]] for row in quality.rows
    ]
    assert told["changes"] == len(tables["report_changes"].rows)
    assert [r["file"] for r in told["refused"]] == week.team.refused


# ── as of ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("as_of", "revision", "day"), [
    ("3", 3, "2026-11-06"), ("r5", 5, "2026-11-17"), ("2026-11-18", 7, "2026-11-18"), ("2026-11-13", 3, "2026-11-13"),
])  # fmt: skip
def test_a_report_of_an_earlier_state(own: TeamBench, as_of: str, revision: int, day: str) -> None:
    """`--as-of` a revision (3, or r5 as `log` says) or a day shows the rows and counts the days as they were then."""
    document = own.json("report", "--as-of", as_of)
    count, told = Recount(own.root, "zh", day, revision), document["measures"]
    assert (told["revision"], told["today"]) == (revision, day)
    assert {s["text"]: s["count"] for s in told["status"]} == count.status
    assert [(d["label"], d["days"]) for d in told["overdue"]] == [(line[1], line[3]) for line in count.overdue]
    assert [(d["label"], d["days"]) for d in told["stale"]] == [(line[1], line[3]) for line in count.stale]
    assert told["open_amount"] == float(count.amount(count.open_deals))
    assert told["won_value"] == float(count.amount(count.won_deals))
    assert told["contacts"] == sum(count.contacts_of_week(0).values())
    assert {row[0]: row[1] for row in ReportRead(Path(document["file"])).tables["report_status"].rows} == count.status


def test_a_report_of_wednesday_knows_nothing_of_thursday(own: TeamBench) -> None:
    """As of the first merge only its two files have come back, and what was dropped later still counts."""
    told = own.json("report", "--as-of", "2026-11-18")["measures"]
    assert {r["name"]: r["edits"]["total"] for r in told["returned"]} == {"王芳": 11, "李雷": 6, "陈晨": 0, "何静": 0}
    assert sum(r["edits"]["superseded"] for r in told["returned"]) == 0
    assert told["questions"] == 2


def test_an_answer_of_later_leaves_the_question_in_an_earlier_report(own: TeamBench) -> None:
    """The manager answers on Saturday; as of Friday both questions are still open, with their edits in conflict."""
    before = own.json("report")["measures"]
    questions = own.folder("", ROUND) / "questions.xlsx"
    questions.write_bytes(_with_first_choices(questions.read_bytes()))
    must(own.run("merge", today="2026-11-21"))
    after = own.json("report", today="2026-11-21")["measures"]
    assert (before["questions"], after["questions"]) == (2, 0)
    assert sum(r["findings"] for r in after["returned"]) < sum(r["findings"] for r in before["returned"])
    told = own.json("report", "--as-of", "2026-11-20", today="2026-11-21")["measures"]
    assert told == before


def test_a_hand_edit_of_later_settles_no_question_of_an_earlier_report(own: TeamBench) -> None:
    """On Saturday the manager writes the disputed cell herself: as of Friday, by day or revision, it was open."""
    before = own.json("report")["measures"]
    question = next(q for q in own.json("merge")["questions"] if q["field"])
    must(own.run("set", question["label"], question["field"], question["claims"][0]["value"], today="2026-11-21"))
    assert own.json("report", today="2026-11-21")["measures"]["questions"] == before["questions"] - 1
    for as_of in ("2026-11-20", str(before["revision"])):
        told = own.json("report", "--as-of", as_of, today="2026-11-21")["measures"]
        assert told["questions"] == before["questions"], as_of


def _with_first_choices(data: bytes) -> bytes:
    """The questions as they would be saved after a person picked the first choice of each dropdown."""
    sheet = next(s for s in read_grid(data).sheets if s.state == "visible")
    rows = [[cell.raw if cell else "" for cell in row.cells] for row in sheet.rows]
    head = next(at for at, row in enumerate(rows) if "_question" in row)
    decision, choices = rows[head].index("你的决定"), rows[head].index("_choices")
    asked = [n for n in range(head + 1, len(rows)) if len(rows[n]) > choices and rows[n][choices].startswith("{")]
    picked = {row: next(iter(json.loads(rows[row][choices]).values())) for row in asked}
    at = {row: f"{letters(decision)}{sheet.rows[row].number}" for row in asked}
    return patch(data, [CellEdit(sheet.name, at[row], text) for row, text in picked.items()])


@pytest.mark.parametrize("as_of", ["99", "yesterday", "2026-13-01"])
def test_a_state_that_never_was_is_said_plainly(own: TeamBench, as_of: str) -> None:
    """Exit 2, nothing written, and the words name what was asked for."""
    before = own.state()
    done = own.run("report", "--as-of", as_of)
    assert done.code == 2
    assert as_of in done.err
    assert own.state() == before


# ── the file in its place ───────────────────────────────────────────────────────────────────────────


def test_the_same_input_and_day_give_the_same_bytes(zh: Any, own: TeamBench) -> None:
    """DESIGN 8: written again, in another folder, the report is the same file, and nothing is put beside it."""
    path = own.folder("", ROUND) / "report.xlsx"
    path.unlink()
    must(own.run("report"))
    assert path.read_bytes() == zh.path.read_bytes()
    must(own.run("report"))
    assert [p.name for p in path.parent.glob("report*")] == ["report.xlsx"]


def test_a_report_that_somebody_changed_is_left_alone(own: TeamBench) -> None:
    """DESIGN 7: ours is written beside it, we say so, and what somebody wrote into that one stays as well."""
    path = own.folder("", ROUND) / "report.xlsx"
    changed = {"report.xlsx": path.read_bytes() + b"noted by hand", "report-new.xlsx": b"noted there too"}
    path.write_bytes(changed["report.xlsx"])
    done = must(own.run("report"))
    assert "report-new.xlsx" in done.out
    assert "有人改过" in done.out
    path.with_name("report-new.xlsx").write_bytes(changed["report-new.xlsx"])
    for _ in range(2):
        assert own.json("report")["file"].endswith("report-new-2.xlsx")
    must(own.run("report", today="2026-11-21"))
    assert {p.name for p in path.parent.glob("report*")} == {*changed, "report-new-2.xlsx"}
    assert {name: path.with_name(name).read_bytes() for name in changed} == changed


def test_a_report_changes_no_row(own: TeamBench) -> None:
    """Reporting is reading: no revision comes of it."""
    revision = own.json("status")["revision"]
    must(own.run("report", today="2026-11-22"))
    assert own.json("status")["revision"] == revision


# ── nothing to report ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("schema", ["follow-up", "pipeline", "simple"])
def test_a_ledger_without_rows_has_a_report(tmp_path: Path, schema: str, language: str) -> None:
    """A team that has just begun gets a sound workbook of zeros, and no error in it."""
    bench = TeamBench(tmp_path / "team", today=TODAY)
    must(run_here("new", bench.root, "--schema", schema, "--lang", language))
    path = Path(bench.json("report")["file"])
    book = ReportRead(path)
    assert lint(path.read_bytes()) == []
    assert not [c for s in book.values for row in s for c in row if EXCEL_ERROR.match(str(c.value))]
    assert {value for value, _ in book.tiles().values()} == {0}
    assert set(book.tables["report_status"].column(book.tables["report_status"].heads[1])) == {0}


def test_a_day_before_everything_has_a_report(own: TeamBench) -> None:
    """As of a day before the first revision there is nothing, which is no fault."""
    told = own.json("report", "--as-of", "2020-01-01")["measures"]
    assert (told["revision"], told["rows"], told["returned"], told["changes"]) == (0, 0, [], 0)
