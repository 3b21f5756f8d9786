"""The rows that questions are about, whole, on a sheet for each table: where the links in the question sheet lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from custsheet import look
from custsheet.books import common
from custsheet.books.question_texts import Asked, Say
from custsheet.fields.base import Language
from custsheet.messages import word
from custsheet.model import Tables, Unreadable
from custsheet.plan import Block, Column, ExcelTable, PlanCell, Sheet
from custsheet.schema.records import Schema

HEAD_ROW: Final = 3
FIRST_ROW: Final = 4
WIDEST: Final = 30.0
TALLEST: Final = 120.0
_STYLE: Final = look.ROW_READONLY.with_(number_format="@", align="left", wrap=True)


@dataclass(frozen=True)
class RowSheets:
    """The rows of the master that some question is about."""

    asked: Sequence[Asked]
    schema: Schema
    master: Tables
    say: Say
    language: Language
    taken: Sequence[str]
    """Names of sheets that there are already."""

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, int]]:
        """Table → row id → its row on the sheet."""
        found: dict[str, dict[str, int]] = {}
        for asked in self.asked:
            table, rid = asked.question.table, asked.question.rid
            if table in self.master and rid in self.master[table].by_rid:
                rows = found.setdefault(table, {})
                rows.setdefault(rid, FIRST_ROW + len(rows))
        return found

    @cached_property
    def _names(self) -> Mapping[str, str]:
        names = list(self.taken)
        for table in self._rows:
            names.append(common.sheet_name(self.schema.tables[table].title[self.language], names))
        return dict(zip(self._rows, names[len(self.taken) :], strict=True))

    def links(self) -> Iterator[tuple[int, str]]:
        """Yield for each question about a row that is there its position and the target of its link."""
        for position, asked in enumerate(self.asked):
            row = self._rows.get(asked.question.table, {}).get(asked.question.rid)
            if row is not None:
                yield position, common.jump(self._names[asked.question.table], common.address(row, 2))

    def sheets(self) -> Iterator[Sheet]:
        """Yield one sheet for each table."""
        for table in self._rows:
            yield self._sheet(table)

    def _sheet(self, name: str) -> Sheet:
        table, title = self.schema.tables[name], self._names[name]
        texts = [self._texts(name, rid) for rid in self._rows[name]]
        filled = [at for at in range(len(table.fields)) if any(row[at] for row in texts)]
        rows = [[row[at] for at in filled] for row in texts]
        titles = [f.spec.title[self.language] for f in table.fields.values()]
        heads = _heads([titles[at] for at in filled])
        widths = [common.fit_width(h, (r[at] for r in rows), cap=WIDEST) for at, h in enumerate(heads)]
        last, right = FIRST_ROW + len(rows) - 1, len(heads) + 1
        heights = [min(TALLEST, common.pieces_height(list(zip(row, widths, strict=True)))) for row in rows]
        return Sheet(
            title,
            tab=look.TAB_LOOK,
            columns=(Column(2), *(Column(width) for width in widths)),
            cells=(
                PlanCell(1, 2, word("question.rows", self.language, table=title), look.SHEET_TITLE),
                PlanCell(2, 2, word("question.rows.explain", self.language), look.SUB),
            ),
            blocks=(Block(FIRST_ROW, 2, (_STYLE,) * len(heads), rows, heights=heights),),
            tables=(
                ExcelTable(
                    f"rows_{name}",
                    common.area(HEAD_ROW, 2, last, right),
                    heads,
                    (look.HEAD_SYSTEM.with_(align="left"),) * len(heads),
                    autofilter=False,
                ),
            ),
            heights=((1, 30.0), (2, 22.0), (HEAD_ROW, look.HEIGHT_HEAD)),
            freeze=common.address(FIRST_ROW, 3),
            ignore_text_numbers=common.area(FIRST_ROW, 2, last, right),
            print_area=common.area(1, 1, last, right),
            print_title_rows=f"{HEAD_ROW}:{HEAD_ROW}",
            footer=title,
        )

    def _texts(self, table: str, rid: str) -> list[str]:
        row = zip(self.schema.tables[table].fields, self.master[table].by_rid[rid], strict=True)
        return [value.raw if isinstance(value, Unreadable) else self.say(table, name, value) for name, value in row]


def _heads(titles: Sequence[str]) -> tuple[str, ...]:
    """Return titles as heads of an Excel Table, in which no two may be the same."""
    heads: list[str] = []
    for title in titles:
        heads.append(common.unique(title, heads))
    return tuple(heads)
