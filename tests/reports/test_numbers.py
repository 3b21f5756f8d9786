"""Every number of a report equals what plain SQL, dates and sums make of the ledger."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any

import pytest
from recount import share

pytestmark = pytest.mark.xdist_group("reports")

HEADS = {
    "zh": {
        "total": "合计", "all": "全组", "share": "占比", "member": "成员", "now": "本周联系", "before": "上周联系",
        "change": "变化", "rate": "成交率", "overdue": "逾期", "stale": "没联系", "open": "在谈", "quarter": "季度",
        "came": "交回", "yes": "√ 交了", "edits": "改动", "findings": "没收下的", "problems": "最常见的问题",
    },
    "en": {
        "total": "Total", "all": "Everybody", "share": "Share", "member": "Member", "now": "Contacts this week",
        "before": "Contacts last week", "change": "Change", "rate": "Win rate", "overdue": "Overdue",
        "stale": "Not contacted", "open": "Open", "quarter": "Quarter", "came": "Returned", "yes": "√ yes",
        "edits": "Edits", "findings": "Not taken", "problems": "Most frequent",
    },
}  # fmt: skip
BUCKETS = {
    "zh": {
        "applied": "采用", "same": "相同", "conflict": "冲突", "held": "待定", "rejected": "未采用",
        "superseded": "被取代",
    },
    "en": {
        "applied": "Applied", "same": "Same", "conflict": "In conflict", "held": "Held", "rejected": "Rejected",
        "superseded": "Superseded",
    },
}  # fmt: skip
NOT_TAKEN = ("rejected", "held", "conflict")


def close(found: float | None, wanted: float | None) -> bool:
    """A rate that cannot be given is a blank cell."""
    return found == wanted if found is None or wanted is None else abs(found - wanted) < 1e-9


def days(rows: list[list[Any]]) -> list[tuple[Any, ...]]:
    return [tuple(v.date() if isinstance(v, dt.datetime) else v for v in row) for row in rows]


# ── the first page ──────────────────────────────────────────────────────────────────────────────────


def test_statuses_and_their_pie(week: Any) -> None:
    """Rows per status, shares and sum, and the slices of the pie with their names, are those of the ledger (R107)."""
    count, table = week.count, week.report.tables["report_status"]
    rows = len(count.rows(count.shape.table))
    assert {row[0]: row[1] for row in table.rows} == count.status
    assert all(close(row[2], row[1] / rows) for row in table.rows)
    assert table.total == [HEADS[count.language]["total"], rows, 1]
    (pie,) = [chart for chart in week.report.charts if chart.kind == "pieChart"]
    assert pie.series[0].numbers == list(count.status.values())
    names = [re.sub(r"^[○◎●★×] ", "", name) for name in pie.series[0].names]
    assert names == [f"{status}\u3000{n}" for status, n in count.status.items()]
    assert str(rows) in pie.title


def test_the_tiles_of_a_team_that_follows_up(zh_week: Any) -> None:
    """Contacts, won, open money in 万, overdue and stale, each with its change since a week before."""
    now, before = zh_week.count, _week_before(zh_week)
    contacts, earlier = (sum(now.contacts_of_week(n).values()) for n in (0, 1))
    won, lost = now.sum("won"), now.sum("lost")
    assert zh_week.report.tiles() == {
        "联系次数": (contacts, _more(contacts, earlier)),
        "成交客户": (won, f"{_more(won, before.sum('won'))} · 成交率 {won / (won + lost):.0%}"),
        "在谈的钱": (float(now.amount(now.open_deals)) / 10000, f"{len(now.open_deals)} 个在谈"),
        "逾期没跟进": (len(now.overdue), _more(len(now.overdue), len(before.overdue)) + "，不好"),
        "久未联系": (len(now.stale), _more(len(now.stale), len(before.stale)) + "，不好"),
    }
    assert (len(now.overdue), len(now.stale)) > (0, 0)


def test_the_tiles_of_a_pipeline(en_week: Any) -> None:
    """What was won, how many, what may still come, how many copies came back."""
    now, before, members = en_week.count, _week_before(en_week), en_week.team.fates
    won, lost = now.sum("won"), now.sum("lost")
    back = sum(map(_returned, members))
    assert en_week.report.tiles() == {
        "Won: value": (float(now.amount(now.won_deals)), ""),
        "Won": (won, f"↑ {won - before.sum('won')} more than a week before · win rate {won / (won + lost):.0%}"),
        "Open deals: value": (float(now.amount(now.open_deals)), f"{len(now.open_deals)} open deals"),
        "Returned": (back, f"of {len(members)} copies"),
    }


def _more(now: int, before: int) -> str:
    step = "和上周一样" if now == before else f"↑ 比上周多 {now - before}"
    return step if now >= before else f"↓ 比上周少 {before - now}"


def _week_before(week: Any) -> Any:
    """The ledger as it was seven days ago, counted for that day."""
    day = week.count.today - dt.timedelta(days=7)
    last = max(number for number, at, _ in week.count.revisions if dt.date.fromisoformat(at[:10]) <= day)
    return type(week.count)(week.team.bench.root, week.team.language, day.isoformat(), last)


def test_the_sentences_say_the_same_numbers(week: Any) -> None:
    """Each sentence of the first page, word for word, from recounted numbers."""
    now, fates = week.count, [t.bucket for typed in week.team.fates.values() for t in typed]
    won, lost = now.sum("won"), now.sum("lost")
    taken, bad = (sum(b in which for b in fates) for which in (("applied", "same"), NOT_TAKEN))
    gone = fates.count("superseded")
    assert taken + bad + gone == len(fates)
    zh_gone, en_gone = (f"，{gone} 处被取代", f", {gone} were superseded") if gone else ("", "")
    said = "\n".join(str(text) for text in week.report.column("C"))
    people, back = len(week.team.fates), sum(_returned(m) for m in week.team.fates)
    if week.count.language == "zh":
        (_, top, _, longest, *_), (silent, quiet, _, silence, _) = now.overdue[0], now.stale[0]
        before = _week_before(week)
        contacts, earlier = (sum(now.contacts_of_week(n).values()) for n in (0, 1))
        late, still = len(now.overdue) - len(before.overdue), len(now.stale) - len(before.stale)
        best, most = now.contacts_of_week(0).most_common(1)[0]
        wanted = [
            f"这一周联系了 {contacts} 次，比上周多 {contacts - earlier}；{best}最多，{most} 次。",
            f"{now.shape.won} {won} 家，{now.shape.lost} {lost} 家，成交率 {won / (won + lost):.0%}；",
            f"{len(now.overdue)} 家过了时间没跟进，比上周多 {late}；{top}最久，{longest} 天",
            f"{len(now.stale)} 家超过三周没人联系，比上周多 {still}；{quiet}最久，{silence} 天（{silent}）。",
            f"{people} 人里 {back} 人交回了，{len(fates)} 处改动收下 {taken} 处{zh_gone}，{bad} 处没收下，",
            "处没收下，王芳最多，3 处，",
            "，2 个问题等你定。",
        ]
    else:
        value, first = now.amount(now.won_deals), max(now.totals("members").items(), key=lambda t: t[1][3])
        wanted = [
            f"Won: {won}, Lost: {lost}, a win rate of {won / (won + lost):.0%}; Anna Sample has most, 3.",
            f"{first[0]} won the most, ${first[1][3]:,.0f}, {first[1][3] / float(value):.0%} of all.",
            f"{back} of {people} copies came back, {taken} of {len(fates)} edits were taken{en_gone}, {bad} were not",
        ]
    assert [text for text in wanted if text not in said] == []


# ── members ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_numbers_of_every_member(week: Any) -> None:
    """Rows, contacts, won, lost, rate, overdue and stale by member; rows that nobody owns count too (R104, R111)."""
    count, heads, table = week.count, HEADS[week.count.language], week.report.tables["report_members"]
    texts = count.options(count.shape.table, count.shape.status)
    columns = {"rows": count.title(count.shape.table), "won": texts[count.shape.won], "lost": texts[count.shape.lost]}
    if count.shape.last:
        columns |= {"week0": heads["now"], "week1": heads["before"]}
        columns |= {key: heads[key] for key in ("overdue", "stale")}
    by, total = table.by(heads["member"]), dict(zip(table.heads, table.total, strict=True))
    assert set(by) == set(count.people)
    for name, one in count.people.items():
        assert {key: by[name][head] for key, head in columns.items()} == {key: one.get(key, 0) for key in columns}
        assert close(by[name][heads["rate"]], one["rate"])
    assert {key: total[head] for key, head in columns.items()} == {key: count.sum(key) for key in columns}
    won, lost = count.sum("won"), count.sum("lost")
    assert close(total[heads["rate"]], won / (won + lost))
    if count.shape.last:
        assert {n: row[heads["change"]] for n, row in by.items()} == {
            n: one.get("week0", 0) - one.get("week1", 0) for n, one in count.people.items()
        }
        assert table.column(heads["now"])[:-1] == sorted(table.column(heads["now"])[:-1], reverse=True)


def test_the_bars_of_the_members(week: Any) -> None:
    """Contacts of both weeks and win rates are drawn as they were counted, each at its member's name."""
    count, zh = week.count, week.count.language == "zh"
    rates = week.report.chart("每人成交率" if zh else "Win rate by member")
    found = dict(zip(rates.series[0].names, rates.series[0].numbers, strict=True))
    assert found.keys() == count.people.keys()
    assert all(close(found[name], one["rate"] or 0) for name, one in count.people.items())
    bars = [c for c in week.report.charts if c.title.startswith("每人联系次数")]
    assert len(bars) == (2 if zh else 0), "once on the first page, once beside the members"
    for chart in bars:
        for weeks_ago, series in enumerate(chart.series):
            counted = count.contacts_of_week(weeks_ago)
            assert dict(zip(series.names, series.numbers, strict=True)) == {n: counted[n] for n in count.people}


# ── money ───────────────────────────────────────────────────────────────────────────────────────────


def test_amounts_by_stage_and_month(week: Any) -> None:
    """Every cell, sum and count of stage × month, with earlier, later and no month, is as counted (R105)."""
    count, table = week.count, week.report.tables["report_stages"]
    words, (_, *heads, total_head, rows_head) = count.words, table.heads
    months = [h for h in heads if h[:4].isdigit()]
    numbers = [int(m[:4]) * 12 + int(m[5:]) for m in months]
    assert numbers == list(range(numbers[0], numbers[0] + 12)), "twelve months in a row"
    assert f"{count.today:%Y-%m}" in months
    assert [h for h in heads if h not in months] == [words["earlier"], words["later"], words["none"]]
    wanted = count.stages(heads)
    assert {row[0]: row[1:-2] for row in table.rows} == {k: [line[h] for h in heads] for k, line in wanted.items()}
    assert {row[0]: row[-1] for row in table.rows} == {k: line["count"] for k, line in wanted.items()}
    assert all(close(row[-2], sum(row[1:-2])) for row in table.rows)
    sums = dict(zip(table.heads, table.total, strict=True))
    assert all(close(sums[h], sum(line[h] for line in wanted.values())) for h in heads)
    assert (sums[total_head], sums[rows_head]) == (float(count.amount(count.deals)), len(count.deals))


def test_the_stack_of_stages(week: Any) -> None:
    """The stacked columns hold every stage that is not lost and has money in a month, as counted."""
    count = week.count
    heads = week.report.tables["report_stages"].heads[1:-2]
    wanted = count.stages(heads)
    lost = count.options(count.shape.deals, count.shape.stage)[count.shape.deal_lost]
    shown = [[line[h] for h in heads[:-1]] for stage, line in wanted.items() if stage != lost]
    chart = week.report.chart("按预期成交日期的月份" if count.language == "zh" else "Amounts by month")
    assert [series.numbers for series in chart.series] == [line for line in shown if any(line)]
    assert all(series.names == heads[:-1] for series in chart.series)


@pytest.mark.parametrize("by", ["members", "products", "quarters"])
def test_what_was_won(week: Any, by: str) -> None:
    """Open, won, lost and value by member, product and quarter; each table adds up to all opportunities (R104)."""
    count, table = week.count, week.report.tables[f"report_won_{by}"]
    wanted = count.totals(by)
    amount, rate = table.heads.index(table.heads[-1]), HEADS[count.language]["rate"]
    assert {row[0]: (*row[1:4], row[amount]) for row in table.rows} == wanted
    sums = [sum(column) for column in zip(*wanted.values(), strict=True)]
    assert [*table.total[1:4], table.total[amount]] == sums
    assert sum(sums[:3]) == len(count.deals) - 1, "all but the one whose stage cannot be read"
    if by == "members":
        rates = dict(zip(table.column(table.heads[0]), table.column(rate), strict=True))
        assert all(close(rates[name], share(won, lost)) for name, (_, won, lost, _) in wanted.items())
        title = "每人赢单的预期成交金额" if count.language == "zh" else "Close value of Won by member"
        bars = [chart.series for chart in week.report.charts if chart.title == title]
        assert len(bars) == (1 if count.language == "zh" else 2), "a pipeline's stand on the first page too"
        for (series,) in bars:
            assert dict(zip(series.names, series.numbers, strict=True)) == {n: line[3] for n, line in wanted.items()}


# ── who waits ───────────────────────────────────────────────────────────────────────────────────────


def test_who_is_overdue(week: Any) -> None:
    """Every customer whose date has passed and who is not lost, with days, open amount and plan, the longest first."""
    if not week.count.shape.following:
        assert "report_overdue" not in week.report.tables
        return
    assert days(week.report.tables["report_overdue"].rows) == week.count.overdue
    labels = [line[1] for line in week.count.overdue]
    assert "白塔示例印务" in labels, "owned by nobody"
    assert not {"北岭示例物流", "听涛示例渔具", "柳泉示例餐饮"} & set(labels), "lost, due today, not readable"


def test_who_was_not_contacted_for_long(week: Any) -> None:
    """More than 21 days since the last contact, in the row or the log; exactly 21 is not long (R078)."""
    if not week.count.shape.last:
        assert "report_stale" not in week.report.tables
        return
    assert days(week.report.tables["report_stale"].rows) == week.count.stale
    assert [line[3] for line in week.count.stale][-1] == 22
    assert "石桥示例电器" not in [line[1] for line in week.count.stale]
    notes = "\n".join(str(s["B2"].value) for s in week.report.sheets)
    assert f"另有 {week.count.never} 个客户从来没有联系记录" in notes


# ── what came back ──────────────────────────────────────────────────────────────────────────────────


def _returned(member: str) -> bool:
    return member not in ("何静", "Ben Sample")


def test_what_became_of_every_members_edits(week: Any) -> None:
    """Each typed cell once, in the bucket that the test planned; buckets add up (DESIGN 11, L5)."""
    language, table = week.count.language, week.report.tables["report_quality"]
    heads, buckets = HEADS[language], BUCKETS[language]
    by, total = table.by(heads["member"]), dict(zip(table.heads, table.total, strict=True))
    assert set(by) == set(week.team.fates)
    everything: Counter[str] = Counter()
    for member, typed in week.team.fates.items():
        counted = Counter(t.bucket for t in typed)
        everything += counted
        assert {b: by[member][head] for b, head in buckets.items()} == {b: counted[b] for b in buckets}
        assert by[member][heads["edits"]] == len(typed)
        assert by[member][heads["findings"]] == sum(counted[b] for b in NOT_TAKEN)
        assert (by[member][heads["came"]] == heads["yes"]) is _returned(member)
    assert {b: total[head] for b, head in buckets.items()} == {b: everything[b] for b in buckets}
    assert total[heads["edits"]] == everything.total()
    bars = week.report.chart("每人没收下的改动" if language == "zh" else "Edits not taken")
    assert bars.series[0].numbers == table.column(heads["findings"])
    assert bars.series[0].numbers == sorted(bars.series[0].numbers, reverse=True)


def test_the_most_frequent_problems(week: Any) -> None:
    """The field and the kind of each finding with how often it came, the most frequent first."""
    words = {
        "zh": {"rejected": "没认出或没有权限", "held": "等你定", "conflict": "两个人写得不一样"},
        "en": {"rejected": "not readable or not permitted", "held": "waits for you", "conflict": "two people differ"},
    }[week.count.language]
    colon, sheet = ("：", "客户") if week.count.language == "zh" else (": ", "")
    by = week.report.tables["report_quality"].by(HEADS[week.count.language]["member"])
    for member, typed in week.team.fates.items():
        bad = [(sheet if t.head == "操作" else t.head, words[t.bucket]) for t in typed if t.bucket in NOT_TAKEN]
        wanted = {f"{head}{colon}{word} {n}" for (head, word), n in Counter(bad).items()}
        said = by[member][HEADS[week.count.language]["problems"]] or ""
        assert set(re.split("、|, ", said)) - {""} == wanted


def test_files_that_were_not_read(week: Any) -> None:
    """Each refused file with the reason, and none that was only a duplicate."""
    table = week.report.tables.get("report_refused")
    assert [row[0] for row in table.rows] == week.team.refused if table else week.team.refused == []
    assert all(row[1] for row in table.rows) if table else True


ZH_CHANGES = [
    ("跟进记录", "东屿示例制药 · 2026-11-18", "＋ 新增", None, None, "李雷", "merge"),  # typed beside the customer
    ("客户", "石桥示例电器", "下次跟进内容", None, "回访", "赵敏", "set"),
    ("客户", "西塘示例服装", "下次跟进时间", "2026-11-27", "2026-12-01", "赵敏", "set"),
    ("客户", "澄湖示例科技", "下次跟进时间", "2026-11-17", "2026-11-25", "李雷、王芳", "merge"),
    ("客户", "远山示例机械", "下次跟进内容", "打电话", "先打电话", "王芳", "merge"),
    ("客户", "青禾示例食品", "等级", "C", "B", "王芳", "merge"),
    ("客户", "青禾示例食品", "等级", "B", "C", "王芳", "merge"),
    ("客户", "东屿示例制药", "跟进时间", "2026-11-12", "2026-11-18", "李雷", "merge"),
    ("客户", "东屿示例制药", "跟进内容", "留了资料", "谈妥了", "李雷", "merge"),
    ("客户", "南山示例建材", "客户状态", "跟进中", "潜在客户", "李雷", "merge"),
    ("客户", "云溪示例教育", "下次跟进时间", "年底前", "2026-11-12", "陈晨", "merge"),
    ("客户", "新桥示例文具", "＋ 新增", None, None, "陈晨", "merge"),
    ("商机", "澄湖年框", "商机阶段", "方案报价", "赢单", "王芳", "merge"),
    ("跟进记录", "远山示例机械 · 2026-11-18", "＋ 新增", None, None, "王芳", "merge"),
]
EN_CHANGES = [
    ("Opportunities", "A0000003", "Deal stage", "Engaging", "Won", "Anna Sample", "merge"),
    ("Opportunities", "A0000003", "Close date", None, "2026-11-18", "Anna Sample", "merge"),
    ("Opportunities", "A0000003", "Close value", None, "$52", "Anna Sample", "merge"),
    ("Opportunities", "B0000003", "Deal stage", "Prospecting", "Engaging", "Dora Sample", "merge"),
]


def test_what_changed(week: Any) -> None:
    """Every change of the round once: who, from what to what, and when it came in; no import among them."""
    wanted = ZH_CHANGES if week.count.language == "zh" else EN_CHANGES
    rows = week.report.tables["report_changes"].rows
    with closing(sqlite3.connect(week.team.ledger)) as ledger:
        kinds = dict(ledger.execute("select at, kind from revision where kind <> 'import'").fetchall())
    found = [(*row[:6], kinds[row[6].isoformat()]) for row in rows]
    assert Counter(found) == Counter(wanted)
    assert [row[6] for row in rows] == sorted(row[6] for row in rows)


def test_what_could_not_be_read_is_counted_apart(week: Any) -> None:
    """Cells that hold no readable value are named below the titles, with how many; they are in no measure."""
    count, notes = week.count, "\n".join(str(s["B2"].value) for s in week.report.sheets)
    s = count.shape
    for table, field in {(s.table, s.status), (s.table, s.owner), (s.table, s.following), (s.deals, s.stage),
                         (s.deals, s.amount), (s.deals, s.close)}:  # fmt: skip
        bad = sum((row[field] or "").startswith("\x1f") for row in count.rows(table).values()) if field else 0
        place = f"{count.title(table)}·{count.title(table, field)} {bad}" if field else ""
        if count.language == "en" and field:
            place = f"{count.title(table)}, {count.title(table, field)}: {bad}"
        assert (place in notes) is bool(bad) or not field
