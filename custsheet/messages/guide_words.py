"""The words on a copy's guide, strips and heads."""

# ruff: noqa: E501 - a sentence stands on one line

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {
    "F_ANSWER": Wording(
        "warning",
        "「{label}」的「{field}」：没看懂这个答案，你选的是「{value}」。",
        "{label}, {field}: this answer is not one of the choices. You chose “{value}”.",
        "点箭头从清单里选，最接近的是「{nearest}」。想写别的，选「自己填」，再填右边一格。",
        "Pick one from the list, the nearest is “{nearest}”. To write something else, pick “My own” and fill the next cell.",
    ),
    "F_ANSWER_OWN": Wording(
        "warning",
        "「{label}」的「{field}」：选了「自己填」，但填的「{value}」读不出来。",
        "{label}, {field}: “My own” is chosen, but “{value}” cannot be read.",
        "在「自己填」里写一个这一栏认得的值，例如照旁边几格的写法。",
        "Write a value that this field takes, in the way the cells beside it are written.",
    ),
    "F_ANSWER_OLD": Wording(
        "info",
        "「{label}」的「{field}」：这个问题已经变了，或者已经解决，这次的答案没有用上。",
        "{label}, {field}: this question has changed or is settled, so the answer was not used.",
        "看新的问题表，还在的就再答一次。",
        "Look at the new questions; if it is still there, answer it again.",
    ),
}

WORDS: dict[str, tuple[str, str]] = {
    # the copy
    "copy.guide": ("说明", "Guide"),
    "copy.action": ("操作", "Action"),
    "copy.delete": ("删除", "Delete"),
    "copy.members": ("成员", "Members"),
    "copy.week": ("{year} 年第 {week} 周", "{year}, week {week}"),
    "copy.as_of": ("数据截至 {as_of}", "as of {as_of}"),
    "copy.must": ("（必填）", " (required)"),
    "copy.open.lead": ("！还差 ", "! "),
    "copy.open.tail": (" 处", " to fix"),
    "copy.open.none": ("√ 可以交", "√ Ready"),
    "copy.first": ("→ 去第一处", "→ First one"),
    "copy.free_row": ("→ 去空行", "→ Free row"),
    "copy.to_log": ("→ {title}", "→ {title}"),
    "copy.to_guide": ("返回说明", "Back to guide"),
    "copy.stop.list.title": ("清单里没有这个", "Not in the list"),
    "copy.stop.list": ("点箭头，从清单里选一个。", "Click the arrow and pick one from the list."),
    "copy.stop.date.title": ("这不是日期", "This is not a date"),
    "copy.stop.date": ("写成 11-27 或 2026-11-27。", "Write it like 2026-11-27."),
    "copy.stop.number.title": ("这里要填数字", "A number goes here"),
    "copy.stop.number": ("{example}", "{example}"),
    "copy.stop.text.title": ("再看一眼「{title}」", "Look again: {title}"),
    "copy.stop.text": ("{example}", "{example}"),
    # the guide
    "guide.purpose": (
        "把每一行的进展和下一步写清楚，到期发回，合并成全组的一份。下一份里你会看到别人改了什么。",
        "Keep every row up to date and send this file back. All copies become one, and your next copy shows what changed.",
    ),
    "guide.light.lead": ("！先别交，还差 ", "! Not yet: "),
    "guide.light.tail": (" 处", " to fix"),
    "guide.light.good": ("√ 可以交了", "√ Ready to return"),
    "guide.light.fix": (
        "红格和虚线格改好了，这里自己变绿。",
        "Fix the red and the dashed cells; this turns green by itself.",
    ),
    "guide.light.send": ("存盘，把这个文件原样发回就行。", "Save, and send this file back as it is."),
    "guide.due": ("{due} 前交", "Due {due}"),
    "guide.no_due": ("填好就发回", "Send it back when done"),
    "guide.return": (
        "存盘后把这个文件原样发回，文件名随意。",
        "Save it and send this very file back. Any file name will do.",
    ),
    "guide.date": ("{month}{day} 日（{weekday}）{time}", "{weekday}, {month} {day} {time}"),
    "guide.weekdays": ("周一 周二 周三 周四 周五 周六 周日", "Mon Tue Wed Thu Fri Sat Sun"),
    "guide.months": (
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    ),
    "guide.steps": ("一步一步来", "Step by step"),
    "guide.step.edit": (
        "在「{sheet}」里改，新的写在末尾的空行",
        "Edit “{sheet}”; add new ones in the free rows at its end",
    ),
    "guide.step.add": ("在「{sheet}」末尾的空行接着写，一次一行", "Go on in the free rows at the end of “{sheet}”"),
    "guide.step.read": ("「{sheet}」只供查看", "“{sheet}” is for reading"),
    "guide.step.send": ("存盘，原样发回", "Save, and send it back as it is"),
    "guide.safety": ("放心改，但记住这几条", "Good to know"),
    "guide.note.ground": (
        "白底可以填，灰底由系统填。可以排序、筛选、自己加列；请不要合并单元格。",
        "White is yours to fill, grey is filled for you. Sort, filter and add columns as you like, but do not merge cells.",
    ),
    "guide.note.sort": (
        "排序时点表里任意一格再排，不要只选一列。",
        "To sort, click any one cell of the table first; never sort a single selected column.",
    ),
    "guide.note.delete": (
        "不要了的行，在「操作」里选「删除」，不用删掉整行。",
        "To drop a row pick “Delete” in its Action cell; leave the row where it is.",
    ),
    "guide.note.go_on": (
        "发回之后，接着用下一份。没换也不要紧：把这份再发一次，什么都不会丢。",
        "After sending, go on in the next copy. If you did not, send this one again: nothing is lost.",
    ),
    "guide.note.personal": (
        "这个文件只给你本人看，里面有客户的电话等个人信息，请不要转发，也不要传到网盘。",
        "This file is for you alone. It holds personal data such as phone numbers: do not forward or upload it.",
    ),
    "guide.note.private": (
        "这个文件只给你本人看，请不要转发。",
        "This file is for you alone; please do not forward it.",
    ),
    "guide.note.macro": (
        "文件里没有宏，也不用联网。打开时若让你启用宏，那不是我们发的，别点。",
        "There are no macros in it and it needs no network. If a file asks you to enable macros, it is not ours.",
    ),
    "guide.pointed_signs": ("要做的事：尖的符号", "What to do: pointed signs"),
    "guide.round_signs": (
        "是什么状态：圆的符号（颜色只是帮忙，看符号就够）",
        "What state it is in: round signs (colour only helps)",
    ),
    "guide.sign.wrong": ("要改，才能交", "has to be fixed"),
    "guide.sign.wrong.example": ("写错了", "wrong"),
    "guide.sign.missing": ("必填的还没填", "required, still empty"),
    "guide.sign.missing.example": ("空着", "empty"),
    "guide.sign.overdue": ("过了时间还没做", "the day has passed"),
    "guide.sign.overdue.example": ("11-17", "11-17"),
    "guide.sign.today": ("就是今天", "today"),
    "guide.sign.today.example": ("11-20", "11-20"),
    "guide.sign.soon": ("三天之内", "within three days"),
    "guide.sign.soon.example": ("11-22", "11-22"),
    "guide.sign.stale": ("超过三周没联系", "no contact for three weeks"),
    "guide.sign.stale.example": ("10-20", "10-20"),
    "guide.sign.readonly": ("灰底不用填，填了也不收", "grey ground: filled for you, not taken back"),
    "guide.sign.readonly.example": ("系统填", "filled for you"),
    "guide.fields": ("「{table}」每一栏怎么填", "How to fill each field of {table}"),
    "guide.field": ("栏", "Field"),
    "guide.must": ("必填", "Required"),
    "guide.how": ("怎么填", "How"),
    "guide.computed": ("系统算的，不用填。", "Worked out for you."),
    "guide.readonly": ("只供查看，要改请找主管。", "For reading; ask your manager to change it."),
    "guide.only_new": ("只在新加的行里填。", "Only in rows that you add."),
    "guide.free": ("照实写就好。", "Write it as it is."),
}
