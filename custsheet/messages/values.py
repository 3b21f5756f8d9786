"""What is wrong with one value, and what was repaired in it."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {
    "R_VALUE": Wording(
        "rejected",
        "“{title}”没认出来，这处先没动。你填的：{value}",
        "{title} could not be read, so it was left as it was. You typed: {value}",
        "{expected}",
        "{expected}",
    ),
    "R_REQUIRED": Wording(
        "rejected",
        "“{title}”是必填的，现在空着。",
        "{title} must be filled in and is blank.",
        "补上“{title}”。确实没有，就问一下负责的人，别留空。",
        "Fill in {title}. If there is nothing to put there, ask whoever runs the round; do not leave it blank.",
    ),
    "R_CELL_ERROR": Wording(
        "rejected",
        "“{title}”里是 {value}：表格没算出来，没有可用的值。",
        "{title} shows {value}: the sheet could not work it out, so there is no value to take.",
        "删掉它，直接填值。比如金额写 120000，不写公式。",
        "Delete it and type the value itself, for example 120000 instead of a formula.",
    ),
    "R_FORMULA": Wording(
        "rejected",
        "“{title}”要填值，不收公式和单元格图片。你填的：{value}",
        "{title} takes a value, not a formula or an in-cell picture. You typed: {value}",
        "复制这一格，用“粘贴为数值”贴回原处，或者直接填，比如 2550。图片另外发。",
        "Copy the cell and paste it back as values, or type the result, for example 2550. Send pictures separately.",
    ),
    "R_DIGITS_LOST": Wording(
        "rejected",
        "“{title}”的数字不全了：表格把它当成数来存，后面的位数丢了。现在是：{value}",
        "{title} has lost digits: the sheet stored it as a quantity and dropped the last ones. It now holds: {value}",
        "先把这一格设成“文本”，再重填完整号码，比如 13800138000。",
        "Set the cell's format to Text first, then type the whole number again, for example 13800138000.",
    ),
    "R_DATE_AMBIGUOUS": Wording(
        "rejected",
        "“{title}”分不清哪个是月、哪个是日。你填的：{value}，可能是 {one}，也可能是 {other}",
        "In {title} day and month could be either way round. You typed: {value}, which is {one} or {other}",
        "写成年-月-日，比如 {one}。",
        "Write year-month-day, for example {one}.",
    ),
    "F_REPAIRED": Wording(
        "info",
        "“{title}”帮你整理了写法：{old} → {new}",
        "{title} was tidied: {old} → {new}",
        "不对的话，在文件里改过来，再给一次。",
        "If that is not what you meant, change it in the file and give the file again.",
    ),
    "F_TERM": Wording(
        "info",
        "“{title}”换成了统一说法：{old} → {new}",
        "{title} now uses the team's word: {old} → {new}",
        "不对的话，在文件里改过来，再给一次。",
        "If that is not what you meant, change it in the file and give the file again.",
    ),
    "F_PHONE_NUMBER": Wording(
        "info",
        "“{title}”被表格存成了数，号码还是全的，已还原：{old} → {new}",
        "{title} had been stored as a quantity; no digit was lost and it was restored: {old} → {new}",
        "核对一下 {new}，以后填之前先把格式设成“文本”。",
        "Check {new}; next time set the cell's format to Text before typing.",
    ),
    "F_DATE_SERIAL": Wording(
        "info",
        "“{title}”里是一个没有日期格式的数，按日期读了：{old} → {new}",
        "{title} held a number without a date format and was read as a date: {old} → {new}",
        "核对一下 {new}，不对就写成 2026-11-03 这样。",
        "Check {new}; if it is wrong, write it like 2026-11-03.",
    ),
    "F_DATE_ASSUMED": Wording(
        "info",
        "“{title}”的日期没写全，这样读了：{old} → {new}",
        "The date in {title} was not complete; it was read as: {old} → {new}",
        "核对一下 {new}，不对就把年月日写全，比如 2026-11-03。",
        "Check {new}; if it is wrong, write the whole date, for example 2026-11-03.",
    ),
    "F_DATE_ORDER": Wording(
        "info",
        "“{title}”的月和日可以两读，按先月后日读了：{old} → {new}",
        "In {title} day and month could be either way round and were read month first: {old} → {new}",
        "核对一下 {new}，不对就写成年-月-日，比如 2026-11-03。",
        "Check {new}; if it is wrong, write year-month-day, for example 2026-11-03.",
    ),
    "F_DATE_BY_COLUMN": Wording(
        "info",
        "“{title}”的月和日可以两读，按这一列别的日期的写法读了：{old} → {new}",
        "In {title} day and month could be either way round; it was read as the other dates of the column are written:"
        " {old} → {new}",
        "核对一下 {new}，不对就写成年-月-日，比如 2026-11-03。",
        "Check {new}; if it is wrong, write year-month-day, for example 2026-11-03.",
    ),
    "F_PRECISION": Wording(
        "warning",
        "“{title}”有 16 位以上的数字，表格只留得住前 15 位：{old} → {new}",
        "{title} has more than 15 digits, and a sheet keeps only the first 15: {old} → {new}",
        "如果是编号、卡号，先把格式设成“文本”再填完整，比如 110101199003074512。",
        "If it is a code or card number, set the cell's format to Text and type all of it, e.g. 110101199003074512.",
    ),
    "F_FORMULA_NOCACHE": Wording(
        "info",
        "“{title}”里的公式没有算过的结果，只有公式本身：{old}",
        "The formula in {title} was never worked out by the program that saved it: {old}",
        "在 Excel 或 WPS 里打开一次再保存，或者直接填值，比如 2550。",
        "Open the file in Excel or WPS and save it, or type the value itself, for example 2550.",
    ),
    "F_FORMULA_LIKE_TEXT": Wording(
        "info",
        "“{title}”里的文字以 = 开头，当作文字收下了，不会当公式算：{new}",
        "The text in {title} begins with =; it was taken as text and is never worked out as a formula: {new}",
        "确实是文字就不用管；本来想算出数来，就直接填结果，比如 2550。",
        "If it is meant as text, leave it; if a result was meant, type the result, for example 2550.",
    ),
    "F_CONTROL_CHARS": Wording(
        "warning",
        "“{title}”里有看不见的字符（{old}），可能和看上去的不一样：{new}",
        "{title} holds characters that cannot be seen ({old}) and may not be what it looks like: {new}",
        "把这一格重新打一遍，别从网页或聊天里粘贴，比如直接键入 王芳。",
        "Type the cell again by hand instead of pasting it from a page or chat, for example Ann Wang.",
    ),
    "FIELD_TYPE": Wording(
        "stop",
        "没有“{type}”这种字段类型。",
        "There is no field type “{type}”.",
        "是不是“{nearest}”？可以用的有：{known}",
        "Did you mean “{nearest}”? There are: {known}",
    ),
}

WORDS: dict[str, tuple[str, str]] = {
    # what to write instead, by the reading that failed
    "expect.text": ("直接写文字。", "Type plain text."),
    "expect.value": ("换个写法再填，怎么填看“说明”页。", "Write it another way; the guide sheet says how."),
    "expect.note": ("直接写文字。", "Type plain text."),
    "expect.max_length": (
        "太长了，最多 {high} 个字。留要点，其余写进跟进记录。",
        "Too long: {high} characters at most. Keep the gist and put the rest into the log.",
    ),
    "expect.min_length": ("太短了，至少 {low} 个字。", "Too short: {low} characters at least."),
    "expect.pattern": ("要符合这个写法：{pattern}", "It has to follow this pattern: {pattern}"),
    "expect.choice": ("从下拉里选一个：{options}", "Choose one from the list: {options}"),
    "expect.choice_near": (
        "是不是“{nearest}”？从下拉里选一个：{options}",
        "Did you mean “{nearest}”? Choose one from the list: {options}",
    ),
    "expect.tags": (
        "写几个词，用“、”隔开，比如 重点、华东。",
        "Write words with commas between, for example key, east.",
    ),
    "expect.date": (
        "写成年-月-日，比如 2026-11-27。拿不准就先填最早的一天。",
        "Write year-month-day, for example 2026-11-27. If you are not sure, take the earliest day.",
    ),
    "expect.datetime": (
        "写成年-月-日 时:分，比如 2026-11-27 15:30。",
        "Write year-month-day hour:minute, for example 2026-11-27 15:30.",
    ),
    "expect.date_order": ("写成年-月-日，比如 {one}。", "Write year-month-day, for example {one}."),
    "expect.number": ("只写一个数，比如 1200 或 1.2万。", "Write one number, for example 1200."),
    "expect.number_not_date": (
        "这一格变成了日期。把格式改回“常规”，再填数，比如 1200。",
        "The cell became a date. Set its format back to General and type the number, for example 1200.",
    ),
    "expect.money": (
        "只写一个金额，比如 120000 或 12万；别写范围，也别换币种。",
        "Write one amount, for example 120000; no range, no other currency.",
    ),
    "expect.percent": ("写成百分数，比如 20%。", "Write a percentage, for example 20%."),
    "expect.progress": ("写 0% 到 100% 之间的进度，比如 60%。", "Write progress from 0% to 100%, for example 60%."),
    "expect.score": (
        "打 {low} 到 {high} 之间的整数分，比如 {high}。",
        "Give a whole score from {low} to {high}, for example {high}.",
    ),
    "expect.bool": ("选“是”或“否”。", "Choose Yes or No."),
    "expect.phone": (
        "一格写一个号码：手机 13800138000，座机带区号 0571-88880000，国外带 + 和国家号。",
        "One number per cell: mobile 13800138000, landline with area code 0571-88880000, abroad with + and country.",
    ),
    "expect.phone_abroad": (
        "一格写一个号码，带 + 和国家号，比如 +12025550123。",
        "One number per cell, with + and country code, for example +12025550123.",
    ),
    "expect.email": ("写一个邮箱，比如 wang@example.com。", "Write one address, for example wang@example.com."),
    "expect.member": ("从下拉里选一位成员。", "Choose a member from the list."),
    "expect.member_near": (
        "是不是“{nearest}”？从下拉里选一位成员。",
        "Did you mean “{nearest}”? Choose a member from the list.",
    ),
    "expect.members": ("写成员的名字，用“、”隔开，比如 王芳、李雷。", "Write members' names with commas between."),
    "expect.ref": (
        "填另一张表里已有的名称，最好从下拉里选。",
        "Write a name that stands in the other sheet, best chosen from the list.",
    ),
    "expect.ref_near": (
        "是不是“{nearest}”？最好从下拉里选。",
        "Did you mean “{nearest}”? Best choose from the list.",
    ),
    "expect.id-number": (
        "写 18 位身份证号，最后一位可以是 X。",
        "Write the 18 characters of the identity number; the last may be X.",
    ),
    "expect.formula": ("把公式换成它的结果，比如 2550。", "Replace the formula by its result, for example 2550."),
    "expect.picture": (
        "单元格图片收不了，写文字；图片另外发。",
        "In-cell pictures cannot be taken: type text, send the picture separately.",
    ),
    "expect.error": ("删掉它，直接填值。", "Delete it and type the value itself."),
    "expect.digits": (
        "先把这一格设成“文本”，再重填完整号码。",
        "Set the cell's format to Text first, then type the whole number again.",
    ),
    "expect.min": ("不能小于 {low}，比如 {low}。", "Not less than {low}, for example {low}."),
    "expect.max": ("不能大于 {high}，比如 {high}。", "Not more than {high}, for example {high}."),
    # how to fill a field, for the guide
    "fill.required": ("必填。", "Must be filled in."),
    "fill.system": ("系统来填，不用管。", "The system fills this in."),
    "fill.text": ("写一行文字。", "One line of text."),
    "fill.value": ("按字段名填。", "Fill in what the title says."),
    "fill.long": ("写文字，可以换行（Alt+Enter）。", "Text; Alt+Enter starts a new line."),
    "fill.note": ("往后接着写，别改别人写的。", "Add at the end; leave what others wrote."),
    "fill.sections": (
        "分成几段写：{sections}。每段开头写 {first} 这样的标题。",
        "Sections: {sections}. Begin each with a head like {first}.",
    ),
    "fill.max_length": ("最多 {high} 个字。", "{high} characters at most."),
    "fill.pattern": ("写法要符合 {pattern}。", "It has to follow {pattern}."),
    "fill.choice": ("从下拉里选：{options}。", "Choose from the list: {options}."),
    "fill.options": ("可以用的词：{options}。", "Words to use: {options}."),
    "fill.tags": ("写几个词，用“、”隔开，比如 重点、华东。", "Words with commas between, for example key, east."),
    "fill.date": ("写日期，比如 2026-11-27 或 11-27。", "A date, for example 2026-11-27."),
    "fill.datetime": ("写日期和时间，比如 2026-11-27 15:30。", "Date and time, for example 2026-11-27 15:30."),
    "fill.number": ("写一个数，比如 1200。", "A number, for example 1200."),
    "fill.money": (
        "写金额，比如 120000 或 12万，不用写货币符号。",
        "An amount, for example 120000; no currency sign needed.",
    ),
    "fill.percent": ("写百分数，比如 20%。", "A percentage, for example 20%."),
    "fill.progress": ("写完成了多少，比如 60%。", "How much is done, for example 60%."),
    "fill.score": ("打 {low} 到 {high} 的整数分，{high} 最好。", "A whole score from {low} to {high}; {high} is best."),
    "fill.between": ("在 {low} 和 {high} 之间。", "Between {low} and {high}."),
    "fill.min": ("不小于 {low}。", "Not less than {low}."),
    "fill.max": ("不大于 {high}。", "Not more than {high}."),
    "fill.bool": ("选“是”或“否”。", "Choose Yes or No."),
    "fill.phone": (
        "一格一个号码，比如 13800138000 或 0571-88880000。",
        "One number per cell, for example 13800138000 or 0571-88880000.",
    ),
    "fill.email": ("一格一个邮箱，比如 wang@example.com。", "One address per cell, for example wang@example.com."),
    "fill.member": ("从下拉里选一位成员。", "Choose a member from the list."),
    "fill.members": ("写成员的名字，用“、”隔开，比如 王芳、李雷。", "Members' names with commas between."),
    "fill.ref": (
        "从下拉里选；新加的行也可以直接写它的名称。",
        "Choose from the list; the name of a new row may be typed.",
    ),
    "fill.id-number": ("写 18 位身份证号。", "The 18 characters of the identity number."),
    "fill.computed": ("系统来算，不用管。", "The system works this out."),
}
