"""What is wrong in a schema or member file, with its line."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording


def _stop(zh: str, en: str, fix_zh: str = "", fix_en: str = "") -> Wording:
    return Wording("stop", zh, en, fix_zh, fix_en)


_WHOLE: dict[str, Wording] = {
    "SCHEMA_WRONG": _stop(
        "{file} 有 {count} 处要改，第一处在第 {line} 行：{text}",
        "{file}: {count} to fix, the first in line {line}: {text}",
        "逐处改好再运行一次；改之前什么都没动。",
        "Mend each place and run again; nothing was changed.",
    ),
    "MEMBERS_WRONG": _stop(
        "成员表 {file} 有 {count} 处要改，第一处在第 {line} 行：{text}",
        "Member file {file}: {count} to fix, the first in line {line}: {text}",
        "逐处改好再运行一次；改之前什么都没动。",
        "Mend each place and run again; nothing was changed.",
    ),
    "SCHEMA_NOT_FOUND": _stop(
        "找不到文件 {file}。",
        "There is no file {file}.",
        "看看文件名和文件夹对不对，例如 schema.yaml。",
        "Check name and folder, for example schema.yaml.",
    ),
    "SCHEMA_BUILTIN": _stop(
        "没有叫「{word}」的自带表。",
        "There is no built-in schema called “{word}”.",
        "写成 {nearest}；自带的有：{known}。",
        "Write {nearest}; there are: {known}.",
    ),
    "MEMBER_ROLE": _stop(
        "{name} 的角色「{role}」不在表的设置里。",
        "The schema has no role “{role}”, which {name} has.",
        "在 members.yaml 里改成这几个之一：{known}。",
        "In members.yaml write one of: {known}.",
    ),
    "SCHEMA_NEAREST": _stop("", "", "是不是想写 {nearest}？", "Did you mean {nearest}?"),
}

_YAML: dict[str, Wording] = {
    "SCHEMA_ENCODING": _stop(
        "这一行的文字不是 UTF-8 编码。",
        "This line is not UTF-8 text.",
        "用记事本打开，另存为，编码选 UTF-8。",
        "Open it in Notepad, Save as, encoding UTF-8.",
    ),
    "SCHEMA_YAML": _stop(
        "这里读不下去（{detail}）。",
        "This cannot be read on ({detail}).",
        "看看这一行和上一行：缩进、引号、括号、冒号后的空格。",
        "Look at this line and the one above: indent, quotes, brackets, the space after a colon.",
    ),
    "SCHEMA_TAB": _stop(
        "这里用了 Tab 键缩进。",
        "A tab stands here.",
        "换成空格，例如每层两个空格。",
        "Use spaces, for example two per level.",
    ),
    "SCHEMA_COLON": _stop(
        "这一行的冒号读不懂。",
        "The colon in this line cannot be read.",
        '「名称: 值」冒号后空一格；文字里本来有冒号就加引号，例如 "via: customer"。',
        'Write "name: value" with a space after the colon; put a text that has a colon in quotes: "via: customer".',
    ),
    "SCHEMA_WIDE_COLON": _stop(
        "这里是全角冒号「：」。",
        "The colon here is full-width (：).",
        "换成英文冒号加一个空格，例如 title: 客户。",
        "Write a plain colon and a space, for example title: Customers.",
    ),
    "SCHEMA_INDENT": _stop(
        "这一行的缩进和上面对不上。",
        "The indent of this line does not fit the lines above.",
        "同一层的行左边对齐，下一层多两个空格。",
        "Align the lines of one level; indent the next level by two spaces.",
    ),
    "SCHEMA_BRACKET": _stop(
        "括号里少了逗号，或括号没有合上。",
        "A comma is missing in the brackets, or they do not close.",
        "例如 [电话, 邮箱] 或 {{type: text, required: true}}，逗号用英文的。",
        "For example [phone, email] or {{type: text, required: true}}.",
    ),
    "SCHEMA_QUOTE": _stop(
        "这里开始的引号没有合上。",
        "The quotes that open here do not close.",
        '两边用一样的引号，例如 "3"。',
        'Use the same quotes on both sides, for example "3".',
    ),
    "SCHEMA_SIGN": _stop(
        "这里的符号有特别的意思，读不下去。",
        "The sign here means something else in YAML.",
        '以 > @ % * & ! ` 开头的内容加引号，例如 ">="。',
        'Put what starts with > @ % * & ! ` in quotes, for example ">=".',
    ),
    "SCHEMA_EMPTY": _stop(
        "文件是空的。",
        "The file is empty.",
        "从自带的表开始：custsheet new 文件夹 --schema follow-up",
        "Start from a built-in schema: custsheet new DIR --schema follow-up",
    ),
    "SCHEMA_LOOP": _stop(
        "这里的引用绕回了自己，或展开后太大。",
        "The alias here leads back to itself, or unfolds without end.",
        "把内容直接写出来，不用 & 和 *。",
        "Write it out, without & and *.",
    ),
    "SCHEMA_TWICE": _stop(
        "「{word}」写了两次，第一次在第 {first} 行。",
        "“{word}” stands here twice, first in line {first}.",
        "留一个，另一个删掉或改名。",
        "Keep one; delete or rename the other.",
    ),
    "SCHEMA_TAG": _stop(
        "不认识「{word}」。",
        "“{word}” is not known here.",
        "去掉感叹号开头的标记；文字以 ! 开头就加引号。",
        "Take the tag away; put a text that starts with ! in quotes.",
    ),
}

_SHAPE: dict[str, Wording] = {
    "SCHEMA_SETTING": _stop(
        "没有「{word}」这个设置。",
        "There is no setting “{word}” here.",
        "这里可以写：{known}。",
        "Known here: {known}.",
    ),
    "SCHEMA_MISSING": _stop(
        "这里少了「{word}」。", "“{word}” is missing here.", "补一行 {word}: …", "Add a line {word}: …"
    ),
    "SCHEMA_CHOICE": _stop(
        "{field} 不能写「{word}」。", "{field} cannot be “{word}”.", "写这几个之一：{known}。", "Write one of: {known}."
    ),
    "SCHEMA_KIND_TEXT": _stop(
        "{field} 要写文字，这里是「{word}」。",
        "{field} wants a text, here is {word}.",
        "例如 {field}: 客户；数字样子的文字加引号。",
        "For example {field}: Customers; put a text that looks like a number in quotes.",
    ),
    "SCHEMA_KIND_BOOL": _stop(
        "{field} 要写 true 或 false，这里是「{word}」。",
        "{field} wants true or false, here is {word}.",
        "例如 {field}: true",
        "For example {field}: true",
    ),
    "SCHEMA_KIND_WHOLE": _stop(
        "{field} 要写整数，这里是「{word}」。",
        "{field} wants a whole number, here is {word}.",
        "例如 {field}: 30",
        "For example {field}: 30",
    ),
    "SCHEMA_KIND_LIST": _stop(
        "{field} 要写成一列，这里是「{word}」。",
        "{field} wants a list, here is {word}.",
        "例如 {field}: [{word}]",
        "For example {field}: [{word}]",
    ),
    "SCHEMA_KIND_MAP": _stop(
        "{field} 下面要写「名称: 值」，这里是「{word}」。",
        'Under {field} stand lines "name: value", here is {word}.',
        "例如 {field}: {{type: text, title: 备注}}",
        "For example {field}: {{type: text, title: Notes}}",
    ),
    "SCHEMA_KIND_FILLED": _stop(
        "{field} 是空的。", "{field} is empty.", "写上内容，或把这一行删掉。", "Fill it in, or delete the line."
    ),
    "SCHEMA_KIND_COUNT": _stop(
        "{field} 的项数不对，要 {number} 项。",
        "{field} wants {number} items.",
        '例如 compare: [next_follow_up, ">=", last_follow_up] 是 3 项。',
        'For example compare: [next_follow_up, ">=", last_follow_up] has 3.',
    ),
    "SCHEMA_KIND_RANGE": _stop(
        "{field} 写了 {word}，超出范围（到 {number} 为止）。",
        "{field} is {word}, beyond the bound {number}.",
        "写 {number} 以内的数。",
        "Keep to {number}.",
    ),
    "SCHEMA_KIND_FORM": _stop(
        "{field} 不能写成「{word}」。",
        "{field} cannot be written “{word}”.",
        "例如 region: CN，currency: CNY，schema: follow-up",
        "For example region: CN, currency: CNY, schema: follow-up",
    ),
    "SCHEMA_KIND_OTHER": _stop(
        "{field} 的内容读不懂：「{word}」。",
        "{field} cannot be read: {word}.",
        "对照自带的 follow-up 表写。",
        "Compare with the built-in follow-up schema.",
    ),
    "SCHEMA_NAME": _stop(
        "名称不能写成「{word}」。",
        "“{word}” cannot be a name.",
        "用字母开头，只用字母、数字和下划线，例如 next_step；显示的名字写在 title。",
        "Letters first, then letters, digits and underscores, for example next_step; what people see is the title.",
    ),
    "SCHEMA_NAME_CELL": _stop(
        "表名「{word}」会被 Excel 当成单元格地址。",
        "Excel takes the table name “{word}” for a cell address.",
        "换个名称，例如 list_{word}。",
        "Choose another, for example list_{word}.",
    ),
    "SCHEMA_PERCENT": _stop(
        "probability 写了「{word}」。",
        "probability is “{word}”.",
        "写 0% 到 100%，例如 10%。",
        "Write 0% to 100%, for example 10%.",
    ),
    "SCHEMA_DAYS": _stop(
        "show 写了「{word}」。", "show is “{word}”.", "写天数加 d，例如 90d。", "Write days and d: 90d."
    ),
    "SCHEMA_STAR": _stop(
        '{field} 要写 "*" 或一列字段名，这里是「{word}」。',
        '{field} wants "*" or a list of field names, here is {word}.',
        '例如 {field}: "*" 或 {field}: [name, phone]',
        'For example {field}: "*" or {field}: [name, phone]',
    ),
}

_NAMES: dict[str, Wording] = {
    "SCHEMA_TYPE": _stop(
        "没有「{word}」这种字段。", "There is no field type “{word}”.", "可以写：{known}。", "Known: {known}."
    ),
    "SCHEMA_FIELD": _stop(
        "表 {table} 里没有字段「{word}」。",
        "Table {table} has no field “{word}”.",
        "已有的字段：{known}。",
        "It has: {known}.",
    ),
    "SCHEMA_TABLE": _stop(
        "没有叫「{word}」的表。", "There is no table “{word}”.", "已有的表：{known}。", "Known: {known}."
    ),
    "SCHEMA_FIELD_TYPE": _stop(
        "字段 {word} 是 {type}，这里要的是：{known}。",
        "Field {word} is of type {type}; here must stand one of: {known}.",
        "换一个字段，或改它的 type。",
        "Name another field, or change its type.",
    ),
    "SCHEMA_OPTION": _stop(
        "{field} 没有「{word}」这个选项。",
        "{field} has no option “{word}”.",
        "已有的选项：{known}。",
        "It has: {known}.",
    ),
    "SCHEMA_WAS": _stop(
        "{field} 的 was 写了「{word}」，可它就是或曾是 {other} 的名字。",
        "{field} says that it was “{word}”, but that is, or was, the name of {other}.",
        "was 里只写自己改名之前的旧名字，一个旧名字只归一个。",
        "Write only names under was that were its own before; each belongs to one.",
    ),
    "SCHEMA_OPTION_TWICE": _stop(
        "「{word}」在选项「{other}」里已经用了。",
        "“{word}” already stands for the option “{other}”.",
        "一个词只给一个选项。",
        "Let each word stand for one option.",
    ),
    "SCHEMA_NEEDS": _stop(
        "{type} 字段少了 {word}。",
        "A {type} field needs {word}.",
        "例如 options: [高, 中, 低]，to: customers，compute: {{days_until: due}}",
        "For example options: [high, low], to: customers, compute: {{days_until: due}}",
    ),
    "SCHEMA_MISPLACED": _stop(
        "{type} 字段用不上 {word}。",
        "{word} means nothing for a {type} field.",
        "删掉它，或改 type；它用在：{known}。",
        "Delete it, or change the type; it is for: {known}.",
    ),
    "SCHEMA_MERGE": _stop(
        "{type} 字段不能用 merge: {word}。",
        "A {type} field cannot merge by {word}.",
        "写 merge: ask；{word} 用在：{known}。",
        "Write merge: ask; {word} is for: {known}.",
    ),
    "SCHEMA_CONSTANT": _stop(
        "「{word}」不是 {field}（{type}）能有的值。",
        "“{word}” is no value that {field} ({type}) can have.",
        "日期写 2026-11-20，数字写 120000，是否写 true 或 false。",
        "Write a date as 2026-11-20, a number as 120000, yes or no as true or false.",
    ),
    "SCHEMA_PATTERN": _stop(
        "「{word}」不是一个能用的模式。",
        "“{word}” is no regular expression.",
        '例如 "[A-Z]{{2}}[0-9]{{6}}"，括号要成对。',
        'For example "[A-Z]{{2}}[0-9]{{6}}"; brackets come in pairs.',
    ),
    "SCHEMA_PATTERN_SLOW": _stop(
        "「{word}」遇到对不上的文字可能算个没完：重复里面又有重复或者几条路。",
        "“{word}” may never finish on a text that does not fit: a repeat inside a repeat, or several ways through it.",
        '一段里只留一个重复，例如把 "(a+)+" 写成 "a+"，把 "([a-z]+ ?)+" 写成 "[a-z ]+"。',
        'Keep one repeat in each place: write "a+" for "(a+)+", "[a-z ]+" for "([a-z]+ ?)+".',
    ),
    "SCHEMA_VIA": _stop(
        "「{word}」找不到负责人：表 {table} 自己没有，或绕了回来。",
        "“{word}” leads to no owner: table {table} has none, or it leads back.",
        "给表 {table} 写上 owner，例如 owner: owner",
        "Give table {table} an owner, for example owner: owner",
    ),
    "SCHEMA_SHOW": _stop(
        "表 {table} 用了 show，但没有必填的日期字段。",
        "Table {table} has show, but no required date field.",
        "给它的日期字段加 required: true，或删掉 show。",
        "Add required: true to its date field, or delete show.",
    ),
    "SCHEMA_TITLE_TWICE": _stop(
        "{field} 和 {other} 的标题都是「{word}」。",
        "{field} and {other} both have the title “{word}”.",
        "改其中一个：同一张表里列名不能一样。",
        "Change one: two columns of a sheet cannot share a name.",
    ),
    "SCHEMA_TITLE_LONG": _stop(
        "标题「{word}」超过 {limit} 个字，Excel 的表头放不下。",
        "The title “{word}” has more than {limit} characters, which no head of an Excel table holds.",
        '标题写短，说明写进 help，例如 title: 联系人, help: "平时打电话找的那位"。',
        'Keep the title short and put the rest into help, for example title: Contact, help: "whom to call".',
    ),
    "SCHEMA_ROLE_EMPTY": _stop(
        "角色「{word}」什么都看不到，发给他的会是空表。",
        "The role “{word}” sees nothing: its copies would be empty.",
        '写上能看的字段，例如 customers: {{rows: own, see: "*"}}；不要这个角色就删掉。',
        'Say what it sees, for example customers: {{rows: own, see: "*"}}; or delete the role.',
    ),
    "SCHEMA_SHEET": _stop(
        "Excel 的工作表不能叫「{word}」。",
        "A sheet in Excel cannot be called “{word}”.",
        "不超过 31 个字，不用 \\ / ? * [ ] : 和首尾的单引号。",
        "At most 31 characters, none of \\ / ? * [ ] :, no apostrophe at the ends.",
    ),
    "SCHEMA_SHEET_TAKEN": _stop(
        "工作表名「{word}」已经有了。",
        "The sheet name “{word}” is taken.",
        "换一个标题；说明、今日、我的看板留给系统。",
        "Choose another title; Guide, Today and Dashboard are ours.",
    ),
    "SCHEMA_MEMBER_FIELD": _stop(
        "成员本来就有「{word}」。",
        "Members have “{word}” already.",
        "换一个名称，或删掉。",
        "Choose another name, or delete it.",
    ),
}

_RULES: dict[str, Wording] = {
    "SCHEMA_RULE_TWICE": _stop(
        "规则「{word}」有两条。", "There are two rules “{word}”.", "换一个名称。", "Choose another name."
    ),
    "SCHEMA_RULE_FORM": _stop(
        "规则 {name} 要正好写一种要求。",
        "Rule {name} wants exactly one demand.",
        "写其中一种：{known}。",
        "Write one of: {known}.",
    ),
    "SCHEMA_RULE_WHEN": _stop(
        "{word} 管整张表，不能加 when。",
        "{word} is about the whole table and takes no when.",
        "删掉 when。",
        "Delete when.",
    ),
    "SCHEMA_WHEN": _stop(
        "{word} 的条件读不懂。",
        "The condition on {word} cannot be read.",
        "写成 {word}: 值、{word}: [值, 值]、{word}: {{not: [值]}} 或 {word}: {{filled: true}}",
        "Write {word}: value, {word}: [value, value], {word}: {{not: [value]}} or {word}: {{filled: true}}",
    ),
    "SCHEMA_OP": _stop(
        "不能用「{word}」比较。",
        "“{word}” compares nothing.",
        "写这几个之一，加引号：{known}",
        "Write one of, in quotes: {known}",
    ),
    "SCHEMA_OPERAND": _stop(
        "不能和「{word}」比较。",
        "“{word}” is nothing to compare with.",
        "写字段名、today、数字或 2026-11-20 这样的日期；字段有：{known}。",
        "Write a field, today, a number or a date such as 2026-11-20; fields: {known}.",
    ),
    "SCHEMA_COMPUTE": _stop(
        "不会算「{word}」。",
        "“{word}” is nothing that can be computed.",
        "写其中一种：{known}。",
        "Write one of: {known}.",
    ),
    "SCHEMA_COMPUTE_FORM": _stop(
        "{word} 的写法读不懂。",
        "{word} cannot be read as it stands.",
        "例如 days_until: due，count_of: log，sum_of: [opportunities, amount]，weighted: [amount, stage]，"
        "hint: {{next: due, last: done}}",
        "For example days_until: due, count_of: log, sum_of: [opportunities, amount], weighted: [amount, stage], "
        "hint: {{next: due, last: done}}",
    ),
    "SCHEMA_NO_CHANCE": _stop(
        "{word} 的选项没有写 probability。",
        "No option of {word} has a probability.",
        "例如 {{value: 方案报价, probability: 50%}}",
        "For example {{value: Proposal, probability: 50%}}",
    ),
    "SCHEMA_NO_REF": _stop(
        "表 {word} 没有指向 {table} 的 ref 字段。",
        "Table {word} has no ref field that leads to {table}.",
        "给它加一个，例如 customer: {{type: ref, to: {table}, title: 客户}}",
        "Add one, for example customer: {{type: ref, to: {table}, title: Customer}}",
    ),
}

_RIGHTS: dict[str, Wording] = {
    "SCHEMA_STAR_ONLY": _stop(
        '"*" 指所有的表，{word} 不能列字段名。',
        '"*" means all tables, so {word} cannot list fields.',
        '写 {word}: "*"，或把表一张张列出来。',
        'Write {word}: "*", or name the tables one by one.',
    ),
    "SCHEMA_NO_OWNER": _stop(
        "rows: {word} 要看负责人，表 {table} 没有 owner。",
        "rows: {word} goes by the owner, and table {table} has none.",
        "给表写上 owner，或用 rows: all。",
        "Give the table an owner, or write rows: all.",
    ),
    "SCHEMA_EDIT_UNSEEN": _stop(
        "{word} 看不到，就不能改。",
        "{word} is not seen, so it cannot be edited.",
        "把它加进 see，或从 edit 里删掉。",
        "Add it to see, or take it out of edit.",
    ),
    "SCHEMA_EDIT_SYSTEM": _stop(
        "{word} 由系统填，不能改。",
        "The system fills {word}; it cannot be edited.",
        "从 edit 里删掉。",
        "Take it out of edit.",
    ),
    "SCHEMA_EDIT_OWNER": _stop(
        "{word} 是负责人，要有改派权才能改。",
        "{word} is the owner; editing it takes the right to reassign.",
        "加上 reassign: true，或从 edit 里删掉 {word}。",
        "Add reassign: true, or take {word} out of edit.",
    ),
    "SCHEMA_ROLE": _stop(
        "没有「{word}」这个角色。", "There is no role “{word}”.", "可以写：{known}。", "Known: {known}."
    ),
    "MEMBER_SAME": _stop(
        "「{word}」已经是 {other} 的编号或名字。",
        "“{word}” is already the id or name of {other}.",
        "编号和名字都不能重，例如写成 王芳2。",
        "Ids and names stand for one member each.",
    ),
    "MEMBER_MANAGER": _stop(
        "主管「{word}」不在成员表里。",
        "The manager “{word}” is not among the members.",
        "写一位成员的编号或名字，或先把主管加进来。",
        "Write a member's id or name, or add the manager first.",
    ),
}

CODES: dict[str, Wording] = {**_WHOLE, **_YAML, **_SHAPE, **_NAMES, **_RULES, **_RIGHTS}

WORDS: dict[str, tuple[str, str]] = {
    "migrate.same": (
        "schema.yaml 和账本里用的一样，没有要换的",
        "schema.yaml is the one that the ledger uses; nothing to do",
    ),
    "migrate.title": ("schema.yaml 改了这些：", "What has changed in schema.yaml:"),
    "migrate.nothing": ("没有影响到内容的改动", "Nothing that touches any value"),
    "migrate.table_added": ("＋ 新的表「{title}」", "+ new table “{title}”"),
    "migrate.table_removed": (
        "－ 去掉了表「{title}」：{values} 行不再显示，留在历史里",
        "- table “{title}” is taken out: its {values:one row is no longer shown and stays|# rows are no longer shown and stay} in history",
    ),
    "migrate.table_renamed": (
        "→ 表「{title}」改名：{was} → {name}，{values} 行原样跟过去",
        "→ table “{title}” is renamed: {was} → {name}; its {values:one row goes|# rows go} along",
    ),
    "migrate.added": ("＋ 新的栏「{title}」", "+ new field “{title}”"),
    "migrate.left": (
        "    ！ 以前有过，修订 r{at} 换表样时移出了 {left} 处内容，加回来是空的，不会自己回来。都列在 custsheet log -o 历史.xlsx 里，"
        "整理成名单，用 custsheet import 名单.csv --table {table} --update 填回。要整个退回 r{at} 之前，后来做的就都不算："
        "custsheet restore {backup}",
        "    ! There was one before: r{at} took {left:one value|# values} out, which {left:does|do} not come back by "
        "{left:itself|themselves}. What it held is in custsheet log -o history.xlsx; as a list it is filled in by custsheet "
        "import list.csv --table {table} --update; to go back to before r{at}, without all that was done since: custsheet "
        "restore {backup}",
    ),
    "migrate.left_rows": (
        "    ！ 以前有过，修订 r{at} 换表样时移出了 {left} 行，加回来是空的，不会自己回来。都列在 custsheet log -o 历史.xlsx 里，"
        "整理成名单，用 custsheet import 名单.csv --table {table} 填回。要整个退回 r{at} 之前，后来做的就都不算："
        "custsheet restore {backup}",
        "    ! There was one before: r{at} took {left:one row|# rows} out, which {left:does|do} not come back by "
        "{left:itself|themselves}. What it held is in custsheet log -o history.xlsx; as a list it is filled in by custsheet "
        "import list.csv --table {table}; to go back to before r{at}, without all that was done since: custsheet "
        "restore {backup}",
    ),
    "migrate.removed": (
        "－ 去掉了「{title}」：里面有 {values} 处内容，会移出，留在历史里",
        "- “{title}” is taken out: its {values:one value leaves the rows and stays|# values leave the rows and stay} in history",
    ),
    "migrate.renamed": (
        "→ 「{title}」改名：{was} → {name}，{values} 处内容原样跟过去",
        "→ “{title}” is renamed: {was} → {name}; its {values:one value goes|# values go} along",
    ),
    "migrate.type": (
        "～ 「{title}」换了类型：{was} → {now}，共 {values} 处内容",
        "~ “{title}” is of another type: {was} → {now}; {values:1 value|# values}",
    ),
    "migrate.options": (
        "～ 「{title}」的选项变了，共 {values} 处内容",
        "~ the options of “{title}” have changed; {values:1 value|# values}",
    ),
    "migrate.lost": (
        "    ！ 其中 {lost} 处照新的读不出来或不是选项，原样留着，标红：",
        "    ! {lost} of them cannot be read or are no option any more; they stay as they are, in red:",
    ),
    "migrate.gone": ("    比如：", "    for example:"),
    "migrate.turned": ("    读成这样：", "    they become:"),
    "migrate.example": ("      {label}：{old}", "      {label}: {old}"),
    "migrate.example_row": ("      {label}", "      {label}"),
    "migrate.example_new": ("      {label}：{old} → {new}", "      {label}: {old} → {new}"),
    "migrate.was_hint": (
        "    要是「{title}」只是改名叫 {new}，给 {new} 加上 was: [{old}]，内容就会跟过去",
        "    If “{title}” is only called {new} now, add was: [{old}] to {new}, and its values go along",
    ),
    "migrate.broken": (
        "▲ {count} 行不合新的规定（内容不动）：{message}",
        "▲ A new rule does not hold in some rows (they stay), {count} in all: {message}",
    ),
    "migrate.asked": (
        "？ 有 {count} 处正等你定：收得了的换了以后照样等你定，收不了的就选不了了：",
        "? {count:1 cell that is|# cells that are} asked about: what can be taken waits for you as before, what cannot is no "
        "choice any more:",
    ),
    "migrate.asked.one": ("    {label} · {title}：{said}", "    {label} · {title}: {said}"),
    "migrate.asked.read": ("{who} 填的 {old} → {new}", "{old} by {who} → {new}"),
    "migrate.asked.out": ("{who} 填的 {old}（收不了）", "{old} by {who} (not taken any more)"),
    "migrate.copies": ("还在外面的 {count} 份：", "{count:1 copy is|# copies are} out:"),
    "migrate.copy": ("  {member}（{round}）：{said}", "  {member} ({round}): {said}"),
    "migrate.copy.same": ("照常收", "taken as always"),
    "migrate.copy.removed": (
        "「{titles}」里填的不收，会列出来",
        "what is typed under {titles} is kept out and listed",
    ),
    "migrate.copy.renamed": (
        "「{titles}」照收，归到新名下",
        "what is typed under {titles} is taken, under the new name",
    ),
    "migrate.copy.reread": (
        "「{titles}」照新类型读，读不出的会列出来",
        "what is typed under {titles} is read as the new type; what cannot be is listed",
    ),
    "migrate.copy.added": ("没有「{titles}」，当作没动", "it does not have {titles}; nothing changes there"),
    "migrate.lost_all": (
        "换的时候有 {count} 处内容没有地方放或读不出来，要写明：custsheet schema migrate --accept-loss",
        "{count:1 value has|# values have} no place or cannot be read; to go on: custsheet schema migrate --accept-loss",
    ),
    "migrate.next": ("没问题就换：custsheet schema migrate", "To carry it over: custsheet schema migrate"),
    "migrate.not_needed": ("不用换，照常用就行", "Nothing has to be carried over; go on as always"),
    "migrate.taken": ("已按新的 schema.yaml 用", "The new schema.yaml is in use"),
    "migrate.done": (
        "已换好，现在是修订 r{revision}；换之前的备份在 {backup}",
        "Carried over as r{revision}; the backup from before is {backup}",
    ),
    "migrate.kept": (
        "移出或读不出的 {count} 处内容都在历史里：custsheet log -o 历史.xlsx",
        "{count:The value that left or cannot be read is|The # values that left or cannot be read are} in history: custsheet log -o history.xlsx",
    ),
}
