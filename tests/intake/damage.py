"""What people do to a copy's sheet, done with openpyxl to the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openpyxl

HEAD = 2
LAKE, HILL, RICE, NORTH = "澄湖示例科技", "远山示例机械", "青禾示例食品", "北岭示例物流"


class Page:
    """One sheet of a copy in somebody's hands."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.heads = {cell.value: cell.column for cell in sheet[HEAD] if cell.value}

    def row(self, key: str) -> int:
        """The row in which a customer stands."""
        at = self.heads["客户名称"]
        return next(r for r in range(3, self.sheet.max_row + 1) if self.sheet.cell(r, at).value == key)

    def __getitem__(self, place: tuple[str | int, str]) -> Any:
        row, head = place
        return self.sheet.cell(self.row(row) if isinstance(row, str) else row, self.heads[head]).value

    def __setitem__(self, place: tuple[str | int, str], value: object) -> None:
        row, head = place
        self.sheet.cell(self.row(row) if isinstance(row, str) else row, self.heads[head]).value = value  # type: ignore[arg-type]

    def head(self, old: str, new: str | None) -> None:
        """Type over a head; the column is still known by its old name here."""
        self.sheet.cell(HEAD, self.heads[old]).value = new

    def copy_row(self, key: str, to: int) -> None:
        """Copy a row with all that is hidden in it."""
        source = self.row(key)
        for column in range(1, self.sheet.max_column + 1):
            self.sheet.cell(to, column).value = self.sheet.cell(source, column).value

    def move(self, old: str, to: int) -> None:
        """Cut a column and paste it elsewhere."""
        for row in range(HEAD, self.sheet.max_row + 1):
            cell = self.sheet.cell(row, self.heads[old])
            self.sheet.cell(row, to).value, cell.value = cell.value, None


@contextmanager
def typing(team: Any, name: str = "王芳.xlsx", sheet: str = "客户") -> Iterator[Page]:
    """王芳 opens her copy, does something to one sheet, saves, and returns it."""
    book = openpyxl.load_workbook(team.copy_of("王芳"))
    yield Page(book[sheet])
    target = team.folder("inbox") / name
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


def codes(done: dict[str, Any]) -> list[str]:
    """The codes of a document's findings, sorted."""
    return sorted(finding["code"] for finding in done["findings"])


def changes(done: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Who, what and the new value of each change."""
    return [(c["label"].rpartition("/")[2], c["field"], c["new"]) for c in done["changes"]]


def refusal(done: dict[str, Any]) -> tuple[str, str]:
    """Code and words of the one file of a document, which was refused as a whole: no edit counted, no finding."""
    [file] = done["files"]
    assert file["state"] == "refused"
    assert done["edits"]["total"] == 0
    assert done["changes"] == done["findings"] == []
    return file["code"], file["message"]
