"""One manager's run: `manager.py ROOT MEMBER CUSTOMER MERGES OUT`; not collected as a test.

Returns a member's copy again and again, each time with another phone number, merges it by itself, and writes down what
was acknowledged and what was refused.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from team_bench import TeamBench, address

from custsheet.errors import CustsheetError
from custsheet.workspace.folder import Folder
from custsheet.workspace.merging import merge
from custsheet.xlsx.patch import CellEdit, patch

NOW = dt.datetime(2026, 11, 16, 9, 0, 0)  # noqa: DTZ001  # a wall clock, as the command line gives it
TRIES = 20
SHEET = "客户"


def main() -> None:
    root, member, customer, merges, out = Path(sys.argv[1]), *sys.argv[2:4], int(sys.argv[4]), Path(sys.argv[5])
    issued = TeamBench(root).copy_of(member).read_bytes()
    phone_at, plan_at = (address(issued, SHEET, customer, head) for head in ("电话", "下次跟进内容"))
    kept = CellEdit(SHEET, plan_at, "约下周")  # in every one: so each is a new version of the one before
    folder = Folder.open(root, now=NOW, command="custsheet merge")
    acknowledged, refused = [], []
    for number in range(merges):
        phone = f"{'139' if member == '王芳' else '137'}{number:08d}"
        path = out.with_name(f"{member}-{number}.xlsx")
        path.write_bytes(patch(issued, [CellEdit(SHEET, phone_at, phone), kept]))
        for attempt in range(TRIES):
            folder.now = (NOW + dt.timedelta(seconds=number * TRIES + attempt)).isoformat()
            try:
                done = merge(folder, [path])
            except CustsheetError as problem:
                refused.append([phone, problem.code, problem.exit_code])
                continue
            acknowledged.append([phone, done.revision, done.edits["applied"]])
            break
    folder.close()
    out.write_text(json.dumps({"acknowledged": acknowledged, "refused": refused}), encoding="utf-8")


if __name__ == "__main__":
    main()
