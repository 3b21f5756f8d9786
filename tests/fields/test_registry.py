"""How families are found."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from custsheet import fields
from custsheet.fields.base import Spec, Text
from custsheet.model import Cell, Unreadable

PLUGIN = """
from custsheet.fields.base import Field, Parsed

class Plate(Field):
    types = ("plate",)

    def read_text(self, text, reading):
        return Parsed(text.upper()) if len(text) == 7 else self.wrong(text, reading)
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "sample_plate.py").write_text(PLUGIN, encoding="utf-8")
    dist = tmp_path / "sample_plate-1.0.dist-info"
    dist.mkdir()
    (dist / "METADATA").write_text("Metadata-Version: 2.1\nName: sample-plate\nVersion: 1.0\n", encoding="utf-8")
    (dist / "entry_points.txt").write_text("[custsheet.fields]\nplate = sample_plate:Plate\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    _forget()
    yield
    _forget()
    sys.modules.pop("sample_plate", None)


def _forget() -> None:
    fields._installed.cache_clear()
    fields._family.cache_clear()


def test_another_package_brings_a_type(plugin, today) -> None:
    """An entry point of the group custsheet.fields is a type of the schema (DESIGN 5)."""
    plate = fields.make(Spec("f", "plate", Text("车牌", "Plate")))

    assert fields.types()[-1] == "plate"
    assert plate.parse(Cell("text", "京a12345"), language="zh", today=today).value == "京A12345"


def test_a_type_without_wordings_still_says_something(plugin, today) -> None:
    """Refusal and guide fall back to a general sentence."""
    plate = fields.make(Spec("f", "plate", Text("车牌", "Plate")))
    parsed = plate.parse(Cell("text", "京A"), language="zh", today=today)

    assert parsed.value == Unreadable("京A")
    assert dict(parsed.facts)["expected_zh"] == "换个写法再填，怎么填看“说明”页。"
    assert plate.say(language="zh")
