"""What the merge says: conflicts, questions, answers, buckets."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

_ASK_ZH = "在 questions.xlsx 里选一个；不选就先不动，下次再问。"
_ASK_EN = "Choose in questions.xlsx; until then nothing changes, and you are asked again."

CODES: dict[str, Wording] = {
    # ── rights ──────────────────────────────────────────────────────────────────────────────────────
    "R_READ_ONLY": Wording(
        "rejected",
        "「{title}」在这份表里只能看。填的「{value}」没有收，原来的没动。",
        "“{title}” is only for reading in this copy. “{value}” was not taken; what was there stays.",
        "要改的话，告诉主管，由主管来改（主管用 custsheet set）。",
        "If it should change, tell your manager, who changes it (with custsheet set).",
    ),
    "R_NOT_PERMITTED": Wording(
        "rejected",
        "「{title}」不能由这位成员填成「{value}」，没有收。",
        "This member may not put “{value}” into “{title}”; it was not taken.",
        "换负责人或新增行要有权限；请有权限的同事来填。",
        "Handing a row over, or adding one, takes the right to; ask a colleague who has it.",
    ),
    "R_NEW_OWNER": Wording(
        "rejected",
        "新行「{label}」的「{title}」不能由这位成员填成「{value}」；这一行照样收，「{title}」算这位成员自己。",
        "In the new row “{label}” this member may not put “{value}” into “{title}”; "
        "the row itself is taken, with the member in “{title}”.",
        "要归别人的话，请有权限的同事改「{title}」。",
        "If it should be somebody else's, ask a colleague who may change “{title}”.",
    ),
    "R_DELETE": Wording(
        "rejected",
        "「{label}」标了删除，但这位成员不能删行，这一行还在。",
        "“{label}” was marked for deletion, but this member may not delete rows. The row stays.",
        "确实要删，请负责人在自己那份里选「删除」。",
        "If it should go, whoever manages the table chooses Delete in their own copy.",
    ),
    "R_COLUMN_REMOVED": Wording(
        "rejected",
        "{gone}已经去掉了，{typed}没有地方放。",
        "{gone} has been removed since; {typed} has nowhere to go.",
        "还用得着的话，写进备注。负责人要是把它加回 schema.yaml，这个值不会自己回来，请在新发的那份里再填一次。",
        "If it still matters, put it into the notes. If it is added to schema.yaml again, the value does not come "
        "back by itself: please write it once more in the newest copy.",
    ),
    "R_TYPE_CHANGED": Wording(
        "rejected",
        "「{title}」后来换了类型或选项，填的「{value}」照新的收不了，没有收。",
        "“{title}” is of another type or has other options by now; it cannot take “{value}”, which was left out.",
        "请在新发的那份里照新的样子再填一次。",
        "Please write it again in the newest copy, as the column wants it now.",
    ),
    # ── remarks ─────────────────────────────────────────────────────────────────────────────────────
    "F_ROW_MISSING": Wording(
        "warning",
        "「{sheet}」交回时少了 {count} 行（发出去 {total} 行）：{rows}。没有当作删除，行都还在，合并时会问要不要删。",
        "“{sheet}” came back without {count} of its {total} rows: {rows}. They do not count as deleted; all are still"
        " there, and the merge asks whether they are to go.",
        "真要删，下次在「操作」一栏选「删除」。",
        "To delete a row, choose Delete in the Action column.",
    ),
    "F_LATE": Wording(
        "info",
        "这一份是已经结束的那一轮发的，并到现在这一轮里了；没动过的格子不算数。",
        "This copy is from a round that is closed; its edits join the open round. Cells left alone say nothing.",
        "以后请在新发的那份里接着填。",
        "From now on, please go on in the newest copy.",
    ),
    "F_DUPLICATE": Wording("info", "这一份以前收过，内容一样。", "This was received before, with the same content."),
    "F_SUPERSEDED": Wording(
        "info",
        "「{label}」的「{title}」早先填过「{value}」，第 {version} 次交的那份里没有它了，{later}。",
        "“{label}”, {title}: “{value}” stood in an earlier return but not in return {version}, {later}.",
        "想找回来：请本人再填一次，或者自己用 custsheet set 改那一格。",
        "To have it back: the member types it again, or you change that cell with custsheet set.",
    ),
    "F_NOT_SETTLED": Wording(
        "warning",
        "{rounds} 这几轮的结果还在互相影响，这次没有算到底，什么都没丢。",
        "What the rounds {rounds} came to still changes in turn: this run did not come to the end. Nothing is lost.",
        "再运行一次 custsheet merge；要是每次都这样，请报告这个问题。",
        "Run custsheet merge once more. If this line stays, please report it.",
    ),
    "F_KEY_CHANGED": Wording(
        "warning",
        "「{base}」改名叫「{value}」了，还是同一行。",
        "“{base}” is now called “{value}”; it is still the same row.",
        "要是本来想加一行新的，请把名字改回去，在表底的空行里另填。",
        "If a new row was meant, put the old name back and use a blank row below.",
    ),
    # ── one cell ────────────────────────────────────────────────────────────────────────────────────
    "F_PASSED_OVER": Wording(
        "info",
        "{who}填的“{title}”是 {value}，按这一栏的规则取了 {taken}。",
        "{who} typed {value} into {title}; by the rule of this field {taken} was taken.",
        '不对的话，改一下：custsheet set "{label}" {title} {value}',
        'If that is wrong, change it: custsheet set "{label}" "{title}" "{value}"',
    ),
    "H_CELL": Wording(
        "held",
        "{members} 把「{label}」的「{title}」改得不一样：{value}。先保留「{master}」。",
        "{members} changed {title} of “{label}” differently: {value}. It stays “{master}” for now.",
        _ASK_ZH,
        _ASK_EN,
    ),
    "H_STALE": Wording(
        "held",
        "「{label}」的「{title}」后来已经改成「{master}」，{members} 是照着「{base}」改成「{value}」的。",
        "{title} of “{label}” has become “{master}” since; {members} changed it from “{base}” to “{value}”.",
        _ASK_ZH,
        _ASK_EN,
    ),
    "H_DIVERGED": Wording(
        "held",
        "{members} 交了两份，「{label}」里填得不一样（像是两台电脑各改各的）：{value}。",
        "{members} returned two files that differ in “{label}” (two computers, perhaps): {value}.",
        _ASK_ZH,
        _ASK_EN,
    ),
    "H_REASSIGNED": Wording(
        "held",
        "「{label}」已经交给别人了，{members} 又把「{title}」改成「{value}」，先当作建议留着。",
        "“{label}” has been handed over; {members} still changed {title} to “{value}”. It waits as a proposal.",
        "问问现在的负责人，再在 questions.xlsx 里选。",
        "Ask its present owner, then choose in questions.xlsx.",
    ),
    "H_MASS_BLANK": Wording(
        "held",
        "「{title}」一下清空了 {count} 处，像是误删，先放着没动。",
        "{count} cells of “{title}” were emptied at once, perhaps by accident. Nothing was blanked yet.",
        "问一声再在 questions.xlsx 里选：确实清空，还是保留。",
        "Ask the member, then choose in questions.xlsx: blank them, or keep what is there.",
    ),
    "H_SUSPECT_SORT": Wording(
        "held",
        "「{title}」这一列像是单独排过序，{count} 处先放着没动。",
        "“{title}” looks as if it was sorted on its own; its {count:one edit waits|# edits wait}.",
        "请成员看一眼：内容是不是跑到别的行去了。",
        "Ask the member whether the values have moved to other rows.",
    ),
    "H_LATE": Wording(
        "held",
        "{members} 交的是已经结束的那一轮的表，里面 {count} 处改动先放着。",
        "{members} returned a copy of a closed round; its {count:one edit waits|# edits wait}.",
        "在 questions.xlsx 里选收下，或者不收。",
        "Choose in questions.xlsx whether to take them.",
    ),
    # ── a whole row ─────────────────────────────────────────────────────────────────────────────────
    "H_DELETE": Wording(
        "held",
        "{members} 想删掉「{label}」，等你点头。",
        "{members} would like “{label}” deleted. It waits for your word.",
        _ASK_ZH,
        _ASK_EN,
    ),
    "H_DELETE_EDIT": Wording(
        "held",
        "{members} 想删掉「{label}」，{editors} 却还在改它（{value}）。先留着没动。",
        "{members} would like “{label}” deleted while {editors} changed it ({value}). It stays as it was.",
        _ASK_ZH,
        _ASK_EN,
    ),
    "H_STALE_DELETE": Wording(
        "held",
        "{members} 想删掉「{label}」，可这一行发出去以后又改过。先留着没动。",
        "{members} would like “{label}” deleted, but it has changed since the copy was made. It stays.",
        _ASK_ZH,
        _ASK_EN,
    ),
    "H_ROW_GONE": Wording(
        "held",
        "「{label}」已经删了，{editors} 还改了它（{value}）。",
        "“{label}” was deleted, and {editors} changed it ({value}).",
        "在 questions.xlsx 里选：连同改动恢复，还是就让它删着。",
        "Choose in questions.xlsx: bring it back with the changes, or leave it deleted.",
    ),
    "H_ROW_MISSING": Wording(
        "held",
        "{members} 交回的表里没有「{label}」：是删了，还是筛选掉了？这一行还在。",
        "“{label}” is not in the file of {members}: deleted, or only filtered out? The row is still there.",
        _ASK_ZH,
        _ASK_EN,
    ),
    # ── added rows ──────────────────────────────────────────────────────────────────────────────────
    "H_DUP_KEY": Wording(
        "held",
        "{members} 新加的「{label}」可能重复了，先没有加进去。",
        "“{label}”, added by {members}, may be there already. It was not added yet.",
        "在 questions.xlsx 里选：不收、留哪一行，或者都加上。",
        "Choose in questions.xlsx: drop it, keep one of them, or add all.",
    ),
    "H_OWNER": Wording(
        "held",
        "{members} 都新加了「{label}」，都说是自己的，先没有加进去。",
        "{members} have each added “{label}” as their own. It was not added yet.",
        "在 questions.xlsx 里选归谁。",
        "Choose in questions.xlsx whose it is.",
    ),
    "H_DEPENDS": Wording(
        "held",
        "「{label}」的「{title}」指向一行还没加进来的新行，跟着一起等。",
        "“{label}” refers, in {title}, to a new row that is not in yet; it waits with that row.",
        "先定那一行，这里会跟着走。",
        "Decide that row first; this one follows.",
    ),
    "H_INCOMPLETE": Wording(
        "held",
        "{members} 新加的「{label}」还缺必填的「{title}」，先没有加进去。",
        "“{label}”, added by {members}, lacks {title}, which is required. It was not added yet.",
        "请成员补上再交一次；也可以在 questions.xlsx 里选先收下，只缺一项时可以直接填上。",
        "Ask the member to fill it in and return the file; or take the row as it is in questions.xlsx, "
        "where you can also fill it in yourself if it is one thing.",
    ),
    "H_KEY": Wording(
        "held",
        "「{label}」改了「{title}」之后和别的行撞名（{value}），先没有改。",
        "With the new {title} (“{value}”), “{label}” would be called like another row. It was not changed.",
        "在 questions.xlsx 里选；不是同一家的话，名字里加点区别，例如「华兴贸易（深圳）」。",
        "Choose in questions.xlsx; if they are two, make the names differ, e.g. “Huaxing (Shenzhen)”.",
    ),
    # ── rules ───────────────────────────────────────────────────────────────────────────────────────
    "H_RULE": Wording(
        "held",
        "「{label}」合在一起不合规则「{rule}」：{title}。先没有改。",
        "Put together, “{label}” breaks the rule “{rule}”: {title}. It was not changed.",
        _ASK_ZH,
        _ASK_EN,
    ),
    "H_UNIQUE": Wording(
        "held",
        "「{label}」的「{title}」和别的行重复了，先没有改。",
        "{title} of “{label}” would be the same as in another row. It was not changed.",
        _ASK_ZH,
        _ASK_EN,
    ),
    # ── promises of our own ─────────────────────────────────────────────────────────────────────────
    "EDITS_DO_NOT_ADD_UP": Wording(
        "stop",
        "合并之后，改动的数目对不上，什么都没有写。这是 custsheet 的毛病。",
        "After the merge the edits do not add up; nothing was written. This is a fault of custsheet.",
        "请把 files 文件夹里这几份原件和命令发给开发者。",
        "Please send the developers the command and the original files from the folder files.",
    ),
    "VERSION_TWICE": Wording(
        "stop",
        "同一份表有两个版本用了同一个号，什么都没有写。这是 custsheet 的毛病。",
        "Two versions of one copy carry the same number; nothing was written. This is a fault of custsheet.",
        "请把这条命令的输出发给开发者。",
        "Please send the developers the output of this command.",
    ),
}

WORDS: dict[str, tuple[str, str]] = {
    "superseded.counts": ("按后来的算", "which counts"),
    "superseded.waits": ("后来填的还等着定", "and what that one says waits for your word"),
    "removed.column": ("「{title}」这一列", "The column “{title}”"),
    "removed.table": ("「{table}」这张表", "The table “{table}”"),
    "removed.in_column": ("填的「{value}」", "“{value}”"),
    "removed.in_table": ("「{title}」里填的「{value}」", "“{value}” in “{title}”"),
    "removed.mark": ("选的「删除」", "the mark to delete a row"),
    "round.closed_open": (
        "{round} 还有 {count} 处没定，关着就不再问。要定：custsheet round reopen {round}",
        "{round} still has {count} open questions, which nobody is asked while it is closed: custsheet round reopen {round}",
    ),
    "value.deleted": ("（已删除）{text}", "(deleted) {text}"),
    "answer.near": ("，最接近的是「{nearest}」", ", the nearest is: {nearest}"),
    "answer.no_own": ("这一题只能从清单里选。", "this question takes nothing but a choice of its list."),
    "answer.own": ("「{title}」也可以自己填：{rule}", "Or a value of your own for {title}: {rule}"),
    "generate.following": (
        "这一轮都发过了。要发下一周的：custsheet generate --round {round}",
        "This round's copies are out. For next week's: custsheet generate --round {round}",
    ),
    "merge.would_ask": ("有 {count} 处会要你定", "{count:1 question|# questions} would wait for you"),
    "bucket.applied": ("收下", "applied"),
    "bucket.same": ("本来就一样", "same already"),
    "bucket.conflict": ("改得不一样", "in conflict"),
    "bucket.held": ("等你定", "waiting"),
    "bucket.rejected": ("没有收", "not taken"),
    "bucket.superseded": ("按别的算", "superseded"),
    "question.kind.H_DEPENDS": ("等它引用的新行", "Waits for the row it refers to"),
    "question.kind.H_INCOMPLETE": ("新行缺必填项", "New row lacks something"),
}
