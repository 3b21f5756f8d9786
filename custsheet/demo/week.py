"""Play a week in the written copies: ordinary work, and every case that the merge has to show, each at a known cell."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from custsheet.demo import talk
from custsheet.demo.business import SEED, Talk, make_talk, person, phone, workday
from custsheet.demo.people import FINANCE, NAMES, SALES, SUPPORT
from custsheet.demo.sheets import Desk
from custsheet.plan import Scalar

CUSTOMERS: Final = "客户"
LOG: Final = "跟进记录"
OPPORTUNITIES: Final = "商机"
PROBLEMS: Final = "需求与问题"
LABELS: Final = {CUSTOMERS: "客户名称", LOG: "客户", OPPORTUNITIES: "商机名称", PROBLEMS: "客户"}
"""Sheet → the column by which people know its rows."""
ABSENT: Final = "hejing"
"""Whoever did not return a copy this week."""
_LATER: Final = {"初步接触": "需求确认", "需求确认": "方案报价", "方案报价": "商务谈判", "商务谈判": "赢单"}
_PROBLEMS: Final = (
    ("问题", "扫码枪连不上无线网，重启后好一阵又掉。"),
    ("需求", "想在标签上加生产批次。"),
    ("投诉", "说好周一上门，等到下午才到。"),
    ("反馈", "新版本的盘点页面好用多了。"),
)


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """One file that lies in the inbox at the end of the week."""

    name: str
    """Path below the inbox, with `/`."""
    data: bytes
    member: str = ""


@dataclass(frozen=True, slots=True)
class Planted:
    """One case that was put in on purpose, and where it must be found."""

    case: str
    code: str
    """What the merge has to say about it; empty where it has to say nothing."""
    member: str
    sheet: str
    cell: str
    row: str
    """Name of the row."""
    typed: str = ""


@dataclass
class Week:
    """What came back, and what was planted in it."""

    files: list[ReturnedFile] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)


def play_week(copies: Mapping[str, bytes], *, round_name: str, monday: dt.date, today: dt.date) -> Week:
    """Edit the copies of a round (member id → workbook) and return them as people do."""
    return _Players(copies, round_name, monday, today).play()


class _Players:
    def __init__(self, copies: Mapping[str, bytes], round_name: str, monday: dt.date, today: dt.date) -> None:
        self.desks = {member: Desk(member, data, LABELS) for member, data in copies.items()}
        self.round, self.monday, self.today = round_name, monday, today
        self.rng = random.Random(SEED + 7)  # noqa: S311  # sample data, the same every time
        self.week = Week()
        self.used: set[str] = set()
        """Customers of the planted cases: nobody else touches them."""
        self._phones = 90_000

    def play(self) -> Week:
        self._shared_customers()
        self._same_new_customers()
        self._slips()
        for at, member in enumerate(p.id for p in SALES if p.id != ABSENT):
            self._ordinary_week(self.desks[member], talk.FRESH[at * 2 : at * 2 + 2])
        self._support()
        self._return_all()
        return self.week

    # ── ordinary work ──

    def _ordinary_week(self, desk: Desk, places: Sequence[str]) -> None:
        for name in self._due(desk)[: self.rng.randint(8, 13)]:
            self._follow_up(desk, name)
        for place in places:
            industry = self.rng.choice(list(talk.TRADES))
            self._new_customer(desk, f"{place}示例{self.rng.choice(talk.TRADES[industry])}", industry)
        for name in self._open_opportunities(desk)[: self.rng.randint(2, 4)]:
            stage = _LATER[desk.pages[OPPORTUNITIES].text(name, "商机阶段")]
            desk.set(OPPORTUNITIES, name, "商机阶段", stage)
            if stage == "商务谈判":
                amount = int(desk.pages[OPPORTUNITIES].text(name, "预期成交金额") or 50_000)
                desk.set(OPPORTUNITIES, name, "预期成交金额", amount - amount // 20)

    def _due(self, desk: Desk) -> list[str]:
        """Return the customers whose turn it is, the longest waiting first."""
        page = desk.pages[CUSTOMERS]
        days = {name: page.day(name, "下次跟进时间") for name in page.rows}
        friday = self.monday + dt.timedelta(days=4)
        due = [(day, name) for name, day in days.items() if day and day <= friday and name not in self.used]
        return [name for _, name in sorted(due) if page.text(name, "客户状态") in talk.TALKS]

    def _follow_up(self, desk: Desk, name: str) -> None:
        page = desk.pages[CUSTOMERS]
        status = page.text(name, "客户状态")
        said = make_talk(self.rng, page.text(name, "联系人"), self._day(), talk.TALKS[status])
        self._log(desk, name, said)
        desk.set(CUSTOMERS, name, "跟进时间", said.day)
        desk.set(CUSTOMERS, name, "跟进内容", said.content)
        desk.set(CUSTOMERS, name, "下次跟进时间", self._next())
        if said.next:
            desk.set(CUSTOMERS, name, "下次跟进内容", said.next)
        if status == "潜在客户" and said.result == "有意向":
            desk.set(CUSTOMERS, name, "客户状态", "意向客户")

    def _new_customer(self, desk: Desk, name: str, industry: str, contact: str = "", number: str = "") -> None:
        """Add a customer with the first contact, as a sheet should be filled."""
        contact = contact or person(self.rng)
        said = make_talk(self.rng, contact, self._day(), talk.FIRST)
        self._add_customer(desk, name, industry, contact, number or self._phone(), said)
        self._log(desk, name, said)

    def _add_customer(self, desk: Desk, name: str, industry: str, contact: str, number: str, said: Talk) -> None:
        values: dict[str, Scalar] = {
            "客户名称": name,
            "联系人": contact,
            "电话": number,
            "客户状态": "潜在客户",
            "等级": "B",
            "跟进时间": said.day,
            "跟进内容": said.content,
            "下次跟进时间": self._next(),
            "下次跟进内容": said.next or "再打一次电话",
            "行业": industry,
        }
        desk.add(CUSTOMERS, values)

    def _log(self, desk: Desk, name: str, said: Talk) -> None:
        values: dict[str, Scalar] = {
            "客户": name,
            "日期": said.day,
            "方式": said.channel,
            "内容": said.content,
            "结果": said.result,
            "下一步": said.next or None,
        }
        desk.add(LOG, values)

    def _open_opportunities(self, desk: Desk) -> list[str]:
        page = desk.pages[OPPORTUNITIES]
        return [name for name in page.rows if page.text(name, "商机阶段") in _LATER]

    def _day(self) -> dt.date:
        return min(self.monday + dt.timedelta(days=self.rng.randint(0, 4)), self.today)

    def _next(self) -> dt.date:
        return workday(self.today + dt.timedelta(days=self.rng.randint(5, 24)))

    def _phone(self) -> str:
        self._phones += 1
        return phone(self._phones)

    # ── two people ──

    def _shared_customers(self) -> None:
        """Two people have the same customer in their copies, and both type."""
        shared = list(self._shared())
        (one, other, name), (three, four, second), (five, six, third) = shared[:3]
        self.used |= {name for _, _, name in shared}
        self._both("two people, one cell", "H_CELL", (one, other), name, "等级", self._grades(one, name))
        plans = ("周四上门谈合同", "先等他们年底盘点完再说")
        self._both("two people, one cell", "H_CELL", (three, four), second, "下次跟进内容", plans)
        self._both(
            "two people, the same value", "", (five, six), third, "需求", ("两个新仓年后投用，要一起上系统",) * 2
        )
        tags = self.desks[one].pages[CUSTOMERS].text(name, "标签")
        added = tuple("、".join(filter(None, (tags, new))) for new in ("年底冲刺", "要开专票"))
        self._both("two people, both tags stay", "", (one, other), name, "标签", added)

    def _shared(self) -> Iterator[tuple[str, str, str]]:
        members = [p.id for p in SALES if p.id != ABSENT]
        for at, one in enumerate(members):
            mine = self.desks[one].pages[CUSTOMERS].rows
            for other in members[at + 1 :]:
                theirs = self.desks[other].pages[CUSTOMERS].rows
                yield from ((one, other, name) for name in mine if name in theirs)

    def _grades(self, member: str, name: str) -> tuple[str, str]:
        now = self.desks[member].pages[CUSTOMERS].text(name, "等级")
        first, second = (grade for grade in "ABC" if grade != (now or "C"))
        return first, second

    def _both(
        self, case: str, code: str, members: tuple[str, str], name: str, title: str, values: tuple[str, ...]
    ) -> None:
        for member, value in zip(members, values, strict=True):
            cell = self.desks[member].set(CUSTOMERS, name, title, value)
            self._plant(case, code, member, CUSTOMERS, cell, name, value)

    def _same_new_customers(self) -> None:
        """Two people add the same customer: once with other details, once with the very same."""
        for member, contact in (("chenchen", "方明"), ("zhaomin", "方经理")):
            row = self.desks[member].pages[CUSTOMERS].free[self.desks[member].pages[CUSTOMERS].taken]
            self._new_customer(self.desks[member], "观澜湾示例酒店用品", "其他", contact)
            self._plant("two people add one customer", "H_DUP_KEY", member, CUSTOMERS, f"B{row}", "观澜湾示例酒店用品")
        said = make_talk(self.rng, "丁一", self.monday, talk.FIRST)
        day, number = self._next(), self._phone()
        for member in ("sunhao", "zhouting"):
            row = self.desks[member].pages[CUSTOMERS].free[self.desks[member].pages[CUSTOMERS].taken]
            self._add_customer(self.desks[member], "小满示例粮油", "批发贸易", "丁一", number, said)
            cell = self.desks[member].pages[CUSTOMERS].address(row, "下次跟进时间")
            self.desks[member].put(CUSTOMERS, cell, day)
            self._plant(
                "two people add one customer, all the same", "H_OWNER", member, CUSTOMERS, f"B{row}", "小满示例粮油"
            )

    # ── slips ──

    def _slips(self) -> None:
        """What happens in every week: pasted words, numbers for phones, texts for dates, a wish to delete."""
        later = workday(self.today + dt.timedelta(days=12))
        dotted, spoken = f"{later.year}.{later.month}.{later.day}", f"{later.month}月{later.day}日"
        self._slip("a pasted status", "R_VALUE", "sunhao", "客户状态", "意向客")
        self._slip("a phone as a number", "F_PHONE_NUMBER", "wudi", "电话", int(self._phone()))
        self._slip("a date as text", "F_REPAIRED", "wudi", "下次跟进时间", dotted)
        self._slip("a date without a year", "F_DATE_ASSUMED", "zhouting", "下次跟进时间", spoken)
        self._slip("a wish to delete", "H_DELETE", "zhouting", "操作", "删除")
        self._slip("a cell that is not theirs", "R_READ_ONLY", SUPPORT.id, "电话", self._phone())

    def _slip(self, case: str, code: str, member: str, title: str, value: Scalar) -> None:
        desk = self.desks[member]
        name = next(n for n in desk.pages[CUSTOMERS].rows if n not in self.used and self._plain(desk, n))
        self.used.add(name)
        cell = desk.set(CUSTOMERS, name, title, value)
        self._plant(case, code, member, CUSTOMERS, cell, name, str(value))

    def _plain(self, desk: Desk, name: str) -> bool:
        """Tell whether a customer is in order, so that a slip is all that is wrong there."""
        page = desk.pages[CUSTOMERS]
        if page.text(name, "客户状态") not in ("潜在客户", "意向客户") or not page.text(name, "电话"):
            return False
        return "下次跟进时间" not in page.at or page.day(name, "下次跟进时间") is not None

    def _plant(self, case: str, code: str, member: str, sheet: str, cell: str, row: str, typed: str = "") -> None:
        self.week.planted.append(Planted(case, code, member, sheet, cell, row, typed))

    # ── support, and what comes back ──

    def _support(self) -> None:
        desk = self.desks[SUPPORT.id]
        names = [n for n in desk.pages[CUSTOMERS].rows if n not in self.used]
        for (kind, content), name in zip(_PROBLEMS, self.rng.sample(names, len(_PROBLEMS)), strict=True):
            values: dict[str, Scalar] = {
                "客户": name,
                "类型": kind,
                "内容": content,
                "提出日期": self._day(),
                "处理状态": "处理中",
                "负责人": SUPPORT.name,
            }
            desk.add(PROBLEMS, values)
            self._log(desk, name, Talk(self._day(), "电话", f"售后来电：{content}", "待回复", "回访结果"))

    def _return_all(self) -> None:
        week, name = self.round, "客户跟进"
        names = {
            "wangfang": f"{name}_王芳_{week}.xlsx",
            "lilei": f"{name}_李雷_{week}.xlsx",
            "chenchen": f"{name}_陈晨_{week} - 副本.xlsx",
            "sunhao": "周五/孙浩 改好了.xlsx",
            "zhouting": f"{name}_周婷_{week}(1).xlsx",
            "wudi": "wudi.xlsx",
            SUPPORT.id: "售后 林涛.xlsx",
            FINANCE.id: f"{name}_{FINANCE.name}_{week}.xlsx",
        }
        for member, file in names.items():
            self._give(file, self.desks[member].save(), member)
        self._give("客户(1).xlsx", self.desks["lilei"].save(), "lilei")
        self._amended(f"{name}_赵敏_{week}.xlsx")
        self._give(f"~${name}_王芳_{week}.xlsx", b"\x06" + b" " * 164)
        self._give(".DS_Store", b"\x00\x00\x00\x01Bud1")

    def _amended(self, file: str) -> None:
        """One returns the copy on Wednesday, thinks again about one cell, and returns it once more on Friday."""
        desk = self.desks["zhaomin"]
        names = [n for n in desk.pages[CUSTOMERS].rows if n not in self.used and self._plain(desk, n)]
        fresh = [
            n
            for n in names
            if (CUSTOMERS, desk.pages[CUSTOMERS].address(desk.pages[CUSTOMERS].rows[n], "等级")) not in desk.edits
        ]
        dropped, later = fresh[-1], fresh[-2]
        grade = "A" if desk.pages[CUSTOMERS].text(dropped, "等级") != "A" else "B"
        cell = desk.set(CUSTOMERS, dropped, "等级", grade)
        self._plant(
            "a copy returned again, one edit taken back", "F_SUPERSEDED", "zhaomin", CUSTOMERS, cell, dropped, grade
        )
        self._give(f"周三/{file}", desk.save(), "zhaomin")
        desk.clear(CUSTOMERS, cell)
        self._follow_up(desk, later)
        self._give(f"周五/{file}", desk.save(), "zhaomin")

    def _give(self, name: str, data: bytes, member: str = "") -> None:
        self.week.files.append(ReturnedFile(name, data, NAMES.get(member, "")))
