"""The public sales data, carried from csv through LibreOffice to a merged round by the words that a user types."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from custsheet.workspace.folder import Folder

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "crm"
TODAY = "2018-01-05"
ROUND = Path("rounds") / "2018-W01"
SET_SINCE = ("opportunities/ZNBS69V1", "close_value", "52")
"""What the manager changes by hand while the copies are out."""

DEALS = "Opportunities"
NEW_ANNA, NEW_NATALYA = "NEWANNA1", "NEWNATA1"


def deal(code: str) -> dict[str, str]:
    return {"Opportunity ID": code}


# per member: what is done in LibreOffice, and the edit that it is: row, field, old, new
SIX: dict[str, list[tuple[list[Any], tuple[str, str, str, str] | None]]] = {
    "Anna Snelling": [
        (["type", DEALS, deal("055Z2OAS"), "Deal stage", "Won"], ("055Z2OAS", "deal_stage", "Engaging", "Won")),
        (["type", DEALS, deal("055Z2OAS"), "Close date", "12/20/2017"], ("055Z2OAS", "close_date", "", "2017-12-20")),
        (["type", DEALS, deal("055Z2OAS"), "Close value", "12,500"], ("055Z2OAS", "close_value", "", "$12,500")),
        (
            ["text", DEALS, deal("K53BC1T9"), "Close date", "2017.3.28"],
            ("K53BC1T9", "close_date", "2017-03-27", "2017-03-28"),
        ),
        (["type", DEALS, deal("HEE6P0QH"), "Close value", "3700"], ("HEE6P0QH", "close_value", "$3,647", "$3,700")),
        (["type", DEALS, deal("TTA9LYBS"), "Close value", "60"], ("TTA9LYBS", "close_value", "$58", "$60")),
        (["type", DEALS, deal("ZNBS69V1"), "Close value", "52"], ("ZNBS69V1", "close_value", "$49", "$52")),
        (["type", DEALS, "spare", "Opportunity ID", NEW_ANNA], (NEW_ANNA, "opportunity_id", "", NEW_ANNA)),
        (["type", DEALS, deal(NEW_ANNA), "Product", "GTXPro"], (NEW_ANNA, "product", "", "GTX Pro")),
        (["type", DEALS, deal(NEW_ANNA), "Account", "Ron-tech"], (NEW_ANNA, "account", "", "Ron-tech")),
        (["type", DEALS, deal(NEW_ANNA), "Deal stage", "Prospecting"], (NEW_ANNA, "deal_stage", "", "Prospecting")),
    ],
    # the manager of Anna Snelling and of Cecily Lampkin, whose deal goes to a colleague
    "Dustin Brinkmann": [
        (["type", DEALS, deal("HEE6P0QH"), "Close value", "3800"], ("HEE6P0QH", "close_value", "$3,647", "$3,800")),
        (["type", DEALS, deal("TTA9LYBS"), "Close value", "60"], ("TTA9LYBS", "close_value", "$58", "$60")),
        (
            ["type", DEALS, deal("QR63ME8L"), "Sales agent", "Versie Hillebrand"],
            ("QR63ME8L", "sales_agent", "Cecily Lampkin", "Versie Hillebrand"),
        ),
        (
            ["type", "Accounts", {"Account": "Acme Corporation"}, "Employees", "2,850"],
            ("Acme Corporation", "employees", "2822", "2850"),
        ),
    ],
    # has no deal yet
    "Natalya Ivanova": [
        (["type", DEALS, "spare", "Opportunity ID", NEW_NATALYA], (NEW_NATALYA, "opportunity_id", "", NEW_NATALYA)),
        (["type", DEALS, deal(NEW_NATALYA), "Product", "MG Special"], (NEW_NATALYA, "product", "", "MG Special")),
        (["type", DEALS, deal(NEW_NATALYA), "Deal stage", "Engaging"], (NEW_NATALYA, "deal_stage", "", "Engaging")),
        (
            ["type", DEALS, deal(NEW_NATALYA), "Engage date", "2017.12.1"],
            (NEW_NATALYA, "engage_date", "", "2017-12-01"),
        ),
    ],
    "Darcel Schlecht": [
        (["sort", DEALS, "Close value", True], None),
        (["number", DEALS, deal("Z063OYW0"), "Close value", 4614], ("Z063OYW0", "close_value", "$4,514", "$4,614")),
        (["type", DEALS, deal("I3KQNE9V"), "Product", "GTXPro"], ("I3KQNE9V", "product", "GTX Plus Pro", "GTX Pro")),
    ],
    "Zane Levy": [
        (["filter", DEALS, "Deal stage", "Engaging"], None),
        (["clear", DEALS, deal("SQLYCFGV"), "Account"], ("SQLYCFGV", "account", "Opentech", "")),
        (["text", DEALS, deal("BTT6YAVZ"), "Close value", "about 500"], ("BTT6YAVZ", "close_value", "", "about 500")),
        (["type", DEALS, deal("N5UIZYIV"), "Deal stage", "Lost"], ("N5UIZYIV", "deal_stage", "Engaging", "Lost")),
        (["type", DEALS, deal("N5UIZYIV"), "Close date", "Dec 30, 2017"], ("N5UIZYIV", "close_date", "", "2017-12-30")),
    ],
    "Moses Frase": [
        (["type", DEALS, deal("MV1LWRNH"), "Close value", "588"], None),  # what stands there already
        (["type", DEALS, deal("F3EOBN5A"), "Deal stage", "Won"], ("F3EOBN5A", "deal_stage", "Engaging", "Won")),
        (["date", DEALS, deal("F3EOBN5A"), "Close date", "2017-12-28"], ("F3EOBN5A", "close_date", "", "2017-12-28")),
        (["text", DEALS, deal("F3EOBN5A"), "Close value", "12,500"], ("F3EOBN5A", "close_value", "", "$12,500")),
    ],
}


class Team:
    """A workspace and its commands, each a process of its own as for a user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: dict[str, Any] = {}
        """What earlier steps of the story printed, by step."""

    def run(self, *words: str | Path, code: int = 0) -> Any:
        """Run one command, which must end with this exit code, and return its document."""
        call = [sys.executable, "-m", "custsheet", *map(str, words), "--json", "--today", TODAY]
        done = subprocess.run(call, cwd=self.folder, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return json.loads(done.stdout)

    def copy_of(self, member: str) -> Path:
        return self.folder / ROUND / "outbox" / f"Sales pipeline_{member}_2018-W01.xlsx"

    def rows(self, table: str) -> pd.DataFrame:
        """The master's rows of a table as people read them: names and labels, plain numbers and days."""
        folder = Folder.open(self.folder, now=dt.datetime.fromisoformat(TODAY))
        try:
            tables = folder.ledger.tables(folder.schema)
            labels = folder.labels(tables)
            fields = folder.schema.tables[table].fields
            named = {n for n, f in fields.items() if f.spec.type in ("ref", "member")}
            rows = [
                {n: labels.value(table, n, v) if n in named else v for n, v in zip(fields, row, strict=True)}
                for row in tables[table].rows
            ]
        finally:
            folder.close()
        return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def six() -> dict[str, list[tuple[str, str, str, str]]]:
    """Member → the edits that the member's copy holds."""
    return {member: [edit for _, edit in acts if edit] for member, acts in SIX.items()}


@pytest.fixture(scope="session")
def data() -> Path:
    """Where the public sales data lies."""
    if not DATA.is_dir():
        pytest.skip("needs ../shared/data/crm")
    return DATA


@pytest.fixture(scope="session")
def imported(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Team:
    """A new workspace with the members and the three lists in, without a map."""
    home = tmp_path_factory.mktemp("team")
    Team(home).run("new", "crm", "--schema", "pipeline", "--lang", "en")
    team = Team(home / "crm")
    team.said["members"] = team.run("members", "import", data / "sales_teams.csv")
    for table, file in (("accounts", "accounts"), ("products", "products"), ("opportunities", "sales_pipeline")):
        team.said[table] = team.run("import", data / f"{file}.csv", "--table", table)
    team.said["rows"] = team.rows("opportunities")
    return team


@pytest.fixture(scope="session")
def returned(imported: Team, libreoffice: Callable[..., None]) -> Team:
    """Every copy is opened and saved by LibreOffice without a change; six are edited there as well, and lie aside."""
    team = imported
    team.said["generate"] = team.run("generate")
    inbox, aside = team.folder / ROUND / "inbox", team.folder / "aside"
    aside.mkdir()
    copies = sorted((team.folder / ROUND / "outbox").iterdir())
    plain = [(copy, inbox / copy.name, ()) for copy in copies]
    edited = [(team.copy_of(m), aside / f"{m}.xlsx", [done for done, _ in acts]) for m, acts in SIX.items()]
    libreoffice([*plain, *edited])
    team.said["validate"] = team.run("validate")
    team.said["merge unchanged"] = team.run("merge")
    return team


@pytest.fixture(scope="session")
def merged(returned: Team) -> Team:
    """The manager changes a deal meanwhile; then the six edited copies come in, and the round is merged twice."""
    team = returned
    team.run("set", *SET_SINCE)
    for file in sorted((team.folder / "aside").iterdir()):
        target = team.folder / ROUND / "inbox" / f"edited {file.name}"
        file.rename(target)
        team.said[f"diff {file.stem}"] = team.run("diff", target)
    team.said["merge"] = team.run("merge", code=3)
    team.said["second merge"] = team.run("merge", code=3)
    team.said["verify"] = team.run("verify", "--full")
    return team
