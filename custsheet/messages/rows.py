"""Which row is which, heads and columns, and rules over whole rows."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {
    "F_RULE": Wording(
        "error",
        "这一行对不上。说好的是：{sentence}。",
        "This row does not add up. Agreed: {sentence}.",
        "看看{titles}，把不对的那一格改过来，该填的补上。",
        "Look at {titles} and change the cell that is off, or fill in what is missing.",
    ),
}

WORDS: dict[str, tuple[str, str]] = {
    # what to write instead; the other constraints are worded with the values (`expect.…`)
    "want.each_of": ("只用这些词：{options}。", "Use only these words: {options}."),
    "want.min_date": ("填 {low} 或以后的日子，比如 {low}。", "{low} or later, for example {low}."),
    "want.max_date": ("填 {high} 或以前的日子，比如 {high}。", "{high} or earlier, for example {high}."),
    "rule.partly": ("{titles}要和这一行别的内容对得上", "{titles} and the rest of the row go together"),
}
