"""What `--help` says in Chinese, by the English that stands beside each command and option."""

from __future__ import annotations

HELP: dict[str, str] = {
    # the parts of a help page
    "Usage": "用法",
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示这份说明。",
    "Show the version and exit.": "显示版本号。",
    # options of every command
    "Work in the workspace of this folder.": "用这个文件夹里的工作区。",
    "Act as this member.": "以这位成员的名义操作。",
    "Count this day as today.": "把这一天当作今天。",
    "Print one JSON document.": "输出一份 JSON，给程序读。",
    "Take FILES of closed rounds that would wait for a word.": "收下这些上一轮的文件，不再先问（FILES）。",
    "Go the same way and write nothing.": "只试一遍，什么都不写。",
    "Open files that were saved with a password: one a line, a name and a colon may stand before it.": (
        "打开带密码的文件：一行一个，可写「名字：密码」。"
    ),
    # commands
    "Issue one workbook per member, check what comes back, merge it cell by cell, report.": (
        "给每位成员发一份工作簿，收回来检查、逐格合并、出报表。"
    ),
    "Without a command: `status`.": "不写命令时等于 `status`：现在到哪一步了，下一步做什么。",
    "Make a new workspace for a team.": "给团队新建一个工作区。",
    "Make a new workspace in DIR for a team, with one of the built-in schemas.": (
        "在 DIR 里给团队新建一个工作区，用一套自带的表样。"
    ),
    "follow-up, simple or pipeline.": "follow-up（客户跟进）、simple（简单）或 pipeline（商机）。",
    "Language of the workbooks.": "工作簿用哪种语言。",
    "Play a sample team's week, from the first copy to the report.": "演一遍示例团队的一周，从发出去到出报表。",
    "Play a sample team's week in DIR (default: ./demo), from the first copy to the report.": (
        "在 DIR 里（不写就是 ./demo）演一遍示例团队的一周，从发出去到出报表。"
    ),
    "List, add or import the team's members.": "列出、添加或导入成员。",
    "Add one member.": "添加一位成员。",
    "Stable id; made from the name if not given.": "固定不变的编号；不写就按名字起一个。",
    "A role of the schema, sales for one.": "表样里的角色，比如 sales。",
    "Name or id of the member to whom this one reports.": "上级的名字或编号。",
    "Where copies are sent.": "表格发到哪个邮箱。",
    "Take members from a csv or xlsx; each distinct manager becomes a member with role manager.": (
        "从 csv 或 xlsx 导入成员；出现过的上级都成为角色是 manager 的成员。"
    ),
    "List the members.": "列出成员。",
    "Check or show the schema, or carry the rows over to a changed one.": "检查或显示表样，或把内容换到改过的表样下。",
    "Check or show the schema, print its JSON Schema, carry the rows over to a changed one.": (
        "检查或显示表样，输出它的 JSON Schema，或把内容换到改过的表样下。"
    ),
    "Carry the rows in the ledger over to a changed schema.yaml, as one revision.": (
        "schema.yaml 改了以后，把账本里的内容换到新的表样下，记为一版。"
    ),
    "Only say what the changed schema does to the rows.": "只说改过的表样会怎样，什么都不动。",
    "Go on although values leave the rows or cannot be read any more.": "有内容要移出、或照新的读不出来，也照换。",
    "Check a schema file (default: the workspace's); each mistake with file, line and the nearest word.": (
        "检查表样文件（不写就是工作区的）：每处错误写明第几行、像哪个词。"
    ),
    "Print the JSON Schema by which editors complete a schema file.": "输出 JSON Schema，编辑器靠它自动补全表样文件。",
    "Show tables, fields and rules in plain words: of the workspace, a file, or a built-in schema.": (
        "用平常话说出有哪些表、字段和规则：工作区的、某个文件的或自带的。"
    ),
    "Import a csv or xlsx into a table of the ledger.": "把 csv 或 xlsx 导入账本里的一张表。",
    "Import a csv or xlsx into a table: equal rows stay, new ones are added, others wait or (--update) change.": (
        "把 csv 或 xlsx 导入一张表：一样的不动，新的添上，\n不一样的等人定，加 --update 就按文件改。"
    ),
    "The table of the schema that the rows belong to.": "这些行属于表样里的哪张表。",
    "YAML: head in the file → field.": "YAML：文件里的表头 → 字段。",
    "Rows that are there and differ take the file's values.": "已有而不一样的行，按文件改。",
    "Change one cell of the ledger yourself.": "自己改账本里的一格。",
    "Change one cell yourself: `set customers/华兴贸易 status 成交客户`. An empty VALUE blanks it.": (
        "自己改一格：`set customers/华兴贸易 status 成交客户`；\nVALUE 留空就是清空这一格。"
    ),
    "Issue one copy per member.": "给每位成员发一份表。",
    "Issue one copy per member into rounds/<round>/outbox.": "给每位成员做一份表，放在 rounds/<轮次>/outbox。",
    "Only this member (may be given again).": "只给这位成员（可以写几次）。",
    "Round; default: this ISO week, 2026-W47.": "哪一轮；不写就是本周，比如 2026-W47。",
    "Also for members who have returned a copy in this round.": "这一轮已经交回的成员也再发。",
    "Outside a workspace: schema file or built-in name.": "没有工作区时：表样文件或自带表样的名字。",
    "Outside a workspace: TABLE=FILE.": "没有工作区时：表=文件。",
    "Outside a workspace: the file to write.": "没有工作区时：写到哪个文件。",
    "List, close or reopen rounds.": "列出、结束或重开轮次。",
    "Close a round: copies that come later join the open round.": "结束一轮；晚到的表算进还开着的那一轮。",
    "List the rounds.": "列出轮次。",
    "Open a closed round again.": "重开已经结束的一轮。",
    "Show who returned, what waits, and what to do next.": "谁交了、什么在等、下一步做什么。",
    "Check returned copies without merging them.": "只检查交回的表，不合并。",
    "Check returned copies (default: what is new in the inbox) without merging them.": (
        "只检查交回的表（不写就是收件夹里新来的），不合并。"
    ),
    "Also write each copy with its findings marked, to be sent back to its member.": (
        "另写一份标好问题的表，发回给成员去改。"
    ),
    "Also list what was there before, in full.": "原来就有的问题也全部列出。",
    "Give a copy a fresh skin; undo partial sorts.": "把交回的表重新排好版；单独排过序的列放回原位。",
    "Pour a returned copy into a fresh skin, and put back columns that were sorted apart from their rows.": (
        "把交回的表重新排好版；和行分开排过序的列放回原位。"
    ),
    "Dropdowns, formats and formulas are as issued again; what was typed, own columns, widths and filters stay. It is "
    "still the same copy: nothing is merged before somebody puts it into the inbox.": (
        "下拉、格式和公式恢复成发出时的样子；填的内容、自己加的列、列宽和筛选都留着。\n"
        "它还是同一份表：有人把它放进收件夹之前，什么都不合并。"
    ),
    "Where to write it.": "写到哪里。",
    "Show what was changed in a copy.": "看一份交回的表改了什么。",
    "Show what was changed in a copy, against what was issued; works outside a workspace too (unverified).": (
        "看一份交回的表和发出时比改了什么；没有工作区也能看（未经核对）。"
    ),
    "Merge what came back, and the answers in questions.xlsx.": "合并交回的表和问题表里的回答。",
    "Merge FILES (default: what is new in the inbox), and the answers that lie in questions.xlsx.": (
        "合并 FILES（不写就是收件夹里新来的）和问题表里的回答。"
    ),
    "Take up the answers in questions.xlsx alone.": "只收问题表里的回答。",
    "Take up the answers in QUESTIONS.xlsx (default: the round's), or one answer in words; list what is open.": (
        "收问题表（不写就是这一轮的）里的回答，或直接用话答一个；\n列出还没答的。"
    ),
    "Answer the question about this row here, without the file.": "不用问题表，直接答关于这一行的问题。",
    "Only the question about this field of the row.": "只答这一行里关于这个字段的问题。",
    "A letter or choice of the question, or a value.": "问题的选项（字母或文字），或者一个值。",
    "Write report.xlsx.": "写出 report.xlsx。",
    "Write report.xlsx: KPIs, status, members, stages, overdue and stale lists, findings, what changed.": (
        "写出 report.xlsx：指标、状态、成员、阶段、逾期和久未联系、问题、改动。"
    ),
    "Round; default: the youngest.": "哪一轮；不写就是最近的。",
    "The rows as they were at a revision or on a day.": "按某个修订号或某一天当时的样子。",
    "Take a revision back; what was changed since is asked about.": "撤销一次修订；之后又改过的会问你。",
    "Take revision REVISION back (see `custsheet log`); an undo of an undo does it again.": (
        "撤销修订 REVISION（号码看 `custsheet log`）；撤销一次「撤销」就是重做。"
    ),
    "Of a merge in an open round the files it took in count no longer, and the round is merged again without them. Of "
    "anything else each cell goes back that still holds what was written; the others become questions.": (
        "撤销还开着的一轮里的合并：那次收的文件不再算数，这一轮重新合并。\n"
        "撤销别的：还是当时写的值的格改回去，后来又改过的会问你。"
    ),
    "List what was done to the ledger, latest first.": "账本做过什么，最近的在前。",
    "List what was done to the ledger, latest first; with -o every change, as a workbook to be filtered.": (
        "账本做过什么，最近的在前；加 -o 就把每一处改动写成一份能筛选的表。"
    ),
    "How many revisions.": "列几次修订。",
    "Write the whole history to this workbook instead.": "不列出来，把全部历史写进这份表。",
    "Show one row and its story.": "看一行和它的来历。",
    "Show one row: its values now, the rows that refer to it, what was asked and decided about it, and its story.": (
        "看一行：现在的值、和它有关的行、问过什么和怎样定的、它的来历。"
    ),
    "A row that was deleted is shown as it was, with exit code 3.": "删掉了的行照删除前的样子显示，退出码 3。",
    "Show who set each value of a row, and when.": "看一行里每个值是谁、什么时候填的。",
    "Show who set each value of a row, when, and from which file; of what was decided, who decided it.": (
        "看一行里每个值是谁、什么时候、从哪个文件来的；定下来的，是谁定的。"
    ),
    "Check that the ledger is whole.": "检查账本是不是完好。",
    "Check that the ledger is whole: the database, the audit chain, the rows.": (
        "检查账本是不是完好：数据库、审计链、每一行。"
    ),
    "Replay every revision and read every stored file again; or check the database, the audit chain and the rows as they "
    "are (default).": "每次修订重算、每个文件重读；不加就只查现状。",
    "A copy that was mailed out, or a text with a fingerprint as verify prints it: the ledger must still hold it.": (
        "发出去过的表，或存着指纹的文本：看那以前有没有被改写。"
    ),
    "Merge every received file anew and compare.": "把收过的文件全部重新合并，比一比。",
    "Read every received file again and merge each round anew: the ledger has to come out as it is.": (
        "把收过的文件全部重读，每一轮重新合并：结果必须和账本一模一样。"
    ),
    "This round alone.": "只算这一轮。",
    "Put a backup in the ledger's place.": "用备份换下账本。",
    "Put a backup in the ledger's place: FILE, or the newest that proves whole. What was there is kept beside it.": (
        "用备份换下账本：FILE，不写就用最新的完好备份；原来的留在旁边。"
    ),
    "Write a verified backup of the ledger.": "给账本做一份核对过的备份。",
    "Write a backup of the ledger and open it to make sure that it is good.": "给账本做一份备份，并打开核对。",
    "Say what is installed, or test a spreadsheet program.": "看装了什么，或测试一款表格软件。",
    "Say what runs here, for whoever is asked for help; or test a spreadsheet program.": (
        "看这里装了什么，求助时发给别人；或测试一款表格软件。"
    ),
    "Write a workbook that tests a spreadsheet program into DIR (default: ./client-test), or judge FILEs of it.": (
        "写一份测试表格软件用的工作簿到 DIR（不写就是 ./client-test），\n或评判它交回的 FILE。"
    ),
    "Language of the test's workbook.": "测试工作簿用哪种语言。",
}
