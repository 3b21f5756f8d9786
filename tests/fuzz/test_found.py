"""What spoiled files once brought to light: each fault by name, so that it stays mended."""

from __future__ import annotations

from random import Random

import judge
import pytest
import seeds
from work_bench import worked

from custsheet.errors import FileRefused
from custsheet.xlsx.read import read_grid

FILLED = '<table:table-cell office:value-type="float" office:value="1"/>'
CELL = '<c r="A1"><v>46340</v></c>'


def book(**changed: tuple[str, str]) -> bytes:
    """A workbook of one number, with a text of a part replaced: part (without its folders) → (old, new)."""
    sheet = f'<worksheet {seeds.NS}><sheetData><row r="1">{CELL}</row></sheetData></worksheet>'
    listed = f'<workbook {seeds.NS}><sheets><sheet name="S" sheetId="1" r:id="rId2"/></sheets></workbook>'
    own = [("styles", "styles.xml"), ("worksheet", "worksheets/sheet1.xml")]
    texts = {
        "[Content_Types].xml": seeds.types(1),
        "_rels/.rels": seeds.relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": seeds.HEAD + listed,
        "xl/_rels/workbook.xml.rels": seeds.relations(own),
        "xl/styles.xml": seeds.styles(),
        "xl/worksheets/sheet1.xml": seeds.HEAD + sheet,
    }
    for wanted, (old, new) in changed.items():
        name = next(name for name in texts if name.rpartition("/")[2].startswith(wanted))
        assert old in texts[name]
        texts[name] = texts[name].replace(old, new, 1)
    return seeds.zipped({name: text.encode() for name, text in texts.items()})


def refusal(data: bytes) -> str:
    """The code with which a file is refused."""
    with pytest.raises(FileRefused) as stopped:
        read_grid(data, name="x.xlsx")
    return stopped.value.code


def test_the_workbook_of_these_tests_is_in_order() -> None:
    """Nothing replaced: one number, read by both."""
    assert (judge.xlsx(book()).outcome, judge.xlsx(book()).problem) == ("read", "")


def test_a_format_code_without_a_number_is_nobodys() -> None:
    """It was taken for the code of General, and each plain number became a date."""
    odd = book(styles=('<numFmt numFmtId="164"', "<numFmt"))
    assert read_grid(odd).sheets[0].rows[0].cells[0].style == "general"  # type: ignore[union-attr]


def test_two_relationships_of_one_id_are_refused() -> None:
    """The last one won, and the styles were gone: programs differ, so nobody reads such a file."""
    parts = seeds.unzipped(book())
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].replace(b"rId2", b"rId1")
    assert refusal(seeds.zipped(parts)) == "E_PKG_REL"


@pytest.mark.parametrize(("at", "value"), [(6, 127), (8, 1 << 5), (8, 1 << 6), (9, 1 << 5)])
def test_flags_and_versions_that_nobody_uses_are_refused(at: int, value: int) -> None:
    """Patched data, strong ciphers, masked names, a version that is not out: other programs stop there as well."""
    data = bytearray(book())
    place = data.index(b"PK\x01\x02") + at
    data[place] |= value
    assert refusal(bytes(data)) == "E_ZIP_METHOD"


@pytest.mark.parametrize("cell", ['<c r="A1" t="b"><v>7</v></c>', '<c r="A1" t="zz"><v>1</v></c>'])
def test_a_value_against_its_type_is_no_value(cell: str) -> None:
    """Seven is no logical value, and nobody knows the type zz: no field may take either for a text or a number."""
    [row] = read_grid(book(sheet1=(CELL, cell))).sheets[0].rows
    [found] = row.cells
    assert found is not None
    assert (found.kind, found.raw.isalnum()) == ("number", False)


def test_a_row_that_is_repeated_a_million_times_is_refused_at_once() -> None:
    """A kilobyte of OpenDocument took millions of calls before it was too big."""
    row = seeds.zipped(
        {
            **seeds.unzipped(seeds.ods_table(Random(3))),
            "content.xml": seeds.ods_content(
                '<table:table-row table:number-rows-repeated="1048576">' + FILLED * 3 + "</table:table-row>"
            ),
        }
    )
    verdict, calls = worked(lambda: judge.foreign(row, "ods"))
    assert (verdict.outcome, verdict.problem) == ("E_SHEET_TOO_BIG", "")
    assert calls < 10_000
