"""8,800 real deals: in from csv, out to LibreOffice, back and merged, with nothing lost and nothing made up."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytestmark = pytest.mark.xdist_group("real")  # one worker: the data, the copies and the office are made once

QUARTERS = ["sales_agent", "product", "quarter"]


def from_csv(data: Path) -> pd.DataFrame:
    """What a person with pandas holds of the deals: the file, with the schema's one standard term for products."""
    frame = pd.read_csv(data / "sales_pipeline.csv", keep_default_na=False, dtype=str)
    frame["product"] = frame["product"].replace({"GTXPro": "GTX Pro"})
    for name in ("engage_date", "close_date"):
        frame[name] = [day.date() if day else None for day in pd.to_datetime(frame[name], format="%m/%d/%Y")]
    frame["close_value"] = [Decimal(text) if text else None for text in frame["close_value"]]
    return frame


def totals(frame: pd.DataFrame) -> dict[tuple[str, str, str], tuple[int, Decimal]]:
    """Number and value of the won deals by agent, product and quarter."""
    won = frame[frame["deal_stage"] == "Won"]
    quarter = pd.PeriodIndex(pd.to_datetime(won["close_date"]), freq="Q").astype(str)
    grouped = won.assign(quarter=quarter).groupby(QUARTERS)["close_value"]
    return {key: (len(values), sum(values)) for key, values in grouped}


def with_edits(frame: pd.DataFrame, edits: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    """The deals after these edits, as a person would make them in pandas."""
    rows = {row["opportunity_id"]: row for row in frame.to_dict("records")}
    for code, field, _, new in edits:
        row = rows.setdefault(code, dict.fromkeys(frame.columns))
        row[field] = plain(field, new)
    return pd.DataFrame(rows.values())


def plain(field: str, text: str) -> Any:
    if field == "close_value":
        return Decimal(re.sub(r"[$,]", "", text))
    return pd.Timestamp(text).date() if field.endswith("_date") else text


def records(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Rows by code; what is blank is None."""
    rows = frame.astype(object).to_dict("records")
    return {row["opportunity_id"]: {n: None if v == "" or pd.isna(v) else v for n, v in row.items()} for row in rows}


# ── in ──────────────────────────────────────────────────────────────────────────────────────────────


def test_every_agent_and_every_manager_is_a_member(imported: Any) -> None:
    """35 agents and their six managers are members beside the person who made the workspace."""
    listed = imported.run("members", "list")["members"]
    assert len(imported.said["members"]["added"]) == 41
    assert Counter(m["role"] for m in listed) == {"sales": 35, "manager": 7}


def test_nothing_of_the_files_is_dropped(imported: Any) -> None:
    """Every row of every file is a row of the master."""
    counts = {table: imported.said[table]["rows"] for table in ("accounts", "products", "opportunities")}
    assert {t: (c["total"], c["added"], c["held"]) for t, c in counts.items()} == {
        "accounts": (85, 85, 0),
        "products": (7, 7, 0),
        "opportunities": (8800, 8800, 0),
    }


def test_the_deals_are_those_of_the_file(imported: Any, data: Path) -> None:
    """Cell by cell the master holds what the csv says, blanks included, under the standard terms (R073)."""
    assert records(imported.said["rows"]) == records(from_csv(data))


def test_standard_terms_are_repaired_and_said(imported: Any) -> None:
    """Each of the misspelt words of the data is one finding, at its cell, with what it became (R039)."""
    terms = [f for t in ("accounts", "opportunities") for f in imported.said[t]["findings"] if f["code"] == "F_TERM"]
    assert Counter((f["value"], f["severity"]) for f in terms) == {
        ("GTXPro", "info"): 1480,
        ("technolgy", "info"): 12,
        ("Philipines", "info"): 1,
    }
    assert all(f["cell"] and "→" in f["message"] for f in terms)


def test_every_member_gets_a_copy(returned: Any) -> None:
    """41 copies, also for the five agents who have no deal yet."""
    copies = returned.said["generate"]["copies"]
    assert len({copy["file"] for copy in copies}) == 41
    assert sum(copy["rows"] for copy in copies if copy["member"] == "Darcel Schlecht") > 747


# ── through LibreOffice ─────────────────────────────────────────────────────────────────────────────


def test_saving_in_libreoffice_changes_nothing(returned: Any) -> None:
    """All copies opened and saved without a change: zero edits, no finding of origin edit, no new revision (L1)."""
    merge, before = returned.said["merge unchanged"], returned.said["opportunities"]["revision"]
    findings = [*returned.said["validate"]["findings"], *merge["findings"]]
    assert [f for f in findings if f["origin"] == "edit"] == []
    assert {file["state"] for file in merge["files"]} == {"merged"}
    assert len(merge["files"]) == 41
    assert (merge["edits"]["total"], merge["changes"], merge["revision"]) == (0, [], before)


def test_diff_tells_exactly_what_was_typed(merged: Any, six: dict[str, list[tuple[str, ...]]]) -> None:
    """Stages, dates and values typed each in another way, a sorted and a filtered table, rows typed into spare ones."""
    told = {}
    for member in six:
        edits = merged.said[f"diff {member}"]["edits"]
        told[member] = sorted((e["label"].split("/", 1)[1], e["field"], e["old"], e["new"]) for e in edits)
    assert told == {member: sorted(edits) for member, edits in six.items()}


# ── merged ──────────────────────────────────────────────────────────────────────────────────────────


def test_every_edit_is_in_one_bucket(merged: Any, six: dict[str, list[tuple[str, ...]]]) -> None:
    """One cell typed differently by agent and manager, one as the manager set it, one no value, the rest applied."""
    edits = merged.said["merge"]["edits"]
    rest = {"same": 1, "conflict": 2, "held": 0, "rejected": 1, "superseded": 0}
    assert edits == {"total": sum(map(len, six.values())), "applied": edits["total"] - 4, **rest}
    by_member = {f["member"]: f["edits"]["total"] for f in merged.said["merge"]["files"] if f["state"] == "merged"}
    assert by_member == {member: len(typed) for member, typed in six.items()}


def test_the_changes_are_what_was_typed(merged: Any, six: dict[str, list[tuple[str, ...]]]) -> None:
    """Every applied edit is a change with its value and who typed it; an added row is one change."""
    not_applied = {("HEE6P0QH", "close_value"), ("ZNBS69V1", "close_value"), ("BTT6YAVZ", "close_value")}
    wanted = {
        (code, "" if code.startswith("NEW") else field): ("", "") if code.startswith("NEW") else (old, new)
        for typed in six.values()
        for code, field, old, new in typed
        if (code, field) not in not_applied
    }
    changes = {(c["label"].split("/", 1)[1], c["field"]): c for c in merged.said["merge"]["changes"]}
    assert {at: (c["old"], c["new"]) for at, c in changes.items()} == wanted
    assert changes["TTA9LYBS", "close_value"]["members"] == ["anna-snelling", "dustin-brinkmann"]


def test_one_conflict_is_one_question(merged: Any) -> None:
    """What agent and manager typed differently waits, with both values; the master keeps what it held (P10)."""
    (question,) = merged.said["merge"]["questions"]
    assert (question["kind"], question["label"]) == ("H_CELL", "opportunities/HEE6P0QH")
    assert {c["member"]: c["value"] for c in question["claims"]} == {
        "anna-snelling": "$3,700",
        "dustin-brinkmann": "$3,800",
    }
    assert merged.rows("opportunities").set_index("opportunity_id").loc["HEE6P0QH", "close_value"] == 3647


def test_what_is_no_value_is_told_at_its_cell(merged: Any) -> None:
    """`about 500` is rejected with its place and kept out of the master."""
    (finding,) = [f for f in merged.said["merge"]["findings"] if f["severity"] == "rejected"]
    assert (finding["code"], finding["value"], finding["label"]) == (
        "R_VALUE",
        "about 500",
        "opportunities/BTT6YAVZ",
    )
    assert re.fullmatch(r"I\d+", finding["cell"])


def test_the_master_is_the_csv_with_what_was_typed(
    merged: Any, data: Path, six: dict[str, list[tuple[str, str, str, str]]]
) -> None:
    """Cell by cell; a new row's blank agent is who typed it."""
    out = {("HEE6P0QH", "close_value"), ("BTT6YAVZ", "close_value")}
    typed = [e for edits in six.values() for e in edits if (e[0], e[1]) not in out and e[0] != "Acme Corporation"]
    owners = [("NEWANNA1", "sales_agent", "", "Anna Snelling"), ("NEWNATA1", "sales_agent", "", "Natalya Ivanova")]
    wanted = with_edits(from_csv(data), [*typed, *owners])
    assert records(merged.rows("opportunities")) == records(wanted)
    assert totals(merged.rows("opportunities")) == totals(wanted)
    assert len(totals(wanted)) > 500


def test_a_second_merge_finds_nothing(merged: Any) -> None:
    """Nothing new: total 0, no change, the same question open."""
    again = merged.said["second merge"]
    assert (again["edits"]["total"], again["changes"]) == (0, [])
    assert [q["id"] for q in again["questions"]] == [q["id"] for q in merged.said["merge"]["questions"]]


def test_the_ledger_is_whole(merged: Any) -> None:
    """Every revision replayed, every stored file read again."""
    assert merged.said["verify"]["problems"] == []
