"""What a run of the demo left behind, read by SQL and by calamine, not by custsheet."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

TODAY = "2026-11-26"
ROUND = "2026-W48"


@dataclass(frozen=True)
class Played:
    """One run of the demo: its folder, how it left, what it printed."""

    root: Path
    code: int
    out: str
    err: str

    @cached_property
    def document(self) -> dict[str, Any]:
        """What `demo --json` printed."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def round(self) -> Path:
        return self.root / "rounds" / ROUND

    def planted(self, case: str) -> list[dict[str, str]]:
        """Where a case was put in on purpose."""
        return [p for p in self.document["planted"] if p["case"] == case]

    def findings(self, code: str) -> list[dict[str, str]]:
        return [f for f in self.document["findings"] if f["code"] == code]

    def returned(self, member: str) -> Path:
        """The last file of a member in the inbox."""
        names = {"吴迪": "wudi.xlsx", "李雷": "客户(1).xlsx", "赵敏": f"周五/客户跟进_赵敏_{ROUND}.xlsx"}
        if member in names:
            return self.round / "inbox" / names[member]
        (found,) = [p for p in (self.round / "inbox").rglob(f"*{member}*.xlsx") if not p.name.startswith("~$")]
        return found

    def issued(self, member: str) -> Path:
        return self.round / "outbox" / f"客户跟进_{member}_{ROUND}.xlsx"

    def ask(self, query: str, *values: object) -> list[Any]:
        """Ask the ledger's database."""
        with closing(sqlite3.connect(self.root / "ledger.db")) as ledger:
            return ledger.execute(query, values).fetchall()

    @cached_property
    def rows(self) -> dict[str, list[dict[str, str]]]:
        """Table → the live rows as kept, with `_id` and `_created`."""
        lives = self.ask('select id, "table", rid, created_rev from row where deleted_rev is null order by id')
        found: dict[int, dict[str, str]] = {n: {"_id": rid, "_created": rev} for n, _, rid, rev in lives}
        for number, name, value in self.ask('select "row", field, value from cell where value is not null'):
            if number in found:
                found[number][name] = value
        tables: dict[str, list[dict[str, str]]] = {}
        for number, table, _, _ in lives:
            tables.setdefault(table, []).append(found[number])
        return tables

    def customer(self, name: str) -> dict[str, str]:
        """The one live customer of that name."""
        (found,) = [row for row in self.rows["customers"] if row["name"] == name]
        return found


@cache
def sheet(path: Path, name: str) -> list[list[Any]]:
    """A sheet's cells as calamine reads them."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)
