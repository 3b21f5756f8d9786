"""Why a returned file is refused, or what is odd about it as a whole."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

_AGAIN = (
    "请成员把原文件再发一次，不用修复工具：打开、保存、作为附件发出。",
    "Ask the member to send the original again, unrepaired: open it, save it, attach it.",
)
_SAVE_AS = (
    "请成员用 Excel 或 WPS 打开，另存为「Excel 工作簿 (*.xlsx)」再交。",
    "Ask the member to open it in Excel or WPS and save it as “Excel Workbook (*.xlsx)”.",
)
_OWN_COPY = (
    "请成员在发给他的那份里重新填，用 Excel 或 WPS 保存后再交。",
    "Ask the member to fill in the copy that was issued, save it in Excel or WPS and return that.",
)
_CLEAR = (
    "请成员选中数据下方和右侧的空白，「清除 → 全部清除」，保存后再交。",
    "Ask the member to select what lies below and right of the data, choose Clear All, save and return it.",
)


def _refused(zh: str, en: str, mend: tuple[str, str]) -> Wording:
    return Wording("refused", zh, en, *mend)


_FILE = {
    "E_FILE_EMPTY": _refused("这份文件是空的，0 字节。", "This file is empty: 0 bytes.", _AGAIN),
    "E_FILE_TOO_BIG": _refused(
        "这份文件有 {size}，最多收 {limit}。",
        "This file has {size}; at most {limit} are taken.",
        ("请成员删掉贴进去的图片，保存后再交。", "Ask the member to delete pasted pictures, save and return it."),
    ),
    "E_NOT_XLSX": _refused(
        "这不是能读的工作簿{found}。",
        "This is no workbook that can be read{found}.",
        (
            "请成员交发给他的那份表格本身；用别的程序填的，先用 Excel 或 WPS 另存成 xlsx。",
            "Ask the member for the workbook that was issued itself; what another program saved has to be saved as xlsx.",
        ),
    ),
    "E_PACKED": _refused(
        "这是 {format} 压缩包，这里打不开。",
        "This is a {format} archive, which cannot be opened here.",
        (
            "解压出来，把里面的表放进收件夹；或者请成员发 zip。",
            "Unpack it into the inbox, or ask the member for a zip.",
        ),
    ),
    "E_NUMBERS": _refused(
        "这是苹果 Numbers 自己的格式，读不了。",
        "This is Apple Numbers' own format, which cannot be read.",
        (
            "请成员在 Numbers 里「文件 → 导出为 → Excel」，再交。",
            "Ask the member to use File, Export To, Excel in Numbers.",
        ),
    ),
    "E_NOTHING_INSIDE": _refused(
        "里面没有表格。",
        "There is no spreadsheet in it.",
        (
            "打开看看附件在不在；请成员把表格作为附件再发一次。",
            "Look whether the attachment is there; ask the member to attach the file again.",
        ),
    ),
    "E_NOT_YET": _refused("这种文件现在还不会读：{what}。", "This kind of file cannot be read yet: {what}.", _SAVE_AS),
    "E_CHILD": _refused(
        "读这份文件的程序中途停了（{reason}），什么都没收。",
        "The program that reads such files stopped halfway ({reason}); nothing was taken.",
        _SAVE_AS,
    ),
    "E_DAMAGED": _refused(
        "这份 .{format} 文件坏了，读不下去（{reason}）。",
        "This .{format} file is damaged and cannot be read ({reason}).",
        _AGAIN,
    ),
    "E_TEXT_ENCODING": _refused(
        "这份文本文件认不出是什么编码。",
        "The encoding of this text file cannot be told.",
        ("在 Excel 里另存为「CSV UTF-8」或 xlsx，再来一次。", "Save it as “CSV UTF-8” or xlsx in Excel and try again."),
    ),
    "E_WINMAIL": _refused(
        "这封邮件的附件被 Outlook 包在 winmail.dat 里，取不出来。",
        "Outlook packed this mail's attachments into winmail.dat, where they cannot be reached.",
        (
            "请成员把邮件格式改成「HTML」或「纯文本」再发，或者直接发文件。",
            "Ask the member to send the mail as HTML or plain text, or to send the file itself.",
        ),
    ),
    "E_MAIL_TOO_MANY": _refused(
        "这封邮件有 {limit} 个以上的部分，没有打开。",
        "This mail has more than {limit} parts and was not opened.",
        ("请成员只发那一份表。", "Ask the member to send the workbook alone."),
    ),
    "E_ENCRYPTED": _refused(
        "这份文件设了打开密码，读不了。",
        "This file has a password to open, so it cannot be read.",
        (
            "知道密码就写进一个文本文件，一行一个，再加上 --password-from 文件名。不知道就请成员在「文件 → 信息 → 保护工作簿 → "
            "用密码进行加密」里把密码清空，保存后再交。",
            "If you know it, write it into a text file and run again with --password-from FILE. Else ask the member to"
            " clear it under File → Info → Protect Workbook → Encrypt with Password, and to return it.",
        ),
    ),
    "E_PASSWORD": _refused(
        "这份文件设了打开密码，给的密码都打不开。",
        "This file has a password to open, and none of those that were given fits.",
        (
            "问成员要密码，写进密码文件里，一行一个，再来一次：--password-from 文件。大小写和全角半角都算。",
            "Ask the member for it, write it into the file of passwords, one a line, and run again with --password-from"
            " FILE. Upper and lower case count.",
        ),
    ),
    "E_MACRO": _refused(
        "这份文件带有宏（{found}），没有打开。",
        "This file carries macros ({found}) and was not opened.",
        (
            "请成员另存为「Excel 工作簿 (*.xlsx)」，不带宏的那种，再交。不是他自己加的宏，先查一下电脑。",
            "Ask the member to save it as *.xlsx, without macros; if they added none, have their computer checked.",
        ),
    ),
    "E_ACTIVE_CONTENT": _refused(
        "这份文件里嵌了别的程序或文件（{found}），没有打开。",
        "This file embeds another program or file ({found}) and was not opened.",
        (
            "请成员删掉嵌入的对象、控件和 DDE 链接，保存后再交；附件另外发。",
            "Ask the member to delete embedded objects, controls and DDE links; attachments go separately.",
        ),
    ),
    "E_STRICT_OOXML": _refused(
        "这份文件存成了「Strict Open XML」格式。", "This file was saved as “Strict Open XML Spreadsheet”.", _SAVE_AS
    ),
}

_ZIP = {
    "E_ZIP_TRUNCATED": _refused(
        "这份文件不完整，后面断掉了。", "This file is incomplete: it was cut off on its way.", _AGAIN
    ),
    "E_ZIP_CRC": _refused("这份文件在路上损坏了（{part}）。", "This file was damaged on its way ({part}).", _AGAIN),
    "E_ZIP_SIZE_LIE": _refused(
        "这份文件说的大小和里面的对不上（{part}）。",
        "The sizes that this file states are not those that it holds ({part}).",
        _AGAIN,
    ),
    "E_ZIP_TRAILING": _refused("这份文件后面多接了别的内容。", "Something else was appended to this file.", _AGAIN),
    "E_ZIP_ENCRYPTED": _refused(
        "这份文件里有加了密的部分（{part}）。", "A part of this file is encrypted ({part}).", _OWN_COPY
    ),
    "E_ZIP_METHOD": _refused(
        "这份文件用的压缩方式 Excel 也不认（{part}）。",
        "This file is packed in a way that Excel does not know either ({part}).",
        _SAVE_AS,
    ),
    "E_ZIP_NAME": _refused(
        "这份文件里有名字不对劲的部分（{part}）。", "A part of this file has a suspicious name ({part}).", _OWN_COPY
    ),
    "E_ZIP_DUPLICATE_NAME": _refused(
        "这份文件里「{part}」有两份，不知道听哪一份的。",
        "This file holds “{part}” twice; it is not clear which one counts.",
        _OWN_COPY,
    ),
    "E_ZIP_OVERLAP": _refused(
        "这份文件里几个部分叠在一起（{part}）。", "Parts of this file lie over one another ({part}).", _OWN_COPY
    ),
    "E_ZIP_TOO_MANY": _refused(
        "这份文件里有 {count} 个部分，最多收 {limit} 个。",
        "This file has {count} parts; at most {limit} are taken.",
        _OWN_COPY,
    ),
    "E_ZIP_BOMB": _refused(
        "这份文件解开后大得离谱（{part}），没有再往下读。",
        "This file would unpack to something huge ({part}); reading stopped there.",
        _OWN_COPY,
    ),
    "E_PKG_PART_MISSING": _refused("这份文件缺了一部分：{part}。", "A part of this file is missing: {part}.", _AGAIN),
    "E_PKG_REL": _refused(
        "这份文件里有部分指到了文件外面或同一处（{target}）。",
        "A part of this file points outside of it, or to one already used ({target}).",
        _OWN_COPY,
    ),
}

_XML = {
    "E_XML_DTD": _refused(
        "这份文件里夹了 Excel 从不会写的指令（{part}），没有打开。",
        "This file holds declarations that Excel never writes ({part}) and was not opened.",
        _OWN_COPY,
    ),
    "E_XML_SYNTAX": _refused("这份文件里面坏了，读不通（{part}）。", "This file is broken inside ({part}).", _AGAIN),
    "E_XML_DEPTH": _refused(
        "这份文件里的层次深得离谱（{part}）。", "This file is nested far too deeply ({part}).", _OWN_COPY
    ),
    "E_XML_TOKEN": _refused(
        "这份文件里有一处长得离谱（{part}）。", "Something in this file is far too long ({part}).", _OWN_COPY
    ),
    "E_XML_TOO_MANY": _refused(
        "这份文件里的东西太多，读不完（{part}）。", "This file holds too much to be read ({part}).", _CLEAR
    ),
    "E_SST_ELEMENT": _refused(
        "这份文件的文字表里有不该在那里的东西（{element}）。",
        "Something is among this file's texts that does not belong there ({element}).",
        _AGAIN,
    ),
    "E_SST_TOO_MANY": _refused(
        "这份文件里的文字超过 {limit} 条。", "This file has more than {limit} texts.", _OWN_COPY
    ),
    "E_STYLES_TOO_MANY": _refused(
        "这份文件里的单元格样式超过 {limit} 种。", "This file has more than {limit} cell styles.", _OWN_COPY
    ),
    "E_TOO_MANY_SHEETS": _refused(
        "这份文件超过 {limit} 张工作表。", "This file has more than {limit} sheets.", _OWN_COPY
    ),
    "E_TOO_MANY_NAMES": _refused(
        "这份文件里定义的名称超过 {limit} 个。",
        "This file has more than {limit} defined names.",
        (
            "请成员在「公式 → 名称管理器」里删掉不用的，保存后再交。",
            "Ask the member to delete unused ones under Formulas → Name Manager, save and return it.",
        ),
    ),
}

_SHEET = {
    "E_SHEET_NAME": _refused("有两张工作表都叫「{sheet}」。", "Two sheets are both named “{sheet}”.", _OWN_COPY),
    "E_SHEET_INDEX": _refused(
        "「{sheet}」第 {row} 行附近有一格的位置超出了表格。",
        "Near row {row} of “{sheet}” a cell lies outside of any sheet.",
        _AGAIN,
    ),
    "E_SHEET_ORDER": _refused(
        "「{sheet}」第 {row} 行存的先后乱了，各家软件会读成不一样的。",
        "Row {row} of “{sheet}” is stored out of order: programs would read it differently.",
        _SAVE_AS,
    ),
    "E_SHEET_DUP_CELL": _refused(
        "「{sheet}」第 {row} 行同一格存了两次，不知道听哪一个的。",
        "A cell in row {row} of “{sheet}” is stored twice; it is not clear which one counts.",
        _SAVE_AS,
    ),
    "E_SHEET_TOO_BIG": _refused(
        "「{sheet}」用到的范围太大，多半是很远的地方误填了一格。",
        "“{sheet}” reaches too far: most likely a cell was filled by mistake far away.",
        _CLEAR,
    ),
    "E_SHEET_MERGE": _refused(
        "「{sheet}」合并单元格的范围太大：{range}。",
        "“{sheet}” merges too many cells: {range}.",
        ("请成员取消合并，保存后再交。", "Ask the member to unmerge them, save and return it."),
    ),
    "E_SHEET_RANGE": _refused(
        "「{sheet}」有链接或列宽盖住了太大的范围：{range}。",
        "A link or a column width of “{sheet}” covers too much: {range}.",
        _OWN_COPY,
    ),
    "E_SHEET_ELEMENT": _refused(
        "「{sheet}」的数据里夹了认不得的东西（{element}），各家软件会读成不一样的。",
        "Something unknown is among the rows of “{sheet}” ({element}): programs would read it differently.",
        _SAVE_AS,
    ),
    "E_CELL_STRING_INDEX": _refused(
        "有一格指到了不存在的文字（第 {index} 条）。",
        "A cell points to a text that is not there (no. {index}).",
        _AGAIN,
    ),
    "E_CELL_TOO_LONG": _refused(
        "有一格的内容超过 {limit} 个字，Excel 一格最多 32767 个。",
        "A cell holds more than {limit} characters; Excel keeps at most 32,767.",
        ("请成员把那一格缩短，保存后再交。", "Ask the member to shorten that cell, save and return it."),
    ),
}

_REMARKS = {
    "F_ROW_GAP": Wording(
        "warning",
        "很远的地方还有内容：{detail}，中间隔了一千多行空行。",
        "There is content far away at {detail}, after more than a thousand empty rows.",
        "多半是误填：看一眼那一格，不要就删掉。",
        "Most likely a slip: look at that cell and delete it if it is not wanted.",
    ),
    "F_EMPTY_ROWS_IGNORED": Wording(
        "info", "跳过了只有格式的空行：{detail}。", "Rows that hold nothing but formats were passed over: {detail}."
    ),
    "F_EXTERNAL_LINK": Wording(
        "warning",
        "这份文件连着别处的文件：{detail}。没有去打开。",
        "This file is linked to another one: {detail}. It was not followed.",
        "请成员在「数据 → 编辑链接」里断开，免得下次打开时弹提示。",
        "Ask the member to break the link under Data → Edit Links, so that no prompt comes up.",
    ),
    "F_HYPERLINK": Wording(
        "warning",
        "有一个链接不是网页也不是邮箱：{detail}。别点。",
        "One link is neither a page nor a mail address: {detail}. Do not click it.",
        "问一下是不是成员自己加的，不是就删掉。",
        "Ask the member whether they added it; delete it if not.",
    ),
    "F_DATE1904": Wording(
        "info",
        "这份文件用的是 1904 日期系统（老的 Mac 设置），日期已经换算好。",
        "This file counts days from 1904 (an old Mac setting); its dates were converted.",
    ),
    "F_STYLE_IGNORED": Wording(
        "info",
        "有的单元格用了文件里没有的样式，按常规格式读。",
        "Some cells name a style that the file does not have; they were read as General.",
    ),
    "F_HIDDEN_SHEET": Wording(
        "info",
        "有一张隐藏的工作表不是发出去时的：{detail}。没有读取。",
        "A hidden sheet was not in the copy as issued: {detail}. It was not taken in.",
    ),
    "F_PICTURES": Wording(
        "info",
        "这份文件里贴了 {detail} 张图片，没有读，原件里还在；格子里的内容照常收。",
        "This file holds {detail:a picture; it was not read and stays|# pictures; they were not read and stay} in the original, the cells were taken as usual.",
        "图片里有该收的内容，请成员打成字；图片另外发。",
        "If a picture shows something to be taken in, ask the member to type it; pictures go separately.",
    ),
    "F_SHEET_UNKNOWN": Wording(
        "warning",
        "多了一张工作表「{detail}」，没有收进来，原件里还在。",
        "There is an extra sheet “{detail}”; it was not taken in and stays in the original file.",
        "里面要是有该收的内容，请成员抄到发给他的那几张表里再交。",
        "If it holds something to be taken in, ask the member to copy it into the sheets that were issued.",
    ),
    "F_ERRORS_UNSEEN": Wording(
        "info",
        "这是 .xlsb 文件：公式和出错的格（比如 #REF!）在里面看不出来，按空格读。",
        "This is an .xlsb file: formulas and cells in error (such as #REF!) cannot be seen in it and read as blank.",
        "下次请成员存成「Excel 工作簿 (*.xlsx)」。",
        "Next time ask the member to save it as “Excel Workbook (*.xlsx)”.",
    ),
    "F_MERGED_CELLS": Wording(
        "warning",
        "数据里有合并的单元格：{detail}。只有左上角那格有内容，其余按没改处理。",
        "Cells among the data are merged: {detail}. Only the first of them counts; the others are taken as unchanged.",
        "请成员取消合并，把内容填到每一行。",
        "Ask the member to unmerge them and fill in each row.",
    ),
}

CODES: dict[str, Wording] = {
    **_FILE,
    **_ZIP,
    **_XML,
    **_SHEET,
    **_REMARKS,
    "FILE_UNREADABLE": Wording(
        "stop",
        "读不了文件 {file}：{reason}。",
        "The file {file} cannot be read: {reason}.",
        "在 Excel 或 WPS 里关掉它，看看有没有权限，再试一次。",
        "Close it in Excel or WPS, check that you may read it, and try again.",
    ),
}

WORDS: dict[str, tuple[str, str]] = {}
