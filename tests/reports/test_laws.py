"""Whatever the rows, a summary adds up, and its workbook is sound."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custsheet import schema as schemas
from custsheet.books.report import report_book
from custsheet.model import Table, Tables, Unreadable
from custsheet.reports import measures, summary
from custsheet.schema.labels import Labels
from custsheet.schema.records import Member, Team
from custsheet.summary import Period, Summary
from custsheet.xlsx.lint import lint
from custsheet.xlsx.write import write_book

TODAY = dt.date(2026, 11, 20)
PERIOD = Period(TODAY, dt.date(2026, 11, 16), dt.date(2026, 11, 22))
SCHEMA = schemas.load_schema(schemas.builtin("follow-up"))
TEAM = Team((Member("wang", "王芳", "sales", manager="zhao"), Member("zhao", "赵敏", "manager")))
STATUS = ("潜在客户", "意向客户", "成交客户", "丢失客户")
STAGES = ("初步接触", "需求确认", "方案报价", "商务谈判", "赢单", "输单")

unreadable = st.just(Unreadable("认不出"))
member = st.sampled_from(("wang", "zhao", "left", None)) | unreadable
day = st.dates(dt.date(2026, 9, 1), dt.date(2026, 12, 31)) | st.none() | unreadable
far_day = st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)) | day
amount = st.decimals(0, 10**9, places=2) | st.none() | unreadable
customer = st.sampled_from(("c0", "c1", "c2", "gone"))


def rows(prefix: str, table: str, **fields: Any) -> st.SearchStrategy[Table]:
    """A small table with these fields filled at random, the others blank."""
    names = tuple(SCHEMA.tables[table].fields)

    def make(found: Sequence[dict[str, Any]]) -> Table:
        rids = tuple(f"{prefix}{n}" for n in range(len(found)))
        return Table(table, names, rids, tuple(tuple(row.get(name) for name in names) for row in found))

    return st.lists(st.fixed_dictionaries(fields), max_size=8).map(make)


tables = st.builds(
    lambda *found: {t.name: t for t in found},
    rows(
        "c", "customers", name=st.sampled_from(("甲示例", "乙示例")), owner=member, last_follow_up=day,
        status=st.sampled_from((*STATUS, "没听过", None)) | unreadable, next_follow_up=day,
        next_plan=st.sampled_from(("打电话", None)),
    ),
    rows("l", "log", customer=customer, date=day, member=member),
    rows(
        "o", "opportunities", name=st.just("商机"), customer=customer, owner=member, amount=amount,
        stage=st.sampled_from((*STAGES, "没听过", None)) | unreadable, expected_close=far_day,
        product=st.sampled_from(("云仓", "终端", None)),
    ),
)  # fmt: skip


def counted(found: Tables) -> Summary:
    labels = Labels(SCHEMA, found, names={m.id: m.name for m in TEAM.members})
    return summary(SCHEMA, found, team=TEAM, labels=labels, language="zh", period=PERIOD, earlier=found)


def money(values: Sequence[Any]) -> Decimal:
    return sum((v for v in values if isinstance(v, Decimal)), Decimal(0))


@settings(max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(tables)
def test_every_part_adds_up_to_all_rows(found: Tables) -> None:
    """Statuses, people, stages, members, products and quarters each hold every row and every amount once (LOOK 2.2)."""
    s, customers, deals = counted(found), found["customers"], found["opportunities"]
    assert s.grid is not None
    assert s.totals is not None
    assert sum(x.count for x in s.statuses) == sum(p.rows for p in s.people) == s.rows == len(customers.rows)
    assert sum(x.count for x in s.grid.stages) == len(deals.rows)
    assert sum((x.total for x in s.grid.stages), Decimal(0)) == money(deals.column("amount"))
    assert len([c for c in s.grid.columns if c[0].isdigit()]) <= 12
    stages = deals.column("stage")
    won = money([a for a, stage in zip(deals.column("amount"), stages, strict=True) if stage == "赢单"])
    for part in (s.totals.members, s.totals.products, s.totals.quarters):
        assert sum(t.open + t.won + t.lost for t in part) == sum(x in STAGES for x in stages)
        assert sum((t.value for t in part), Decimal(0)) == won


@settings(max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(tables)
def test_who_waits_is_somebodys_and_really_waits(found: Tables) -> None:
    """Overdue and stale add up over people, none is lost, and all are past their day."""
    s, customers = counted(found), found["customers"]
    assert s.overdue is not None
    assert s.stale is not None
    assert (sum(p.overdue for p in s.people), sum(p.stale for p in s.people)) == (len(s.overdue), len(s.stale))
    waiting = (*s.overdue, *s.stale)
    assert all(customers.get(d.rid, "status") != "丢失客户" for d in waiting)
    assert all(d.days == (TODAY - d.day).days for d in waiting)
    assert all(d.days > 0 for d in s.overdue)
    assert all(d.days > 21 for d in s.stale)
    assert len(s.stale) + s.never <= len(customers.rows)
    assert [d.days for d in s.overdue] == sorted((d.days for d in s.overdue), reverse=True)


@settings(max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(tables)
def test_any_rows_make_a_sound_workbook(found: Tables) -> None:
    """The lint finds nothing whatever stands in the rows, and the measures are plain JSON numbers."""
    s = counted(found)
    book = report_book(s, title="周报", language="zh", round="2026-W47", today=TODAY)
    assert lint(write_book(book)) == []
    told = measures(s)
    assert told["contacts"] == sum(p.contacts for p in s.people)
