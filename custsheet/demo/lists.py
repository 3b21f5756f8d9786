"""The sample team's old lists as files, with the dirt that such lists have: a workbook, a GBK csv, a UTF-8 csv."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterable, Sequence
from typing import Final

from custsheet.demo.business import SEED, Business, Customer
from custsheet.demo.talk import words
from custsheet.plan import Block, Book, Column, Look, PlanCell, Scalar, Sheet
from custsheet.xlsx.write import write_book

CUSTOMER_HEADS: Final = words(
    "公司名称 联系人姓名 职务 手机 客户状态 客户等级 标签 跟进日期 跟进内容 下次联系时间 跟进计划 "
    "销售 协助人 邮箱 行业 地区 需求 录入人"
)
LOG_HEADS: Final = words("客户名称 沟通日期 沟通方式 沟通内容 沟通结果 下一步")
OPPORTUNITY_HEADS: Final = words("商机名称 客户名称 阶段 预计金额 预计成交日期 产品 销售 输单原因")
TERMS: Final = {"VIP客": "重点客户", "已签约": "成交客户", "有意向客户": "意向客户", "展会客户": "展会"}
"""What this team used to write, and what it means: added to the schema as `terms`."""
_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_CLERKS: Final = ("前台", "小程", "")


def terms_yaml() -> str:
    """Return the lines that the manager adds to the schema."""
    lines = "".join(f"  {said}: {meant}\n" for said, meant in TERMS.items())
    return f"\nterms:   # 旧表里的叫法: 统一的叫法\n{lines}"


def customer_list(business: Business, today: dt.date) -> bytes:
    """Return the customers as the workbook that several people kept for years."""
    rng = random.Random(SEED + 1)  # noqa: S311  # sample data, the same every time
    rows = [_customer(rng, customer) for customer in business.customers]
    for at in (40, 700, 1500):  # the same customer once more, further down
        rows[at + 300 : at + 300] = [list(row) for row in rows[at : at + 1]]
    return write_book(_book("客户总表", CUSTOMER_HEADS, rows, today))


def _customer(rng: random.Random, c: Customer) -> list[Scalar]:
    last = c.last
    status, tags, wanted, contact, name = c.status, list(c.tags), c.next_day, c.phone, c.name
    if rng.random() < 0.011:
        wanted = None
    if rng.random() < 0.02:
        status = {"成交客户": "已签约", "意向客户": "有意向客户"}.get(status, status)
    elif rng.random() < 0.004 and status == "潜在客户":
        status = "跟进中"
    if rng.random() < 0.012:
        tags.append("VIP客")
    if rng.random() < 0.01:
        name += "  "
    return [
        name,
        c.contact,
        c.title,
        _typed_phone(rng, contact),
        status,
        c.grade or None,
        rng.choice(("、", "，", "/")).join(tags) or None,
        _typed_day(rng, last.day if last else None),
        last.content if last else None,
        _typed_day(rng, wanted),
        c.next_plan or None,
        f"{c.owner} " if rng.random() < 0.01 else c.owner,
        "、".join(c.helpers) or None,
        c.email or None,
        c.industry,
        c.region,
        c.needs or None,
        rng.choice(_CLERKS) or None,
    ]


def _typed_phone(rng: random.Random, phone: str) -> Scalar:
    """Write a phone number as people do."""
    how = rng.random()
    if how < 0.02:
        return phone.translate(_WIDE)
    if how < 0.06:
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    if how < 0.08:
        return f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
    if how < 0.12:
        return int(phone)
    return f"电话{phone}" if how < 0.125 else phone


def _typed_day(rng: random.Random, day: dt.date | None) -> Scalar:
    """Write a day as people do: mostly as a date, sometimes as a text."""
    if day is None:
        return None
    how = rng.random()
    if how < 0.02:
        return f"{day.year}.{day.month}.{day.day}"
    if how < 0.03:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.year}/{day.month}/{day.day} " if how < 0.035 else day


def log_list(business: Business) -> bytes:
    """Return what was said with customers, as an old Excel exports it: GBK."""
    rng = random.Random(SEED + 2)  # noqa: S311  # sample data, the same every time
    talks = sorted(
        ((t.day, at, c.name, t) for at, c in enumerate(business.customers) for t in c.talks), key=lambda row: row[:2]
    )
    rows = []
    for _, _, name, t in talks:
        customer = f"{name} " if rng.random() < 0.004 else name
        day = f"{t.day.year}.{t.day.month}.{t.day.day}" if rng.random() < 0.02 else t.day.isoformat()
        rows.append([customer, day, t.channel, t.content, t.result if rng.random() > 0.03 else "", t.next])
    return _csv(LOG_HEADS, rows).encode("gb18030")


def opportunity_list(business: Business) -> bytes:
    """Return the opportunities as a csv of another program: UTF-8 with a mark at its head."""
    rng = random.Random(SEED + 3)  # noqa: S311  # sample data, the same every time
    rows = []
    for o in business.opportunities:
        how = rng.random()
        tidy = o.amount % 10_000 == 0
        amount = f"{o.amount // 10_000}万" if how < 0.05 and tidy else f"￥{o.amount:,}" if how < 0.1 else str(o.amount)
        close = o.close.isoformat() if o.close and rng.random() > 0.02 else ""
        reason = o.lost_reason if rng.random() > 0.1 else ""
        rows.append([o.name, o.customer, o.stage, amount, close, o.product, o.owner, reason])
    return _csv(OPPORTUNITY_HEADS, rows).encode("utf-8-sig")


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


def _book(name: str, heads: Sequence[str], rows: Sequence[Sequence[Scalar]], today: dt.date) -> Book:
    """Lay out a plain list: a bold head, dates as dates, everything else as it is."""
    looks = tuple(Look(number_format="yyyy/m/d" if "日期" in head or "时间" in head else "General") for head in heads)
    cells = tuple(PlanCell(1, at, head, Look(bold=True)) for at, head in enumerate(heads, 1))
    widths = tuple(Column({"跟进内容": 40.0, "需求": 30.0, "公司名称": 24.0}.get(head, 14.0)) for head in heads)
    sheet = Sheet(name, columns=widths, cells=cells, blocks=(Block(2, 1, looks, rows),), gridlines=True, freeze="B2")
    return Book((sheet,), title=name, created=today)
