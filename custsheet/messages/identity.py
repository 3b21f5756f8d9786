"""Whose file is this, which sheet, head and row: what intake says."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {
    "E_STAMP_DAMAGED": Wording(
        "refused",
        "这份文件里 custsheet 的标记坏了，不知道它是哪一次发给谁的。",
        "The custsheet mark in this file is damaged: it no longer says to whom it was issued, and when.",
        "请成员从发给他的那份重新另存一次，再交上来。",
        "Ask the member to save the copy that was sent to them once more and return that.",
    ),
    "E_TEXT_CUT": Wording(
        "refused",
        "存这份文件的程序把长文字截断了，连标记也截短了；别的长文字可能也少了一截，所以一格都没收。",
        "The program that saved this file cuts long texts, its mark among them; other long texts may be shorter too, so "
        "not one cell was taken.",
        "请成员用原来的 xlsx 另存一次再交，别存成 xls。",
        "Ask the member to save the original as xlsx, not as xls, and to return that.",
    ),
    "E_FOREIGN": Wording(
        "refused",
        "这份文件不是本团队发出的{detail}。",
        "This file was not issued by this team{detail}.",
        "看看是不是放错了收件夹；要导入外来的表，用 custsheet import。",
        "Check whether it lies in the wrong inbox; to take in a table from elsewhere use custsheet import.",
    ),
    "E_FORGED": Wording(
        "refused",
        "这份文件里的标记和账本对不上，可能有人动过隐藏的数据。",
        "The mark in this file does not agree with the ledger: its hidden data may have been changed.",
        "请成员用原来发给他的那份重新填；不清楚就把文件发给管理员看。",
        "Ask the member to fill in the copy that was issued; if in doubt show the file to whoever looks after the ledger.",
    ),
    "F_SENDER": Wording(
        "refused",
        "这份是发给{member}的（{email}），寄来的邮件却是 {sender}。整份先不收，什么都没丢。",
        "This copy was issued to {member} ({email}), but the mail came from {sender}. Nothing was taken, nothing is lost.",
        "问问{member}是不是本人交的，再在 questions.xlsx 里选收不收。换了邮箱就改 members.yaml，再运行 custsheet merge "
        "加这封邮件的文件名。",
        "Ask {member} who sent it, then choose in questions.xlsx whether to take it. If the address is new, write it into"
        " members.yaml and run custsheet merge with this mail's file name.",
    ),
    "E_REVOKED": Wording(
        "refused",
        "发给 {member} 的这份已经作废，不再收。",
        "The copy issued to {member} was withdrawn and is no longer taken in.",
        "需要的话重新发一份：custsheet generate --member {member} --again",
        "If it is needed, issue a new one: custsheet generate --member {member} --again",
    ),
    "E_SHEET_TWICE": Wording(
        "refused",
        "同一张表在这份文件里有两份（{sheets}），不知道听哪一份的。",
        "The same table is in this file twice ({sheets}); it is not clear which counts.",
        "删掉多出来的那一页，保存后再交。",
        "Delete the extra sheet, save, and return the file again.",
    ),
    "E_HEADER": Wording(
        "refused",
        "「{sheet}」第 {row} 行的表头{why_zh}。整份先不收，什么都没丢。",
        "In the head of “{sheet}” (row {row}) {why_en}. Nothing was taken, nothing is lost.",
        "请成员把表头改回发给他时的样子，每列一个、字不变，保存后再交。",
        "Ask the member to make the heads as they were issued, one for each column, save, and return the file again.",
    ),
    "E_PARTIAL_SORT": Wording(
        "refused",
        "「{sheet}」像是只排了一部分列：{count} 行的「{title}」跑到了别的行，例如第 {rows} 行。整份先不收，什么都没丢。",
        "“{sheet}” seems to have been sorted in part: in {count:1 row|# rows} “{title}” belongs to other rows, e.g. rows {rows}."
        " Nothing was taken, nothing is lost.",
        "运行 custsheet heal 加这个文件名：会另写一份放回原位的表和逐格的核对单，你看过再放进收件夹。或者请成员撤销排序"
        "（Ctrl+Z），再交一次。",
        "Run custsheet heal with this file's name: it writes another file with everything put back and a proof of each"
        " cell; look at it, then put it into the inbox. Or ask the member to undo the sort (Ctrl+Z) and return it again.",
    ),
    "E_ROWS_LOST": Wording(
        "refused",
        "「{sheet}」少了 {count} 行（发出去 {total} 行），整份先不收：是删掉了，还是筛选后另存的？",
        "“{sheet}” came back with {count} of {total:1 row|# rows} missing, so nothing was taken: deleted, or filtered and saved?",
        "请成员取消筛选后重新保存整张表再交；真要删，在「操作」一栏选「删除」。",
        "Ask the member to clear the filter, save the whole sheet and return it; to delete rows, choose Delete in Action.",
    ),
    "F_STAMP_LOST": Wording(
        "warning",
        "这份文件里的标记没有了，按行认出是{member}在 {round} 的那份（{share} 的行对得上）。",
        "The mark of this file is gone; by its rows it is the copy of {member} in {round} ({share} of them agree).",
        "不对的话，请成员用原来发给他的那份再交一次；最好直接存成 xlsx，别转成 csv。",
        "If that is wrong, ask the member for the copy as it was issued; best as xlsx, not as csv.",
    ),
    "F_STAMP_DAMAGED": Wording(
        "warning",
        "这份文件里的标记坏了，按行认出是{member}在 {round} 的那份（{share} 的行对得上）；发出时是什么样，以账本为准。",
        "The mark of this file is damaged; by its rows it is the copy of {member} in {round} ({share} of them agree). "
        "What was issued is taken from the ledger.",
        "不对的话，请成员用原来发给他的那份再交一次；最好直接存成 xlsx，别转成 xls 或 csv。",
        "If that is wrong, ask the member for the copy as it was issued; best as xlsx, not as xls or csv.",
    ),
    "E_ISSUE_LOST": Wording(
        "refused",
        "这份是账本恢复以前发给{member}的（{round}），现在的账本不认得它，没法比。整份先不收，什么都没丢。",
        "This copy was issued to {member} ({round}) before the ledger was restored, and the ledger does not know it now."
        " Nothing was taken, nothing is lost.",
        "把现在这一轮的表再发给本人，请他把改动填进去再交，比如运行 custsheet generate --again。",
        "Send the member this round's copy as it is now and ask to enter the changes again, e.g. custsheet generate --again.",
    ),
    "F_IDS_LOST": Wording(
        "warning",
        "「{sheet}」里认行用的隐藏列没有了。{total} 行里，{sure} 行按校验码或名称认出来了，{content} 行按内容认出来了，{rest} 行没认出来。",
        "The hidden column that names the rows of “{sheet}” is gone. Of {total} rows, {sure} are known by check code or key,"
        " {content} by their content, {rest} are not known.",
        "没认出来的当新行或者留着问你。最好请成员在原来的文件里改，别删隐藏的列。",
        "Rows that are not known count as new, or wait as a question. Best ask the member to work in the file as issued.",
    ),
    "F_NOT_A_ROW": Wording(
        "warning",
        "第 {row} 行像是合计、小计或者标题，不算一行数据：{value}",
        "Row {row} looks like a sum, a subtotal or a title, not like a row of data: {value}",
        "真是一行数据的话，换个写法，写在空行里再交一次。",
        "If it is a row of data, write it differently into a blank row and return it again.",
    ),
    "F_SHEET_MISSING": Wording(
        "warning",
        "没找到「{title_zh}」这张表，里面的内容一律当作没改。",
        "The sheet “{title_en}” is not in the file; its rows count as unchanged.",
        "如果改过这张表，请成员把它放回来再交一次。",
        "If it had changes, ask the member to put it back and return the file again.",
    ),
    "F_HEADER": Wording(
        "warning",
        "表头改成了「{value}」，按内容和位置当作「{title}」读了。",
        "This head now says “{value}”; by what the column holds and its place it was read as “{title}”.",
        "下次别改表头的字；新发的那份会恢复。",
        "Please leave heads as they are; the next copy restores them.",
    ),
    "F_COLUMN_MISSING": Wording(
        "warning",
        "「{title}」这一列不在了，里面的内容一律当作没改。",
        "The column “{title}” is gone; its cells count as unchanged.",
        "如果改过这一列，请成员把它放回来再交一次。",
        "If it had changes, ask the member to put it back and return the file again.",
    ),
    "F_COLUMN_UNKNOWN": Wording(
        "warning",
        "多了一列「{value}」，没有收进来。",
        "There is an extra column “{value}”; it was not taken in.",
        "要长期用，请负责人把它加进 schema.yaml。",
        "To keep it for good, have it added to schema.yaml.",
    ),
    "F_COMPUTED": Wording(
        "info",
        "「{title}」是自动算的，有 {count} 处被改动（{cells}），没有采用，下次发的会恢复。",
        "“{title}” is worked out by itself; {count} changed cells ({cells}) were not taken and come back in the next copy.",
    ),
    "F_CHECK": Wording(
        "warning",
        "「{sheet}」有 {count} 行的隐藏校验码没了或者不对，例如第 {rows} 行；行号还认得出，照常收。",
        "In “{sheet}” the hidden check code of {count} rows is gone or wrong, e.g. rows {rows}; they were known by their id"
        " and taken as usual.",
        "看一眼这几行有没有串行；请成员别动隐藏的列。",
        "Look whether these rows are still themselves; ask the member to leave hidden columns alone.",
    ),
    "F_HIDDEN_ROWS": Wording(
        "warning",
        "「{sheet}」有 {count} 行藏着（筛选或隐藏）也改了，例如第 {rows} 行，照常收了。",
        "In “{sheet}” {count} rows that are hidden or filtered out were changed too, e.g. rows {rows}; they were taken.",
        "看一眼这几行：往筛选过的表里粘贴，会把藏着的行一起盖掉。",
        "Look at these rows: pasting over a filtered list also writes into the rows that it hides.",
    ),
    "F_ACTION": Wording(
        "warning",
        "「操作」一栏里的「{value}」没认出来。",
        "“{value}” in the Action column is not known.",
        "要删这一行就从下拉里选「删除」，不删就留空。",
        "Choose Delete from the list to delete the row, or leave the cell empty.",
    ),
    "F_DUP_ID_SAME": Wording(
        "warning",
        "第 {rows} 行是同一行抄了 {count} 份，内容一样，只算一行。",
        "Rows {rows} are {count} equal copies of one row; it counts once.",
        "本来想加新行的话，请成员在抄出来的那行里改好名称再交。",
        "If a new row was meant, ask the member to change the name in the copied row and return the file.",
    ),
    "H_DUP_ID_SPLIT": Wording(
        "held",
        "第 {rows} 行带着同一个编号：一行是原来那位，另一行像是抄了再改的新行，先放着等你定。",
        "Rows {rows} carry the same id: one is the original, the other looks like a copy made into a new row. It waits.",
        "在 questions.xlsx 里选「作为新行加上」或「不要」。",
        "Choose “add as a new row” or “drop” in questions.xlsx.",
    ),
    "R_DUP_ID": Wording(
        "rejected",
        "第 {rows} 行带着同一个编号、内容又不一样，分不清哪行是原来的，这几行的改动都没收。",
        "Rows {rows} carry the same id with different content; it is not clear which is the original. None was taken.",
        "请成员只留一行（要加新行就用表底的空行），再交一次。",
        "Ask the member to keep one of them (new rows go into the blank rows below) and to return the file.",
    ),
    "F_ID_RESTORED": Wording(
        "warning",
        "这一行的隐藏编号没了，按内容认出来了，照常收。",
        "The hidden id of this row was gone; it was known again by its key and taken as usual.",
        "看一眼是不是同一家；请成员别动最左边隐藏的那一列。",
        "Look whether it is still the same one; ask the member to leave the hidden first column alone.",
    ),
    "H_ID_LOST": Wording(
        "held",
        "这一行的隐藏编号没了或者对不上，不能肯定它是哪一行，先放着等你定。",
        "The hidden id of this row is gone or does not match; which row it is, is not certain. It waits for you.",
        "在 questions.xlsx 里定。",
        "Decide in questions.xlsx.",
    ),
    "R_ID_NOT_ISSUED": Wording(
        "rejected",
        "这一行不是发给这位成员的（像是从别人的表里粘过来的），没有收。",
        "This row was not issued to this member (pasted from a colleague's copy?); it was not taken.",
        "请行的主人在自己那份里改；要新加一行，只把看得见的格子粘到表底的空行里。",
        "Its owner should change it in their copy; to add a row, paste only the visible cells into a blank row below.",
    ),
}

WORDS: dict[str, tuple[str, str]] = {
    "head.twice": (
        "里「{title}」出现了两次，不知道听哪一列的",
        "“{title}” stands twice, and it is not clear which column counts",
    ),
    "head.unknown": (
        "里「{title}」认不出是发出去的哪一列",
        "it is not clear which of the issued columns “{title}” is",
    ),
    "head.gone": ("不在了，不知道哪一列是什么", "the names of the columns are gone, so it is not clear what is what"),
}
