"""A made-up past: cases that a company of IT operators may have closed in many years, in Chinese and English."""

import random
from dataclasses import dataclass

PLACES = (
    "三楼",
    "分公司",
    "数据中心",
    "服务台",
    "财务部",
    "客户现场",
    "二号机房",
    "仓库",
    "研发楼",
    "the branch office",
)
THINGS = (
    ("打印机", "printer"),
    ("VPN", "VPN"),
    ("核心数据库", "core database"),
    ("精密空调", "precision cooling"),
    ("事件工单", "incident ticket"),
    ("配置库", "CMDB"),
    ("监控平台", "monitoring platform"),
    ("备件库", "spare parts store"),
    ("交接班记录", "hand-over record"),
    ("变更申请", "change request"),
    ("服务报告", "service report"),
    ("邮箱", "mailbox"),
    ("无线网络", "wireless network"),
    ("知识库", "knowledge base"),
    ("门禁系统", "access control"),
    ("防火墙策略", "firewall rule"),
)
FAULTS = (
    ("每天卡住", "hangs every day"),
    ("频繁掉线", "drops the connection"),
    ("备份失败无人发现", "fails without an alarm"),
    ("填写不完整", "is incomplete"),
    ("与实物不一致", "does not match reality"),
    ("超过约定时限", "is later than agreed"),
    ("权限没有收回", "keeps old permissions"),
    ("温度过高", "runs too hot"),
    ("长期没有更新", "is out of date"),
    ("库存不足", "is out of stock"),
    ("反应很慢", "is slow"),
    ("误报太多", "raises false alarms"),
)
CAUSES = (
    ("流程没有规定谁来检查", "nobody was named to check it"),
    ("上线时没有设为必填", "the field was optional"),
    ("厂家的补丁没有安装", "the vendor's patch was missing"),
    ("新人没有经过培训", "new staff were not trained"),
    ("巡检表里没有这一项", "the check list did not mention it"),
    ("阈值设得太高", "the threshold was too high"),
)
MEASURES = (
    ("在系统中增加必填校验", "a mandatory check was added"),
    ("修订作业指导书并组织培训", "the instruction was revised and taught"),
    ("更换老化的部件并补充库存", "worn parts were replaced"),
    ("每周由值班长抽查并公布结果", "the shift lead samples it weekly"),
    ("增加自动告警和升级规则", "an alarm with escalation was added"),
)
QUESTIONS = (
    *(
        "打印机",
        "数据库",
        "备份",
        "工单",
        "配置库 不一致",
        "值班长",
        "巡检表",
        "无线网络",
        "卡住",
        "掉线",
        "温度",
        "必填校验",
    ),
    *(
        "核心数据库 备份失败",
        "交接班记录填写不完整",
        "监控平台误报",
        "知识库 没有更新",
        "变更申请 超时",
        "抽查",
        "厂家补丁",
    ),
    *(
        "printer",
        "database backup",
        "CMDB reality",
        "false alarms",
        "hand-over record",
        "VPN 掉线",
        "threshold",
        "spare",
    ),
)
# What people write besides is different each time: names, figures, places. Their characters are drawn by rank.
CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]
RANKS = [1 / (place + 8) for place in range(len(CHARACTERS))]


@dataclass(frozen=True)
class Case:
    """What was wrong, why, and what helped."""

    title: str
    description: str
    others: tuple[str, str]


def case(dice: random.Random) -> Case:
    """One case, the same for the same dice."""
    language = int(dice.random() < 0.15)
    place, thing, fault = dice.choice(PLACES), dice.choice(THINGS)[language], dice.choice(FAULTS)[language]
    cause, measure = dice.choice(CAUSES)[language], dice.choice(MEASURES)[language]
    remark = "".join(dice.choices(CHARACTERS, RANKS, k=60))
    number = dice.randrange(10_000)
    return Case(
        title=f"{place} {thing} {fault}",
        description=f"{place}{thing}{fault}，编号 SN{number}。{remark[:25]}",
        others=(f"{cause}。{remark[25:45]}", f"{measure}，{remark[45:]}。"),
    )
