"""What stands where in a member's copy."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from openpyxl.utils import range_boundaries

from custsheet import look
from custsheet.books.columns import table_columns
from custsheet.books.copy import copy_book
from custsheet.books.scope import ROOM
from custsheet.ids import check_code
from custsheet.model import Table, Unreadable
from custsheet.plan import Book, Condition, Formula, Look, Sheet
from custsheet.schema.records import Issue, Member, Schema, TableGrant, Team
from custsheet.xlsx.write import write_book

BookOf = Callable[..., Book]
IssueOf = Callable[..., Issue]
Recalculated = Callable[[bytes], tuple[dict[str, object], dict[str, object]]]


def sheet(book: Book, name: str) -> Sheet:
    return next(s for s in book.sheets if s.name == name)


def head(s: Sheet) -> tuple[str, ...]:
    return s.tables[0].columns


def shown(s: Sheet) -> list[str]:
    return [text for text, column in zip(head(s), s.columns, strict=True) if not column.hidden]


def texts(book: Book) -> Iterator[tuple[str, str]]:
    """Every text that the workbook writes into a cell, with its sheet."""
    for s in book.sheets:
        for cell in s.cells:
            value = cell.value.value if isinstance(cell.value, Formula) else cell.value
            yield s.name, str(value or "")
            yield s.name, cell.note
        for block in s.blocks:
            yield from ((s.name, str(value)) for row in block.rows for value in row if value is not None)


def looks(book: Book) -> Iterator[Look]:
    for s in book.sheets:
        yield from (c.look for c in s.cells)
        yield from (c.look for c in s.columns if c.look is not None)
        yield from (lk for b in s.blocks for lk in b.looks)
        yield from (lk for t in s.tables for lk in t.head_looks)
        yield from (c.look for c in s.conditions)


def contrast(ink: str, ground: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(ink), light(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("member", "language", "names"),
    [
        ("m1", "zh", ["说明", "客户", "联系人", "跟进记录", "商机", "需求与问题", "意见反馈", "_lists", "_custsheet"]),
        ("m4", "zh", ["说明", "客户", "商机", "_lists", "_custsheet"]),
        ("m3", "en", ["Guide", "Customers", "Contacts", "Follow-up log", "Opportunities", "Needs and problems",
                      "Feedback", "_lists", "_custsheet"]),
    ],
)  # fmt: skip
def test_sheets_are_the_guide_then_each_visible_table(
    book_of: BookOf, member: str, language: str, names: list[str]
) -> None:
    """The guide comes first, a sheet per table that the role sees follows, the machine's sheets are last."""
    book = book_of(member, language)
    assert names == [s.name for s in book.sheets]
    assert [s.state for s in book.sheets[-2:]] == ["hidden", "veryHidden"]
    assert book.active == 0


def test_head_stands_in_row_two_between_hidden_machine_columns(book_of: BookOf) -> None:
    """`_id` is first and `_check` last, hidden; between them stand the titles of the schema (R027, R028)."""
    customers = sheet(book_of("m1"), "客户")
    first, row, _, _ = range_boundaries(customers.tables[0].ref)
    assert (first, row) == (1, 2)
    assert (head(customers)[0], head(customers)[-1]) == ("_id", "_check")
    assert customers.columns[0].hidden
    assert customers.columns[-1].hidden
    first_six, others = shown(customers)[:6], shown(customers)[6:]
    assert first_six == ["客户名称", "联系人", "电话", "提示", "客户状态", "等级"]
    assert others == ["标签", "跟进时间", "跟进内容", "下次跟进时间", "下次跟进内容", "操作"]
    assert customers.freeze == "C3"


def test_owner_takes_the_place_of_the_grade_where_several_owners_are_seen(book_of: BookOf) -> None:
    """A manager sees whose customer it is among the first twelve columns; the grade is folded away."""
    mine, all_ = shown(sheet(book_of("m1"), "客户")), shown(sheet(book_of("m3"), "客户"))
    assert mine.index("等级") == all_.index("负责人")
    assert "等级" not in all_


def test_never_more_than_twelve_columns_in_sight(book_of: BookOf) -> None:
    """What does not fit is in a folded outline group whose sign stands at its left (R143)."""
    for member in ("m1", "m3", "m4"):
        for s in book_of(member).sheets:
            if not s.tables:
                continue
            assert len(shown(s)) <= 12
            folded = [c for c in s.columns if c.outline]
            assert all(c.hidden for c in folded)
            assert not folded or not s.summary_right


def test_columns_in_sight_fit_a_laptop(book_of: BookOf) -> None:
    """The visible columns together keep to the budget of pixels."""
    for s in book_of("m3").sheets:
        if s.tables:
            assert sum(int(7 * c.width + 5) for c in s.columns if not c.hidden) <= look.WIDTH_BUDGET_PX


def test_action_column_only_where_rows_may_be_deleted(book_of: BookOf) -> None:
    """The last visible column is 操作 with the dropdown 删除; who may not delete has none."""
    customers = sheet(book_of("m3"), "客户")
    assert shown(customers)[-1] == "操作"
    assert "操作" not in shown(sheet(book_of("m4"), "客户"))
    assert shown(sheet(book_of("m3", "en"), "Customers"))[-1] == "Action"


def test_spare_rows_wait_with_id_and_check(book_of: BookOf, issue_of: IssueOf) -> None:
    """The Table ends in blank rows that have their id and check already; 200 formatted rows follow below it."""
    issue, customers = issue_of("m1"), sheet(book_of("m1"), "客户")
    spare = customers.blocks[1].rows
    assert list(issue.spare["customers"]) == [row[0] for row in spare]
    assert [check_code(issue.copy, str(row[0])) for row in spare] == [row[-1] for row in spare]
    _, _, _, last = range_boundaries(customers.tables[0].ref)
    assert 2 + len(issue.base["customers"]) + 30 == last
    assert all(last + ROOM == range_boundaries(v.ref)[3] for v in customers.validations)


def test_no_spare_rows_where_nothing_may_be_added(book_of: BookOf, issue_of: IssueOf) -> None:
    """A role that only reads gets its rows and no invitation to add."""
    customers = sheet(book_of("m4"), "客户")
    assert len(issue_of("m4").base["customers"]) == sum(len(b.rows) for b in customers.blocks)
    assert customers.validations == ()


def test_nothing_of_others_is_in_the_copy(book_of: BookOf) -> None:
    """No cell of any sheet holds a value of a row or field that the member may not see (R120, R121)."""
    assert not [where for where in texts(book_of("m1")) if "东屿示例制药" in where[1] or "13800000006" in where[1]]
    assert not [where for where in texts(book_of("m4")) if "13800000001" in where[1] or "留了资料" in where[1]]


def test_every_written_value_comes_from_the_issue(follow_up: Schema, book_of: BookOf, issue_of: IssueOf) -> None:
    """A data cell holds a value of the base, a label, a name, a computed value, or machine data: nothing else."""
    issue, book = issue_of("m1"), book_of("m1")
    for table, rows in issue.base.items():
        fields = follow_up.tables[table].fields
        plain = {n for n in rows.fields if fields[n].spec.type not in ("ref", "member", "members", "computed")}
        s = sheet(book, fields and follow_up.tables[table].title.zh)
        at = {text: i for i, text in enumerate(head(s))}
        for name in plain & set(rows.fields):
            allowed = {None} | {
                v.raw if isinstance(v, Unreadable) else fields[name].write(v, language="zh")
                for v in rows.column(name)
                if v is not None
            }
            written = {row[at[fields[name].spec.title.zh]] for row in s.blocks[0].rows} if len(rows) else {None}
            assert written <= allowed


def test_refs_and_members_are_shown_by_what_people_call_them(book_of: BookOf) -> None:
    """A ref shows the key of its row, an owner the member's name; ids stay in the machine's columns."""
    log, customers = sheet(book_of("m1"), "跟进记录"), sheet(book_of("m1"), "客户")
    assert log.blocks[0].rows[0][head(log).index("客户")] == "澄湖示例科技"
    assert {"王芳"} == {row[head(customers).index("负责人")] for row in customers.blocks[0].rows}


def test_unreadable_cells_are_shown_as_typed(book_of: BookOf) -> None:
    """What nobody could read stands there as it was typed, to be mended where it is."""
    customers = sheet(book_of("m1"), "客户")
    assert customers.blocks[0].rows[2][head(customers).index("电话")] == "1.38E+10"


def test_every_dropdown_points_at_the_cells_that_hold_its_words(book_of: BookOf) -> None:
    """Lists come from ranges, and the range holds the options, the members, or the key column of the target (P23)."""
    book = book_of("m3")
    customers, log, lists = sheet(book, "客户"), sheet(book, "跟进记录"), sheet(book, "_lists")
    held = {(c.row, c.column): c.value for c in lists.cells}

    def words(s: Sheet, title: str) -> list[object]:
        at = head(s).index(title) + 1
        rule = next(v for v in s.validations if range_boundaries(v.ref)[0] == at)
        sheet_name, _, reference = rule.formula.partition("!")
        assert sheet_name == "_lists"
        column, first, _, last = range_boundaries(reference.replace("$", ""))
        return [held[row, column] for row in range(first, last + 1)]

    assert words(customers, "客户状态") == ["潜在客户", "意向客户", "成交客户", "丢失客户"]
    assert words(customers, "负责人") == ["王芳", "李雷", "陈晨", "赵敏"]
    assert words(customers, "操作") == ["删除"]
    ref = next(v for v in log.validations if range_boundaries(v.ref)[0] == head(log).index("客户") + 1)
    assert (f"'客户'!$B$3:$B${2 + 6 + 30}", "warning") == (ref.formula, ref.severity)


def test_who_may_not_hand_over_chooses_nobody_else(follow_up: Schema, issue_of: IssueOf, book_of: BookOf) -> None:
    """A role that adds rows without the right to reassign: the owner of a new row can only be oneself."""
    whole = issue_of("m3")
    grant = {**whole.grant, "customers": dataclasses.replace(whole.grant["customers"], reassign=False)}
    team = Team((Member("m3", "陈晨", "manager"), Member("m1", "王芳", "sales")))
    book = copy_book(
        follow_up, dataclasses.replace(whole, grant=grant), team=team, names={"m3": "陈晨", "m1": "王芳"},
        stamp_cells=(), checks={}, as_of="", due="", today=book_of("m1").created,
    )  # fmt: skip
    customers, lists = sheet(book, "客户"), sheet(book, "_lists")
    rule = next(v for v in customers.validations if range_boundaries(v.ref)[0] == head(customers).index("负责人") + 1)
    column, first, _, last = range_boundaries(rule.formula.partition("!")[2].replace("$", ""))
    assert [c.value for c in lists.cells if c.column == column and first <= c.row <= last] == ["陈晨"]


def test_a_ref_whose_table_is_not_here_has_its_labels_as_a_list(
    follow_up: Schema, issue_of: IssueOf, book_of: BookOf
) -> None:
    """Without the target's sheet the dropdown is the labels that the copy was issued with."""
    whole = issue_of("m1")
    grant = {"log": dataclasses.replace(whole.grant["log"])}
    issue = dataclasses.replace(whole, grant=grant, base={"log": whole.base["log"]})
    book = copy_book(
        follow_up, issue, team=Team(()), names={}, stamp_cells=(), checks={}, as_of="", due="",
        today=book_of("m1").created,
    )  # fmt: skip
    rule = next(v for v in sheet(book, "跟进记录").validations if v.kind == "list")
    assert rule.formula.startswith("_lists!")
    assert "澄湖示例科技" in {c.value for c in sheet(book, "_lists").cells}


def test_at_most_one_rule_decides_a_cells_look(book_of: BookOf) -> None:
    """Every rule is final, covers one column (tiles apart), and rules of a column reach equally far (LOOK 7)."""
    for s in book_of("m3").sheets:
        for rule in s.conditions:
            left, top, right, _ = range_boundaries(rule.ref)
            assert rule.stop
            assert top == 1 or left == right or not s.tables
        ends = {}
        for rule in s.conditions if s.tables else ():
            left, top, _, bottom = range_boundaries(rule.ref)
            if top > 1:
                assert bottom == ends.setdefault(left, bottom)


def test_status_has_its_colour_and_its_sign(book_of: BookOf) -> None:
    """Green ring for a prospect, red cross for a lost customer; the sign is no part of the value (R029, R030)."""
    for text, hue, icon in (("潜在客户", "green", "○"), ("丢失客户", "red", "×")):
        rule = next(c for c in _rules(sheet(book_of("m1"), "客户"), "客户状态") if c.formula.endswith(f'="{text}"'))
        assert (rule.look.fill, rule.number_format) == (look.HUES[hue].fill, f'"{icon} "@')


def _rules(s: Sheet, title: str) -> list[Condition]:
    at = head(s).index(title) + 1
    return [c for c in s.conditions if range_boundaries(c.ref)[0] == at and range_boundaries(c.ref)[1] > 1]


def test_dates_call_by_urgency(book_of: BookOf) -> None:
    """The next date is overdue, today or soon, the last one stale; all speak through the day's one name."""
    s = sheet(book_of("m1"), "客户")
    signs = [c.number_format[1] for c in _rules(s, "下次跟进时间") if "cs_today" in c.formula]
    assert signs == ["▲", "◆", "▽"]
    assert [c.number_format[1] for c in _rules(s, "跟进时间") if "cs_today" in c.formula] == ["◇"]
    assert [(n.name, n.refers_to) for n in book_of("m1").names] == [("cs_today", "TODAY()")]


def test_required_cells_are_empty_slots(book_of: BookOf) -> None:
    """A required field, and one that a rule asks for, is dashed while its row is begun and the cell is blank."""
    s = sheet(book_of("m1"), "客户")
    for title in ("客户状态", "下次跟进时间"):
        dashed = [c for c in _rules(s, title) if c.box.startswith("dashed")]
        assert len(dashed) == 1
        assert '$B3<>""' in dashed[0].formula


def test_count_of_open_errors_is_the_same_everywhere(book_of: BookOf) -> None:
    """The unreadable phone and the missing next date are two: in the rows, the strip, the lists and the guide."""
    book = book_of("m1")
    customers = sheet(book, "客户")
    at = head(customers).index("_open")
    assert sum(row[at] for row in customers.blocks[0].rows) == 2
    said = [c.value.value for c in customers.cells if isinstance(c.value, Formula)]
    assert "！还差 2 处" in said
    light = [c.value.value for c in book.sheets[0].cells if isinstance(c.value, Formula)]
    assert "！先别交，还差 2 处" in light


def test_computed_fields_are_formulas_with_their_value(book_of: BookOf) -> None:
    """Days left are a live formula beside which today's value is already written."""
    s = sheet(book_of("m1"), "客户")
    at = head(s).index("剩余天数")
    assert "cs_today" in str(s.blocks[0].formulas[at])
    assert [row[at] for row in s.blocks[0].rows] == [0, -3, 2, None, None]


def test_append_only_rows_are_grey_and_the_next_free_row_invites(book_of: BookOf) -> None:
    """What is on record is the system's; white begins where one goes on."""
    log = sheet(book_of("m1"), "跟进记录")
    content = head(log).index("内容")
    assert look.SIGNS["readonly"].fill == log.blocks[0].looks[content].fill
    assert log.blocks[1].looks[content].fill == ""
    assert any(c.look.fill == look.NEXT_FREE for c in _rules(log, "内容"))


def test_every_look_can_be_read(book_of: BookOf) -> None:
    """Light fill, dark text, at least 4.5 : 1 (R031); links to one font are the writer's."""
    for style in {lk for m in ("m1", "m3", "m4") for lk in looks(book_of(m))}:
        ground = style.fill or look.PAPER
        assert contrast(style.ink, ground) >= 4.5, style
        assert contrast("000000", ground) > contrast("FFFFFF", ground), style


def test_signs_survive_a_chinese_code_page(book_of: BookOf) -> None:
    """Every sign in a number format or sentence is in GBK."""
    formats = {c.number_format for m in ("m1", "m3") for s in book_of(m).sheets for c in s.conditions}
    assert len(formats) > 8
    assert all(f.encode("gbk").decode("gbk") == f for f in formats)


def test_two_fields_of_one_title_get_different_heads(follow_up: Schema) -> None:
    """Heads are unique beyond case; the second gets a number."""
    table = follow_up.tables["customers"]
    twin = type(table.fields["contact"])(dataclasses.replace(table.fields["contact"].spec, name="other"))
    doubled = dataclasses.replace(table, fields={**table.fields, "other": twin})
    schema = dataclasses.replace(follow_up, tables={"customers": doubled})
    layout = table_columns(schema, "customers", TableGrant("all", ("contact", "other"), frozenset({"contact"})))
    assert [c.head for c in layout.columns if c.field] == ["联系人", "联系人 (2)"]


def test_a_table_without_rows_and_rights_still_is_a_table(follow_up: Schema, issue_of: IssueOf) -> None:
    """An Excel Table needs one row, even a blank one; the package passes the lint of the writer."""
    whole = issue_of("m4")
    empty = {t: Table(t, rows.fields) for t, rows in whole.base.items()}
    book = copy_book(
        follow_up, dataclasses.replace(whole, base=empty), team=Team(()), names={}, stamp_cells=("x",), checks={},
        as_of="", due="", today=dt.date(2026, 11, 20),
    )  # fmt: skip
    assert re.fullmatch(r"A2:[A-Z]+3", sheet(book, "客户").tables[0].ref)
    assert write_book(book).startswith(b"PK")


def test_a_spreadsheet_program_counts_the_same(book_of: BookOf, recalculated: Recalculated) -> None:
    """Every formula comes to the value that is written beside it, when LibreOffice works it out on the day of issue."""
    book = book_of("m1")
    day = "DATE(2026,11,20)"
    data = write_book(dataclasses.replace(book, names=(dataclasses.replace(book.names[0], refers_to=day),)))
    written, worked = recalculated(data)
    assert len(written) > 200
    assert {at: value for at, value in written.items() if (worked[at] or "") != (value or "")} == {}


@pytest.mark.parametrize("member", ["m1", "m3", "m4"])
def test_every_copy_passes_the_writers_lint(book_of: BookOf, member: str) -> None:
    """The Plan becomes a package that no client wants to repair, the same bytes each time."""
    assert write_book(book_of(member)) == write_book(book_of(member))
