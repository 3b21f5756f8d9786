"""The package as a whole: the same bytes, relative targets, and judges that find nothing."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from custsheet.errors import Bug
from custsheet.plan import Book, ExcelTable, PlanCell, Sheet
from custsheet.xlsx.lint import lint
from custsheet.xlsx.styles import stylesheet
from custsheet.xlsx.write import write_book

_SHARED_LINT = Path(__file__).resolve().parents[3] / "shared" / "reference" / "xlsx" / "xlsx_lint.py"


def test_the_same_book_gives_the_same_bytes(everything):
    """Nothing of time or chance is in a package, also not when its styles are built anew."""
    first = write_book(everything)
    stylesheet.cache_clear()
    assert first == write_book(everything)


def test_the_day_changes_only_the_properties(everything, written):
    """`created` is the only time in a book."""
    one = written(everything).parts
    other = written(replace(everything, created=dt.date(2027, 1, 1))).parts
    assert {name for name in one if one[name] != other[name]} == {"docProps/core.xml"}


def test_every_entry_has_the_same_date_and_a_sound_checksum(everything, written):
    """The zip is plain enough for any reader: deflated entries of 1980-01-01."""
    book = written(everything)
    assert {(1980, 1, 1, 0, 0, 0)} == {info.date_time for info in book.infos}
    assert {zipfile.ZIP_DEFLATED} == {info.compress_type for info in book.infos}
    assert [info.filename for info in book.infos][:2] == ["[Content_Types].xml", "_rels/.rels"]


def test_relationship_targets_are_relative(everything, written):
    """ExcelJS opens no book whose targets begin with a slash."""
    book = written(everything)
    for name in (name for name in book.parts if name.endswith(".rels")):
        assert not [t for t in book.find(name, "//@Target") if t.startswith("/")]
        assert b"/xl/" not in book.parts[name]


def test_the_sdk_validator_finds_nothing(everything, sdk_validate):
    """A book with every feature is valid to the Open XML SDK."""
    assert sdk_validate(write_book(everything)) == []


def test_a_bare_book_is_valid_too(sdk_validate):
    """A book of one empty sheet is valid."""
    assert sdk_validate(write_book(Book((Sheet("空"),)))) == []


def test_our_own_lint_finds_nothing(everything):
    """The whole lint, every row read, agrees with the quick one that the writer runs."""
    assert lint(write_book(everything)) == []


def test_the_reference_lint_finds_nothing(everything, tmp_path):
    """A second lint, written apart from ours, finds nothing either."""
    if not _SHARED_LINT.exists():
        pytest.skip("needs shared/reference/xlsx/xlsx_lint.py beside the project")
    path = tmp_path / "book.xlsx"
    path.write_bytes(write_book(everything))
    run = subprocess.run([sys.executable, _SHARED_LINT, path], capture_output=True, text=True, check=True)
    assert run.stdout.strip().endswith(": ok")


def test_a_book_that_a_client_would_repair_is_never_given_out():
    """The writer lints what it made, and stops."""
    table = ExcelTable("customers", "A1:B3", ("名称", "名称"), (PlanCell(1, 1).look,))
    with pytest.raises(Bug, match=r"a column.s name is empty or there twice") as stopped:
        write_book(Book((Sheet("客户", tables=(table,)),)))
    assert stopped.value.exit_code == 70


def test_two_cells_in_one_place_are_a_bug():
    """A plan that says two things about one cell is refused, not guessed at."""
    with pytest.raises(Bug, match="two cells in one place"):
        write_book(Book((Sheet("客户", cells=(PlanCell(1, 1, "甲"), PlanCell(1, 1, "乙"))),)))


def test_properties_say_title_day_and_copy(everything, written):
    """Title and day stand in the core properties, the copy's own in the custom ones."""
    book = written(everything)
    core, custom = book.parts["docProps/core.xml"].decode(), book.parts["docProps/custom.xml"].decode()
    assert "<dc:title>客户跟进</dc:title>" in core
    assert core.count("2026-11-20T00:00:00Z") == 2
    assert 'name="custsheet.copy"><vt:lpwstr>abc</vt:lpwstr>' in custom


def test_font_zero_and_theme_are_the_house_font(written):
    """Font 0 fixes the column unit; what a person adds takes the theme's fonts and colours."""
    book = written()
    assert book.find("styles", "string(//m:fonts/m:font[1]/m:name/@val)") == "Microsoft YaHei"
    assert book.find("styles", "string(//m:fonts/m:font[1]/m:sz/@val)") == "10"
    assert book.find("styles", "string(//m:cellStyleXfs/m:xf/@fontId)") == "0"
    for kind in ("majorFont", "minorFont"):
        faces = book.find("theme/theme1", f"//a:{kind}/a:latin/@typeface | //a:{kind}/a:ea/@typeface")
        assert faces == ["Microsoft YaHei"] * 2


def test_sheet_states_names_and_first_sheet(everything, written):
    """Hidden stays hidden, names stand as given, and the book opens where the plan says."""
    book = written(everything)
    states = [sheet.get("state") for sheet in book.find("workbook", "//m:sheet")]
    assert states == [None, None, None, "hidden", "veryHidden"]
    names = {e.get("name"): e.text for e in book.find("workbook", "//m:definedName")}
    assert names == {
        "cs_today": "DATE(2026,11,20)",
        "cs_status": "_lists!$A$2:$A$6",
        "_xlnm.Print_Area": "'客户'!$B$1:$G$22",
        "_xlnm.Print_Titles": "'客户'!$1:$2",
    }
    assert book.find("workbook", "string(//m:workbookView/@activeTab)") == "1"
    assert [book.sheet("string(//m:sheetView/@tabSelected)", i) for i in (1, 2)] == ["", "1"]
