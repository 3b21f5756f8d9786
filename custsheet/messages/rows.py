"""Rules over whole rows and tables, and what a column of values asks of each."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {
    "F_RULE": Wording(
        "error",
        "这一行对不上。说好的是：{sentence}。",
        "This row does not add up. Agreed: {sentence}.",
        "看看{titles}，把不对的那一格改过来。例：该填的补上。",
        "Look at {titles} and change the cell that is off. Example: fill in what is missing.",
    ),
    "F_UNIQUE": Wording(
        "error",
        "{titles}和别的行重复了：{value}。",
        "{titles} is the same as in another row: {value}.",
        "是同一家就留一行；不是，就写得能分开。例：{value}（上海）。",
        "If it is the same one, keep one row; if not, tell them apart. Example: {value} (Shanghai).",
    ),
}

WORDS: dict[str, tuple[str, str]] = {
    "want.one_of": ("从这些里选一个：{argument}", "one of: {argument}"),
    "want.each_of": ("只用这些：{argument}", "only these: {argument}"),
    "want.min": ("不小于 {argument}", "{argument} or more"),
    "want.max": ("不大于 {argument}", "{argument} or less"),
    "want.min.date": ("不早于 {argument}", "{argument} or later"),
    "want.max.date": ("不晚于 {argument}", "{argument} or earlier"),
    "want.pattern": ("按说好的写法写：{argument}", "in the agreed form: {argument}"),
    "want.max_length": ("最多 {argument} 个字", "at most {argument} characters"),
    "want.phone": ("一个电话号码，例：13800138000", "a phone number, for example 13800138000"),
    "want.email": ("一个邮箱，例：wang.fang@example.com", "an address, for example wang.fang@example.com"),
    "rule.partly": ("{titles}要和这一行别的内容对得上", "{titles} and the rest of the row go together"),
}
