"""Single cells that cannot be read as they stand: kept out with their place and reason, the others of the row go on."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from bad_bench import FAR, LAKE, SHEET, codes, finding, rezipped
from catalogue import bad_input
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

PLAN = "下次跟进内容"
DATE = "下次跟进时间"


def cell_of(page: Any, key: str, head: str) -> Any:
    """A cell by the row's key and the column's head."""
    column = next(c.column for c in page[2] if c.value == head)
    row = next(r[0].row for r in page.iter_rows(min_row=3) if any(c.value == key for c in r))
    return page.cell(row, column)


def refuses(bad: Any, head: str, value: object, code: str, *, sheet: str = SHEET, key: str = LAKE) -> dict[str, Any]:
    """Type something bad beside something good: the one is rejected at its cell with words, the other is taken."""
    beside = (SHEET, FAR, PLAN)
    bad.team.put("王芳", {(sheet, key, head): value, beside: "先打电话"})
    return kept_out(bad, code)


def kept_out(bad: Any, code: str) -> dict[str, Any]:
    """Merge: one cell is rejected with this code, whose place is said, and the one beside it is taken."""
    done = bad.merged(code=3)
    assert done["edits"]["rejected"] == done["edits"]["applied"] == 1, done["edits"]
    assert [c["new"] for c in done["changes"]] == ["先打电话"]
    found = finding(done, code)
    assert re.fullmatch("[A-Z]+[0-9]+", found["cell"])
    assert (found["file"], found["severity"]) == ("王芳.xlsx", "rejected")
    return found


@bad_input(45)
@pytest.mark.parametrize("typed", ["1.38E+10", 1.38e22])
def test_a_phone_in_scientific_notation(bad: Any, typed: object) -> None:
    """No digit is guessed: what stands there is said, and that the whole number is wanted (P08)."""
    found = refuses(bad, "电话", typed, "R_DIGITS_LOST")
    assert "文本" in found["fix"]
    assert bad.phone() == "13800000001"


@bad_input(46)
def test_a_code_of_18_digits_as_a_number(bad: Any) -> None:
    """The last digits are gone in every sheet: rejected, never rounded into a code that looks whole."""
    found = refuses(bad, "需求", Decimal("110101199003074512"), "R_DIGITS_LOST")
    assert "110101199003074512" in found["message"]


@bad_input(47)
@pytest.mark.parametrize("typed", ["3/4/2026", "4.3.2026"])
def test_a_date_that_can_be_read_two_ways(bad: Any, typed: str) -> None:
    """Which is the month nobody knows: both days are named, none is taken (P05)."""
    found = refuses(bad, DATE, typed, "R_DATE_AMBIGUOUS")
    assert {"2026-03-04", "2026-04-03"} <= set(re.findall(r"\d{4}-\d\d-\d\d", found["message"]))


@bad_input(47)
def test_a_date_of_which_even_the_year_is_open(bad: Any) -> None:
    """Three short numbers say no day: how to write one is said, and none is guessed."""
    assert "2026-11-27" in refuses(bad, DATE, "3/4/26", "R_VALUE")["fix"]


@bad_input(48)
@pytest.mark.parametrize("serial", ["60", "0", "-1", "2958466"])
def test_a_day_that_no_calendar_has(bad: Any, serial: str) -> None:
    """29 February 1900, day 0, a day before all days, one after them: out of range, whatever a program shows."""
    with bad.opened() as book:
        cell_of(book[SHEET], LAKE, DATE).value = dt.date(2026, 12, 24)
        cell_of(book[SHEET], FAR, PLAN).value = "先打电话"
    raw = (bad.team.folder("inbox") / "王芳.xlsx").read_bytes()
    bad.put(rezipped(raw, lambda _, part: part.replace(b"<v>46380</v>", f"<v>{serial}</v>".encode())))
    kept_out(bad, "R_VALUE")


@bad_input(49)
@pytest.mark.parametrize("typed", ["一大笔", "10-20万", "12,34,56"])
def test_words_where_an_amount_belongs(bad: Any, typed: str) -> None:
    """What is no one amount is not taken, and how to write one is said."""
    found = refuses(bad, "预期成交金额", typed, "R_VALUE", sheet="商机", key="澄湖年框")
    assert "120000" in found["fix"]


@bad_input(49)
@pytest.mark.parametrize(("typed", "value"), [("１,234.50", "¥1,234.5"), ("12万", ""), ("¥ 9,999", "¥9,999")])
def test_an_amount_that_only_looks_odd(bad: Any, typed: str, value: str) -> None:
    """Full-width digits, separators and 万 are read; old and new are said (P40, P41)."""
    bad.team.put("王芳", {("商机", "澄湖年框", "预期成交金额"): typed})
    done = bad.merged(code=0)
    said = [f["value"] for f in done["findings"] if f["code"] == "F_REPAIRED"]
    changed = bool(value)  # 12万 is what it was: no edit, and so nothing to be said
    assert ([c["new"] for c in done["changes"]], said) == ([value] * changed, [typed] * changed)


@bad_input(50)
@pytest.mark.parametrize(("typed", "near"), [("意向客", "意向客户"), ("成交 客戶", "成交客户"), ("丢客户", "丢失客户")])
def test_a_status_that_is_none(bad: Any, typed: str, near: str) -> None:
    """It is rejected with the status that was probably meant (P10)."""
    found = refuses(bad, "客户状态", typed, "R_VALUE")
    assert near in found["fix"]
    assert typed in found["message"]


@bad_input(50)
@pytest.mark.parametrize("typed", [" b ", "Ｂ", "b"])
def test_an_option_in_another_case_or_width(bad: Any, typed: str) -> None:
    """The same word in another dress is that word."""
    bad.team.put("王芳", {(SHEET, LAKE, "等级"): typed})
    assert [c["new"] for c in bad.merged(code=0)["changes"]] == ["B"]


@bad_input(51)
@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#SPILL!"])
def test_an_error_of_the_sheet(bad: Any, error: str) -> None:
    """An error is kept and said, never read as blank (MERGE 40)."""
    with bad.opened() as book:
        cell_of(book[SHEET], LAKE, PLAN).value = "PLACE"
        cell_of(book[SHEET], FAR, PLAN).value = "先打电话"
    raw = (bad.team.folder("inbox") / "王芳.xlsx").read_bytes()
    bad.put(_as_error(raw, "PLACE", error))
    assert error in kept_out(bad, "R_CELL_ERROR")["message"]
    assert bad.team.value(f"customers/{LAKE}", "next_plan") == "发报价"


def _as_error(data: bytes, text: str, error: str) -> bytes:
    """Turn the cell that holds an inline text into an error cell."""
    cell = re.compile(rb't="inlineStr"><is><t>%s</t></is>' % text.encode())
    return rezipped(data, lambda _, part: cell.sub(b't="e"><v>%s</v>' % error.encode(), part))


@bad_input(52)
def test_a_formula(bad: Any) -> None:
    """Its text is said; neither it nor its last result becomes a value (MERGE 48)."""
    with bad.opened() as book:
        cell_of(book[SHEET], LAKE, PLAN).value = '=B3&"-"&C3'
        cell_of(book[SHEET], FAR, PLAN).value = "先打电话"
    assert '=B3&"-"&C3' in kept_out(bad, "R_FORMULA")["message"]


@bad_input(53)
def test_a_text_longer_than_a_cell(bad: Any) -> None:
    """40,000 characters, which only a script can write: rejected with the limit, never cut."""
    with bad.opened() as book:
        cell_of(book[SHEET], LAKE, PLAN).value = "PLACE"
        cell_of(book[SHEET], FAR, PLAN).value = "先打电话"
    raw = (bad.team.folder("inbox") / "王芳.xlsx").read_bytes()
    bad.put(rezipped(raw, lambda _, part: part.replace(b"PLACE", b"x" * 40_000)))
    found = kept_out(bad, "R_VALUE")
    assert "32767" in found["fix"]
    assert len(found["value"]) == 40_000


@bad_input(54)
@pytest.mark.parametrize(
    ("stored", "sign"),
    [("a_x0000_b", "U+0000"), ("\u202e321", "U+202E"), ("王\u200b芳", "U+200B"), ("a_x0007_", "U+0007")],
)
def test_signs_that_cannot_be_seen(bad: Any, stored: str, sign: str) -> None:
    """The text is taken, and which hidden signs stand in it is said (T24)."""
    with bad.opened() as book:
        cell_of(book[SHEET], LAKE, PLAN).value = "PLACE"
    raw = (bad.team.folder("inbox") / "王芳.xlsx").read_bytes()
    bad.put(rezipped(raw, lambda _, part: part.replace(b"PLACE", stored.encode())))
    assert sign in finding(bad.merged(code=0), "F_CONTROL_CHARS")["message"]


@bad_input(54)
@pytest.mark.parametrize(
    ("stored", "shown"), [("一_x000D_\n二", "一\n二"), ("_xD800_", "_xD800_"), ("a_x005F_x0041_", "a_x0041_")]
)
def test_escapes_of_excel(bad: Any, stored: str, shown: str) -> None:
    """A carriage return is a line end, half a character stays as it is written, an escaped escape is text (P52)."""
    with bad.opened() as book:
        cell_of(book[SHEET], LAKE, PLAN).value = "PLACE"
    raw = (bad.team.folder("inbox") / "王芳.xlsx").read_bytes()
    bad.put(rezipped(raw, lambda _, part: part.replace(b"PLACE", stored.encode())))
    assert [c["new"] for c in bad.merged(code=0)["changes"]] == [shown]


@bad_input(55)
def test_a_text_that_looks_like_a_formula(bad: Any) -> None:
    """It is a text, said to be one, and in the next copy it is a text again (P54)."""
    attack = "=cmd|'/c calc'!A0"
    bad.put(bad.typed({(LAKE, PLAN): attack}))
    assert codes(bad.merged(code=0)) == ["F_FORMULA_LIKE_TEXT"]
    assert bad.team.run("generate", "--round", "2026-W48").code == 0
    data = bad.team.copy_of("王芳", "2026-W48").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = b"".join(archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/"))
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert attack.replace("'", "&apos;") in strings or attack in strings
    assert b"cmd|" not in b"".join(re.findall(rb"<f[ >].*?</f>", sheets))


@bad_input(56)
@pytest.mark.parametrize("raw", ["INF", "NaN", "1e999", "1E+308"])
def test_a_number_beyond_all_numbers(bad: Any, raw: str) -> None:
    """It is rejected, and the other cells go on: one bad cell costs no row."""
    with bad.opened() as book:
        cell_of(book["商机"], "澄湖年框", "预期成交金额").value = 987654
        cell_of(book[SHEET], FAR, PLAN).value = "先打电话"
    data = (bad.team.folder("inbox") / "王芳.xlsx").read_bytes()
    bad.put(rezipped(data, lambda _, part: part.replace(b"<v>987654</v>", f"<v>{raw}</v>".encode())))
    kept_out(bad, "R_VALUE")


@bad_input(57)
def test_a_required_cell_was_blanked(bad: Any) -> None:
    """The status is kept, and that it must be filled in is said at its cell (MERGE 41)."""
    refuses(bad, "客户状态", None, "R_REQUIRED")
    assert bad.team.value(f"customers/{LAKE}", "status") == "意向客户"


@bad_input(57)
def test_most_of_a_column_was_blanked(crowd: Any) -> None:
    """Nine of ten cells of a column emptied at once wait for a person; how many is said (MERGE 42)."""
    names = [f"群体示例{n:02}号" for n in range(24)]
    crowd.put(crowd.typed({(key, "联系人"): None for key in names}))
    done = crowd.merged(code=3)
    assert "24" in finding(done, "H_MASS_BLANK")["message"]
    assert (done["edits"]["held"], done["changes"]) == (24, [])


@bad_input(58)
def test_looks_are_no_data(bad: Any) -> None:
    """Rich text is its words, a struck-out value is its value, a comment changes nothing and stays in the original."""
    with bad.opened() as book:
        page = book[SHEET]
        rich = CellRichText("先", TextBlock(InlineFont(b=True), "打"), "电话")
        cell_of(page, LAKE, PLAN).value = rich
        cell_of(page, FAR, "联系人").font = Font(strike=True)
        cell_of(page, FAR, "联系人").comment = Comment("已离职", "王芳")
    done = bad.merged(code=3)  # a question: what does a comment mean?
    assert [(c["field"], c["new"]) for c in done["changes"]] == [("next_plan", "先打电话")]
    assert finding(done, "F_NOTE")["value"] == "已离职"
    kept = (bad.team.folder("inbox") / "王芳.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        comments = b"".join(archive.read(n) for n in archive.namelist() if "comment" in n.lower())
    assert "已离职" in comments.decode()
