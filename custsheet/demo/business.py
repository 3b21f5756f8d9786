"""Make up the sample team's business: customers, what was said with them, and opportunities; the same for a day."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from custsheet.demo import talk
from custsheet.demo.people import SALES

CUSTOMERS: Final = 1900
TALKS: Final = 6000
OPPORTUNITIES: Final = 700
SEED: Final = 20260105
_STATUS: Final = {"潜在客户": 44, "意向客户": 29, "成交客户": 18, "丢失客户": 9}
_ACTIVE: Final = {"潜在客户": 2, "意向客户": 5, "成交客户": 5, "丢失客户": 2}
_STAGES: Final = {
    "意向客户": {"初步接触": 25, "需求确认": 30, "方案报价": 27, "商务谈判": 14, "输单": 4},
    "成交客户": {"赢单": 75, "方案报价": 13, "商务谈判": 12},
    "丢失客户": {"输单": 100},
    "潜在客户": {"初步接触": 70, "需求确认": 30},
}


@dataclass(slots=True)
class Talk:
    """One contact with a customer."""

    day: dt.date
    channel: str
    content: str
    result: str
    next: str


@dataclass(slots=True)
class Customer:
    """One sample customer."""

    name: str
    contact: str
    title: str
    phone: str
    email: str
    status: str
    grade: str
    industry: str
    region: str
    owner: str
    """Name of the member."""
    helpers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    needs: str = ""
    next_day: dt.date | None = None
    next_plan: str = ""
    talks: list[Talk] = field(default_factory=list)

    @property
    def last(self) -> Talk | None:
        """The latest contact."""
        return self.talks[-1] if self.talks else None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One sample opportunity."""

    name: str
    customer: str
    stage: str
    amount: int
    close: dt.date | None
    product: str
    owner: str
    lost_reason: str = ""


@dataclass(frozen=True, slots=True)
class Business:
    """Everything that the sample team has in its old lists."""

    customers: tuple[Customer, ...]
    opportunities: tuple[Opportunity, ...]


def make_business(monday: dt.date) -> Business:
    """Make the business as it stands on a Monday morning."""
    rng = random.Random(SEED)  # noqa: S311  # sample data, the same every time
    customers = _customers(rng)
    _contacts(rng, customers, monday)
    for customer in customers:
        _plan(rng, customer, monday)
    return Business(tuple(customers), tuple(_opportunities(rng, customers, monday)))


def pick(rng: random.Random, weights: dict[str, int]) -> str:
    """Draw a word by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def person(rng: random.Random) -> str:
    """Return the name of somebody at a customer."""
    return rng.choice(talk.SURNAMES) + rng.choice(talk.GIVEN)


def phone(number: int) -> str:
    """Return a phone number of the sample range."""
    return f"138000{number:05d}"


def _customers(rng: random.Random) -> list[Customer]:
    names = [(f"{p}示例{t}", industry) for p in talk.PLACES for industry, ts in talk.TRADES.items() for t in ts]
    rng.shuffle(names)
    owners = {p.name: p.share for p in SALES}
    found = []
    for number, (name, industry) in enumerate(names[:CUSTOMERS]):
        owner, status = pick(rng, owners), pick(rng, _STATUS)
        customer = Customer(
            name=name + rng.choice(("", "", "", "公司", "有限公司")),
            contact=person(rng),
            title=rng.choice(talk.TITLES),
            phone=phone(10_000 + number * 37 % 80_000),
            email=f"lx{number:04d}@kehu.example" if rng.random() < 0.45 else "",
            status=status,
            grade=pick(rng, {"A": 12, "B": 33, "C": 45, "": 10}),
            industry=industry,
            region=rng.choice(talk.REGIONS),
            owner=owner,
            tags=tuple(rng.sample(talk.TAGS, rng.choice((0, 0, 1, 1, 2)))),
            needs=rng.choice(talk.NEEDS) if status in ("意向客户", "成交客户") and rng.random() < 0.6 else "",
        )
        if rng.random() < 0.02:
            customer.helpers = (rng.choice([p.name for p in SALES if p.name != owner]),)
        found.append(customer)
    return found


# ── what was said ───────────────────────────────────────────────────────────────────────────────────


def _contacts(rng: random.Random, customers: Sequence[Customer], monday: dt.date) -> None:
    """Spread the contacts over nine months, more of them lately, more with those who may buy."""
    weights = [_ACTIVE[c.status] * {"A": 3.0, "B": 1.5}.get(c.grade, 1.0) * rng.random() for c in customers]
    chosen = rng.choices(customers, weights, k=TALKS)
    days: dict[str, list[dt.date]] = defaultdict(list)
    by_name = {c.name: c for c in customers}
    for customer in chosen:
        days[customer.name].append(workday(monday - dt.timedelta(days=1 + int(270 * rng.random()))))
    for name, dates in days.items():
        customer = by_name[name]
        for day in sorted(dates):
            kinds = talk.TALKS[customer.status] if customer.talks else talk.FIRST + talk.EARLY
            customer.talks.append(make_talk(rng, customer.contact, day, kinds))
        if customer.status == "丢失客户":
            customer.talks[-1] = make_talk(rng, customer.contact, customer.talks[-1].day, talk.GONE)


def workday(day: dt.date) -> dt.date:
    """Return the day, or the Friday before a weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def make_talk(rng: random.Random, contact: str, day: dt.date, kinds: Sequence[talk.Said]) -> Talk:
    """Make up one contact of some kinds."""
    said = rng.choice(kinds)
    facts = {
        "c": contact[:1] + rng.choice(("总", "经理", "工", "姐", "科长")) if rng.random() < 0.7 else contact,
        "p": rng.choice(talk.PRODUCTS)[0],
        "n": rng.choice((3, 4, 5, 6, 8, 10, 12, 15, 20)),
        "m": rng.choice((3, 5, 6, 8, 12, 15, 18, 24, 36)),
        "w": rng.choice(("周二", "周三", "周四", "周五", "下周一")),
    }
    content, follows = said.content.format(**facts), said.next.format(**facts)
    return Talk(day, rng.choice(said.channels), content, said.result, follows)


def _plan(rng: random.Random, customer: Customer, monday: dt.date) -> None:
    """Say when the customer is next, and what for; a few were forgotten."""
    if customer.status == "丢失客户":
        return
    last = customer.last
    late = rng.random()
    days = -int(1 + 12 * rng.random()) if late < 0.05 else int(60 * rng.random() ** 1.1)
    due = workday(monday + dt.timedelta(days=days))
    customer.next_day = max(due, last.day + dt.timedelta(days=2)) if last else due
    plan = last.next if last else ""
    customer.next_plan = plan or rng.choice(("打电话问近况", "发新产品资料", "约上门拜访", "节前问候"))


# ── opportunities ───────────────────────────────────────────────────────────────────────────────────


def _opportunities(rng: random.Random, customers: Sequence[Customer], monday: dt.date) -> list[Opportunity]:
    likely = {"潜在客户": 1.0, "意向客户": 8.0, "成交客户": 9.0, "丢失客户": 2.0}
    weights = [likely[c.status] for c in customers]
    found: dict[str, Opportunity] = {}
    while len(found) < OPPORTUNITIES:
        customer = rng.choices(customers, weights)[0]
        made = _opportunity(rng, customer, monday)
        found.setdefault(made.name, made)
    return list(found.values())


def _opportunity(rng: random.Random, customer: Customer, monday: dt.date) -> Opportunity:
    product, price = rng.choice(talk.PRODUCTS)
    stage = pick(rng, _STAGES[customer.status])
    ended = stage in ("赢单", "输单")
    days = -int(200 * rng.random()) if ended else int(5 + 120 * rng.random())
    amount = price * rng.choice((1, 1, 2, 2, 3, 4, 5, 6)) * 10_000 - rng.choice((0, 0, 1000, 2000, 500))
    return Opportunity(
        name=f"{customer.name.split('示例')[0]}{customer.name.split('示例')[1][:2]} {product}",
        customer=customer.name,
        stage=stage,
        amount=max(amount, 5000),
        close=workday(monday + dt.timedelta(days=days)),
        product=product,
        owner=customer.owner,
        lost_reason=rng.choice(talk.LOST) if stage == "输单" else "",
    )
