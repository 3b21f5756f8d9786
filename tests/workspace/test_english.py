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


def test_a_rule_that_an_answer_breaks_is_told_in_words(deals: DealsBench) -> None:
    """Lost, and its reason emptied, as it was answered: what was agreed is said, not how the schema calls the rule."""
    deals.edit("Ann", {"Stage": "Lost", "Note": "cheap"})
    deals.edit("Bob", {"Amount": "5", "Note": ""})
    assert deals.run("merge").code == 3
    said = deals.run("resolve").out
    assert "A: (blank) (Bob)" in said
    lost = next(line.strip()[0] for line in said.splitlines() if "Stage: Lost" in line)
    deals.run("resolve", "--label", "D1", "--field", "Note", "--with", "A")
    told = deals.run("resolve", "--label", "D1", "--with", lost).out
    assert "deals/D1 does not add up (Note, Stage). Agreed: When Stage is “Lost”, fill in Note." in told
