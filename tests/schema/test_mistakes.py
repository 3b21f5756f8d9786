"""What is wrong in a schema file is told at its line and column, in plain words, with the word that was meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from custsheet.errors import CallError
from custsheet.messages.catalogue import fix, known, say
from custsheet.messages.schema_words import CODES
from custsheet.schema import from_body, load_schema
from custsheet.schema.source import Problem

Problems = Callable[[str], tuple[Problem, ...]]

MISTAKES = [
    # what stands in the good schema, what is written instead, line, column, what is said, the nearest word
    ("type: phone, title: 电话", "type: text, title: 电话, pattern: '('", 12, 47, "「(」不是一个能用的模式。", ""),
    ("require: [due]", "unique: [due]", 19, 22, "unique 管整张表，不能加 when。", ""),
    ("require: [due]", "exists_in: due", 19, 60, "字段 due 是 date，这里要的是：ref。", ""),
    ("require: [due]", "between: [due, 2026-01-01, 2026-13-01]", 19, 76, "不能和「2026-13-01」比较。", ""),
    (
        "{days_until: due}",
        "{sum_of: [log, date]}",
        16,
        65,
        "字段 date 是 date，这里要的是：money, number, percent, progress, score。",
        "",
    ),
    ("{days_until: due}", "{hint: {next: due, lst: due}}", 16, 69, "没有「lst」这个设置。", "last"),
    ("{days_until: due}", "{hint: {last: due}}", 16, 57, "hint 的写法读不懂。", ""),
    ("{days_until: due}", "{weighted: [amount, stage]}", 16, 70, "stage 的选项没有写 probability。", ""),
    ("require: [due]", "require_any: [due, xx]", 19, 68, "表 customers 里没有字段「xx」。", ""),
    ("require: [due]", "one_of: [stage, [谈, 赢]]", 19, 69, "stage 没有「赢」这个选项。", ""),
    ("key: [name]", "key: name", 7, 10, "key 要写成一列，这里是「name」。", ""),
    ('version: "1"', "version: 1\nterms: {a: [1]}", 3, 12, "a 要写文字，这里是「[…]」。", ""),
    ("phone: {type: phone,", "phone: {type: fone,", 12, 21, "没有「fone」这种字段。", "phone"),
    (
        "phone: {type: phone, title: 电话, class: personal}",
        "phone: {type: phone, titel: 电话}",
        12,
        28,
        "没有「titel」这个设置。",
        "title",
    ),
    ("type: money", "type: monney", 14, 22, "没有「monney」这种字段。", "money"),
    ("key: [name]", "key: [nmae]", 7, 11, "表 customers 里没有字段「nmae」。", "name"),
    ("owner: owner\n", "owner: onwer\n", 8, 12, "表 customers 里没有字段「onwer」。", "owner"),
    ("owner: owner\n", "owner: phone\n", 8, 12, "字段 phone 是 phone，这里要的是：member, members。", ""),
    ("groups: [[stage, amount]]", "groups: [[stage, amuont]]", 9, 22, "表 customers 里没有字段「amuont」。", "amount"),
    ("to: customers", "to: customer", 27, 44, "没有叫「customer」的表。", "customers"),
    ("title: 客户, to: customers", "title: 客户", 27, 7, "ref 字段少了 to。", ""),
    ("title: 阶段, options: [谈, 成, 败]", "title: 阶段", 13, 7, "choice 字段少了 options。", ""),
    ("stage: {not: [败]}", "stage: {not: [输]}", 19, 43, "stage 没有「输」这个选项。", ""),
    ("stage: {not: [败]}", "stage: {nott: [败]}", 19, 36, "stage 的条件读不懂。", ""),
    ("when: {stage:", "when: {stgae:", 19, 29, "表 customers 里没有字段「stgae」。", "stage"),
    ("require: [due]", "require: [deu]", 19, 59, "表 customers 里没有字段「deu」。", "due"),
    ("require: [due]", "requires: [due]", 19, 49, "没有「requires」这个设置。", "require"),
    ('compare: [due, ">=", today]', 'compare: [due, "=>", today]', 20, 38, "不能用「=>」比较。", ">="),
    ('compare: [due, ">=", today]', 'compare: [due, ">=", tody]', 20, 44, "不能和「tody」比较。", "today"),
    ('compare: [due, ">=", today]', 'compare: [due, ">="]', 20, 32, "compare 的项数不对，要 3 项。", ""),
    ('rows: own, see: "*", edit', 'rows: mine, see: "*", edit', 32, 23, "rows 不能写「mine」。", ""),
    ('see: "*", edit: "*"', 'see: [name, fone], edit: "*"', 32, 40, "表 customers 里没有字段「fone」。", "phone"),
    ('see: "*", edit: "*"', "see: [name], edit: [phone]", 32, 48, "phone 看不到，就不能改。", ""),
    ('see: "*", edit: "*"', 'see: "*", edit: [owner]', 32, 45, "owner 是负责人，要有改派权才能改。", ""),
    ('see: "*", edit: "*"', 'see: "*", edit: [left]', 32, 45, "left 由系统填，不能改。", ""),
    ("    customers: {rows", "    custmers: {rows", 32, 5, "没有叫「custmers」的表。", "customers"),
    ("add: true}\n    log", "add: yes}\n    log", 32, 54, "add 要写 true 或 false，这里是「yes」。", ""),
    (
        "phone: {type: phone,",
        "phone: {type: phone, was: [name],",
        12,
        34,
        "phone 的 was 写了「name」，可它就是或曾是 name 的名字。",
        "",
    ),
    (
        "phone: {type: phone,",
        "phone: {type: phone, was: [tel, tel],",
        12,
        39,
        "phone 的 was 写了「tel」，可它就是或曾是 phone 的名字。",
        "",
    ),
    ("show: 90d", "show: 90", 25, 11, "show 写了「90」。", ""),
    ("days_until: due", "days_till: due", 16, 51, "不会算「days_till」。", "days_until"),
    ("days_until: due", "days_until: stage", 16, 63, "字段 stage 是 choice，这里要的是：date, datetime。", ""),
    ("merge: latest", "merge: newest", 15, 43, "merge 不能写「newest」。", ""),
    ("title: 电话", "title: 名称", 12, 35, "phone 和 name 的标题都是「名称」。", ""),
    ('owner: "via: customer"', 'owner: "via: custmer"', 23, 12, "表 log 里没有字段「custmer」。", "customer"),
    ("      due: {type: date,", "      due: {type: date, options: [a],", 15, 25, "date 字段用不上 options。", ""),
    (
        "      said: {type: text, title: 内容}",
        "      said: {type: text, title: 内容}\n      date: {type: text, title: 内容2}",
        30,
        7,
        "「date」写了两次，第一次在第 28 行。",
        "",
    ),
    ("append_only: true", "append_only: true\n\tshow: 1d", 25, 1, "这里用了 Tab 键缩进。", ""),
    ("append_only: true", "append_only： true", 24, 16, "这里是全角冒号「：」。", ""),
    ("options: [谈, 成, 败]}", "options: [谈, 成, 败}", 13, 57, "括号里少了逗号，或括号没有合上。", ""),
    ("currency: CNY", "currency: yuan", 14, 50, "currency 不能写成「yuan」。", ""),
    ('version: "1"\n', "", 1, 1, "这里少了「version」。", ""),
    ("title: {zh: 记录, en: Log}", "title: {zh: 客户, en: Log}", 22, 12, "工作表名「客户」已经有了。", ""),
    ("      phone:", "     phone:", 12, 6, "这一行的缩进和上面对不上。", ""),
    ('version: "1"', 'version: "1', 20, 40, "这里的符号有特别的意思，读不下去。", ""),
    ("merge: latest", "merge: union", 15, 43, "date 字段不能用 merge: union。", ""),
    ('rows: own, see: "*", add: true}\n', "rows: own, add: true}\n", 33, 5, "这里少了「see」。", ""),
    ("title: 日期, required: true", "title: 日期", 25, 11, "表 log 用了 show，但没有必填的日期字段。", ""),
    ("  sales:", "  sales staff:", 31, 3, "名称不能写成「sales staff」。", ""),
    ("compute: {days_until: due}", "compute: {}", 16, 7, "computed 字段少了 compute。", ""),
    ("schema: shop", "schema: shop\nlangauge: zh", 2, 1, "没有「langauge」这个设置。", "language"),
    ("title: 金额", "title: 金额, min: 十", 14, 45, "「十」不是 amount（money）能有的值。", ""),
    ("title: {zh: 小店, en: Shop}", "title: {cn: 小店}", 3, 9, "没有「cn」这个设置。", "en"),
    ('compare: [due, ">=", today]', "compare: [due, >=, today]", 20, 38, "这里的符号有特别的意思，读不下去。", ""),
]


@pytest.mark.parametrize(("good", "bad", "line", "column", "words", "nearest"), MISTAKES)
def test_a_mistake_is_told_at_its_place(
    shop: str, problems: Problems, good: str, bad: str, line: int, column: int, words: str, nearest: str
) -> None:
    """One mistake gives one problem: its line, its column, the line itself, plain words, the nearest known word."""
    assert shop.count(good) == 1
    text = shop.replace(good, bad)

    (found,) = problems(text)

    assert (line, column, words, nearest) == (found.line, found.column, found.message("zh"), found.nearest)
    assert text.splitlines()[line - 1] == found.text
    assert found.message("en")
    assert found.fix("zh")
    assert nearest in found.fix("en")


def test_all_mistakes_are_told_at_once(shop: str, problems: Problems) -> None:
    """Mistakes of shape and of meaning in one file come together, in the file's order."""
    text = shop.replace("type: phone", "type: fone").replace("add: true}\n    log", "add: ja}\n    log")
    text = text.replace("key: [name]", "key: [nmae]").replace("merge: latest", "mrege: latest")

    assert [(p.line, p.nearest) for p in problems(text)] == [(7, "name"), (12, "phone"), (15, "merge"), (32, "")]


def test_what_lacks_because_of_a_mistake_is_not_told_again(shop: str, problems: Problems) -> None:
    """A rule, a right or a text that is broken is told once, not also as missing."""
    assert [p.nearest for p in problems(shop.replace("require: [due]", "requires: [due]"))] == ["require"]
    assert [p.code for p in problems(shop.replace('rows: own, see: "*", edit', "rows: 5, see: '*', edit"))] == [
        "SCHEMA_CHOICE"
    ]


def test_places_stay_right_after_a_broken_item(shop: str, problems: Problems) -> None:
    """A rule that cannot be read does not move the places of the rules after it."""
    text = shop.replace("      - {name: plan,", "      - 7\n      - {name: plan,").replace("due]}", "deu]}")

    assert [(p.line, p.column) for p in problems(text)] == [(19, 9), (20, 59)]


def test_a_file_that_is_not_utf_8_is_told_its_line(tmp_path: Path, shop: str) -> None:
    """Notepad's ANSI is told as such, with the first line that is not UTF-8."""
    path = tmp_path / "schema.yaml"
    path.write_bytes(shop.replace("小店", "shop").encode("gbk"))

    with pytest.raises(CallError) as stopped:
        load_schema(path)

    (found,) = stopped.value.facts["problems"]  # type: ignore[misc]
    assert (found.code, found.line) == ("SCHEMA_ENCODING", 6)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "SCHEMA_EMPTY"),
        ("# 只有注释\n", "SCHEMA_EMPTY"),
        ("a: &x [*x]", "SCHEMA_LOOP"),
        ("- a\n", "SCHEMA_KIND_MAP"),
    ],
)
def test_a_file_that_is_no_schema_at_all_is_told_so(problems: Problems, text: str, code: str) -> None:
    """An empty file, an endless one and a list are told as what they are."""
    assert [code] == [p.code for p in problems(text)]


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(tmp_path: Path, shop: str) -> None:
    """A file saved by Notepad on Windows loads like any other."""
    path = tmp_path / "schema.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + shop.replace("\n", "\r\n").encode())

    assert load_schema(path).name == "shop"


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    """A schema that is not there stops the call with its name."""
    with pytest.raises(CallError, match="SCHEMA_NOT_FOUND"):
        load_schema(tmp_path / "no.yaml")


def test_kept_data_that_was_tampered_with_stops_too() -> None:
    """A body without a file has no lines; what is wrong in it stops all the same."""
    with pytest.raises(CallError) as stopped:
        from_body({"schema": "x", "tables": {"t": {"title": "T", "fields": {}}}, "order": 7})

    assert {0} == {p.line for p in stopped.value.facts["problems"]}  # type: ignore[attr-defined]


def test_every_code_has_words_in_both_languages() -> None:
    """Each code of the topic can be said in both languages, without its facts too."""
    assert set(CODES) <= known()
    for code in CODES.keys() - {"SCHEMA_NEAREST"}:
        assert say(code, "zh")
        assert say(code, "en")
        assert fix(code, "zh")
        assert fix(code, "en")
