"""What the caller, or a file that the manager wrote, got wrong; and the sentences of the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from custsheet.messages.catalogue import Wording

_MAYBE = re.compile(r"\[\[(.*?)\]\]")
_FACT = re.compile(r"{(\w+)}")


class _Sentence(str):
    """A wording whose parts in `[[…]]` are left out where a fact of theirs is empty."""

    __slots__ = ()

    def format_map(self, facts: Mapping[str, object], /) -> str:  # type: ignore[override]  # plain names only
        """Fill the facts in."""
        kept = _MAYBE.sub(lambda part: part[1] if all(facts.get(n) for n in _FACT.findall(part[1])) else "", str(self))
        return str(kept).format_map(facts)


def _stop(zh: str, en: str, fix_zh: str = "", fix_en: str = "") -> Wording:
    return Wording("stop", _Sentence(zh), _Sentence(en), _Sentence(fix_zh), _Sentence(fix_en))


CODES: dict[str, Wording] = {
    "NO_WORKSPACE": Wording(
        "stop",
        "{folder} 和它上面的文件夹里都没有 custsheet 工作区。",
        "Neither {folder} nor a folder above it is a custsheet workspace.",
        "进到团队的文件夹再运行，或新建一个：custsheet new 团队名 --schema follow-up",
        "Go to the team's folder, or make one: custsheet new TEAM --schema follow-up",
    ),
    "NO_QUESTION": Wording(
        "stop",
        "没有关于「{label}」{field}的问题。",
        "Nothing is asked about {label}{field}.",
        "custsheet resolve 会列出还没答的问题，照那里的写法写。",
        "custsheet resolve lists what is open; write it as it stands there.",
    ),
    "ANSWER_SEVERAL": Wording(
        "stop",
        "「{label}」有几个问题，「{value}」在各处不是一个意思：{fields}。一个也没有答。",
        "Several things are asked about {label}, and “{value}” does not mean the same in each: {fields}. "
        "None was answered.",
        "加上 --field，一次答一个；几张表里有同名的，名字前面写上表名。",
        "Add --field and answer one at a time; where tables share a name, write the table before it.",
    ),
    "ANSWER_UNREADABLE": Wording(
        "stop",
        "「{label}」：没看懂答案「{value}」。",
        "{label}: this answer is none of the choices: {value}",
        "可以写：{choices}。{letters}{own}",
        "One of these: {choices}. {letters}{own}",
    ),
    "NOT_UNDOABLE": Wording(
        "stop",
        "没有可以撤销的修订 r{revision}（最新的是 r{latest}）。",
        "There is no revision {revision} that can be undone (the latest is {latest}).",
        "用 custsheet log 看看：合并（答问题也在里面）、导入、修改和撤销都可以撤销。"
        "发表格和换 schema 不改账本里的内容，没有可撤销的：发错了就 custsheet generate --again 再发一份。",
        "See the output of custsheet log; merges (answers to questions among them), imports, sets and undos can be undone. "
        "Issuing copies or a new schema changes no row: for a wrong copy, custsheet generate --again.",
    ),
    "SCHEMA_MOVED": Wording(
        "stop",
        "schema.yaml 改过了，账本里这些栏的内容还没跟着换：{fields}。先停下，什么都没动，也没有按新的样子去猜。",
        "schema.yaml has changed, and what the ledger holds has not been carried over yet: {fields}. Stopped before "
        "anything was read wrongly; nothing changed.",
        "先看会怎样：custsheet schema migrate --preview。没问题就换：custsheet schema migrate。不想改，把 schema.yaml 改回去。",
        "See what it does: custsheet schema migrate --preview. Then carry it over: custsheet schema migrate. "
        "Or put schema.yaml back as it was.",
    ),
    "SCHEMA_LOSS": Wording(
        "stop",
        "照新的 schema.yaml，有 {count} 处内容没有地方放或认不出来：{fields}。什么都没动。",
        "Under the new schema.yaml {count:1 value has|# values have} no place or cannot be read: {fields}. Nothing changed.",
        "先看是哪些：custsheet schema migrate --preview。确实可以，就写上 custsheet schema migrate --accept-loss："
        "旧内容留在历史和备份里。",
        "See which: custsheet schema migrate --preview. If that is meant: custsheet schema migrate --accept-loss; "
        "the old values stay in history and in a backup.",
    ),
    "SCHEMA_CROSSED": Wording(
        "stop",
        "schema.yaml 里 {name} 写着 was: [{was}]，可账本里 {was} 和 {name} 原来都有。一步换的话，{was} 的内容会移出，"
        "原来 {name} 的内容会顶着新名字留下。什么都没动。",
        "In schema.yaml {name} says was: [{was}], but so far there are both {was} and {name}. In one step the values of "
        "{was} would leave, and those of the former {name} would stand under the new head. Nothing changed.",
        "分两步改：先只去掉原来的 {name}（或者给它起个新名字，写上 was: [{name}]），{was} 还叫 {was}，"
        "运行 custsheet schema migrate；再把 {was} 改名为 {name}，写上 was: [{was}]，再运行一次 custsheet schema migrate",
        "Take two steps. First only take out the former {name} (or give it a new name with was: [{name}]), leave {was} as it "
        "is, and run custsheet schema migrate; then rename {was} to {name} with was: [{was}], and run custsheet schema migrate",
    ),
    "NOT_UNDOABLE_SCHEMA": Wording(
        "stop",
        "修订 r{revision} 换了 schema.yaml 的表样，不能这样撤销，什么都没动。",
        "Revision {revision} carried the rows over to another schema.yaml. That is not undone like this; nothing changed.",
        "改过名、换过类型的，把 schema.yaml 改回去（改名的写上 was），先看会怎样：custsheet schema migrate --preview。"
        "去掉的栏和表，加回来是空的：移出的内容列在 custsheet log -o 历史.xlsx 里，整理成名单，"
        "用 custsheet import 名单.csv --table 表名 --update 填回。要整个退回换之前，后来做的就都不算："
        "custsheet restore {backup}",
        "Of what was renamed or is of another type, put schema.yaml back (a renaming needs was) and see what that does with "
        "custsheet schema migrate --preview; fields and tables that were taken out come back empty. What they held is in "
        "custsheet log -o history.xlsx; as a list it is filled in by custsheet import list.csv --table NAME --update; to go "
        "back to before the change, without all that was done since: custsheet restore {backup}",
    ),
    "NOT_UNDOABLE_MERGE": Wording(
        "stop",
        "修订 r{revision} 没有收表，也没有收答案：它写的是换了表样、成员，或别的周有改动之后，{round} 重新合并出来的"
        "（{cells}）。没有什么可撤销的，什么都没动。",
        "Revision {revision} took in no file and no answer: what it wrote ({cells}) is what {round} comes to since the schema, "
        "the members or another week changed. There is nothing to take back; nothing changed.",
        "想要原来的值，一格一格改回去：custsheet set 行 栏 值；原来是什么，看 custsheet blame 行",
        "To have the earlier values, set them cell by cell: custsheet set LABEL FIELD VALUE; what they were is told by "
        "custsheet blame LABEL",
    ),
    "UNDONE": Wording(
        "stop",
        "修订 r{revision} 已经撤销过了（见 {by}）。",
        "Revision {revision} is undone already (by {by}).",
        "想恢复它，就撤销那次撤销：custsheet undo {by}",
        "To have it back, undo that undo: custsheet undo {by}",
    ),
    "PASSWORDS_UNREADABLE": Wording(
        "stop",
        "密码文件 {file} 读不了。",
        "The file of passwords {file} cannot be read.",
        "看看名字对不对。它是一个文本文件，一行一个密码，前面可以写“姓名：”。",
        "Check its name. It is a text file with one password a line; a name and a colon may stand before it.",
    ),
    "FOLDER_NOT_EMPTY": Wording(
        "stop",
        "{folder} 里已经有东西了，什么都没动。",
        "{folder} is not empty; nothing was touched.",
        "换一个新名字，例如：custsheet new 我的团队 --schema follow-up",
        "Choose a new name: custsheet new myteam --schema follow-up",
    ),
    "FOLDER_MISSING": Wording(
        "stop", "没有 {folder} 这个文件夹。", "There is no folder {folder}.", "看看名字有没有打错。", "Check the name."
    ),
    "FILE_MISSING": Wording(
        "stop", "没找到文件 {file}。", "There is no file {file}.", "看看路径和名字。", "Check the path and the name."
    ),
    "FILE_IS_FOLDER": Wording(
        "stop",
        "{file} 是文件夹，这里要的是文件。",
        "{file} is a folder; a file is wanted here.",
        "写到里面的那个文件为止。",
        "Name the file in it.",
    ),
    "SCHEMA_UNKNOWN": _stop(
        "没有叫 {name} 的表样。[[是不是想写 {nearest}？]]现成的有：{known}。",
        "There is no schema named {name}. [[Did you mean {nearest}? ]]Built in: {known}.",
        "例如：custsheet new 我的团队 --schema follow-up",
        "For example: custsheet new myteam --schema follow-up",
    ),
    "SETTINGS_WRONG": Wording(
        "stop",
        "{file} 里有 {count} 处要改，什么都没做。",
        "{file} has {count:one place|# places} to mend; nothing was done.",
        "按下面说的一处一处改好，再运行一次。",
        "Mend them one by one as told, and run the command again.",
    ),
    "SETTINGS_SHAPE": Wording(
        "stop",
        "设置要写成「名字: 值」，一行一个。",
        "Settings are written as `name: value`, one per line.",
        "例如 language: zh",
        "For example: language: en",
    ),
    "SETTINGS_KEY": Wording(
        "stop",
        "没有「{word}」这个设置。",
        "There is no setting “{word}”.",
        "可以写的有：language、schema、members、ledger、me、late。",
        "There are: language, schema, members, ledger, me, late.",
    ),
    "SETTINGS_TEXT": Wording(
        "stop",
        "「{word}」后面要写文字。",
        "“{word}” wants a text.",
        '加上引号，例如 {word}: "abc"',
        'Put it in quotes: {word}: "abc"',
    ),
    "SETTINGS_LANGUAGE": Wording(
        "stop",
        "语言只能是 zh 或 en，写的是「{word}」。",
        "The language is zh or en; this says “{word}”.",
        "写成 language: zh 或 language: en",
        "Write language: zh or language: en",
    ),
    "SETTINGS_LATE": Wording(
        "stop",
        "late 只能是 merge 或 ask，写的是「{word}」。",
        "late is merge or ask; this says “{word}”.",
        "晚交的表直接并就写 late: merge，先问你就写 late: ask",
        "Write late: merge to take copies of closed rounds, late: ask to be asked first",
    ),
    "MAP_WRONG": Wording(
        "stop",
        "对照表 {file} 里有 {count} 处要改，什么都没导入。",
        "The map {file} has {count:one place|# places} to mend; nothing was imported.",
        "按下面说的一处一处改好，再导入一次。",
        "Mend them one by one as told, and import again.",
    ),
    "MAP_SHAPE": Wording(
        "stop",
        "对照表要写成「文件里的表头: 字段名」，一行一个。",
        "A map is written as `head in the file: field`, one per line.",
        "例如 公司: name",
        "For example: Company: name",
    ),
    "MAP_FIELD": Wording(
        "stop",
        "这张表没有「{word}」这个字段。",
        "The table has no field “{word}”.",
        "看看有哪些：custsheet schema show",
        "See which there are: custsheet schema show",
    ),
    "MAP_HEAD": _stop(
        "{listing} 里没有「{word}」这个表头。",
        "{listing} has no head “{word}”.",
        "表头有：{heads}。",
        "Its heads: {heads}.",
    ),
    "MAP_TWICE": Wording(
        "stop",
        "「{word}」第 {first} 行已经对上了一列，一个字段只能取一列。",
        "“{word}” has a column already, from line {first}; a field takes one column.",
        "留一行，另一行删掉。",
        "Keep one of the lines and delete the other.",
    ),
    "ROLE_UNKNOWN": _stop(
        "没有「{role}」这个角色（{name}），一位成员都没有加。",
        "There is no role “{role}” ({name}); no member was added.",
        "[[是不是想写 {nearest}？]]可以写：{known}。",
        "[[Did you mean {nearest}? ]]Roles: {known}.",
    ),
    "KEY_TAKEN": Wording(
        "stop",
        "已经有「{label}」了，「{title}」不能和它一样。没有改。",
        "There is “{label}” already; “{title}” cannot be the same. Nothing was changed.",
        "写得能分开，例如 {value}（上海）；真是同一个，就留一行。",
        "Write it so that one can tell them apart, e.g. {value} (Shanghai); if it is the same one, keep one row.",
    ),
    "MEMBER_UNKNOWN": Wording(
        "stop",
        "成员名单里没有「{name}」。",
        "There is no member “{name}”.",
        "看看名单：custsheet members list",
        "See the list: custsheet members list",
    ),
    "ACTOR_UNKNOWN": Wording(
        "stop",
        "不知道是谁在操作：成员名单里没有「{name}」。",
        "It is not clear who acts: there is no member “{name}”.",
        "加上 --as 成员名，或在 custsheet.yaml 里写好 me。",
        "Add --as MEMBER, or set `me` in custsheet.yaml.",
    ),
    "MEMBER_THERE": Wording(
        "stop",
        "已经有一位「{name}」了，名字和编号都不能重。",
        "There is a “{name}” already; names and ids are unique.",
        "换个写法，例如 王芳(华东)。",
        "Write it so that one can tell them apart, e.g. Wang Fang (East).",
    ),
    "MEMBERS_NO_NAME": Wording(
        "stop",
        "{file} 里没有姓名一列（表头是：{heads}）。",
        "{file} has no column of names (its heads: {heads}).",
        "把那一列的表头写成「姓名」。",
        "Call that column “name”.",
    ),
    "NO_MEMBERS": Wording(
        "stop",
        "还没有成员，不知道发给谁。",
        "There are no members yet to issue copies to.",
        "先加成员：custsheet members import 名单.csv",
        "Add them first: custsheet members import LIST.csv",
    ),
    "NO_ROWS": Wording(
        "stop",
        "账本里还没有数据，成员也不能新增，发出去会是空表。",
        "The ledger is empty and nobody may add rows: the copies would be empty.",
        "先导入：custsheet import 客户.csv --table customers",
        "Import first: custsheet import CUSTOMERS.csv --table customers",
    ),
    "NO_ROUND": Wording(
        "stop",
        "还没有发出过表，没有可以合并的。",
        "Nothing was issued yet, so there is nothing to merge.",
        "先发表格：custsheet generate",
        "Issue copies first: custsheet generate",
    ),
    "ROUND_CLOSED": Wording(
        "stop",
        "{round} 这一轮已经关了。",
        "Round {round} is closed.",
        "发下一轮：custsheet generate --round {next}；要接着用这一轮：custsheet round reopen {round}",
        "Issue the next one: custsheet generate --round {next}; to go on with this one: custsheet round reopen {round}",
    ),
    "TABLE_UNKNOWN": _stop(
        "没有「{name}」这张表。[[是不是想写 {nearest}？]]有的是：{known}。",
        "There is no table “{name}”. [[Did you mean {nearest}? ]]There are: {known}.",
        "换成其中一个，例如：custsheet import 客户.csv --table customers",
        "Use one of them, for example: custsheet import CUSTOMERS.csv --table customers",
    ),
    "TABLE_MISSING": _stop(
        "还缺 --table：这些行属于哪张表。有的是：{known}。",
        "--table is missing: to which table do these rows belong? There are: {known}.",
        "加上其中一个，例如：custsheet import 客户.csv --table customers",
        "Add one of them, for example: custsheet import CUSTOMERS.csv --table customers",
    ),
    "FIELD_UNKNOWN": _stop(
        "{table} 里没有「{name}」这一栏。[[像的有：{nearest}。]]",
        "{table} has no field “{name}”.[[ Near: {nearest}.]]",
        "看全部：custsheet schema show",
        "See them all: custsheet schema show",
    ),
    "FIELD_COMPUTED": Wording(
        "stop",
        "「{name}」是自动算的，不能手填。",
        "“{name}” is worked out by itself and cannot be set.",
        "改它用到的那几栏，它会自己变：custsheet schema show 里看得到。",
        "Change the fields that it is worked out from; custsheet schema show names them.",
    ),
    "LABEL_UNKNOWN": _stop(
        "没找到「{label}」。[[像的有：{nearest}。]]",
        "“{label}” was not found.[[ Near: {nearest}.]]",
        "写成 表/名称，例如 customers/澄湖示例科技",
        "Write table/key, e.g. customers/Lakeside Sample Tech",
    ),
    "LABEL_NOT_TAKEN": _stop(
        "「{label}」不在账本里：{who} 在 {file} 里新填过，{why}。",
        "“{label}” is not in the ledger: {who} typed it into {file} as a new row; {why}.",
        "还没定的，看 custsheet resolve；填了没收的全部内容在 custsheet log -o history.xlsx 的第三页",
        "See custsheet resolve for what waits; all that was typed and not taken is on the third sheet of "
        "custsheet log -o history.xlsx",
    ),
    "LABEL_DELETED": _stop(
        "「{label}」在修订 r{revision} 已经删除了，改不了。",
        "“{label}” was deleted in revision {revision} and cannot be changed.",
        '看它删除前的样子：custsheet show "{label}"；退回那一版的全部改动：custsheet undo r{revision}',
        'See how it was: custsheet show "{label}"; take all of that revision back: custsheet undo r{revision}',
    ),
    "LABEL_AMBIGUOUS": _stop(
        "「{label}」不止一个：{found}。",
        "“{label}” fits more than one row: {found}.",
        "写全：前面带表名，后面带上面的 (1)、(2)。",
        "Write it in full: the table in front, and the (1) or (2) as above behind.",
    ),
    "VALUE_UNREADABLE": _stop(
        "「{name}」里不能填「{value}」。[[像的有：{nearest}。]]",
        "“{name}” cannot hold “{value}”.[[ Near: {nearest}.]]",
        "{rule}",
        "{rule}",
    ),
    "LISTING_EMPTY": Wording(
        "stop",
        "{file} 里没有数据：第一行应是表头，下面至少一行。",
        "{file} holds no rows: a head line, then at least one row.",
        "看看是不是存错了文件。",
        "Check whether the right file was saved.",
    ),
    "IMPORT_NO_KEY": Wording(
        "stop",
        "{file} 里没有「{title}」这一列，不知道每行是谁（表头是：{heads}）。",
        "{file} has no column “{title}”, so rows cannot be told apart (its heads: {heads}).",
        "改表头，或用 --map 对照.yaml 写明，例如：公司: name",
        "Change the head, or say so in --map MAP.yaml, e.g. `company: name`",
    ),
    "LEDGER_BUSY": Wording(
        "stop",
        "账本一直有别人在写，这次没有合并。",
        "Somebody else kept writing to the ledger; nothing was merged.",
        "等另一边做完，再运行一次。",
        "Wait for the other run to end, and run this again.",
    ),
    "GENERATE_ALONE": Wording(
        "stop",
        "不在工作区里时，要写全：--schema、--rows 表=文件、--member、-o。",
        "Outside a workspace all of these are needed: --schema, --rows TABLE=FILE, --member, -o.",
        "例如：custsheet generate --schema simple --rows customers=客户.csv --member 王芳 -o 王芳.xlsx",
        "For example: custsheet generate --schema simple --rows customers=c.csv --member Ann -o ann.xlsx",
    ),
    "H_IMPORT": Wording(
        "held",
        "「{title}」账本里是「{old}」，文件里是「{value}」，没有改。",
        "“{title}” is “{old}” in the ledger and “{value}” in the file; it was left as it is.",
        "全都以文件为准，就加 --update 再导入一次；要一处一处定，在下次合并写出的 questions.xlsx 里选。",
        "To take all of the file's values, import it again with --update; to decide one by one, "
        "choose in the questions.xlsx that the next merge writes.",
    ),
    "F_IMPORT_DECIDED": Wording(
        "info",
        "「{title}」账本里是「{old}」，文件里是「{value}」：这一处以前定过，没有再问。",
        "“{title}” is “{old}” in the ledger and “{value}” in the file: that was decided before and is not asked again.",
    ),
    "F_IMPORT_TWICE": Wording(
        "held",
        "同一个名字在文件里第 {row} 行已经有了，「{title}」那里是「{old}」，这里是「{value}」；用了前一行。",
        "Row {row} of the file has the same key with “{title}” = “{old}”, here it is “{value}”; the first row was used.",
        "在文件里留一行，或改成两个名字，再导入。",
        "Keep one of them, or give them two names, and import again.",
    ),
    "F_IMPORT_NAMELESS": Wording(
        "held",
        "这一行没有填「{title}」，没有收：以后认不出它是哪一行。",
        "This row has no “{title}” and was not taken: nobody could tell later which row it is.",
        "在文件里补上，再导一次。",
        "Fill it in, and import the file again.",
    ),
    "F_IMPORT_ABOVE": Wording(
        "info",
        "表头上面的字不是数据，没有导入：{value}",
        "What stands over the heads is no row and was not imported: {value}",
    ),
    "F_IMPORT_SURPLUS": Wording(
        "warning",
        "第 {row} 行有格子不在任何表头下面，没有导入：{value}",
        "Row {row} has cells under no head, which were not imported: {value}",
        "给那一列补上表头；要是多了一个分隔符，就改好那一行，再导入。",
        "Give the column a head; or, if there is a separator too many, mend the row. Then import again.",
    ),
    "F_IMPORT_DELETED": Wording(
        "warning",
        "{label} {at} 删掉过，名单里又有，作为新的一行收进来",
        "{label} was deleted on {at}; the list has it, and it comes in as a new row",
        "不该收的话撤销这次导入（custsheet log 里看号码，custsheet undo r12），从名单里去掉它再导入。",
        "If it should not, undo the import (custsheet log shows its number, custsheet undo r12), take it out of the list and "
        "import again.",
    ),
    "F_ROUND_OPEN": Wording(
        "warning",
        "{round} 还没收齐：{members} 没交。他们以后交上来的照样能合并。",
        "{round} is still open: {members} have not returned. What they return later can still be merged.",
        "收齐了就关掉：custsheet round close {round}",
        "When all is in, close it: custsheet round close {round}",
    ),
    "F_OWNERLESS": Wording(
        "warning",
        "「{title}」里有 {count} 行没有「{owner}」（空着，或者这个人不在名单里），只看自己那些行的人谁也看不到：{rows}",
        "{count:1 row|# rows} of {title} {count:has|have} no {owner} (blank, or not one of the members): nobody who sees "
        "only their own rows will see them: {rows}",
        '写上是谁的，再发一次：custsheet set "{first}" {owner} 姓名',
        'Say whose they are and issue again: custsheet set "{first}" "{owner}" NAME',
    ),
    "F_INBOX_WAITING": Wording(
        "warning",
        "收件夹里还有 {count} 份没合并：{files}。新表里不会有它们的改动。",
        "{count:1 file in the inbox is|# files in the inbox are} not merged yet: {files}. The new copies do not hold these changes.",
        "先合并：custsheet merge",
        "Merge first: custsheet merge",
    ),
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

WORDS: dict[str, tuple[str, str]] = {
    "new.done": ("已建好 {folder}（表样 {schema}）", "Made {folder} (schema {schema})"),
    "new.next": (
        "接下来：进到 {folder}，custsheet members import 名单.csv",
        "Next: go to {folder}, then custsheet members import LIST.csv",
    ),
    "members.added": ("新增 {count} 位成员 {names}", "{count:1 member|# members} added {names}"),
    "members.changed": ("更新 {count} 位 {names}", "{count} updated {names}"),
    "schema.fine": ("{name}：{tables} 张表，没有问题", "{name}: {tables:1 table|# tables}, all in order"),
    "import.guessed": ("表头「{head}」当作「{name}」", "The head “{head}” was taken for “{name}”"),
    "import.unused": ("没收进来的列：{heads}", "Columns not taken: {heads}"),
    "import.unused.one": ("{head}（{count} 格有字）", "{head} (filled cells: {count})"),
    "import.done": (
        "{file} → {table}：{rows} 行，新增 {added}，相同 {same}，更新 {updated}，待定 {held}",
        "{file} → {table}: {rows:1 row|# rows}, {added} added, {same} the same, {updated} updated, {held} waiting",
    ),
    "import.decided": (
        "另有 {count} 行和账本里不一样，以前定过，没有再问。要改成文件里的，用 custsheet set，或者加 --update 再导入一次。",
        "{count} more rows differ from the ledger, which was decided before and is not asked again. "
        "To take the file's values use custsheet set, or import it again with --update.",
    ),
    "import.unread": (
        "有 {count} 处没认出来，先照原样放着：改好文件再导一次，或者用 custsheet set 改。",
        "Cells that could not be read and stand as they were typed: {count}. Mend the file and import it again, "
        "or use custsheet set.",
    ),
    "set.same": ("本来就是这样，没有改动", "It was so already; nothing changed"),
    "generate.kept": (
        "{name} 已经交过，这一轮不再发（要再发加 --again）",
        "{name} has returned a copy; none was issued again (use --again)",
    ),
    "generate.beside": (
        "已经有一份不一样的（有人改过，或是账本恢复以前写的），没有覆盖，新的写成 {name}",
        "Another file of that name (changed by somebody, or from before a restore) stays; the new one is {name}",
    ),
    "generate.done": ("{round}：写好 {count} 份，{due} 前交回", "{round}: {count:1 copy|# copies} written, due {due}"),
    "generate.next": (
        "收回来的放进 {inbox}，再运行 custsheet merge",
        "Put what comes back into {inbox}, then run custsheet merge",
    ),
    "file.there": ("已经有 {file} 了，没有覆盖", "{file} was there already and stays as it is"),
    "clock.behind": (
        "▲ 这台电脑的时钟（{now}）比账本里最后一次操作（{last}）还早，看看日期对不对；先后按账本的版本号算",
        "▲ The clock of this computer ({now}) is behind the ledger's last revision ({last}): check its date; the order"
        " is that of the revisions' numbers",
    ),
    "generate.alone": ("写好 {file}（没有账本，未签名）", "Wrote {file} (no ledger, unsigned)"),
    "round.closed": (
        "{round} 已关。以后交上来的并进当前这一轮",
        "{round} is closed. Copies that come later join the open round",
    ),
    "round.reopened": ("{round} 又打开了", "{round} is open again"),
    "status.round": (
        "{round}：交了 {returned} / {total}，{due} 截止",
        "{round}: {returned} of {total} returned, due {due}",
    ),
    "status.instead": ("（交的是 {round} 的表）", " (returned the copy of {round})"),
    "status.open": (
        "{round} 还开着，还没交：{names}。不再等了就关掉：custsheet round close {round}",
        "{round} is still open; not returned: {names}. To wait no longer: custsheet round close {round}",
    ),
    "status.open_all": (
        "{round} 还开着，都交了。没有别的要改就关掉：custsheet round close {round}",
        "{round} is still open, everybody returned. If nothing else changes: custsheet round close {round}",
    ),
    "status.taken_back": ("（交过，后来撤销了合并，不算数）", " (came, but its merge was undone)"),
    "status.missing": ("还没交：{names}", "Not returned: {names}"),
    "status.waiting": ("收件夹里待合并：{file}", "In the inbox, not merged yet: {file}"),
    "status.refused": ("没有收下：{file} [{code}]", "Not taken: {file} [{code}]"),
    "status.unaccepted": (
        '{name}有 {count} 格没收下，等改好再交；标好发回去：custsheet validate --annotate 退回 "{file}"',
        "{name}: {count:1 cell not taken, until it is|# cells not taken, until they are} mended; to mark that for the member: "
        'custsheet validate --annotate back "{file}"',
    ),
    "status.not_theirs": (
        "{name}填了 {count} 格不归本人改的，没有收，也不用改好再交；该改的话由有权限的人改",
        "{name} typed into {count:1 cell that is|# cells that are} not theirs to change: not taken, and nothing to mend; "
        "whoever may change them does, if they should change",
    ),
    "status.undone": (
        "撤销过合并，这 {count} 份现在不算数：{files}；要让它们再算数：custsheet undo r{revision}",
        "A merge was undone; {count:this file does|these # files do} not count now: {files}. To undo that: "
        "custsheet undo r{revision}",
    ),
    "role.title": ("角色 {role}", "Role {role}"),
    "role.rows.own": ("自己的行", "own rows"),
    "role.rows.team": ("自己和下属的行", "own rows and those of their people"),
    "role.rows.all": ("全部行", "all rows"),
    "role.see": ("看：{fields}", "sees: {fields}"),
    "role.edit": ("改：{fields}", "changes: {fields}"),
    "role.everything": ("全部", "everything"),
    "role.but": ("除了{fields}", "all but {fields}"),
    "role.nothing": ("不能", "nothing"),
    "role.add": ("能新增", "adds rows"),
    "role.delete": ("能删除", "deletes rows"),
    "role.reassign": ("能换负责人", "hands rows over"),
    "round.state.open": ("收表中", "open"),
    "round.state.closed": ("已关", "closed"),
    "status.questions": ("有 {count} 处等你定：{files}", "{count:1 question waits|# questions wait} for you: {files}"),
    "next.members": (
        "接下来：加成员 custsheet members import 名单.csv",
        "Next: add members, custsheet members import LIST.csv",
    ),
    "next.import": (
        "接下来：导入数据 custsheet import 客户.csv --table customers",
        "Next: import rows, custsheet import FILE.csv --table TABLE",
    ),
    "next.generate": ("接下来：发表格 custsheet generate", "Next: issue copies, custsheet generate"),
    "next.merge": ("接下来：合并 custsheet merge", "Next: custsheet merge"),
    "next.questions": (
        "接下来：在 questions.xlsx 里选好并保存，再运行 custsheet merge",
        "Next: decide in questions.xlsx, save it, and run custsheet merge",
    ),
    "next.wait": ("接下来：等大家交表，放进 {inbox}", "Next: wait for the copies and put them into {inbox}"),
    "next.report": (
        "接下来：出报告 custsheet report，再发下一周的 {issue}",
        "Next: custsheet report, then next week's copies, {issue}",
    ),
    "file.new": ("收下第 {version} 份，{total} 处改动", "version {version}, {total:1 edit|# edits}"),
    "file.checked.new": ("第 {version} 份，{total} 处改动", "version {version}, {total:1 edit|# edits}"),
    "file.checked.late": ("以前一轮的，{total} 处改动", "from an earlier round, {total:1 edit|# edits}"),
    "file.late": (
        "以前一轮的，并进这一轮，{total} 处改动",
        "from an earlier round, joined to this one, {total:1 edit|# edits}",
    ),
    "file.duplicate": (
        "内容和第 {version} 份一样，早就收过了",
        "the same content as version {version}, taken in before",
    ),
    "file.released": (
        "内容早就收过了，因为交晚了先放着；现在照你说的收下，{total} 处改动",
        "taken in before and kept waiting because it was late; now let in as you say, {total:1 edit|# edits}",
    ),
    "file.SKIPPED_SYSTEM": ("系统或 Excel 的临时文件，跳过", "a temporary file, skipped"),
    "file.SKIPPED_OWN": ("是我们自己的问题单或报告，跳过", "our own questions or report, skipped"),
    "file.OPENED": ("打开了，里面的文件逐个看", "opened, its files one by one"),
    "file.questions_not_read": (
        "里面的答案没有用上，文件原样留着。还有没定的，就在另一份问题表里答（在哪里：custsheet status）。",
        "No answer in it was used; the file stays as it is. What is still open is asked in another workbook "
        "(custsheet status tells where).",
    ),
    "file.SKIPPED_SEEN": ("收过了", "taken in before"),
    "file.SKIPPED_UNDONE": (
        "收过，后来撤销了；要它算数，就撤销那次撤销（见 custsheet log）",
        "taken in and undone; to have it count, undo that undo (see custsheet log)",
    ),
    "merge.edits": (
        "改动 {total} 处：采用 {applied}，相同 {same}，冲突 {conflict}，待定 {held}，未采用 {rejected}，被取代 {superseded}",
        "{total:1 edit|# edits}: {applied} applied, {same} the same, {conflict} in conflict, {held} held, {rejected} rejected, "
        "{superseded} superseded",
    ),
    "merge.no_edits": ("没有新的改动", "No new edits"),
    "merge.waiting": (
        "冲突（几个人改得不一样）和待定（要你说一句）一共 {count} 处，都留着没丢，答了问题就算数",
        "In conflict (people differ) and held (waiting for your word): {count}, all kept; they count once you answer",
    ),
    "merge.more": (
        "  …… 还有 {count} 处（全部改动写成表：custsheet log -o 历史.xlsx）",
        "  … and {count} more (all of them as a workbook: custsheet log -o history.xlsx)",
    ),
    "merge.would_more": ("  …… 还有 {count} 处", "  … and {count} more"),
    "merge.answers": ("采纳了 {count} 个决定", "{count:1 answer|# answers} taken up"),
    "merge.would": ("账本会改 {changes} 处", "{changes:1 change|# changes} would go into the ledger"),
    "merge.done": (
        "账本改了 {changes} 处，现在是修订 r{revision}",
        "{changes:1 change|# changes} to the ledger, now revision {revision}",
    ),
    "merge.questions": ("有 {count} 处要你定：{file}", "{count:1 question waits|# questions wait} for you: {file}"),
    "dry_run": ("（只是预演，什么都没写）", "(a dry run: nothing was written)"),
    "change.cell": ("{title}：{old} → {new}", "{title}: {old} → {new}"),
    "change.behind": ("  （{said}）", "  ({said})"),
    "change.add": ("新增", "added"),
    "change.back": ("恢复", "back again"),
    "change.delete": ("删除", "deleted"),
    "cause.edit": ("成员修改", "edit"),
    "cause.resolution": ("按你的决定", "as decided"),
    "cause.reopened": ("有了新说法，先退回原值", "reopened: back to the opening"),
    "cause.import": ("导入", "import"),
    "cause.set": ("直接修改", "set"),
    "cause.policy": ("按字段规则合并", "by the field's policy"),
    "cause.rule": ("按规则", "by a rule"),
    "cause.undo": ("撤销", "undo"),
    "cause.again": ("撤销以后又恢复", "undone, and done again"),
    "cause.migrate": ("换了表样", "the schema changed"),
    "act.added": ("新增这一行", "row added"),
    "act.deleted": ("删除这一行", "row deleted"),
    "act.restored": ("恢复这一行", "row restored"),
    "kind.import": ("导入", "import"),
    "kind.merge": ("合并", "merge"),
    "kind.migrate": ("换表样", "change of schema"),
    "kind.set": ("修改", "set"),
    "kind.generate": ("发表格", "generate"),
    "kind.round": ("轮次", "round"),
    "kind.questions": ("问题单", "questions"),
    "value.was": ("；发出时是 {was}", "; it was issued as {was}"),
    "value.blank": ("（空）", "(blank)"),
    "finding.inherited": ("原来就有 ", "was there before "),
    "finding.also": ("还有", "also"),
    "validate.together": (
        "几个人改了同一格、登记了同一位新客户这类事，要放在一起才看得出：先试一遍 custsheet merge --dry-run",
        "What several people changed alike or differently only shows when all is put together: try custsheet merge "
        "--dry-run first",
    ),
    "validate.done": (
        "看了 {files} 份：必须改 {must}，{closed}要人定 {held}，最好看看 {look}，已顺手整理 {mended}",
        "{files:1 file|# files}: {must} to fix, {closed}{held} to decide, {look} worth a look, {mended} tidied",
    ),
    "validate.closed": ("不归本人改、没有收 {count}，", "{count} not theirs to change and not taken, "),
    "validate.unverified": (
        "（不在工作区里，只凭文件自己的标记，未核对：unverified）",
        "(outside a workspace, by the file's own mark only: unverified)",
    ),
    "validate.annotated": ("标好问题的表，发回给本人：{path}", "With the problems marked, to be sent back: {path}"),
    "validate.nothing_to_mark": ("没有要标的问题，没写文件", "Nothing to mark, so no file was written"),
    "undo.done": (
        "修订 r{of} 撤销了：退回 {count} 处，记为修订 r{revision}（要恢复：custsheet undo r{revision}）",
        "Revision {of} is undone: {count:1 change|# changes} taken back, as revision {revision} (custsheet undo r{revision} "
        "to do it again)",
    ),
    "undo.done_again": (
        "撤销修订 r{of}，原来的又算数了：恢复 {count} 处，记为修订 r{revision}",
        "Revision {of} is undone, what it took back counts again: {count:1 change|# changes}, as revision {revision}",
    ),
    "undo.files": (
        "这几份表不再算数（custsheet undo r{revision}，就又算数）：{files}",
        "These files count no longer (custsheet undo r{revision} to have them back): {files}",
    ),
    "undo.files_again": ("这几份表又算数了：{files}", "These files count again: {files}"),
    "undo.tags": (
        "这一轮按颜色和批注加的标签还在：那是修订 r{revision} 做的。也要退掉，就 custsheet undo r{revision}",
        "Tags by colours and notes of this round stay: revision {revision} added them (custsheet undo r{revision})",
    ),
    "undo.rows": (
        "这 {count} 行后来又改过、别的行还用着，或者已经重新填过，留着没动：",
        "{count:This row was|These # rows were} changed since, in use by others or typed again, and {count:stays|stay}:",
    ),
    "undo.left": (
        "这 {count} 处后来又改过，没有动（要改回去，用 custsheet set）：",
        "These {count} were changed since and stay as they are (custsheet set changes them back):",
    ),
    "undo.asked": (
        "这 {count} 处后来又改过，没有动；运行 custsheet merge，会在问题表里问你：",
        "These {count} were changed since and stay as they are; run custsheet merge, and the questions ask about them:",
    ),
    "undo.twin": (
        "「{label}」回来了，这个名字别的行已经在用：现在有 {count} 行同名。用 custsheet set 把其中一行改个名",
        "“{label}” is back, and another row has taken its name: {count} rows have it now. Rename one with custsheet set",
    ),
    "kind.undo": ("撤销", "undo"),
    "answer.letters": ("写前面的字母也行：{letters}。", "Or the letter in front: {letters}. "),
    "log.rows": ("{count} 行", "rows: {count}"),
    "log.schema.added": ("新的栏：{titles}", "new fields: {titles}"),
    "log.schema.removed": ("去掉的栏：{titles}", "fields taken out: {titles}"),
    "log.schema.renamed": ("改名的栏：{titles}", "fields renamed: {titles}"),
    "log.schema.type": ("换了类型的栏：{titles}", "fields of another type: {titles}"),
    "log.schema.options": ("换了选项的栏：{titles}", "fields with other options: {titles}"),
    "log.schema.table_added": ("新的表：{titles}", "new tables: {titles}"),
    "log.schema.table_removed": ("去掉的表：{titles}", "tables taken out: {titles}"),
    "log.schema.table_renamed": ("改名的表：{titles}", "tables renamed: {titles}"),
    "log.schema.lost": ("移出或读不出的：{told}", "moved out or not readable: {told}"),
    "log.schema.lost.one": ("{title} {count} 处", "{title}, {count:1 place|# places}"),
    "log.schema.version": ("表样版本 {versions}", "version of the schema: {versions}"),
    "log.answers": ("{count} 个决定", "answers: {count}"),
    "replay.fine": (
        "{round}：{files} 份表重新读、重新合并，{edits} 处改动，账本一模一样",
        "{round}: {files:1 file|# files} read and merged anew, {edits:1 edit|# edits}, the ledger is the same",
    ),
    "replay.bad": (
        "{round}：{files} 份表重新读、重新合并，{edits} 处改动，和账本不一样：",
        "{round}: {files:1 file|# files} read and merged anew, {edits:1 edit|# edits}, and the ledger differs:",
    ),
    "restore.done": (
        "账本回到了备份里的修订 r{revision}（{at}）：{file}",
        "The ledger is back at revision {revision} of {at}, from {file}",
    ),
    "restore.lost": (
        "备份以后还有 {count} 版，不在里面",
        "{count:1 revision came after it and is|# revisions came after it and are} not in it",
    ),
    "restore.replaced": ("原来的账本留在：{file}", "The ledger that was there is kept: {file}"),
    "restore.next": (
        "备份以后收的表还在收件夹里，再运行 custsheet merge 就会重新收进来；备份以后答过的问题会再问",
        "Copies that came in after the backup are still in the inbox: custsheet merge takes them in again, and asks again "
        "what was answered since",
    ),
    "heal.done": ("换好新皮的表：{path}", "In a fresh skin: {path}"),
    "heal.own": (
        "本人自己加的列留着：{titles}（列里的公式变成了值）",
        "Own columns kept: {titles} (their formulas became values)",
    ),
    "heal.put_back": (
        "{count} 个格子放回了原来的行，其中 {likely} 个拿不准；还有 {left} 个放不回去，列在最前面的“核对”里",
        "{count:1 cell was put back to its row|# cells were put back to their rows}, {likely} of them doubtful; {left} could not be placed and are listed in the sheet Proof",
    ),
    "heal.look": (
        "打开看“核对”这一页。没问题就放进收件夹再 custsheet merge；不对就删掉，什么都不会变",
        "Open it and read the sheet Proof. If all is right, put it into the inbox and run custsheet merge; if not, delete it and nothing changes",
    ),
    "diff.done": ("共 {count} 处改动", "{count:1 edit|# edits}"),
    "show.deleted": (
        "这一行已删除：r{revision}，{at}，{who}。下面是它删除前的样子。要退回 r{revision} 的全部改动：custsheet undo r{revision}",
        "This row was deleted: r{revision}, {at}, {who}. Below is how it was. To take back all of r{revision}: custsheet undo r{revision}",
    ),
    "show.handed_over": ("交接 {at}：{old} → {new}", "Handed over {at}: {old} → {new}"),
    "show.answered": ("√ {who} {field}：{said}", "√ Decided, {who} {field}: {said}"),
    "show.open": ("? 还没定 {field}：{kind}（{names}）", "? Open: {field}: {kind} ({names})"),
    "show.row": ("这一行", "the row"),
    "show.who": ("{who} 定的", "{who}"),
    "show.who.rule": ("照{who} 定的规则", "by the rule of {who}"),
    "show.decided.rule": ("照{who} 定的规则", "by the rule of {who}"),
    "show.decided": ("按{who} 的决定", "as decided by {who}"),
    "show.withdrawn": ("收回了，再问", "taken back, asked again"),
    "show.choice.claim": ("用填的", "as typed"),
    "show.choice.value": ("自己填", "own value"),
    "show.choice.master": ("保留现在的", "keep what is there"),
    "show.choice.base": ("恢复原来的", "back to what it was"),
    "show.choice.both": ("两个都要", "take both"),
    "show.choice.keep": ("留下这一行", "keep the row"),
    "show.choice.delete": ("删除这一行", "delete the row"),
    "show.choice.add": ("收下这一行", "add the row"),
    "show.choice.drop": ("不收", "drop it"),
    "show.earlier": (
        '更早的还有 {count} 条：custsheet blame "{label}"',
        '{count:1 earlier entry|# earlier entries}: custsheet blame "{label}"',
    ),
    "show.passed": ("填了、没用上（{count} 条）", "Typed and not taken ({count})"),
    "show.passed.one": (
        "  {at}  {who}  {field}：{value}（{why}）  {place}",
        "  {at}  {who}  {field}: {value} ({why})  {place}",
    ),
    "passed.not_theirs": ("这一格本人不能改", "not theirs to change"),
    "passed.no_value": ("这一栏收不了这样的值", "no value for this field"),
    "passed.no_place": ("这一列去掉了", "its column was removed"),
    "passed.open": ("还没定", "not decided yet"),
    "passed.undone": ("这份表后来撤销了", "its file was taken back"),
    "passed.own": ("本人后来改了", "the member changed it later"),
    "passed.row": ("这一行没收", "the row was not taken"),
    "passed.other": ("用的是别的", "another value was taken"),
    "show.history": ("经过（{count} 条）", "Story ({count:1 entry|# entries})"),
    "report.done": ("报告写好了：{file}", "Report: {file}"),
    "verify.fine": ("账本完好，最新修订 r{revision}", "The ledger is whole, revision {revision}"),
    "verify.anchored": ("{file} 里的指纹还在账本里", "The fingerprint in {file} is still in the ledger"),
    "verify.head": (
        "指纹 {head}（存到别处，以后可以用 custsheet verify --anchor 核对）",
        "Fingerprint {head} (keep it elsewhere: custsheet verify --anchor compares with it)",
    ),
    "backup.done": ("备份写好并核对过：{file}", "Backup written and checked: {file}"),
    "usage.help": ("看看 {command} --help", "See {command} --help"),
    "usage.command": ("没有 {name} 这个命令。", "There is no command “{name}”."),
    "usage.like": ("没有 {name} 这个命令，是不是 {near}？", "There is no command “{name}”. Did you mean “{near}”?"),
    "usage.option": ("没有 {name} 这个选项。", "There is no option {name}."),
    "usage.near": ("没有 {name} 这个选项，是不是 {near}？", "There is no option {name}. Did you mean {near}?"),
    "usage.revision": (
        "「{value}」不是版本号，要写成 r12 这样，custsheet log 里有。",
        "“{value}” is not a revision; write it like r12, as custsheet log shows it.",
    ),
    "usage.date": (
        "「{value}」不是日期，要写成 2026-11-20 这样。",
        "“{value}” is not a date; write it like 2026-11-20.",
    ),
    "usage.late": ("--late 后面要写收下哪几份文件。", "--late wants the FILES to take."),
    "usage.label": ("--label 和 --with 要一起写。", "--label and --with go together."),
    "usage.doctor_files": ("doctor 只有加了 --client-test 才收文件。", "doctor takes files with --client-test only."),
    "usage.doctor_folder": (
        "--client-test 后面写一个文件夹，或者写存好的那几份文件。",
        "--client-test takes one folder, or the files that were saved.",
    ),
    "metavar.REVISION": ("版本号，比如 r12（custsheet log 里有）", "REVISION, such as r12 (see custsheet log)"),
    "metavar.LABEL": ("哪一行，比如 customers/澄湖示例科技", "LABEL, such as customers/Lakeside Sample Tech"),
    "metavar.FIELD": ("哪一栏", "FIELD"),
    "metavar.VALUE": ("填什么", "VALUE"),
    "metavar.FILE": ("文件", "FILE"),
    "metavar.DIR": ("文件夹", "DIR"),
    "metavar.NAME": ("名称", "NAME"),
    "usage.missing": ("还缺 {name}。", "{name} is missing."),
    "usage.other": ("这样写不对：{message}", "{message}"),
    "stop.interrupted": (
        "中断了。账本不会只做一半：要么做完了，要么没动。现在怎样，运行 custsheet status",
        "Interrupted. The ledger is never left half done: custsheet status tells how it stands now.",
    ),
    "stop.crashed": (
        "这是 custsheet 自己的毛病（{kind}）。账本不会只做一半，文件都还在。请把下面几行发给维护者：",
        "This is a fault of custsheet ({kind}). The ledger is never left half done, and no file is lost. Please report"
        " these lines:",
    ),
}
