"""What the caller, or a file that the manager wrote, got wrong; and what stopped a command."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {
    "CELL_TOO_LONG": Wording(
        "stop",
        "{sheet} 的 {cell} 有 {length} 个字，一格最多放 32767 个。",
        "{cell} on {sheet} holds {length} characters; a cell takes 32,767 at most.",
        "把这段文字分成几条，或者另存成文件、格里只写文件名。",
        "Split the text into several entries, or keep it in a file and name the file in the cell.",
    ),
    "CELL_VALUE": Wording(
        "stop",
        "有个值写不进表格：{kind}。这是 custsheet 自己的问题，什么都没有写出。",
        "A value cannot be written into a sheet: {kind}. The fault is in custsheet; nothing was written.",
        "请把这一行发给维护的人。",
        "Please send this line to the maintainers.",
    ),
    "LINT": Wording(
        "stop",
        "做好的表格自己没有通过检查：{findings}。这是 custsheet 自己的问题，什么都没有写出。",
        "The finished workbook did not pass its own check: {findings}. The fault is in custsheet; nothing was written.",
        "请把这一行发给维护的人。",
        "Please send this line to the maintainers.",
    ),
}

WORDS: dict[str, tuple[str, str]] = {}
