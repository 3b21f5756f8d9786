"""Files come in zips and mails, with names as Chinese programs write them; each is read as if it lay in the inbox."""

from __future__ import annotations

import base64
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from custsheet.errors import FileRefused
from custsheet.foreign import open_archive, open_mail

EDIT = {("客户", "澄湖示例科技", "电话"): "13900000001"}
OTHER = {("客户", "东屿示例制药", "电话"): "13900000002"}


def mail(disposition: bytes, body: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    """A mail with one attachment, its header as given to the byte."""
    packed = base64.encodebytes(body)
    return (
        b'From: a@kehu.example\r\nTo: b@kehu.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n'
        b'Content-Type: multipart/mixed; boundary="B"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n'
        b"--B\r\nContent-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: "
        + disposition + b"\r\n\r\n" + packed + b"\r\n--B--\r\n"
    )  # fmt: skip


def test_names_in_a_zip_of_a_chinese_windows_are_read() -> None:
    """P43: names in cp936 without the UTF-8 flag."""
    from foreign_bench import zip_as_windows  # noqa: PLC0415

    found = open_archive(zip_as_windows({"王芳/客户跟进.xlsx": b"1", "说明.txt": b"2"}))
    assert found == [("王芳/客户跟进.xlsx", b"1"), ("说明.txt", b"2")]


@pytest.mark.parametrize(
    "disposition",
    [
        b"attachment; filename*=GB18030''" + quote("客户跟进.xlsx".encode("gb18030")).encode(),
        b"attachment; filename*0*=UTF-8''"
        + quote("客户").encode()
        + b";\r\n filename*1*="
        + quote("跟进.xlsx").encode(),
        b'attachment; filename="=?GB2312?B?' + base64.b64encode("客户跟进.xlsx".encode("gb18030")) + b'?="',
        b'attachment; filename="' + "客户跟进.xlsx".encode("gb18030") + b'"',
        b'attachment; filename="' + "客户跟进.xlsx".encode() + b'"',
    ],
    ids=["rfc 2231 gb18030", "rfc 2231 in two", "rfc 2047", "raw gbk", "raw utf-8"],
)
def test_an_attachment_has_the_name_that_people_see(disposition: bytes) -> None:
    """P43: five ways in which mail programs write a Chinese file name."""
    assert open_mail(mail(disposition, b"body")) == [("客户跟进.xlsx", b"body")]


def test_outlooks_winmail_dat_is_said_so() -> None:
    """The attachment is there but nothing can reach it: refused with what the sender can do."""
    with pytest.raises(FileRefused) as refused:
        open_mail(mail(b'attachment; filename="winmail.dat"', b"x", b"application/ms-tnef"))
    assert refused.value.code == "E_WINMAIL"


def test_copies_in_a_zip_are_merged_one_by_one_and_once(team: Any) -> None:
    """Two copies, a picture and a broken file in one zip: two merged, one refused, the rest passed over; once only."""
    from foreign_bench import zip_as_windows  # noqa: PLC0415

    files = {
        "王芳.xlsx": team.edited(team.copy_of("王芳"), EDIT),
        "周五/李雷.xlsx": team.edited(team.copy_of("李雷"), OTHER),
        "合影.png": b"\x89PNG" + bytes(40),
        "坏.xlsx": b"PK\x03\x04 cut",
    }
    path = team.folder("inbox") / "大家的表.zip"
    path.write_bytes(zip_as_windows(files))
    done = team.run("merge", "--json")
    assert {f["file"]: f["state"] for f in done.json["files"]} == {
        "王芳.xlsx": "merged",
        "李雷.xlsx": "merged",
        "坏.xlsx": "refused",
    }
    assert (done.code, done.json["edits"]["applied"]) == (4, 2)
    again = team.run("merge", "--json")
    assert (again.code, again.json["files"], again.json["edits"]["total"]) == (0, [], 0)
    kept = {p.read_bytes() for p in (team.root / "files").iterdir()}
    assert {path.read_bytes(), files["王芳.xlsx"]} <= kept


def test_a_copy_attached_to_a_saved_mail_is_merged(team: Any) -> None:
    """A mail dragged into the inbox: its attachment counts, the signature's picture does not."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@kehu.example", "b@kehu.example", "本周的表"
    message.set_content("见附件")
    message.add_attachment(
        team.edited(team.copy_of("王芳"), EDIT),
        maintype="application",
        subtype="octet-stream",
        filename="王芳 (1).xlsx",
    )
    message.add_attachment(b"\x89PNG" + bytes(40), maintype="image", subtype="png", filename="logo.png")
    (team.folder("inbox") / "本周的表.eml").write_bytes(message.as_bytes())
    assert [f["state"] for f in team.json("merge")["files"]] == ["merged"]
    assert team.value("customers/澄湖示例科技", "phone") == "13900000001"


def test_a_bomb_in_a_zip_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """A gigabyte of zeros packs to a megabyte: refused by its ratio, before it is in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package, package.open("王芳.xlsx", "w") as part:
        for _ in range(64):
            part.write(bytes(1 << 20))
    with pytest.raises(FileRefused) as refused:
        open_archive(out.getvalue())
    assert refused.value.code == "E_ZIP_BOMB"


def test_a_zip_of_too_many_files_is_refused_whole() -> None:
    """Nothing in a zip is passed over in silence: 501 files are refused, with how many there are."""
    from foreign_bench import zip_as_windows  # noqa: PLC0415

    with pytest.raises(FileRefused) as refused:
        open_archive(zip_as_windows({f"{n}.xlsx": b"x" for n in range(501)}))
    assert (refused.value.code, refused.value.facts["count"]) == ("E_ZIP_TOO_MANY", 501)
