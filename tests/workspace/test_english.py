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


def test_an_own_value_out_of_its_bounds_is_told_the_bounds(deals: DealsBench) -> None:
    """A count of 999 and a score of 9, typed as one's own: neither is taken, both say how far they may go."""
    deals.edit("Ann", {"Count": "8", "Score": "1"})
    deals.edit("Bob", {"Count": "9", "Score": "2"})
    assert deals.run("merge").code == 3
    path, own = deals.questions(), {"Count": "999", "Score": "9"}
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(c.value == "_question" for c in row))
    at = {c.value: c.column for c in head}
    for row in range(head[0].row + 1, head[0].row + 3):
        page.cell(row, at["Your decision"]).value = "My own"
        page.cell(row, at["My own value"]).value = own[page.cell(row, at["Field"]).value]
    book.save(path)
    said = deals.run("merge").out
    assert "your own value “999” breaks a rule and was not used. Not more than 100, for example 100." in said
    assert "Under My own write what this field takes: A whole score from 1 to 5" in said


def test_a_later_return_that_waits_is_not_said_to_count(deals: DealsBench) -> None:
    """The deal went to Cy meanwhile: Ann's second return is asked about, so neither of her returns counts for it."""
    deals.edit("Ann", {"Stage": "Won", "Amount": "500"})
    deals.run("merge")
    deals.run("set", "D1", "Owner", "Cy")
    deals.edit("Ann", {"Stage": "Won", "Amount": "600"}, name="Ann2.xlsx")
    said = deals.run("merge").out
    assert "“$500” stood in an earlier return but not in return 2, and what that one says waits for your word." in said
