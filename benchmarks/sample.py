"""A made-up team and its week: customers, who holds them, what each member types, and what a merge must make of it."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

TODAY = dt.date(2026, 11, 16)

FIELDS = {
    "name": "客户名称",
    "contact": "联系人",
    "phone": "电话",
    "status": "客户状态",
    "grade": "等级",
    "tags": "标签",
    "last_follow_up": "跟进时间",
    "last_content": "跟进内容",
    "next_follow_up": "下次跟进时间",
    "next_plan": "下次跟进内容",
    "owner": "负责人",
    "remarks": "备注",
    "email": "邮箱",
    "industry": "行业",
    "region": "地区",
    "helpers": "协助人",
}
"""Field of the schema → head in both kinds of workbook: sixteen fields of `customers` in `follow-up`."""

STATUSES = ("潜在客户", "意向客户", "成交客户", "丢失客户")
GRADES = ("A", "B", "C")
INDUSTRIES = ("制造", "零售", "批发贸易", "信息技术", "金融", "教育", "医疗", "建筑房产", "物流", "政府公共", "其他")
REGIONS = ("华东", "华南", "华中", "华北", "东北", "西南", "西北", "港澳台", "海外")

_PLACES = (
    "澄湖",
    "远山",
    "青禾",
    "北岭",
    "东屿",
    "南山",
    "西塘",
    "云溪",
    "长宁",
    "金桥",
    "临江",
    "安平",
    "宝山",
    "福田",
    "海沧",
    "龙泉",
    "清河",
    "望城",
    "新港",
    "永嘉",
)
_WORDS = (
    "华",
    "兴",
    "瑞",
    "泰",
    "恒",
    "盛",
    "嘉",
    "德",
    "宏",
    "达",
    "信",
    "诚",
    "博",
    "远",
    "启",
    "明",
    "天",
    "元",
    "海",
    "宁",
    "卓",
    "越",
    "锦",
    "程",
    "汇",
    "通",
    "广",
    "源",
    "鼎",
    "和",
)
_TRADES = ("科技", "机械", "食品", "物流", "制药", "建材", "服装", "教育", "电子", "贸易", "包装", "能源")
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀英",
    "霞",
    "平",
    "桂英",
    "建华",
    "文",
    "晨",
    "雪",
    "子轩",
    "欣怡",
    "浩然",
)
_TAGS = ("展会", "转介绍", "老客户", "重点", "价格敏感", "需开发票", "海外仓", "年框", "试用中")
_TALKS = (
    "电话沟通，对方希望本月底前看到正式报价",
    "拜访了采购经理，样品已留下，等技术部反馈",
    "微信确认收货，暂无问题",
    "参加了产品演示，对交期有疑问，已答复",
    "未接通，改发邮件并抄送助理",
    "讨论了付款方式，可接受 30% 预付",
)
_PLANS = ("发送报价单", "电话回访", "安排产品演示", "寄送样品", "上门拜访", "确认合同条款", "跟进付款")
_NOTES = ("", "", "", "通过展会认识，决策人是总经理", "去年采购过同类产品，对售后要求高", "预算年底前要用完")

_BAD = {"phone": "1380013", "status": "意向很强"}
"""What nobody can read as a value of these fields; each side has to find it and keep it out."""

Typed = str | dt.date
Place = tuple[str, str]
"""(customer's name, field)"""


@dataclass(frozen=True)
class Person:
    """One member of the team."""

    id: str
    name: str


@dataclass
class Found:
    """What a side made of the returned copies."""

    changes: set[tuple[str, str, str]] = field(default_factory=set)
    """(name, field, new value as text)"""
    conflicts: set[Place] = field(default_factory=set)
    rejected: set[Place] = field(default_factory=set)

    def difference(self, expected: Found) -> str:
        """Say in which of the three sets this differs from what was expected; empty if it does not."""
        lines = []
        for kind in ("changes", "conflicts", "rejected"):
            mine, other = getattr(self, kind), getattr(expected, kind)
            if mine != other:
                extra, lacking = sorted(mine - other), sorted(other - mine)
                lines.append(f"{kind}: {len(extra)} nobody typed {extra[:3]}, {len(lacking)} lacking {lacking[:3]}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Week:
    """All that both sides start from, and what they have to end with."""

    people: tuple[Person, ...]
    customers: tuple[Mapping[str, object], ...]
    """Field → canonical value; owner is a person's id, helpers and tags are tuples."""
    edits: Mapping[str, Mapping[Place, Typed]]
    """Person's id → cell → what is typed."""
    expected: Found


def text(value: object) -> str:
    """Return a value in the one form in which the sides are compared."""
    if value is None or value != value:  # pandas' blank
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, tuple):
        return "、".join(sorted(map(str, value)))
    return "、".join(sorted(str(value).split("、")))


def week(copies: int, rows: int) -> Week:
    """Make a week: every member owns half of the rows of their copy and helps a neighbour with the other half."""
    if copies < 2 or rows < 20:
        raise ValueError("two people on one cell need at least 2 copies of 20 rows")
    dice = random.Random(20261116)
    people = tuple(Person(f"m{at:03d}", name) for at, name in enumerate(_person_names(copies, dice), 1))
    shared, owned = rows // 2, rows - rows // 2
    names = _company_names(dice)
    customers: list[dict[str, object]] = []
    copy_of: dict[str, list[dict[str, object]]] = defaultdict(list)
    pairs: list[tuple[Person, Person, list[dict[str, object]]]] = []
    for at, owner in enumerate(people):
        helper = people[(at + 1) % copies]
        mine = [_customer(next(names), owner, helper if n < shared else None, dice) for n in range(owned)]
        customers += mine
        copy_of[owner.id] += mine
        copy_of[helper.id] += mine[:shared]
        pairs.append((owner, helper, mine[:shared]))
    edits, expected = _Typing(copy_of, pairs, dice).all(share=0.03)
    return Week(people, tuple(customers), edits, expected)


def _person_names(count: int, dice: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        name = dice.choice(_FAMILY) + dice.choice(_GIVEN)
        found[name if len(found) < 200 else name + dice.choice(_GIVEN)] = None
    return list(found)


def _company_names(dice: random.Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        words = "".join(dice.sample(_WORDS, 2 if len(seen) < 100_000 else 4))
        name = f"{dice.choice(_PLACES)}{words}{dice.choice(_TRADES)}有限公司"
        if name not in seen:
            seen.add(name)
            yield name


def _customer(name: str, owner: Person, helper: Person | None, dice: random.Random) -> dict[str, object]:
    status = dice.choices(STATUSES, (5, 4, 3, 1))[0]
    last = TODAY - dt.timedelta(days=dice.randrange(1, 45))
    upcoming = TODAY + dt.timedelta(days=dice.randrange(1, 30))
    gone = status == "丢失客户"
    return {
        "name": name,
        "contact": dice.choice(_FAMILY) + dice.choice(_GIVEN),
        "phone": _phone(dice),
        "status": status,
        "grade": dice.choice(GRADES),
        "tags": tuple(sorted(dice.sample(_TAGS, dice.choice((0, 1, 1, 2))))) or None,
        "last_follow_up": last,
        "last_content": dice.choice(_TALKS),
        "next_follow_up": None if gone else upcoming,
        "next_plan": None if gone else dice.choice(_PLANS),
        "owner": owner.id,
        "remarks": dice.choice(_NOTES) or None,
        "email": f"sales{dice.randrange(10_000)}@example.com" if dice.random() < 0.6 else None,
        "industry": dice.choice(INDUSTRIES),
        "region": dice.choice(REGIONS),
        "helpers": (helper.id,) if helper else None,
    }


def _phone(dice: random.Random) -> str:
    return f"1{dice.choice(('38', '39', '50', '86', '88'))}{dice.randrange(10**8):08d}"


class _Typing:
    """What everybody types in a week. Cells whose field has a merge policy of its own are typed by one person only."""

    def __init__(
        self,
        copy_of: Mapping[str, list[dict[str, object]]],
        pairs: list[tuple[Person, Person, list[dict[str, object]]]],
        dice: random.Random,
    ) -> None:
        self.copy_of = copy_of
        self.pairs = pairs
        self.dice = dice
        self.edits: dict[str, dict[Place, Typed]] = {who: {} for who in copy_of}
        self.bases = {(str(row["name"]), f): row[f] for rows in copy_of.values() for row in rows for f in FIELDS}
        self.bad: set[Place] = set()

    def all(self, share: float) -> tuple[dict[str, dict[Place, Typed]], Found]:
        """Let everybody type, in `share` of the rows of each copy."""
        for at, (owner, helper, rows) in enumerate(self.pairs):
            self._meet(owner, helper, rows, agree=at % 3 == 2)
        for at, (who, rows) in enumerate(self.copy_of.items()):
            chosen = self.dice.sample(rows, max(2, round(share * len(rows))))
            if at % 4 == 1:
                self._slip(who, chosen.pop(), "phone")
            if at % 10 == 3:
                self._slip(who, chosen.pop(), "status")
            for row in chosen:
                self._work(who, row)
        return self.edits, self._expected()

    def _meet(self, owner: Person, helper: Person, rows: list[dict[str, object]], *, agree: bool) -> None:
        """Two people on the same cell: they want the same, or different things."""
        row = self.dice.choice(rows)
        first, second = self.dice.sample([p for p in INDUSTRIES if p != row["industry"]], 2)
        self._type(owner.id, row, "industry", first)
        self._type(helper.id, row, "industry", first if agree else second)

    def _slip(self, who: str, row: dict[str, object], name: str) -> None:
        """Somebody mistypes, in a row in which nobody else has typed this cell."""
        place = (str(row["name"]), name)
        if not any(place in typed for typed in self.edits.values()):
            self._type(who, row, name, _BAD[name])
            self.bad.add(place)

    def _work(self, who: str, row: dict[str, object]) -> None:
        """One row's worth of ordinary work."""
        dice = self.dice
        kind = dice.choice(("contact", "contact", "status", "phone", "plan", "tags"))
        if kind == "contact" and row["next_follow_up"] is not None and self._alone(row, "next_follow_up"):
            self._type(who, row, "last_follow_up", TODAY)
            self._type(who, row, "last_content", dice.choice(_TALKS) + f"（{dice.randrange(100)}）")
            self._type(who, row, "next_follow_up", TODAY + dt.timedelta(days=dice.randrange(31, 60)))
            self._type(who, row, "next_plan", dice.choice(_PLANS))
        elif kind == "status" and row["status"] != "丢失客户":
            self._type(who, row, "status", dice.choice(STATUSES))
            self._type(who, row, "grade", dice.choice(GRADES))
        elif kind == "tags" and self._alone(row, "tags"):
            has = row["tags"] or ()
            more = dice.choice([tag for tag in _TAGS if tag not in has])
            self._type(who, row, "tags", "、".join((*has, more)))
        elif kind == "plan" and row["next_plan"] is not None:
            self._type(who, row, "next_plan", dice.choice(_PLANS) + "（加急）")
        else:
            self._type(who, row, "phone", _phone(dice))

    def _alone(self, row: dict[str, object], name: str) -> bool:
        return not any((row["name"], name) in typed for typed in self.edits.values())

    def _type(self, who: str, row: dict[str, object], name: str, value: Typed) -> None:
        place = (str(row["name"]), name)
        if place not in self.bad and value != row[name]:
            self.edits[who][place] = value

    def _expected(self) -> Found:
        wanted: dict[Place, set[str]] = defaultdict(set)
        for typed in self.edits.values():
            for place, value in typed.items():
                if place not in self.bad:
                    wanted[place].add(text(value))
        return Found(
            changes={(*place, *values) for place, values in wanted.items() if len(values) == 1},
            conflicts={place for place, values in wanted.items() if len(values) > 1},
            rejected=self.bad,
        )
