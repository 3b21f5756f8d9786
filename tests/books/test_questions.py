"""The question workbook: what it shows, and how its answers come back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Sequence

import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from custsheet.books.questions import is_questions, questions_book, read_answers
from custsheet.model import Cell, Claim, Finding, Grid, GridRow, GridSheet, Question, Resolution, Value
from custsheet.plan import Book, Formula, Sheet
from custsheet.schema.records import Schema
from custsheet.xlsx.read import read_grid
from custsheet.xlsx.write import write_book

Read = Callable[..., tuple[list[Resolution], list[Finding]]]
Recalculated = Callable[[bytes], tuple[dict[str, object], dict[str, object]]]

TODAY = dt.date(2026, 11, 20)
NAMES = {"m1": "王芳", "m2": "李雷", "m3": "陈晨"}
CELL = ("master", "base", "claim:0", "claim:1", "both", "value")


def claim(member: str, value: Value, time: str, **more: object) -> Claim:
    return Claim(member, value, received=f"2026-11-{time}", **more)  # type: ignore[arg-type]


def asked(
    name: str, field: str, base: Value, claims: Sequence[Claim], choices: tuple[str, ...] = CELL, code: str = "H_CELL"
) -> Question:
    return Question(
        f"q-{name}", code, "customers", f"r-{name}", field, f"customers/{name}", base, base, tuple(claims),
        f"d-{name}", choices,
    )  # fmt: skip


STATUS = asked(
    "青禾示例食品",
    "status",
    "潜在客户",
    [claim("m2", "意向客户", "18T16:20:00"), claim("m1", "丢失客户", "17T09:05:00")],
)
DATE = asked(
    "石桥示例建材",
    "next_follow_up",
    dt.date(2026, 11, 30),
    [claim("m3", dt.date(2026, 11, 23), "19T10:00:00"), claim("m1", dt.date(2026, 12, 2), "20T08:30:00")],
)
MARK = claim("m3", None, "17T15:30:00", kind="delete")
CHANGED = claim("m1", None, "18T10:00:00", row=(("phone", "13800000210"),))
ROW = asked("晴川示例旅游", "", None, [MARK, CHANGED], ("keep", "delete"), "H_DELETE_EDIT")
QUESTIONS = (STATUS, DATE, ROW)


def say(table: str, field: str, value: Value) -> str:
    return f"{value:%m-%d}" if isinstance(value, dt.date) else "" if value is None else str(value)


@pytest.fixture
def book(follow_up: Schema) -> Callable[..., Book]:
    def make(questions: Sequence[Question] = QUESTIONS, **more: object) -> Book:
        settings: dict[str, object] = {"round": "2026-W47", "language": "zh", "today": TODAY, **more}
        return questions_book(questions, follow_up, names=NAMES, labels=say, **settings)  # type: ignore[arg-type]

    return make


@pytest.fixture
def read(follow_up: Schema) -> Read:
    def answers(grid: Grid, questions: Sequence[Question] = QUESTIONS) -> tuple[list[Resolution], list[Finding]]:
        return read_answers(grid, questions=questions, schema=follow_up, by="m3", at="2026-11-20T12:00", today=TODAY)

    return answers


def heads(sheet: Sheet) -> list[str]:
    return list(sheet.tables[0].columns)


def cell(sheet: Sheet, row: int, title: str) -> object:
    return sheet.blocks[0].rows[row][heads(sheet).index(title)]


def typed(data: bytes, sheet: Sheet, answers: dict[tuple[int, str], str]) -> bytes:
    """The package after somebody typed into cells (row of the block, head), as a client stores it."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for (row, title), answer in answers.items():
                    address = f"{get_column_letter(heads(sheet).index(title) + 2)}{sheet.blocks[0].first_row + row}"
                    cell = f'<c r="{address}" t="inlineStr"><is><t>{answer}</t></is></c>'.encode()
                    text, hits = re.subn(rb'<c r="%s"[^>]*?(/>|>.*?</c>)' % address.encode(), cell, text)
                    assert hits == 1
            target.writestr(name, text)
    return out.getvalue()


def answered(book: Book, answers: dict[tuple[int, str], str]) -> Grid:
    return read_grid(typed(write_book(book), book.sheets[0], answers))


def test_one_row_per_question_in_words(book: Callable[..., Book]) -> None:
    """Each row says what happened, where, what was there, and who wants what since when."""
    sheet = book().sheets[0]
    assert cell(sheet, 0, "等你拿主意") == "两个人改得不一样"
    assert [cell(sheet, 0, t) for t in ("哪一行", "哪一栏", "原来是")] == ["青禾示例食品", "客户状态", "潜在客户"]
    assert cell(sheet, 0, "甲") == "意向客户\n李雷 11-18 16:20"
    assert cell(sheet, 2, "甲") == "要删除这一行\n陈晨 11-17 15:30"
    assert cell(sheet, 2, "乙") == "电话：13800000210\n王芳 11-18 10:00"
    assert cell(sheet, 1, "结果会是") == "留着，下次再问"


def test_dropdown_holds_the_real_words(book: Callable[..., Book]) -> None:
    """The list of each row is its own range of words, and their first characters tell the choices apart."""
    made = book()
    sheet, lists = made.sheets[0], made.sheets[1]
    held = {(c.row, c.column): c.value for c in lists.cells}
    found = []
    for rule in sheet.validations:
        assert rule.formula.startswith("_lists!")
        left, row, right, _ = range_boundaries(rule.formula.partition("!")[2].replace("$", ""))
        found.append([held[row, column] for column in range(left, right + 1)])
    assert found[0] == ["保留现在的：潜在客户", "恢复原来的：潜在客户", "甲：意向客户（李雷）", "乙：丢失客户（王芳）",
                        "两个都要", "自己填"]  # fmt: skip
    assert found[2] == ["留下这一行", "删除这一行"]
    assert all(len({text[0] for text in texts}) == len(texts) for texts in found)


def test_same_wish_of_two_people_is_one_candidate(book: Callable[..., Book]) -> None:
    """Two who typed the same stand in one cell with both names."""
    claims = (*STATUS.claims, claim("m3", "意向客户", "19T09:00:00"))
    sheet = book([dataclasses.replace(STATUS, claims=claims)]).sheets[0]
    assert cell(sheet, 0, "甲") == "意向客户\n李雷、陈晨 11-18 16:20"
    assert "丙" not in heads(sheet)


def test_earlier_answer_to_the_same_candidates_is_filled_in(book: Callable[..., Book]) -> None:
    """An answer is carried over; one to other candidates is not."""
    earlier = {
        STATUS.id: Resolution(STATUS.id, STATUS.digest, "claim:0", "意向客户"),
        DATE.id: Resolution(DATE.id, "other", "base"),
    }
    sheet = book(answered=earlier).sheets[0]
    assert [cell(sheet, row, "你的决定") for row in range(3)] == ["甲：意向客户（李雷）", None, None]
    assert cell(sheet, 0, "结果会是") == "意向客户"
    title = next(c.value for c in sheet.cells if isinstance(c.value, Formula))
    assert title.value == "还有 2 处要你拿主意"


def test_machine_columns_are_hidden_and_the_stamp_names_the_kind(book: Callable[..., Book]) -> None:
    """Identity travels in hidden columns; the very hidden stamp says what this file is."""
    made = book()
    sheet = made.sheets[0]
    hidden = [h for h, c in zip(heads(sheet), sheet.columns[1:], strict=True) if c.hidden]
    assert hidden == ["_at", "_choices", "_question", "_digest"]
    assert (made.sheets[-1].name, made.sheets[-1].state) == ("_custsheet", "veryHidden")
    assert is_questions(read_grid(write_book(made)))


def test_a_copy_is_no_question_workbook(book_of: Callable[..., Book]) -> None:
    """A member's copy is told apart from questions by its stamp."""
    assert not is_questions(read_grid(write_book(book_of("m1"))))
    assert not is_questions(Grid(()))


def test_answers_come_back(book: Callable[..., Book], read: Read) -> None:
    """A picked candidate, an own value parsed by its field, and a row's fate are resolutions; blank is none (U3)."""
    grid = answered(
        book(), {(0, "你的决定"): "甲：意向客户（李雷）", (1, "你的决定"): "自己填", (1, "自己填"): "2026.11.27"}
    )
    resolutions, findings = read(grid)
    assert findings == []
    assert [(r.question, r.choice, r.value) for r in resolutions] == [
        (STATUS.id, "claim:0", "意向客户"),
        (DATE.id, "value", dt.date(2026, 11, 27)),
    ]
    assert {(r.digest, r.by) for r in resolutions} == {(STATUS.digest, "m3"), (DATE.digest, "m3")}


def test_order_of_rows_does_not_matter(book: Callable[..., Book], read: Read) -> None:
    """Sorted rows carry their identity with them."""
    grid = answered(book(), {(0, "你的决定"): "甲：意向客户（李雷）", (2, "你的决定"): "删除这一行"})
    first = grid.sheets[0]
    body = next(i for i, row in enumerate(first.rows, 1) if any(c and c.raw == "_question" for c in row.cells))
    turned = (*first.rows[:body], *reversed(first.rows[body:]))
    resolutions, _ = read(Grid((dataclasses.replace(first, rows=turned), *grid.sheets[1:])))
    assert sorted((r.question, r.choice) for r in resolutions) == sorted([(STATUS.id, "claim:0"), (ROW.id, "delete")])


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("甲", "claim:0"),
        ("B", "claim:1"),
        (" 乙：丢失客户（王芳） ", "claim:1"),
        ("甲：意向客户(李雷)", "claim:0"),
        ("两个都要", "both"),
        ("Take both", "both"),
        ("保留现在的", "master"),
    ],
)
def test_a_choice_is_known_by_its_words(book: Callable[..., Book], read: Read, text: str, choice: str) -> None:
    """The whole text of the dropdown or its bare beginning, in either language, width and blanks aside."""
    resolutions, findings = read(answered(book(), {(0, "你的决定"): text}))
    assert ([choice], []) == ([r.choice for r in resolutions], findings)


@pytest.mark.parametrize("text", ["随便", "甲：11-23（陈晨）", "意向"])
def test_a_text_that_is_no_choice_is_never_guessed(book: Callable[..., Book], read: Read, text: str) -> None:
    """Also the words of another row's dropdown, which a sort may leave there, decide nothing here."""
    resolutions, findings = read(answered(book(), {(0, "你的决定"): text}))
    assert (resolutions, ["F_ANSWER"]) == ([], [f.code for f in findings])
    assert (findings[0].where.field, findings[0].value) == ("status", text)


def test_a_near_miss_is_suggested(book: Callable[..., Book], read: Read) -> None:
    """A mistyped choice is told the nearest one."""
    _, findings = read(answered(book(), {(0, "你的决定"): "两个都"}))
    assert dict(findings[0].facts)["nearest"] == "两个都要"


@pytest.mark.parametrize("own", ["", "下雨天"])
def test_an_own_value_must_be_one(book: Callable[..., Book], read: Read, own: str) -> None:
    """Own value chosen, but nothing written or nothing that the field can read."""
    answers = {(1, "你的决定"): "自己填", **({(1, "自己填"): own} if own else {})}
    resolutions, findings = read(answered(book(), answers))
    assert (resolutions, ["F_ANSWER_OWN"]) == ([], [f.code for f in findings])


def test_an_answer_to_other_candidates_is_old(book: Callable[..., Book], read: Read) -> None:
    """A question with a new candidate, or one that is settled, does not take the old answer."""
    grid = answered(book(), {(0, "你的决定"): "两个都要", (2, "你的决定"): "删除这一行"})
    resolutions, findings = read(grid, [dataclasses.replace(STATUS, digest="new"), DATE])
    assert (resolutions, ["F_ANSWER_OLD"] * 2) == ([], [f.code for f in findings])


def test_results_follow_the_decision(book: Callable[..., Book], recalculated: Recalculated) -> None:
    """What the sheet says a decision comes to is what LibreOffice works out beside it."""
    earlier = {
        STATUS.id: Resolution(STATUS.id, STATUS.digest, "both"),
        ROW.id: Resolution(ROW.id, ROW.digest, "delete"),
    }
    written, worked = recalculated(write_book(book(answered=earlier)))
    assert "意向客户；丢失客户" in written.values()
    assert written == worked


def test_no_questions_is_good_news(book: Callable[..., Book]) -> None:
    """Without questions there is one sentence, and the file still is a question workbook."""
    made = book([])
    assert [c.value for c in made.sheets[0].cells] == ["√ 没有要你拿主意的"]
    assert is_questions(read_grid(write_book(made)))


def test_a_sheet_without_our_columns_gives_nothing(read: Read) -> None:
    """Any other workbook holds no answers."""
    other = GridSheet("x", (GridRow(1, (Cell("text", "你的决定"),)), GridRow(2, (Cell("text", "甲"),))))
    assert read(Grid((other,))) == ([], [])
