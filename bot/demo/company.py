"""The demo company as a Slack workspace: its people, its channels, and the app as manifest.yml describes it."""

from pathlib import Path

import yaml

from bot import profile
from bot.demo.tour import TOUR
from bot.profile import Profile
from bot.sandbox import Channel, Company, User, app_of

BOT = "U_BOT"
PEOPLE = (
    User("U_CHEN", "chenxiao", "陈晓", title="信息部 ERP运维工程师"),
    User("U_ZHOU", "zhoulan", "周岚", title="信息部 经理"),
    User("U_WU", "wulei", "吴磊", title="通信部 传输设备运维工程师、内审员"),
    User("U_HE", "hemin", "何敏", title="通信部 经理"),
    User("U_SUN", "sunyue", "孙悦", title="客服中心 经理"),
    User("U_QIAN", "qianfeng", "钱峰", title="运维管理部 经理"),
    User("U_LIU", "liufang", "刘芳", title="质量管理部 质量工程师、内审员"),
    User("U_TANG", "tangjing", "唐静", title="质量管理部 经理"),
    User("U_MA", "majun", "马骏", title="管理者代表"),
    User("U_GUO", "guoqiang", "郭强", title="总经理"),
    User("U_LIN", "linnan", "林楠", title="系统管理员", is_admin=True),
    User("U_SMITH", "smith", "Alex Smith", locale="en-US", title="信息部 Engineer"),
)
QUALITY_ROLES = ("qa", "mgmt_rep", "top_mgmt")
MANIFEST = "manifest.yml"


def workspace() -> Company:
    """The demo company as a Slack workspace: everybody in the weekly channel, quality and heads in the other."""
    company = profile.parse(profile.built_in("demo"))
    everybody = tuple(user.id for user in PEOPLE)
    return Company(
        users=PEOPLE,
        channels=(
            Channel(company.channels.quality, "质量改进", (*_quality_circle(company), BOT)),
            Channel(company.channels.weekly, "部门例会", (*everybody, BOT)),
        ),
        bot_user_id=BOT,
        team_name=company.company.name,
        tour=TOUR,
        **app_of(yaml.safe_load(manifest().read_text(encoding="utf-8"))),
    )


def manifest() -> Path:
    """The file that describes our app to Slack: at the top of a checkout, inside an installed package."""
    inside = Path(profile.__file__).with_name(MANIFEST)
    return inside if inside.exists() else inside.parents[1] / MANIFEST


def _quality_circle(company: Profile) -> tuple[str, ...]:
    people = {person for role in QUALITY_ROLES for person in company.role_holders(role)}
    people |= company.departments[company.company.qa_department].people
    people |= {entry.head for entry in company.directory.departments}
    return tuple(sorted(people))
