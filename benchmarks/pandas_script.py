"""The script that a competent pandas user writes for the same week: to_excel, read_excel, pandera, a loop per copy."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from sample import FIELDS, GRADES, INDUSTRIES, REGIONS, STATUSES, Found, Week, text

SHEET, LISTS, ID = "客户", "选项", "编号"
HEADS = list(FIELDS.values())
NAME_OF = {head: name for name, head in FIELDS.items()}
DATES = [FIELDS["last_follow_up"], FIELDS["next_follow_up"]]
TEXTS = [ID, *(head for head in HEADS if head not in DATES)]
CHOICES = {
    FIELDS["status"]: STATUSES,
    FIELDS["grade"]: GRADES,
    FIELDS["industry"]: INDUSTRIES,
    FIELDS["region"]: REGIONS,
}
WIDTH = 16


class PandasScript:
    """One run of the script over a folder; each method is one step of the round."""

    def __init__(self, week: Week, folder: Path, *, write_engine: str, read_engine: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.week = week
        self.folder = folder
        self.write_engine = write_engine
        self.read_engine = read_engine
        self.base = _frame(week)
        self.names = [person.name for person in week.people]
        self.frames: dict[str, pd.DataFrame] = {}
        self.bad: set[tuple[str, str]] = set()
        self.found = Found()

    def path(self, person: str) -> Path:
        """Return where a person's copy lies."""
        return self.folder / f"{person}.xlsx"

    def rows_of(self, name: str) -> pd.DataFrame:
        """Return the rows of one copy: those that the person owns or helps with."""
        base = self.base
        return base[(base["负责人"] == name) | (base["协助人"] == name)]

    def write(self) -> None:
        """Write one workbook per member, with the looks and dropdowns that people need."""
        dress = _dress_xlsxwriter if self.write_engine == "xlsxwriter" else _dress_openpyxl
        for person in self.week.people:
            rows = self.rows_of(person.name)
            with pd.ExcelWriter(
                self.path(person.id), engine=self.write_engine, date_format="yyyy-mm-dd", datetime_format="yyyy-mm-dd"
            ) as writer:
                rows.to_excel(writer, sheet_name=SHEET, index=False, freeze_panes=(1, 2))
                dress(writer, len(rows), self.names)

    def read(self) -> None:
        """Read the copies back."""
        self.frames = {
            person.id: pd.read_excel(
                self.path(person.id), sheet_name=SHEET, dtype=dict.fromkeys(TEXTS, str), engine=self.read_engine
            )
            for person in self.week.people
        }

    def validate(self) -> None:
        """Check each copy by pandera; cells that fail are kept out of the merge."""
        schema = _schema(self.names)
        self.bad = set()
        self.frames = {who: frame.set_index(ID) for who, frame in self.frames.items()}
        for frame in self.frames.values():
            try:
                schema.validate(frame, lazy=True)
            except pa.errors.SchemaErrors as failed:
                cases = failed.failure_cases
                self.bad |= set(zip(cases["index"], cases["column"], strict=True))

    def merge(self) -> None:
        """Compare each copy with the base by id, collect who wants what, and apply what nobody disputes."""
        base = self.base.set_index(ID)
        claims: dict[tuple[str, str], dict[object, list[str]]] = defaultdict(dict)
        rejected: set[tuple[str, str]] = set()
        for who, frame in self.frames.items():
            issued = base.loc[frame.index]
            changed = (frame[HEADS] != issued[HEADS]) & ~(frame[HEADS].isna() & issued[HEADS].isna())
            for head in HEADS:
                for row in frame.index[changed[head]]:
                    if (row, head) in self.bad:
                        rejected.add((row, head))
                    else:
                        claims[row, head].setdefault(frame.at[row, head], []).append(who)
        merged = base.copy()
        changes, conflicts = [], []
        for (row, head), wanted in claims.items():
            if len(wanted) > 1:
                conflicts.append((row, head))
                continue
            value = next(iter(wanted))
            changes.append((row, head, value))
            merged.at[row, head] = value
        self._keep(base[FIELDS["name"]].to_dict(), changes, conflicts, rejected)

    def _keep(self, names, changes, conflicts, rejected) -> None:  # type: ignore[no-untyped-def]
        self.found = Found(
            {(names[row], NAME_OF[head], text(_day(value))) for row, head, value in changes},
            {(names[row], NAME_OF[head]) for row, head in conflicts},
            {(names[row], NAME_OF[head]) for row, head in rejected},
        )

    def addresses(self, name: str) -> dict[tuple[str, str], str]:
        """Return (customer, field) → A1 address in one copy."""
        columns = {NAME_OF[head]: get_column_letter(at) for at, head in enumerate(HEADS, 2)}
        customers = self.rows_of(name)[FIELDS["name"]]
        return {(c, f): f"{letters}{at}" for at, c in enumerate(customers, 2) for f, letters in columns.items()}


def _frame(week: Week) -> pd.DataFrame:
    names = {person.id: person.name for person in week.people}
    rows = []
    for at, customer in enumerate(week.customers, 1):
        row = dict(customer)
        row["owner"] = names[str(row["owner"])]
        row["helpers"] = "、".join(names[who] for who in row["helpers"] or ()) or None  # type: ignore[attr-defined]
        row["tags"] = "、".join(row["tags"] or ()) or None  # type: ignore[arg-type]
        rows.append([f"C{at:06d}", *(row[name] for name in FIELDS)])
    frame = pd.DataFrame(rows, columns=[ID, *HEADS])
    for head in DATES:
        frame[head] = pd.to_datetime(frame[head])
    return frame


def _day(value: object) -> object:
    return value.date() if isinstance(value, pd.Timestamp) else value


def _schema(names: list[str]) -> pa.DataFrameSchema:
    blank = {"nullable": True}
    columns = {
        "客户名称": pa.Column(str, unique=True),
        "联系人": pa.Column(str, **blank),
        "电话": pa.Column(str, pa.Check.str_matches(r"^1\d{10}$"), **blank),
        "标签": pa.Column(str, **blank),
        "跟进时间": pa.Column("datetime64[ns]", coerce=True, **blank),
        "跟进内容": pa.Column(str, **blank),
        "下次跟进时间": pa.Column("datetime64[ns]", coerce=True, **blank),
        "下次跟进内容": pa.Column(str, **blank),
        "负责人": pa.Column(str, pa.Check.isin(names)),
        "备注": pa.Column(str, **blank),
        "邮箱": pa.Column(str, pa.Check.str_matches(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), **blank),
        "协助人": pa.Column(str, pa.Check.isin(names), **blank),
        **{
            head: pa.Column(str, pa.Check.isin(allowed), nullable=head != "客户状态")
            for head, allowed in CHOICES.items()
        },
    }
    rules = [
        pa.Check(lambda df: df["电话"].notna() | df["邮箱"].notna(), name="reachable", ignore_na=False),
        pa.Check(lambda df: (df["客户状态"] == "丢失客户") | df["下次跟进时间"].notna(), name="plan", ignore_na=False),
        pa.Check(lambda df: df["下次跟进时间"].isna() | df["下次跟进内容"].notna(), name="step", ignore_na=False),
        pa.Check(
            lambda df: ~(df["下次跟进时间"] < df["跟进时间"]),
            name="order",
            ignore_na=False,
        ),
    ]
    return pa.DataFrameSchema(columns, checks=rules)


def _dress_openpyxl(writer: pd.ExcelWriter, count: int, names: list[str]) -> None:
    sheet = writer.sheets[SHEET]
    lists = writer.book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for at, name in enumerate(names, 1):
        lists.cell(at, 1, name)
    fill, font, middle = PatternFill("solid", fgColor="1F4E78"), Font(bold=True, color="FFFFFF"), Alignment("center")
    for at, cell in enumerate(sheet[1], 1):
        cell.fill, cell.font, cell.alignment = fill, font, middle
        sheet.column_dimensions[get_column_letter(at)].width = WIDTH
    sheet.column_dimensions["A"].hidden = True
    phone = HEADS.index("电话") + 2
    for row in range(2, count + 2):
        sheet.cell(row, phone).number_format = "@"
    for head, formula in _limits(names).items():
        letters = get_column_letter(HEADS.index(head) + 2)
        limit = DataValidation("list", formula1=formula, allow_blank=True)
        limit.add(f"{letters}2:{letters}{count + 1}")
        sheet.add_data_validation(limit)
    sheet.auto_filter.ref = sheet.dimensions


def _limits(names: list[str]) -> dict[str, str]:
    listed = {head: f'"{",".join(allowed)}"' for head, allowed in CHOICES.items()}
    people = f"{LISTS}!$A$1:$A${len(names)}"
    return {**listed, "负责人": people, "协助人": people}


def _dress_xlsxwriter(writer: pd.ExcelWriter, count: int, names: list[str]) -> None:
    sheet, book = writer.sheets[SHEET], writer.book
    lists = book.add_worksheet(LISTS)
    lists.hide()
    lists.write_column(0, 0, names)
    head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E78", "align": "center"})
    sheet.set_column(0, len(HEADS), WIDTH)
    sheet.set_column(0, 0, WIDTH, None, {"hidden": True})
    phone = HEADS.index("电话") + 1
    sheet.set_column(phone, phone, WIDTH, book.add_format({"num_format": "@"}))
    for at, title in enumerate([ID, *HEADS]):
        sheet.write(0, at, title, head)
    for title, formula in _limits(names).items():
        at = HEADS.index(title) + 1
        source = list(CHOICES[title]) if title in CHOICES else f"={formula}"
        sheet.data_validation(1, at, count, at, {"validate": "list", "source": source})
    sheet.autofilter(0, 0, count, len(HEADS))
