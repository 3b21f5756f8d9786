"""Count a ledger again with nothing of custsheet: SQL, dates and sums. What a report shows must be what stands here."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

Row = dict[str, str | None]
UNREADABLE = "\x1f"
STALE = 21
WORDS = {
    "zh": {
        "unknown": "※ 没填或没认出",
        "nobody": "※ 没写负责人",
        "earlier": "更早",
        "later": "更晚",
        "none": "没写日期",
    },
    "en": {
        "unknown": "※ Blank or not known",
        "nobody": "※ No owner",
        "earlier": "Earlier",
        "later": "Later",
        "none": "No date",
    },
}


@dataclass(frozen=True)
class Shape:
    """Which fields of a schema a report is about."""

    table: str
    key: str
    status: str
    owner: str
    won: str
    lost: str
    deals: str
    stage: str
    amount: str
    close: str
    deal_owner: str
    deal_won: str
    deal_lost: str
    following: str = ""
    last: str = ""
    plan: str = ""


SHAPES = {
    "zh": Shape(
        "customers", "name", "status", "owner", "成交客户", "丢失客户", "opportunities", "stage", "amount",
        "expected_close", "owner", "赢单", "输单", "next_follow_up", "last_follow_up", "next_plan",
    ),
    "en": Shape(
        "opportunities", "opportunity_id", "deal_stage", "sales_agent", "Won", "Lost", "opportunities", "deal_stage",
        "close_value", "close_date", "sales_agent", "Won", "Lost",
    ),
}  # fmt: skip


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text[:10]) if text and not text.startswith(UNREADABLE) else None


def known(text: str | None) -> str:
    return text if text and not text.startswith(UNREADABLE) else ""


def money(text: str | None) -> Decimal:
    return Decimal(known(text) or 0)


def share(won: int, lost: int) -> float | None:
    return won / (won + lost) if won + lost else None


class Recount:
    """One state of a ledger, counted for one day."""

    def __init__(self, root: Path, language: str, today: str, revision: int | None = None) -> None:
        self.language, self.today, self.shape = language, dt.date.fromisoformat(today), SHAPES[language]
        self.monday = self.today - dt.timedelta(days=self.today.weekday())
        self.words = WORDS[language]
        yaml = YAML(typ="safe")
        self.schema: dict[str, Any] = yaml.load(root / "schema.yaml")
        self.members = {m["id"]: m["name"] for m in yaml.load(root / "members.yaml")["members"]}
        with closing(sqlite3.connect(root / "ledger.db")) as ledger:
            self.revisions = ledger.execute("select number, at, kind from revision order by number").fetchall()
            self.revision = self.revisions[-1][0] if revision is None else revision
            self.tables = _rows(ledger, self.revision)

    def rows(self, table: str) -> dict[str, Row]:
        return self.tables.get(table, {})

    def field(self, table: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.schema["tables"][table]["fields"][name]
        return found

    def title(self, table: str, name: str = "") -> str:
        found: str = (self.field(table, name) if name else self.schema["tables"][table])["title"][self.language]
        return found

    def options(self, table: str, name: str) -> dict[str, str]:
        """Value → what is shown, in the schema's order."""
        return {o["value"]: o.get(self.language, o["value"]) for o in self.field(table, name)["options"]}

    def name(self, member: str) -> str:
        return self.members.get(member, member) or self.words["nobody"]

    # ── status ──

    @cached_property
    def status(self) -> dict[str, int]:
        s = self.shape
        options = self.options(s.table, s.status)
        counts = Counter(known(row[s.status]) for row in self.rows(s.table).values())
        found = {text: counts.pop(value, 0) for value, text in options.items()}
        return found | ({self.words["unknown"]: sum(counts.values())} if counts else {})

    @cached_property
    def contacts(self) -> list[tuple[dt.date, str, str]]:
        """Day, customer, who: the log, and what stands in the customer's own row and not in the log."""
        customers, found = self.rows("customers"), []
        for row in self.rows("log").values():
            when, customer = day(row["date"]), known(row["customer"])
            if when:
                owner = known(customers[customer]["owner"]) if customer in customers else ""  # a deleted customer
                found.append((when, customer, known(row["member"]) or owner))
        logged = {(when, customer) for when, customer, _ in found}
        if self.shape.last:
            own = [(day(row["last_follow_up"]), rid, known(row["owner"])) for rid, row in customers.items()]
            found += [(when, rid, who) for when, rid, who in own if when and (when, rid) not in logged]
        return found

    def contacts_of_week(self, weeks_ago: int) -> Counter[str]:
        first = self.monday - dt.timedelta(weeks=weeks_ago)
        return Counter(self.name(who) for when, _, who in self.contacts if 0 <= (when - first).days < 7)

    @cached_property
    def overdue(self) -> list[tuple[Any, ...]]:
        """Member, label, status, days, day, open amount, plan; the longest first."""
        s, found = self.shape, []
        for rid, row in self.rows(s.table).items():
            when = day(row[s.following])
            if when and when < self.today and row[s.status] != s.lost:
                late = (self.today - when).days
                found.append((*self._who(row), late, when, self._open_amount(rid), known(row[s.plan]) or None))
        return sorted(found, key=lambda line: (-line[3], line[1]))

    @cached_property
    def stale(self) -> list[tuple[Any, ...]]:
        """Member, label, status, days, day of the last contact; the longest first."""
        s, found = self.shape, []
        for rid, row in self.rows(s.table).items():
            days = [when for when, customer, _ in self.contacts if customer == rid]
            if days and row[s.status] != s.lost and (self.today - max(days)).days > STALE:
                found.append((*self._who(row), (self.today - max(days)).days, max(days)))
        return sorted(found, key=lambda line: (-line[3], line[1]))

    @cached_property
    def never(self) -> int:
        seen = {customer for _, customer, _ in self.contacts}
        rows = self.rows(self.shape.table).items()
        return sum(rid not in seen and row[self.shape.status] != self.shape.lost for rid, row in rows)

    def _who(self, row: Row) -> tuple[str | None, str | None, str | None]:
        s = self.shape
        owner = known(row[s.owner])
        return self.name(owner) if owner else None, row[s.key], known(row[s.status]) or None

    def _open_amount(self, customer: str) -> float | None:
        s = self.shape
        mine = [row for row in self.open_deals if row["customer"] == customer]
        return float(sum(money(row[s.amount]) for row in mine)) if mine else None

    @cached_property
    def people(self) -> dict[str, dict[str, Any]]:
        s = self.shape
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.rows(s.table).values():
            one = found[self.name(known(row[s.owner]))]
            one.update(["rows", *["won"] * (row[s.status] == s.won), *["lost"] * (row[s.status] == s.lost)])
        weeks = [self.contacts_of_week(n) for n in (0, 1)]
        for at, week in enumerate(weeks):
            for name, count in week.items():
                found[name][f"week{at}"] = count
        for key in ("overdue", "stale") if s.following else ():
            for line in getattr(self, key):
                found[line[0] or self.words["nobody"]][key] += 1
        return {name: {**one, "rate": share(one["won"], one["lost"])} for name, one in found.items()}

    def sum(self, key: str) -> int:
        return sum(one.get(key, 0) for one in self.people.values())

    # ── deals ──

    @cached_property
    def deals(self) -> list[Row]:
        return list(self.rows(self.shape.deals).values())

    @cached_property
    def open_deals(self) -> list[Row]:
        s = self.shape
        still = set(self.options(s.deals, s.stage)) - {s.deal_won, s.deal_lost}
        return [row for row in self.deals if row[s.stage] in still]

    @cached_property
    def won_deals(self) -> list[Row]:
        return [row for row in self.deals if row[self.shape.stage] == self.shape.deal_won]

    def amount(self, rows: Iterable[Row]) -> Decimal:
        return sum((money(row[self.shape.amount]) for row in rows), Decimal(0))

    def stages(self, heads: list[str]) -> dict[str, dict[str, float]]:
        """Stage → column → amount, for the columns that the report chose; and how many, as column `count`."""
        s, months = self.shape, [h for h in heads if h[:4].isdigit()]
        texts = self.options(s.deals, s.stage)
        found: dict[str, dict[str, float]] = {text: dict.fromkeys([*heads, "count"], 0.0) for text in texts.values()}
        for row in self.deals:
            stage = texts.get(row[s.stage] or "", self.words["unknown"])
            line = found.setdefault(stage, dict.fromkeys([*heads, "count"], 0.0))
            when = day(row[s.close])
            month = f"{when:%Y-%m}" if when else ""
            early = "earlier" if month < months[0] else "later"
            column = self.words["none"] if not month else month if month in months else self.words[early]
            line[column] += float(money(row[s.amount]))
            line["count"] += 1
        return found

    def totals(self, by: str) -> dict[str, tuple[int, int, int, float]]:
        """Member, product or quarter → open, won, lost, value of the won."""
        s = self.shape
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.deals:
            found[self._group(row, by)].append(row)

        def count(rows: list[Row], stage: str) -> int:
            return sum(row[s.stage] == stage for row in rows)

        return {
            name: (
                sum(row in self.open_deals for row in rows),
                count(rows, s.deal_won),
                count(rows, s.deal_lost),
                float(self.amount(row for row in rows if row[s.stage] == s.deal_won)),
            )
            for name, rows in found.items()
        }

    def _group(self, row: Row, by: str) -> str:
        s = self.shape
        if by == "members":
            return self.name(known(row[s.deal_owner]))
        if by == "products":
            product = known(row["product"])
            return self.rows("products").get(product, {}).get("product") or product or self.words["unknown"]
        when = day(row[s.close])
        return f"{when.year} Q{(when.month - 1) // 3 + 1}" if when else self.words["unknown"]


def _rows(ledger: sqlite3.Connection, revision: int) -> dict[str, dict[str, Row]]:
    """Table → row id → field → text, as of a revision, by replaying the history."""
    lives = 'select r.id, r."table", r.rid, h.act from row_history h join row r on r.id = h."row" where h.rev <= ?'
    alive: dict[int, tuple[str, str] | None] = {}
    for number, table, rid, act in ledger.execute(f"{lives} order by h.rev, r.id", (revision,)):
        alive[number] = None if act == "deleted" else (table, rid)
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    by_number = {n: found[at[0]].setdefault(at[1], defaultdict(lambda: None)) for n, at in sorted(alive.items()) if at}
    cells = 'select "row", field, value from cell_history where rev <= ? order by rev'
    for number, name, value in ledger.execute(cells, (revision,)):
        if number in by_number:
            by_number[number][name] = value
    return found
