"""The words of `doctor`: what is installed, and the client test with its five-minute script."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {
    "E_NOT_CLIENT_TEST": Wording(
        "refused",
        "{file} 不是程序测试用的那份表，没法评判。",
        "{file} is not the workbook of the client test, so there is nothing to judge.",
        "先写一份：custsheet doctor --client-test 文件夹",
        "Write one first: custsheet doctor --client-test DIR",
    ),
}

WORDS: dict[str, tuple[str, str]] = {
    "doctor.versions": ("版本", "Versions"),
    "doctor.system": ("系统", "System"),
    "doctor.encodings": ("编码", "Encodings"),
    "doctor.places": ("位置", "Places"),
    "doctor.libraries": ("用到的库", "Libraries"),
    "doctor.absent": ("没装", "not installed"),
    # the client test
    "client.file": ("程序测试", "client-test"),
    "client.script": ("五分钟测试步骤", "five-minute test"),
    "client.written": ("写好了 {folder}：{names}", "Wrote {folder}: {names}"),
    "client.next": (
        "照着步骤做五分钟，再运行：custsheet doctor --client-test 存好的两个文件",
        "Follow the steps, five minutes, then run: custsheet doctor --client-test with the two files that you saved",
    ),
    "client.head": (
        "五分钟测试：你的表格程序和 custsheet 合得来吗？照着一步一步做，不用懂别的。",
        "Five-minute test: does your spreadsheet program get on with custsheet? Do one step after the other.",
    ),
    "client.first.1": (
        "用要测的程序打开 {name}。里面的红格子是故意放的，不用管。",
        "Open {name} in the program that you test. The red cells are meant to be there; leave them alone.",
    ),
    "client.first.2": (
        "什么都不改，另存为 {saved}。问保存成什么格式，就选 Excel 工作簿（.xlsx）。",
        "Change nothing. Save it as {saved}. If you are asked for a format, choose Excel workbook (.xlsx).",
    ),
    "client.first.3": (
        "点到“{sheet}”这一页，下面几步都在这一页做。按第一列的客户名称找行。",
        "Go to the sheet {sheet}. All the following steps are there. Rows are found by the customer's name.",
    ),
    "client.change": ("在“{row}”这一行：{cells}。", "In the row of {row}: {cells}."),
    "client.append": (
        "在最后一个客户下面的第一个空行里：{cells}。",
        "In the first blank row below the last customer: {cells}.",
    ),
    "client.insert": (
        "在“{row}”上面插入一整行，在新行里：{cells}。",
        "Insert a whole row above {row}, and in the new row: {cells}.",
    ),
    "client.remove": (
        "把“{row}”这一整行删掉（右键点行号，删除）。",
        "Delete the whole row of {row} (right-click the row's number, Delete).",
    ),
    "client.mark": (
        "在“{row}”这一行最后的“{action}”列，从下拉里选“{delete}”。",
        "In the row of {row}, in the last column, {action}, choose {delete} from the list.",
    ),
    "client.cell.text": ("“{title}”填 {value}", "type {value} into {title}"),
    "client.cell.number": ("“{title}”填 {value}", "type {value} into {title}"),
    "client.cell.date": ("“{title}”填 {value}", "type {value} into {title}"),
    "client.cell.choice": ("“{title}”从下拉里选 {value}", "choose {value} from the list in {title}"),
    "client.cell.clear": ("“{title}”清空（按 Delete 键）", "empty {title} (press Delete)"),
    "client.and": ("，", ", "),
    "client.last.1": ("另存为 {edited}，格式同上。", "Save it as {edited}, in the same format."),
    "client.last.2": (
        "打开命令行，到放这两个文件的文件夹，运行：custsheet doctor --client-test {saved} {edited}",
        "Open a terminal in the folder of the two files and run: custsheet doctor --client-test {saved} {edited}",
    ),
    "client.last.3": (
        "把它打印的结果，连同程序的名字和版本，发到项目的问题页；结果不对的话把两个文件也附上。里面没有任何真的客户。",
        "Send what it prints, with the program's name and version, to the project's issues;"
        " if something was wrong, attach both files. No real customer is in them.",
    ),
    "client.thanks": ("谢谢！", "Thank you!"),
    "client.saved": ("打开再保存", "opened and saved"),
    "client.edited": ("照步骤改过", "edited"),
    "client.good.saved": ("没有多出改动", "no edit was made up"),
    "client.good.edited": ("{found} 处改动都对", "{found:the one edit|all # edits} found, no other"),
    "client.bad": ("漏了 {missing} 处，多出 {surplus} 处", "{missing:1 edit|# edits} missing, {surplus} made up"),
    "client.missing": ("漏了：{edit}", "missing: {edit}"),
    "client.surplus": ("多出：{edit}", "made up: {edit}"),
    "client.row": ("结果表里的一行：", "The row of the table of results:"),
    "client.unknown": ("（文件里没写是哪个程序）", "(the file does not say which program)"),
}
