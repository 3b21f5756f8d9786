"""The words of the demo's story."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {}

WORDS: dict[str, tuple[str, str]] = {
    "demo.start": (
        "演示：一个 11 人的示例团队，一周的表。名字、公司、号码都是编的。大约半分钟。",
        "Demo: a sample team of 11 and one week of its workbooks. All names and numbers are made up. Half a minute.",
    ),
    "demo.head.monday": (
        "■ 星期一：旧表变成一个工作区，每人发一份",
        "■ Monday: old lists become a workspace, one copy each",
    ),
    "demo.head.week": ("■ 这一周：大家在 Excel 里填自己的那份", "■ The week: everybody works in the own copy"),
    "demo.head.back": ("■ 收回来：检查、合并、拿主意", "■ Back again: check, merge, decide"),
    "demo.head.report": ("■ 报告", "■ Report"),
    "demo.head.open": ("■ 打开看看", "■ Open these"),
    "demo.head.next": ("■ 接着试（先 cd {folder}）", "■ Try next (first: cd {folder})"),
    "demo.new": ("建好 {folder}", "Made {folder}"),
    "demo.members": (
        "{count} 位成员：1 位主管，8 位销售，1 位售后，1 位财务",
        "{count} members: 1 manager, 8 in sales, 1 in support, 1 in finance",
    ),
    "demo.import": (
        "{rows} 行，新增 {added}，重复 {same}；顺手整理了 {mended} 处写法，{look} 处留给人看",
        "{rows} rows, {added} added, {same} twice; {mended} cells tidied, {look} left for people to look at",
    ),
    "demo.generate": (
        "{round}：写好 {count} 份，每份只有这个人该看的（{least} 到 {most} 行），{due} 前交回",
        "{round}: {count} copies, each with what its member may see ({least} to {most} rows), due {due}",
    ),
    "demo.week": (
        "{people} 个人交回 {files} 个文件，还没交：{missing}。改了名的、放进子文件夹的、交两遍的、交了又改的，都行",
        "{people} people returned {files} files; {missing} did not. Renamed, nested, sent twice or amended: all fine",
    ),
    "demo.validate": (
        "必须改 {must} 处，不归本人改、没有收 {closed} 处，最好看看 {look} 处，已顺手整理 {mended} 处。例如：",
        "{must} to fix, {closed} not theirs to change and not taken, {look} worth a look, {mended} tidied. For example:",
    ),
    "demo.merge": (
        "改动 {total} 处 ＝ 采用 {applied} ＋ 相同 {same} ＋ 冲突 {conflict} ＋ 待定 {held} ＋ 未采用 {rejected}"
        " ＋ 被取代 {superseded}。{questions} 处要人定：",
        "{total} edits = {applied} applied + {same} the same + {conflict} in conflict + {held} held"
        " + {rejected} rejected + {superseded} superseded. {questions} questions:",
    ),
    "demo.question": ("□ {label} · {place}：{kind}（{names}）", "□ {label} · {place}: {kind} ({names})"),
    "demo.answers": (
        "主管打开 {file}，在下拉里点了 {count} 个决定，存盘。留了一个给你。",
        "The manager opens {file}, picks {count} answers from the dropdowns and saves. One is left to you.",
    ),
    "demo.again": (
        "新改动 {total} 处；按决定改了账本 {changes} 处，还剩 {questions} 处要定",
        "{total} new edits; {changes} changes as decided, {questions} questions left",
    ),
    "demo.open.copy": ("王芳的表　", "A member's copy "),
    "demo.open.questions": ("问题单　　", "Questions       "),
    "demo.open.report": ("报告　　　", "Report          "),
    "demo.next.answer": (
        "在问题单里把最后一个也点了，存盘，再运行：custsheet merge",
        "Answer the last question, save, and run: custsheet merge",
    ),
    "demo.next.diff": ("看一份表里改了什么：custsheet diff {file}", "See what a copy changed: custsheet diff {file}"),
    "demo.next.show": ("看一行的来龙去脉：custsheet show {label}", "See the story of a row: custsheet show {label}"),
    "demo.next.generate": (
        "发下一轮：custsheet generate --round {round}",
        "Issue the next round: custsheet generate --round {round}",
    ),
    "demo.took": ("（用了 {seconds} 秒）", "({seconds} seconds)"),
}
