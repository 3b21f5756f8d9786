"""What the ledger says."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {
    # ── opening ─────────────────────────────────────────────────────────────────────────────────────
    "LEDGER_EXISTS": Wording(
        "stop",
        "这里已经有一本账本了：{path}",
        "There is a ledger here already: {path}",
        "直接用它，或者换一个文件夹新建，例如 custsheet new team2。",
        "Use it, or start in another folder, for example custsheet new team2.",
    ),
    "LEDGER_MISSING": Wording(
        "stop",
        "没找到账本：{path}",
        "No ledger at {path}",
        "看看 custsheet.yaml 里 ledger: 的位置对不对；真丢了，就用 backups 里最新的一份好的顶上：custsheet restore",
        "Check where ledger: in custsheet.yaml points; if it is lost, the newest good backup takes its place with: "
        "custsheet restore",
    ),
    "LEDGER_DAMAGED": Wording(
        "stop",
        "账本读不下去，文件坏了：{path}（{detail}）",
        "The ledger cannot be read, the file is damaged: {path} ({detail})",
        "用 backups 里最新的一份好的顶上，坏的这份也会留着：custsheet restore",
        "The newest good backup takes its place with: custsheet restore",
    ),
    "LEDGER_FOREIGN": Wording(
        "stop",
        "这里是别的程序的数据，不是 custsheet 的账本：{path}",
        "This belongs to another program, it is not a custsheet ledger: {path}",
        "看看 custsheet.yaml 里 ledger: 写得对不对，例如 ledger: ledger.db；账本在服务器上要有自己的一个空数据库。",
        "Check what ledger: in custsheet.yaml names, for example ledger: ledger.db; on a server it wants an empty "
        "database of its own.",
    ),
    "LEDGER_NEWER": Wording(
        "stop",
        "账本是更新的 custsheet 写的（第 {found} 版），这里只认得到第 {known} 版：{path}",
        "A newer custsheet wrote this ledger (layout {found}); this one knows layouts up to {known}: {path}",
        "升级后再来，例如 py -m pip install --upgrade custsheet。账本没动。",
        "Upgrade first, for example py -m pip install --upgrade custsheet. The ledger was not touched.",
    ),
    "LEDGER_LOCKED": Wording(
        "stop",
        "账本正被别人写着：{user} 在 {host} 上（进程 {pid}），从 {since} 开始，命令 {command}",
        "Somebody is writing to the ledger: {user} on {host} (process {pid}) since {since}, command {command}",
        "等那边跑完再来一次，例如过一分钟；这边没做完的会接着做。",
        "Wait for that run to end and try again, for example in a minute; it goes on where it stopped.",
    ),
    "LEDGER_ON_NETWORK": Wording(
        "stop",
        "账本放在网络盘上（{kind}），两台电脑同时写会写坏：{path}",
        "The ledger stands on a network drive ({kind}); two computers writing at once would damage it: {path}",
        "把账本放到本机硬盘，在 custsheet.yaml 里写 ledger: C:\\custsheet\\ledger.db；几台电脑都要写，就放到 PostgreSQL "
        "服务器上：ledger: postgresql://crm@db.example.com/crm",
        "Move it to a disk of this computer and write ledger: C:\\custsheet\\ledger.db in custsheet.yaml; where several "
        "computers write, put it on a PostgreSQL server: ledger: postgresql://crm@db.example.com/crm",
    ),
    "LEDGER_SYNCED": Wording(
        "stop",
        "账本放在同步盘里（{program}），边写边同步会写坏：{path}",
        "The ledger stands in a synced folder ({program}); syncing while it is written would damage it: {path}",
        "把账本放到不同步的文件夹，在 custsheet.yaml 里写 ledger: C:\\custsheet\\ledger.db；表格可以留在同步盘。"
        "几台电脑都要写，就放到 PostgreSQL 服务器上：ledger: postgresql://crm@db.example.com/crm",
        "Move it to a folder that is not synced and write ledger: C:\\custsheet\\ledger.db in custsheet.yaml; "
        "the workbooks may stay. Where several computers write, put it on a PostgreSQL server: "
        "ledger: postgresql://crm@db.example.com/crm",
    ),
    "LEDGER_BACKUP_BAD": Wording(
        "stop",
        "备份没通过检查，没有存下来：{path}（{found}）",
        "The backup did not pass its check and was not kept: {path} ({found})",
        "先查账本本身，例如 custsheet verify。",
        "Check the ledger itself first, for example custsheet verify.",
    ),
    "F_REPLAY_FILE": Wording(
        "error",
        "「{file}」现在读出来和收的时候不一样（{reason}）。",
        "{file} reads otherwise now than when it was taken in ({reason}).",
        "先 custsheet verify --full，看收到的文件还在不在、变没变；表样改过的话，旧表读出来可能不同。",
        "Run custsheet verify --full to see whether the received file is whole; after a change of the schema it may differ.",
    ),
    "F_REPLAY_LEDGER": Wording(
        "error",
        "「{file}」没法照收的时候那样再读一遍，坏的是账本，不是这份文件：{reason}。",
        "{file} cannot be read again as it was taken in. It is the ledger that is damaged, not the file: {reason}.",
        "用 backups 里最新的一份好的顶上，坏的这份也会留着：custsheet restore",
        "The newest good backup takes its place with: custsheet restore",
    ),
    "F_REPLAY_STATE": Wording(
        "error",
        "{round} 重新合并出来有 {count} 处和账本不一样：{places}",
        "{round} merged anew differs from the ledger in {count:1 place|# places}: {places}",
        "先 custsheet verify --full；账本完好，就把这几处告诉维护者。",
        "Run custsheet verify --full; if the ledger is whole, report these places to the maintainers.",
    ),
    "LEDGER_RESTORE_BAD": Wording(
        "stop",
        "这份备份不完整，没有用它：{path}（{found}）",
        "This backup is not whole and was not used: {path} ({found})",
        "换更早的一份完好的：custsheet restore {older}",
        "The next older one that is whole takes its place with: custsheet restore {older}",
    ),
    "LEDGER_RESTORE_FOREIGN": Wording(
        "stop",
        "这是另一个团队账本的备份：{path}",
        "This is a backup of another team's ledger: {path}",
        "用这个工作区 backups 里的。",
        "Use one from this workspace's folder backups.",
    ),
    "RESTORE_WHICH": Wording(
        "stop",
        "账本是好的（修订 r{revision}），没有换。备份从新到旧：{backups}",
        "The ledger is whole (revision {revision}) and stays. Backups, the newest first: {backups}",
        "真要回到其中一份，写明是哪一份，例如 custsheet restore backups/文件名.db",
        "To go back to one of them all the same, name it, for example custsheet restore backups/NAME.db",
    ),
    "ANCHOR_NONE": Wording(
        "stop",
        "{file} 里没有账本的指纹",
        "There is no fingerprint of a ledger in {file}",
        "用发出去过的表，或者存着 custsheet verify 打印的那串指纹的文本文件。",
        "Use a copy that was mailed out, or a text file with the fingerprint that custsheet verify prints.",
    ),
    "ANCHOR_FOREIGN": Wording(
        "stop",
        "{file} 是另一个团队的表（{title} {round}），核对不了这本账",
        "{file} is another team's copy ({title} {round}); it says nothing about this ledger",
        "用这个团队发出去过的表。",
        "Use a copy that this team mailed out.",
    ),
    "F_LEDGER_ANCHOR": Wording(
        "error",
        "{file} 里的指纹（{head}…）账本里没有了：发出那张表以前的账被人重写过或截掉过",
        "The fingerprint in {file} ({head}…) is not in the ledger any more: what was before that copy was rewritten or "
        "cut off",
        "再用一张别的旧表核对；都对不上，就用那天以前的备份：custsheet restore backups/文件名.db。刚恢复过备份的话，"
        "备份之后发的表对不上是正常的。",
        "Check with another old copy; if none agrees, go back to a backup from before: custsheet restore "
        "backups/NAME.db. After a restore, copies issued since that backup are not in it: that is as it should be.",
    ),
    "NO_BACKUP": Wording(
        "stop",
        "{folder} 里没有完好的备份。",
        "There is no backup in {folder} that is whole.",
        "别处要是还有，写明是哪一份：custsheet restore 文件",
        "If there is one elsewhere, name it: custsheet restore FILE",
    ),
    "LEDGER_MOVED": Wording(
        "stop",
        "算的时候账本是修订 r{based_on}，现在已经到了修订 r{revision}，什么都没写",
        "This was computed from revision {based_on} and the ledger is at {revision} by now; nothing was written",
        "再运行一次就好。",
        "Run it again.",
    ),
    "LEDGER_FILE_MISSING": Wording(
        "stop",
        "账本里记着的一个来件不在 files 文件夹里了：{sha256}",
        "A received file that the ledger names is gone from the files folder: {sha256}",
        "从备份里把 files 文件夹找回来，再运行 custsheet verify。",
        "Bring the files folder back from a backup, then run custsheet verify.",
    ),
    # ── the disk ────────────────────────────────────────────────────────────────────────────────────
    "FILE_OPEN": Wording(
        "stop",
        "文件正开着，写不进去：{file}",
        "The file is open in another program and cannot be replaced: {file}",
        "在 Excel 或 WPS 里关掉它，再运行一次。原来的内容没动。",
        "Close it in Excel or WPS and run again. Its content was not touched.",
    ),
    "DISK_FULL": Wording(
        "stop",
        "磁盘满了，{file} 写不下",
        "The disk is full, there is no room for {file}",
        "清出一些空间，例如 1 GB，再运行一次，会接着做完。原来的文件都还完好。",
        "Make room, for example 1 GB, and run again: it goes on where it stopped. What was there is whole.",
    ),
    "DISK_DENIED": Wording(
        "stop",
        "没有权限写 {file}（文件夹 {folder}）",
        "No permission to write {file} (folder {folder})",
        "换一个你能写的文件夹，或者请管理员开通权限，再运行一次，会接着做完。原来的文件都还完好。",
        "Use a folder that you may write to, or ask for the permission, and run again: it goes on where it stopped. What was there is whole.",
    ),
    "DISK_WRITE": Wording(
        "stop",
        "{file} 没写成：{detail}",
        "{file} could not be written: {detail}",
        "看看硬盘或 U 盘还连着吗，再运行一次，会接着做完。原来的文件都还完好。",
        "Check that the disk is still connected and run again: it goes on where it stopped. What was there is whole.",
    ),
    # ── the call ────────────────────────────────────────────────────────────────────────────────────
    "ROUND_EXISTS": Wording(
        "stop",
        "已经有一轮叫 {round}",
        "There is a round named {round} already",
        "换个名字，例如 {round}-2。",
        "Choose another name, for example {round}-2.",
    ),
    "ROUND_NAME": Wording(
        "stop",
        "「{round}」不能当一轮的名字；是不是想写 {nearest}？",
        "“{round}” cannot be the name of a round. Did you mean {nearest}?",
        "custsheet generate --round {nearest}；不写 --round 就是这一周。",
        "custsheet generate --round {nearest}; without --round it is this week.",
    ),
    "ROUND_UNKNOWN": Wording(
        "stop",
        "没有叫 {round} 的这一轮；有的是：{known}",
        "There is no round {round}; there are: {known}",
        "用 custsheet round list 看看有哪些。",
        "See them with custsheet round list.",
    ),
    "REVISION_UNKNOWN": Wording(
        "stop",
        "没有修订 r{revision}，最新的是 r{last}",
        "There is no revision {revision}; the last one is {last}",
        "用 custsheet log 看看有哪些。",
        "See them with custsheet log.",
    ),
    # ── our own promises ────────────────────────────────────────────────────────────────────────────
    "LEDGER_NESTED": Wording(
        "stop",
        "程序的毛病：上一次写账本还没结束，又要开始（{kind}）",
        "A fault of the program: a ledger write began ({kind}) before the last one had ended",
        "什么都没写。请把这句话发给维护的人。",
        "Nothing was written. Please send this sentence to the maintainers.",
    ),
    "LEDGER_REFUSED": Wording(
        "stop",
        "程序的毛病：账本不接受这次写入（{detail}）",
        "A fault of the program: the ledger refused a write ({detail})",
        "什么都没写。请把这句话发给维护的人。",
        "Nothing was written. Please send this sentence to the maintainers.",
    ),
    "LEDGER_FIELD": Wording(
        "stop",
        "程序的毛病：方案里没有 {table} {field}，却要写进账本",
        "A fault of the program: {table} {field} is not in the schema and was to be written",
        "什么都没写。请把这句话发给维护的人。",
        "Nothing was written. Please send this sentence to the maintainers.",
    ),
    "LEDGER_COPY": Wording(
        "stop",
        "程序的毛病：账本里没有这一份 {copy}",
        "A fault of the program: the ledger has no copy {copy}",
        "什么都没写。请把这句话发给维护的人。",
        "Nothing was written. Please send this sentence to the maintainers.",
    ),
    # ── what verify finds ───────────────────────────────────────────────────────────────────────────
    "F_LEDGER_STRUCTURE": Wording(
        "error",
        "账本文件的结构坏了：{detail}",
        "The structure of the ledger's file is damaged: {detail}",
        "用 backups 里最新的一份好的顶上，坏的这份也会留着：custsheet restore",
        "The newest good backup takes its place with: custsheet restore",
    ),
    "F_LEDGER_REFERENCE": Wording(
        "error",
        "账本里有对不上的引用：{detail}",
        "The ledger refers to something that is not there: {detail}",
        "用 backups 里最新的一份好的顶上，坏的这份也会留着：custsheet restore",
        "The newest good backup takes its place with: custsheet restore",
    ),
    "F_LEDGER_UNGUARDED": Wording(
        "error",
        "{table} 的“只许追加”保护被拿掉了",
        "The guard that lets {table} only grow was taken away",
        "问问谁动过账本，再和备份比一比，例如 custsheet verify。",
        "Ask who touched the ledger and compare with a backup, for example with custsheet verify.",
    ),
    "F_LEDGER_CHAIN": Wording(
        "error",
        "操作记录从第 {seq} 条起接不上：有人改过或删过",
        "The audit chain breaks at entry {seq}: something was changed or removed",
        "和备份、以及发出去的表里的指纹比一比，找出从哪天起不一样。",
        "Compare with backups and with the fingerprints in issued copies to find the day.",
    ),
    "F_LEDGER_PAYLOAD": Wording(
        "error",
        "操作记录第 {seq} 条（{act}）的内容被改过",
        "The content of audit entry {seq} ({act}) was changed",
        "和备份比一比，看原来写的是什么。",
        "Compare with a backup to see what it said.",
    ),
    "F_LEDGER_ERASED": Wording(
        "error",
        "操作记录里有 {count} 条的内容被清空了：链还接得上，可那几条记的是什么，证明不了了",
        "The content of {count:1 audit entry|# audit entries} was erased: the chain holds, what was recorded there cannot be proved",
        "不是自己清的，就和备份比一比。",
        "If that was not meant, compare with a backup.",
    ),
    "F_LEDGER_ROW": Wording(
        "error",
        "{table} 的 {rid} 一行：什么时候来的、删的、改的，和历史对不上",
        "Row {rid} of {table}: when it came, went or was changed does not match its history",
        "和备份比一比，看原来是什么。",
        "Compare with a backup to see what it was.",
    ),
    "F_LEDGER_ANCHOR_ROWS": Wording(
        "error",
        "{file} 发出时的数据和账本里那时候的不一样：账本的过去被改过，或者换回了旧备份",
        "{file} was issued with other rows than the ledger holds for that time: its past was changed, or an older backup restored",
        "和备份比一比；发出去的表里是当时的数据。",
        "Compare with backups; the copy holds the rows as they were.",
    ),
    "F_LEDGER_STATE": Wording(
        "error",
        "现在的数据和修订 r{revision} 存下的指纹对不上：有人绕过程序改过",
        "The rows do not match the fingerprint of revision {revision}: they were changed behind the program's back",
        "和备份比一比，看哪些格被改了。",
        "Compare with a backup to see which cells were changed.",
    ),
    "F_LEDGER_HISTORY": Wording(
        "error",
        "历史重放到修订 r{revision}，和当时的指纹对不上",
        "History replayed to revision {revision} does not match its fingerprint",
        "和备份比一比，看哪些历史被改了。",
        "Compare with a backup to see which part of history was changed.",
    ),
    "F_LEDGER_RECORD": Wording(
        "error",
        "记录 {act} {subject} 和操作记录第 {seq} 条对不上",
        "The record {act} {subject} does not match audit entry {seq}",
        "和备份比一比，看原来是什么。",
        "Compare with a backup to see what it was.",
    ),
    "F_LEDGER_FILE_MISSING": Wording(
        "error",
        "收到过的文件不见了：{name}（{sha256}）",
        "A received file is gone: {name} ({sha256})",
        "从备份里找回 files 文件夹，或者请本人再发一次。",
        "Bring the files folder back from a backup, or ask for the file again.",
    ),
    "F_LEDGER_FILE_CHANGED": Wording(
        "error",
        "收到过的文件被改过：{name}（{sha256}）",
        "A received file was changed since: {name} ({sha256})",
        "从备份里找回原件，或者请本人再发一次。",
        "Bring the original back from a backup, or ask for the file again.",
    ),
}

WORDS: dict[str, tuple[str, str]] = {
    "replay.edits": ("改动不一样", "other edits"),
}
