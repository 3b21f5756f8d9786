"""A sample team that works in English: deals and firms, Mia who manages, Ann, Bob and Cy who sell."""

from __future__ import annotations

from pathlib import Path

import pytest
from team_bench import TeamBench, run_here

SCHEMA = """\
schema: deals
version: "1"
title: {zh: 交易, en: Deals}
language: en
tables:
  firms:
    title: {zh: 公司, en: Firms}
    key: [name]
    owner: owner
    fields:
      name: {type: text, title: Firm, required: true}
      owner: {type: member, title: Owner, required: true}
  deals:
    title: {zh: 交易, en: Deals}
    key: [name]
    owner: owner
    helpers: helpers
    groups: [[stage, amount]]
    fields:
      name: {type: text, title: Deal, required: true}
      firm: {type: ref, to: firms, title: Firm}
      day: {type: date, title: Day}
      count: {type: number, title: Count, min: 0, max: 100}
      amount: {type: money, title: Amount, currency: USD, min: 0}
      stage: {type: choice, title: Stage, options: [{value: Open}, {value: Won}, {value: Lost}]}
      kind: {type: choice, title: Kind, options: [{value: Small}, {value: Big}]}
      price: {type: money, title: Price, currency: USD}
      score: {type: score, title: Score, min: 1, max: 5}
      mail: {type: email, title: Mail}
      note: {type: text, title: Note, long: true}
      owner: {type: member, title: Owner, required: true}
      helpers: {type: members, title: Helpers}
    rules:
      - {name: bigprice, when: {kind: Big}, require: [price]}
      - {name: lost, when: {stage: Lost}, require: [note]}
roles:
  sales:
    firms: {rows: all, see: "*"}
    deals: {rows: own, see: "*", edit: "*", add: true, delete: true}
  manager:
    "*": {rows: all, see: "*", edit: "*", add: true, delete: true, reassign: true}
"""
MEMBERS = "name,id,role,manager\nMia,mia,manager,\nAnn,ann,sales,Mia\nBob,bob,sales,Mia\nCy,cy,sales,Mia\n"
FIRMS = "Firm,Owner\nAcme,Ann\nBolt,Bob\nCrux,Ann\n"
DEALS = """\
Deal,Firm,Day,Count,Amount,Stage,Kind,Price,Score,Mail,Note,Owner,Helpers
D1,Acme,2026-11-01,5,100,Open,Small,10,3,a@x.com,hello,Ann,"Bob, Cy"
D2,Bolt,2026-11-02,6,200,Open,Small,20,4,b@x.com,,Bob,Ann
"""


class DealsBench(TeamBench):
    """The team's workspace, its first copies issued."""

    def copy_of(self, member: str, round_name: str = "", number: int = 1) -> Path:
        """Return the copy that was written for a member."""
        return self.folder("outbox", round_name) / f"Deals_{member}_{round_name or self.round}.xlsx"

    def edit(self, member: str, edits: dict[str, str], key: str = "D1", name: str = "") -> None:
        """Let a member type into a deal and return their copy."""
        self.put(member, {("Deals", key, head): text for head, text in edits.items()}, name)


def deals_team(folder: Path, *, replaced: tuple[str, str] = ("", "")) -> DealsBench:
    """Make the team in a folder of its own; one piece of its schema may be `replaced`."""
    team = DealsBench(folder / "deals")
    assert run_here("new", team.root, "--schema", "simple", "--lang", "en", "--as", "Mia").code == 0
    (team.root / "schema.yaml").write_text(SCHEMA.replace(*replaced), encoding="utf-8")
    for name, text in (("members", MEMBERS), ("firms", FIRMS), ("deals", DEALS)):
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        call = ("members", "import", path) if name == "members" else ("import", path, "--table", name)
        done = team.run(*call)
        assert done.code == 0, done.out + done.err
    assert team.run("generate").code == 0
    return team


@pytest.fixture
def deals(tmp_path: Path) -> DealsBench:
    """The English team on Monday."""
    return deals_team(tmp_path)
