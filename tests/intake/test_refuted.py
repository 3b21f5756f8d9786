"""What was once lost, guessed or said wrongly about a returned file, and is not any more."""

from __future__ import annotations

import datetime as dt
import email.message
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from damage import HILL, LAKE, RICE, changes, codes, typing
from openpyxl.comments import Comment

from custsheet.fields import make
from custsheet.fields.base import Spec, Text
from custsheet.model import Cell

XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _mail(team: Any, *parts: tuple[bytes, str, str]) -> Path:
    message = email.message.EmailMessage()
    message["From"], message["Subject"] = "wang@example.com", "本周的表"
    message.set_content("见附件")
    for body, subtype, name in parts:
        message.add_attachment(body, maintype="application", subtype=subtype, **({"filename": name} if name else {}))
    path: Path = team.folder("inbox") / "转发.eml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(message.as_bytes())
    return path


@pytest.fixture
def edited(team: Any) -> bytes:
    """王芳's copy with one new phone."""
    data: bytes = team.edited(team.copy_of("王芳"), {("客户", LAKE, "电话"): "13900000001"})
    return data


def test_an_attachment_without_a_name_is_read(team: Any, edited: bytes) -> None:
    """Some mail programs leave the name out: the copy is known by what it is (P44)."""
    _mail(team, (edited, XLSX, ""))
    assert changes(team.json("merge")) == [(LAKE, "phone", "13900000001")]


def test_a_copy_beside_winmail_dat_is_read_and_what_outlook_hid_is_said(team: Any, edited: bytes) -> None:
    """The workbook counts; the part that cannot be opened is refused by itself and stays listed."""
    _mail(team, (b"\x78\x9f\x3e\x22", "ms-tnef", "winmail.dat"), (edited, XLSX, "王.xlsx"))
    done = team.run("merge", "--json")
    assert (done.code, changes(done.json)) == (4, [(LAKE, "phone", "13900000001")])
    assert [r["code"] for r in team.json("status")["refused"]] == ["E_WINMAIL"]


def test_a_mail_without_any_workbook_is_listed(team: Any) -> None:
    """Nothing inside is no reason to be silent."""
    _mail(team, (b"%PDF-1.4", "pdf", "扫描.pdf"))
    assert team.run("merge").code == 4
    assert [r["code"] for r in team.json("status")["refused"]] == ["E_NOTHING_INSIDE"]


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"Rar!\x1a\x07\x00" + bytes(60), "E_PACKED", "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(60), "E_PACKED", "zip"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "E_NOT_XLSX", "PDF"),
        (b"\xff\xd8\xff\xe0" + bytes(60), "E_NOT_XLSX", "JPG"),
    ],
)
def test_files_that_excel_cannot_open_are_not_sent_to_excel(team: Any, data: bytes, code: str, said: str) -> None:
    """An archive, a scan, a photo: each is called by its name, with a next step that works."""
    path = team.folder("inbox") / "王芳.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    [file] = team.json("merge")["files"]
    assert file["code"] == code
    assert said in file["message"] + file["fix"]
    assert "打开，另存为" not in file["fix"]


def test_ids_that_are_gone_from_half_of_the_rows_are_found_again(bare: Any) -> None:
    """Not only where all are gone: by check code and key each row is the one it was, and no row counts as lost."""
    rows = "\n".join(f"示例客户{n:02d},王芳,139000000{n:02d}" for n in range(24))
    (bare.root / "many.csv").write_text(f"客户名称,负责人,电话\n{rows}\n", encoding="utf-8")
    bare.run("import", bare.root / "many.csv", "--table", "customers")
    bare.run("generate")
    with typing(bare) as page:
        for row in range(3, 15):
            page.sheet.cell(row, 1).value = None
        page["示例客户20", "电话"] = "13911110020"
        page["示例客户03", "电话"] = "13911110003"
    done = bare.json("merge")
    assert sorted(changes(done)) == [("示例客户03", "phone", "13911110003"), ("示例客户20", "phone", "13911110020")]
    assert "F_IDS_LOST" in codes(done)
    assert done["questions"] == []


def test_digits_that_were_lost_are_told_with_what_was_issued(team: Any) -> None:
    """The member needs the number to type it again (P08)."""
    team.put("王芳", {("客户", LAKE, "电话"): "1.38E+10"})
    [found] = team.json("validate")["findings"]
    assert "发出时是 13800000001" in found["message"]


def test_notes_that_name_nobody_are_still_the_members(team: Any) -> None:
    """Laid out again and returned, a note without an author is offered to the manager all the same (U12)."""
    with typing(team) as page:
        page.sheet.cell(page.row(RICE), page.heads["联系人"]).comment = Comment("周五再打", "")
    healed = team.json("heal", team.folder("inbox") / "王芳.xlsx")["healed"]
    again = team.json("validate", healed)
    assert [f["value"] for f in again["findings"] if f["code"] == "F_NOTE"] == ["周五再打"]


def test_sheets_that_are_called_like_ours_and_notes_on_heads_stay(team: Any) -> None:
    """A member's own 问题 or Guide is theirs; a note on a head is listed with its place."""
    with typing(team) as page:
        book = page.sheet.parent
        book.create_sheet("问题")["A1"] = "这些要问老板"
        book.create_sheet("Guide")["B3"] = "my notes"
        page.sheet.cell(2, page.heads["电话"]).comment = Comment("只填手机", "王芳")
        page.sheet.cell(page.row(HILL), page.heads["联系人"]).value = "李新"
    healed = openpyxl.load_workbook(team.json("heal", team.folder("inbox") / "王芳.xlsx")["healed"])
    assert (healed["问题"]["A1"].value, healed["Guide"]["B3"].value) == ("这些要问老板", "my notes")
    lines = [[cell.value for cell in row] for row in healed["表外内容"].iter_rows(min_row=5)]
    assert any("只填手机" in line for line in lines)


def test_remarks_below_the_table_are_no_customers(team: Any) -> None:
    """备注：, 制表人：, a line of dashes: said, kept out, and nobody has to give them a phone (P59)."""
    with typing(team) as page:
        for offset, text in enumerate(("备注：以上客户已核对", "制表人：王芳", "—— 以下是老客户 ——")):
            page.sheet.cell(page.sheet.max_row - 2 + offset, page.heads["客户名称"]).value = text
    done = team.json("validate")
    assert set(codes(done)) == {"F_NOT_A_ROW"}
    assert len(done["findings"]) == 3


def test_a_bare_one_in_a_percentage_is_told(team: Any) -> None:
    """1 may be 1 % or all of it: how it was read is said, like 20 for 20 % (P06)."""
    share = make(Spec("share", "percent", Text("比例", "Share")))
    read = share.parse(Cell("number", "1"), language="zh", today=dt.date(2026, 11, 26))
    assert [(note.old, note.new) for note in read.notes] == [("1", "100%")]
    assert share.parse(Cell("number", "1", "percent"), language="zh", today=dt.date(2026, 11, 26)).notes == ()


def test_zeros_that_a_spreadsheet_ate_are_restored_and_told(bare: Any) -> None:
    """0018 and 010020 came back as the numbers 18 and 10020: as issued again, said; 19 is an edit (P09)."""
    (bare.root / "codes.csv").write_text(
        "客户名称,负责人,联系人\n甲示例,王芳,0018\n乙示例,王芳,010020\n丙示例,王芳,0019\n", "utf-8"
    )
    bare.run("import", bare.root / "codes.csv", "--table", "customers")
    bare.run("generate")
    with typing(bare) as page:
        page["甲示例", "联系人"], page["乙示例", "联系人"], page["丙示例", "联系人"] = 18, 10020, 20
    done = bare.json("merge")
    assert changes(done) == [("丙示例", "contact", "20")]
    told = [(f["label"], f["message"].rpartition("：")[2]) for f in done["findings"] if f["code"] == "F_ZEROS_RESTORED"]
    assert told == [("customers/甲示例", "18 → 0018"), ("customers/乙示例", "10020 → 010020")]
