"""`custsheet demo`: a week that anybody can play, the same for a day, with every case that a merge has to show."""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from demo_runs import ROUND, TODAY, Played, sheet
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from read_report import ReportRead
from recount import Recount
from team_bench import run_here

from custsheet.demo import business
from custsheet.demo.story import Step, play
from custsheet.workspace.folder import Folder
from custsheet.xlsx.lint import lint

pytestmark = pytest.mark.xdist_group("demo")

SELLERS = ("王芳", "李雷", "陈晨", "赵敏", "孙浩", "周婷", "吴迪")
"""Who sells and returned a copy."""


def at(path: Path, place: dict[str, str]) -> Any:
    """What stands in the cell of a planted case."""
    letters, row = coordinate_from_string(place["cell"])
    return sheet(path, place["sheet"])[row - 1][column_index_from_string(letters) - 1]


def by_name(path: Path, name: str, title: str, key: str = "客户名称") -> Any:
    """What stands in the row of that name under that title."""
    head, *rows = sheet(path, "客户")[1:]
    return next(row[head.index(title)] for row in rows if row[head.index(key)] == name)


def one(played: Played, case: str, code: str) -> tuple[dict[str, str], dict[str, str]]:
    """The place of a case and the one finding on it."""
    (place,) = played.planted(case)
    (found,) = [f for f in played.findings(code) if (f["sheet"], f["cell"]) == (place["sheet"], place["cell"])]
    assert found["label"] == f"customers/{place['row']}"
    return place, found


def question(played: Played, kind: str, field: str = "") -> dict[str, Any]:
    (found,) = [q for q in played.document["questions"] if q["kind"] == kind and q["field"] == field]
    return dict(found)


def member(played: Played, name: str) -> str:
    """The id of a member, by the copies' list."""
    ids = dict(played.ask("select name, member from issue"))
    return next(i for file, i in ids.items() if f"_{name}_" in file)


# ── the run ─────────────────────────────────────────────────────────────────────────────────────────


def test_it_ends_well_and_says_where_everything_is(story: Played) -> None:
    """Exit 0, nothing on standard error, and every path that is printed exists (R166)."""
    assert (story.code, story.err) == (0, "")
    absolute = [Path(p) for p in re.findall(r"(/\S+)", story.out) if p.startswith(str(story.root))]
    relative = [story.root / p for p in re.findall(r"rounds/\S+", story.out) if not p.startswith("/")]
    assert {p.name for p in absolute} == {"one", f"客户跟进_王芳_{ROUND}.xlsx", "questions.xlsx", "report.xlsx"}
    assert [p for p in (*absolute, *relative) if not p.exists()] == []


def test_what_it_tells_to_type_next_works(story: Played, tmp_path: Path) -> None:
    """The commands after the story run in its folder, as printed; one question is left open on purpose."""
    root = tmp_path / "one"
    shutil.copytree(story.root, root)
    lines = [line for line in story.out.split("■")[-1].splitlines() if "custsheet " in line]
    printed = [shlex.split(line.split("custsheet ", 1)[1]) for line in lines]
    assert [words[0] for words in printed] == ["merge", "diff", "show", "generate"]
    codes = [run_here(*words, "--today", TODAY, cwd=root).code for words in printed[:3]]
    assert codes == [3, 0, 0]
    assert printed[3] == ["generate", "--round", "2026-W49"]


def test_it_is_of_the_size_of_a_real_team(played: Played) -> None:
    """Eleven people, about 1,900 customers, 6,000 contacts, 700 opportunities; ten copies, none of them empty."""
    counts = {table: len(rows) for table, rows in played.rows.items()}
    assert played.document["rows"] == {"customers": 1900, "log": 6000, "opportunities": 700}
    assert 1900 <= counts["customers"] < 1930
    assert 6000 <= counts["log"] < 6300
    assert counts["opportunities"] == 700
    assert (played.root / "members.yaml").read_text(encoding="utf-8").count("- id:") == 11
    assert len(list((played.round / "outbox").iterdir())) == len(played.document["copies"]) == 10


def test_two_runs_of_one_day_are_the_same(story: Played, played: Played) -> None:
    """Every revision has the same state digest; copies, returned files, questions and report the same bytes."""
    states = [run.ask("select number, at, kind, state_digest from revision order by number") for run in (story, played)]
    assert states[0] == states[1]
    assert len(states[0]) == 5
    files = [{p.relative_to(run.root): p.read_bytes() for p in _written(run)} for run in (story, played)]
    assert files[0].keys() == files[1].keys()
    assert [name for name, data in files[0].items() if files[1][name] != data] == []


def _written(run: Played) -> list[Path]:
    """Every file but the ledger and its backups."""
    return [p for p in run.root.rglob("*") if p.is_file() and p.suffix != ".db" and p.name != "lock.json"]


def test_another_day_is_another_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The week is that of the day; a small business here, left as soon as its copies are written."""
    for name, size in (("CUSTOMERS", 90), ("TALKS", 90), ("OPPORTUNITIES", 20)):
        monkeypatch.setattr(business, name, size)
    with pytest.raises(_Enough, match="2026-W50"):
        play(tmp_path / "team", today=dt.date(2026, 12, 9), tell=_until_issued)
    names = {p.name for p in (tmp_path / "team" / "rounds" / "2026-W50" / "outbox").iterdir()}
    assert "客户跟进_王芳_2026-W50.xlsx" in names


class _Enough(Exception):
    """The copies are written: nothing more is needed."""


def _until_issued(step: Step) -> None:
    if step.key == "generate":
        raise _Enough(step.facts["round"])


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """Exit 2, a plain sentence with the folder's name, and what lies there stays as it is."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    done = run_here("demo", tmp_path, "--today", TODAY)
    assert done.code == 2
    assert tmp_path.name in done.err
    assert "Traceback" not in done.err
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("notes.txt", "mine")]


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    """The name of a file is no folder: exit 2 in plain words."""
    path = tmp_path / "demo"
    path.write_text("mine", encoding="utf-8")
    done = run_here("demo", path, "--today", TODAY)
    assert (done.code, path.read_text(encoding="utf-8")) == (2, "mine")
    assert "demo" in done.err


def test_every_workbook_is_sound(played: Played) -> None:
    """Copies, old list, questions and report: the lint finds nothing in any of them."""
    books = [p for p in played.root.rglob("*.xlsx") if "inbox" not in p.parts]
    assert len(books) == 10 + 1 + 2
    assert {p.name: found for p in books if (found := lint(p.read_bytes()))} == {}


def test_returned_files_are_as_a_spreadsheet_saves_them(played: Played) -> None:
    """Text typed into a copy stands in its cell, as some programs write it; nothing else is odd about the file."""
    found = lint(played.returned("吴迪").read_bytes())
    assert {re.sub(r".*cell [A-Z]+\d+: ", "", one) for one in found} == {"text beside the shared strings"}


def test_the_ledger_is_whole(played: Played) -> None:
    """`verify --full` replays every revision and reads every stored file again."""
    done = run_here("-C", played.root, "verify", "--full", "--json", "--today", TODAY)
    assert (done.code, done.json["problems"]) == (0, [])


def test_the_report_is_that_of_the_ledger(played: Played) -> None:
    """At this size too: status, people, stages, totals, overdue and stale equal a recount by SQL and sums."""
    count, book = Recount(played.root, "zh", TODAY), ReportRead(played.round / "report.xlsx")
    tables = book.tables
    assert {row[0]: row[1] for row in tables["report_status"].rows} == count.status
    by = tables["report_members"].by("成员")
    heads = {"rows": "客户", "week0": "本周联系", "week1": "上周联系", "won": "成交客户", "overdue": "逾期"}
    heads["stale"] = "没联系"
    assert {name: {k: row[head] for k, head in heads.items()} for name, row in by.items()} == {
        name: {k: person.get(k, 0) for k in heads} for name, person in count.people.items()
    }
    stages, months = tables["report_stages"], tables["report_stages"].heads[1:-2]
    assert {row[0]: row[1:-2] for row in stages.rows} == {
        name: [line[m] for m in months] for name, line in count.stages(months).items()
    }
    for part in ("members", "products", "quarters"):
        assert {r[0]: (*r[1:4], r[-1]) for r in tables[f"report_won_{part}"].rows} == count.totals(part)
    for key in ("overdue", "stale"):
        found = [(row[0], row[1], row[3]) for row in tables[f"report_{key}"].rows]
        assert found == [(line[0], line[1], line[3]) for line in getattr(count, key)]


# ── what came back ──────────────────────────────────────────────────────────────────────────────────


def test_edits_fall_into_buckets_that_add_up(played: Played) -> None:
    """DESIGN 11: the total is the sum of its buckets, over all files and in each."""
    edits = [played.document["edits"], *(f["edits"] for f in played.document["files"] if f["edits"])]
    assert all(sum(e.values()) == 2 * e["total"] for e in edits)
    assert Counter(edits[0]) == sum(map(Counter, edits[1:]), Counter())
    assert all(edits[0][b] for b in ("applied", "conflict", "held", "rejected", "superseded"))


def test_files_come_back_as_people_send_them(played: Played) -> None:
    """Renamed, nested, twice, amended: a copy is known by its content; leftovers are skipped (P15, P16, P30)."""
    files = played.document["files"]
    states = Counter(f["state"] for f in files)
    assert states == {"merged": 10, "duplicate": 1, "skipped": 2}
    assert {f["member"] for f in files} - {""} == {*SELLERS, "林涛", "高洁"}
    assert {f["file"] for f in files if f["state"] == "skipped"} == {".DS_Store", f"~$客户跟进_王芳_{ROUND}.xlsx"}
    names = {p.relative_to(played.round / "inbox").as_posix() for p in (played.round / "inbox").rglob("*.xlsx")}
    assert any("/" in name for name in names)
    assert {"wudi.xlsx", "客户(1).xlsx"} <= names


def test_a_copy_returned_twice_counts_once(played: Played) -> None:
    """MERGE 27: the same bytes under two names; the second is a duplicate without an edit (P18)."""
    inbox = played.round / "inbox"
    assert (inbox / "客户(1).xlsx").read_bytes() == (inbox / f"客户跟进_李雷_{ROUND}.xlsx").read_bytes()
    mine = [f for f in played.document["files"] if f["member"] == "李雷"]
    assert sorted(f["state"] for f in mine) == ["duplicate", "merged"]
    assert {f["copy"] for f in mine if f["state"] == "duplicate"} == {f["copy"] for f in mine if f["state"] == "merged"}


def test_an_edit_that_was_taken_back_is_superseded(played: Played) -> None:
    """MERGE 26: the second version follows the first; what it dropped is listed, the ledger as issued."""
    place, found = one(played, "a copy returned again, one edit taken back", "F_SUPERSEDED")
    first, last = (played.round / "inbox" / day / f"客户跟进_赵敏_{ROUND}.xlsx" for day in ("周三", "周五"))
    assert at(first, place) in ("A", "B")
    assert at(first, place) != at(last, place) == at(played.issued("赵敏"), place)
    assert played.customer(place["row"]).get("grade", "") == at(last, place)
    assert [f["version"] for f in played.document["files"] if f["member"] == "赵敏"] == [1, 2]
    assert found["severity"] == "info"


@pytest.mark.parametrize("name", SELLERS)
def test_everybody_did_an_ordinary_week(played: Played, name: str) -> None:
    """At least eight customers are followed up: a new date and content in the row, and a row in the log for it."""
    issued, returned = sheet(played.issued(name), "客户"), sheet(played.returned(name), "客户")
    head, key = issued[1], issued[1].index("客户名称")
    titles = [head.index(t) for t in ("跟进时间", "跟进内容", "下次跟进时间")]
    changed = [
        new[key]
        for old, new in zip(issued[2:], returned[2:], strict=True)
        if old[key] and all(old[t] != new[t] for t in titles)
    ]
    assert len(changed) >= 8
    logged = Counter(row["customer"] for row in played.rows["log"] if row["_created"] > 3)
    assert all(logged[played.customer(customer)["_id"]] for customer in changed)
    assert all(played.customer(customer)["last_follow_up"] >= "2026-11-23" for customer in changed)


@pytest.mark.parametrize("name", SELLERS)
def test_new_customers_come_with_their_first_contact(played: Played, name: str) -> None:
    """MERGE 10: each seller added two customers of their own in spare rows, and the log row beside refers to them."""
    mine = [row for row in played.rows["customers"] if row["_created"] > 3 and row["owner"] == member(played, name)]
    own = [row for row in mine if row["name"] not in ("观澜湾示例酒店用品", "小满示例粮油")]
    assert len(own) == 2
    logged = {row["customer"]: row for row in played.rows["log"]}
    assert all(logged[row["_id"]]["_created"] == row["_created"] for row in own)
    head, *rows = sheet(played.issued(name), "客户")[1:]
    assert not {row["name"] for row in own} & {row[head.index("客户名称")] for row in rows}


# ── two people ──────────────────────────────────────────────────────────────────────────────────────


def test_two_people_at_one_cell_are_asked_about(played: Played) -> None:
    """MERGE 4: H_CELL with both values; the answered one is taken, the other stays as issued until somebody answers."""
    places = played.planted("two people, one cell")
    for field, places_of in (("grade", places[:2]), ("next_plan", places[2:])):
        asked = question(played, "H_CELL", field)
        assert asked["label"] == f"customers/{places_of[0]['row']}"
        typed = {member(played, p["member"]): at(played.returned(p["member"]), p) for p in places_of}
        assert {c["member"]: c["value"] for c in asked["claims"]} == typed
        assert len(set(typed.values())) == 2
        now = played.customer(places_of[0]["row"])[field]
        picked = [a["picked"] for a in played.document["answers"] if a["question"] == asked["id"]]
        if field == "grade":
            assert f"：{now}（" in picked[0]
        else:
            assert (picked, now) == ([], at(played.issued(places_of[0]["member"]), places_of[0]))


def test_two_people_who_agree_are_not_asked(played: Played) -> None:
    """MERGE 3: the same value of two members is one change with both names; tags of two members both stay (union)."""
    first, second = played.planted("two people, the same value")
    typed = at(played.returned(first["member"]), first)
    assert typed == at(played.returned(second["member"]), second) == played.customer(first["row"])["needs"]
    query = 'select c.members from cell_history h join cause c on c.id = h.cause join row r on r.id = h."row"'
    rid = played.customer(first["row"])["_id"]
    ((members,),) = played.ask(f"{query} where r.rid = ? and h.field = 'needs' and h.rev > 3", rid)
    assert sorted(json.loads(members)) == sorted(member(played, p["member"]) for p in (first, second))
    tags = set(json.loads(played.customer(played.planted("two people, both tags stay")[0]["row"])["tags"]))
    for place in played.planted("two people, both tags stay"):
        assert set(at(played.returned(place["member"]), place).split("、")) <= tags


def test_two_people_who_add_one_customer_make_one_row(played: Played) -> None:
    """MERGE 12: other details are H_DUP_KEY, held with their log rows; answered, one row stands, with both contacts."""
    places = played.planted("two people add one customer")
    contacts = {by_name(played.returned(p["member"]), p["row"], "联系人") for p in places}
    assert contacts == {"方明", "方经理"}
    asked = question(played, "H_DUP_KEY")
    assert {c["member"] for c in asked["claims"]} == {member(played, p["member"]) for p in places}
    row = played.customer(places[0]["row"])
    assert row["contact"] in contacts
    assert sum(entry["customer"] == row["_id"] for entry in played.rows["log"]) == 2


def test_two_people_who_add_the_very_same_customer_are_asked_whose_it_is(played: Played) -> None:
    """MERGE 11: equal cells are one row, and who owns it is H_OWNER; answered, it has one owner."""
    places = played.planted("two people add one customer, all the same")
    asked = question(played, "H_OWNER")
    assert {c["member"] for c in asked["claims"]} == {member(played, p["member"]) for p in places}
    assert played.customer(places[0]["row"])["owner"] in {c["member"] for c in asked["claims"]}


# ── slips ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_pasted_status_is_kept_out_and_the_nearest_is_named(played: Played) -> None:
    """MERGE 39: R_VALUE at its cell, with what was typed and what was meant; the status stays as issued (P10)."""
    place, found = one(played, "a pasted status", "R_VALUE")
    assert at(played.returned("孙浩"), place) == found["value"] == "意向客"
    assert "意向客户" in found["fix"]
    assert found["severity"] == "rejected"
    assert played.customer(place["row"])["status"] == at(played.issued("孙浩"), place)


def test_a_phone_as_a_number_is_repaired(played: Played) -> None:
    """The cell really holds a number; it is taken with all its digits, and said."""
    place, found = one(played, "a phone as a number", "F_PHONE_NUMBER")
    typed = at(played.returned("吴迪"), place)
    assert isinstance(typed, float | int)
    assert played.customer(place["row"])["phone"] == str(int(typed))
    assert (found["severity"], found["origin"]) == ("info", "edit")


@pytest.mark.parametrize(("case", "code", "name"), [
    ("a date as text", "F_REPAIRED", "吴迪"), ("a date without a year", "F_DATE_ASSUMED", "周婷"),
])  # fmt: skip
def test_a_date_as_text_is_repaired(played: Played, case: str, code: str, name: str) -> None:
    """The cell really holds a text; the day is taken, and said."""
    place, found = one(played, case, code)
    typed = at(played.returned(name), place)
    assert isinstance(typed, str)
    numbers = [int(n) for n in re.findall(r"\d+", typed)][-2:]
    day = dt.date.fromisoformat(played.customer(place["row"])["next_follow_up"])
    assert [day.month, day.day] == numbers
    assert day > dt.date.fromisoformat(TODAY)
    assert found["value"] == typed


def test_a_cell_that_is_not_theirs_is_kept_out(played: Played) -> None:
    """MERGE 37: R_READ_ONLY, and the ledger holds what was issued (R119)."""
    place, found = one(played, "a cell that is not theirs", "R_READ_ONLY")
    assert at(played.returned("林涛"), place) == found["value"]
    assert played.customer(place["row"])["phone"] == at(played.issued("林涛"), place) != found["value"]


def test_a_wish_to_delete_is_asked_about(played: Played) -> None:
    """MERGE 7: H_DELETE; the manager agreed, and the row is gone from the live ones, kept in history."""
    (place,) = played.planted("a wish to delete")
    assert at(played.returned("周婷"), place) == "删除"
    assert question(played, "H_DELETE")["label"] == f"customers/{place['row']}"
    assert [row for row in played.rows["customers"] if row["name"] == place["row"]] == []
    deleted = played.ask('select c.value from row r join cell c on c."row" = r.id where r.deleted_rev is not null')
    assert (place["row"],) in deleted


# ── afterwards ──────────────────────────────────────────────────────────────────────────────────────


def test_a_second_merge_brings_nothing_new(played: Played) -> None:
    """After the answers: total 0 edits, what was decided is changed, one question is left to whoever tries it."""
    again = played.document["again"]
    assert set(again["edits"].values()) == {0}
    assert again["changes"] > 0
    assert again["questions"] == 1
    assert len(played.document["answers"]) == 4


def test_a_third_merge_changes_nothing(played: Played, tmp_path: Path) -> None:
    """DESIGN 11: run again by hand it has total 0, no change, no revision; the open question leaves 3."""
    root = tmp_path / "two"
    shutil.copytree(played.root, root)
    done = run_here("-C", root, "merge", "--json", "--today", TODAY)
    assert (done.code, done.json["edits"]["total"], done.json["changes"], done.json["revision"]) == (3, 0, [], 5)
    assert [(q["kind"], q["field"]) for q in done.json["questions"]] == [("H_CELL", "next_plan")]


def test_nothing_of_it_is_later_than_the_clock(tmp_path: Path) -> None:
    """Played on a Monday before nine: who goes on at once is not told that the clock is wrong."""
    early = dt.datetime.fromisoformat("2026-11-16T07:30:20.000005")
    play(tmp_path / "demo", today=early.date(), now=early)
    folder = Folder(tmp_path / "demo", now=early, today=early.date())
    try:
        last = folder.ledger.revisions()[-1].at
    finally:
        folder.close()
    assert (last, dt.datetime.fromisoformat(last) <= early) == ("2026-11-16T07:30:20", True)
