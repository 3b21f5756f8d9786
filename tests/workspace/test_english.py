"""What a team that works in English reads: English commas and colons, whoever put the sentence together."""

from __future__ import annotations

import re

import openpyxl
from deals_bench import DealsBench

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uff0f\uff1a-\uff1f]")


def test_a_question_about_several_fields_is_put_in_english(deals: DealsBench) -> None:
    """Titles after a comma, what each wants after a colon, on the screen and in the workbook."""
    deals.edit("Ann", {"Stage": "Won", "Amount": "150"})
    deals.edit("Bob", {"Amount": "170"})
    said = deals.run("merge").out + deals.run("resolve").out
    assert "? deals/D1 · Stage, Amount  Two people differ" in said
    assert "Stage: Won; Amount: $150 (Ann)" in said
    page = openpyxl.load_workbook(deals.questions()).worksheets[0]
    texts = [str(c.value) for row in page.iter_rows() for c in row if isinstance(c.value, str) and c.value[0] != "="]
    assert "Stage: Won\nAmount: $150\nAnn 11-16" in " ".join(texts)
    assert not [text for text in (said, *texts) if CHINESE.search(text.replace("※", ""))]


def test_lists_have_english_commas(deals: DealsBench) -> None:
    """Several members in a cell, what was meant by a name that is nobody's, a rule that two edits break together."""
    assert "Helpers  Bob, Cy" in deals.run("show", "D1").out
    assert "Near: " in deals.run("set", "D1", "Owner", "Annn").err
    deals.edit("Ann", {"Kind": "Big"})
    deals.edit("Bob", {"Price": ""})
    said = deals.run("merge").out + deals.run("resolve").out + deals.run("status").out + deals.run("log").out
    assert "? deals/D1 · Kind, Price  Together they break a rule" in said
    assert not CHINESE.search(said)
