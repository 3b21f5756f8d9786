"""Two sample teams and their week, each with what reports must not trip over; made through the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from team_bench import Done, TeamBench, run_here

TODAY = "2026-11-20"
ROUND = "2026-W47"

# ── zh: the follow-up schema ────────────────────────────────────────────────────────────────────────

ZH_MEMBERS = """姓名,编号,角色,上级
王芳,wang,sales,赵敏
李雷,li,sales,赵敏
陈晨,chen,sales,赵敏
何静,he,sales,赵敏
"""
ZH_CUSTOMERS = """客户名称,电话,客户状态,等级,跟进时间,跟进内容,下次跟进时间,下次跟进内容,负责人,协助人
澄湖示例科技,13800000001,意向客户,A,2026-10-20,看了样机,2026-11-17,发报价,王芳,李雷
远山示例机械,13800000002,潜在客户,B,2026-11-15,接了,2026-11-10,打电话,王芳,
青禾示例食品,13800000003,成交客户,C,2026-10-01,装好了,2026-11-24,回访,王芳,
北岭示例物流,13800000004,丢失客户,,2026-08-01,不做了,2026-09-01,,王芳,
东屿示例制药,13800000005,意向客户,A,2026-11-12,留了资料,2026-11-19,拜访,李雷,
南山示例建材,13800000006,跟进中,B,,,2026-11-26,发资料,李雷,
石桥示例电器,13800000007,成交客户,C,2026-10-30,培训,2026-12-01,,李雷,
听涛示例渔具,13800000008,潜在客户,C,2026-10-29,问价,2026-11-20,再问,李雷,
西塘示例服装,13800000009,成交客户,C,,,2026-11-27,回访,陈晨,
云溪示例教育,13800000010,潜在客户,B,,,年底前,演示,陈晨,
红桥示例家具,13800000011,丢失客户,,,,,,陈晨,
松涛示例仪表,13800000012,意向客户,A,,,2026-11-18,报价,何静,
白塔示例印务,13800000013,潜在客户,C,,,2026-11-05,认领,,
柳泉示例餐饮,13800000014,潜在客户,C,,,等通知,认领,刘星,
"""
ZH_LOG = """客户,日期,方式,内容,跟进人
澄湖示例科技,2026-11-10,电话,看了演示,王芳
澄湖示例科技,2026-11-16,微信,发了方案,李雷
远山示例机械,2026-11-08,电话,没接,王芳
远山示例机械,2026-11-15,电话,接了,
青禾示例食品,2026-10-01,拜访,装好了,王芳
东屿示例制药,上上周,拜访,记不清了,李雷
西塘示例服装,2026-11-22,会议,周日开会,陈晨
白塔示例印务,2026-11-17,电话,前台接的,
"""
ZH_DEALS = """商机名称,客户,商机阶段,预期成交金额,预期成交日期,产品,负责人,输单原因
澄湖年框,澄湖示例科技,方案报价,120000,2026-12-20,云仓,王芳,
东屿设备,东屿示例制药,需求确认,80000,2026-12-25,终端,李雷,
远山试点,远山示例机械,初步接触,面议,2026-11-30,终端,王芳,
远山二期,远山示例机械,需求确认,30000.25,2027-01-10,云仓,王芳,
远山旧单,远山示例机械,输单,9000,2026-06-05,云仓,王芳,太贵
青禾一期,青禾示例食品,赢单,300000,2026-03-15,云仓,王芳,
青禾二期,青禾示例食品,赢单,50000.50,2026-07-01,,王芳,
西塘换装,西塘示例服装,赢单,200000,2026-10-31,终端,陈晨,
北岭仓库,北岭示例物流,输单,90000,2026-05-05,云仓,王芳,太贵
云溪远期,云溪示例教育,商务谈判,60000,2027-12-01,云仓,陈晨,
白塔无期,白塔示例印务,初步接触,7000,,终端,,
松涛无定,松涛示例仪表,方案报价,5000,不一定,终端,何静,
石桥换代,石桥示例电器,差不多了,44000,2026-11-11,终端,李雷,
红桥换代,红桥示例家具,输单,,2026-11-02,终端,陈晨,没钱
"""
ZH_LATE_LOG = """客户,日期,方式,内容,跟进人
柳泉示例餐饮,2026-11-09,电话,问了地址,何静
"""
LAKE, FAR, GREEN, NORTH, EAST = "澄湖示例科技", "远山示例机械", "青禾示例食品", "北岭示例物流", "东屿示例制药"
SOUTH, BRIDGE, WEST, CLOUD, NEW = "南山示例建材", "石桥示例电器", "西塘示例服装", "云溪示例教育", "新桥示例文具"


@dataclass(frozen=True)
class Typed:
    """One cell that a member typed, and the bucket in which it must end."""

    sheet: str
    row: str
    head: str
    value: str
    bucket: str


ZH_KEPT = (
    Typed("客户", LAKE, "电话", "13900000001", "conflict"),
    Typed("客户", LAKE, "下次跟进时间", "2026-11-25", "applied"),
    Typed("客户", FAR, "下次跟进内容", "先打电话", "applied"),
    Typed("客户", GREEN, "客户状态", "成交客", "rejected"),
    Typed("客户", NORTH, "操作", "删除", "held"),
    Typed("商机", "澄湖年框", "商机阶段", "赢单", "applied"),
    Typed("跟进记录", "+0", "客户", FAR, "applied"),
    Typed("跟进记录", "+0", "日期", "2026-11-18", "applied"),
    Typed("跟进记录", "+0", "方式", "电话", "applied"),
    Typed("跟进记录", "+0", "内容", "约了演示", "applied"),
)
ZH_DROPPED = Typed("客户", GREEN, "等级", "B", "superseded")
ZH_LI = (
    Typed("客户", LAKE, "电话", "13900000002", "conflict"),
    Typed("客户", LAKE, "下次跟进时间", "2026-11-25", "applied"),
    Typed("客户", EAST, "跟进时间", "2026-11-18", "applied"),
    Typed("客户", EAST, "跟进内容", "谈妥了", "applied"),
    Typed("客户", SOUTH, "客户状态", "潜在客户", "applied"),
    Typed("客户", BRIDGE, "下次跟进内容", "回访", "same"),
)
ZH_CHEN = (
    Typed("客户", "+0", "客户名称", NEW, "applied"),
    Typed("客户", "+0", "电话", "13900000009", "applied"),
    Typed("客户", "+0", "客户状态", "潜在客户", "applied"),
    Typed("客户", "+0", "下次跟进时间", "2026-11-30", "applied"),
    Typed("客户", "+0", "下次跟进内容", "送样品", "applied"),
    Typed("客户", CLOUD, "下次跟进时间", "2026-11-12", "applied"),
)


@dataclass
class ReportTeam:
    """A team after its week, and what a test knows of it without asking custsheet."""

    bench: TeamBench
    language: str
    fates: dict[str, list[Typed]]
    """Name of a member who has a copy → every cell that came back, once however many versions say it."""
    refused: list[str] = field(default_factory=list)
    document: dict[str, Any] = field(default_factory=dict)
    """What `report --json` printed."""

    @property
    def path(self) -> Path:
        return Path(self.document["file"])

    @property
    def ledger(self) -> Path:
        return self.bench.root / "ledger.db"


def must(done: Done, *codes: int) -> Done:
    """A step of the story leaves with one of these codes (default: 0)."""
    assert done.code in (codes or (0,)), done.out + done.err
    return done


def new_team(root: Path, schema: str, language: str, files: dict[str, str], days: Sequence[str]) -> TeamBench:
    """Make a workspace and import members and tables, each on its day."""
    must(run_here("new", root, "--schema", schema, "--lang", language, "--today", days[0]))
    bench = TeamBench(root)
    for (name, text), day in zip(files.items(), days, strict=True):
        path = root.parent / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        call = ("members", "import", path) if name == "members" else ("import", path, "--table", name)
        must(bench.run(*call, today=day), 0, 3)
    return bench


def give(bench: TeamBench, member: str, typed: Sequence[Typed], name: str, copy: Path) -> None:
    """Let a member type into the copy and return it."""
    bench.put(member, {(t.sheet, t.row, t.head): t.value for t in typed}, name, source=copy)


def zh_team(root: Path) -> ReportTeam:
    """Two merges in one week: two who differ, one who returns twice, one who does not, one file that is none."""
    files = {"members": ZH_MEMBERS, "customers": ZH_CUSTOMERS, "opportunities": ZH_DEALS, "log": ZH_LOG}
    bench = new_team(root, "follow-up", "zh", files, ["2026-11-02", "2026-11-02", "2026-11-02", "2026-11-06"])
    must(bench.run("generate"))
    late = root.parent / "late.csv"
    late.write_text(ZH_LATE_LOG, encoding="utf-8")
    must(bench.run("import", late, "--table", "log", today="2026-11-17"))
    must(bench.run("set", f"customers/{BRIDGE}", "next_plan", "回访", today="2026-11-17"))
    must(bench.run("set", f"customers/{WEST}", "next_follow_up", "2026-12-01", today="2026-11-17"))
    give(bench, "王芳", (*ZH_KEPT, ZH_DROPPED), "王芳.xlsx", bench.copy_of("王芳"))
    give(bench, "李雷", ZH_LI, "李雷.xlsx", bench.copy_of("李雷"))
    (bench.folder("inbox") / "坏.xlsx").write_bytes(b"")
    must(bench.run("merge", today="2026-11-18"), 4)
    give(bench, "王芳", ZH_KEPT, "王芳 周四.xlsx", bench.copy_of("王芳"))
    give(bench, "李雷", ZH_LI, "李雷 (1).xlsx", bench.copy_of("李雷"))
    give(bench, "陈晨", ZH_CHEN, "陈晨.xlsx", bench.copy_of("陈晨"))
    must(bench.run("merge", today="2026-11-19"), 3)
    fates = {"王芳": [*ZH_KEPT, ZH_DROPPED], "李雷": [*ZH_LI], "陈晨": [*ZH_CHEN], "何静": []}
    return ReportTeam(bench, "zh", fates, ["坏.xlsx"], bench.json("report", today=TODAY))


# ── en: the pipeline schema ─────────────────────────────────────────────────────────────────────────

EN_MEMBERS = """sales_agent,manager,regional_office
Anna Sample,Dora Sample,East
Ben Sample,Dora Sample,East
Cleo Sample,Dora Sample,West
"""
EN_ACCOUNTS = """account,sector,revenue
Lakeside Sample Tech,technology,120.5
Harbour Sample Foods,retail,80
"""
EN_PRODUCTS = """product,series,sales_price
GTX Pro,GTX,4821
MG Special,MG,55
"""
EN_DEALS = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A0000001,Anna Sample,GTX Pro,Lakeside Sample Tech,Won,2026-01-05,2026-02-10,4800
A0000002,Anna Sample,GTXPro,Harbour Sample Foods,Won,2026-06-01,2026-07-15,5100.75
A0000003,Anna Sample,MG Special,,Engaging,2026-10-01,,
A0000004,Anna Sample,MG Special,Lakeside Sample Tech,Lost,2026-03-01,2026-05-20,0
A0000005,Anna Sample,GTX Pro,,Engaging,2026-11-01,,about 500
B0000001,Ben Sample,MG Special,Lakeside Sample Tech,Won,2026-08-01,2026-09-30,60
B0000002,Ben Sample,MG Special,Harbour Sample Foods,Lost,2026-08-01,2026-10-01,75
B0000003,Ben Sample,GTX Pro,,Prospecting,,,
B0000004,Ben Sample,GTX Pro,Harbour Sample Foods,Nearly there,2026-09-01,2026-11-30,700
B0000005,Ben Sample,GTX Pro,Harbour Sample Foods,Won,2027-01-01,soon,4100
C0000001,Cleo Sample,GTX Pro,Harbour Sample Foods,Engaging,2026-11-02,2027-11-30,4900
C0000002,Cleo Sample,MG Special,,Prospecting,2026-11-05,2026-12-31,55
"""
EN_ANNA = (
    Typed("Opportunities", "A0000003", "Deal stage", "Won", "applied"),
    Typed("Opportunities", "A0000003", "Close date", "2026-11-18", "applied"),
    Typed("Opportunities", "A0000003", "Close value", "52", "applied"),
    Typed("Opportunities", "A0000002", "Close value", "a lot", "rejected"),
    Typed("Opportunities", "A0000004", "Close value", "10", "conflict"),
)
EN_DORA = (
    Typed("Opportunities", "A0000004", "Close value", "20", "conflict"),
    Typed("Opportunities", "B0000003", "Deal stage", "Engaging", "applied"),
)


def en_team(root: Path) -> ReportTeam:
    """One merge: an agent and the manager of the agents type into one cell, one word is no number."""
    files = {"members": EN_MEMBERS, "accounts": EN_ACCOUNTS, "products": EN_PRODUCTS, "opportunities": EN_DEALS}
    bench = new_team(root, "pipeline", "en", files, ["2026-11-02"] * 4)
    must(bench.run("generate"))
    for member, typed in (("Anna Sample", EN_ANNA), ("Dora Sample", EN_DORA), ("Cleo Sample", ())):
        copy = bench.folder("outbox") / f"Sales pipeline_{member}_{ROUND}.xlsx"
        give(bench, member, typed, f"{member}.xlsx", copy)
    must(bench.run("merge", today="2026-11-18"), 3)
    fates = {"Anna Sample": [*EN_ANNA], "Dora Sample": [*EN_DORA], "Cleo Sample": [], "Ben Sample": []}
    return ReportTeam(bench, "en", fates, [], bench.json("report", today=TODAY))
