"""The page's own words: Chinese first, English for readers whose Slack is English."""

from bot.sandbox.company import User

ZH = {
    "title": "本机工作区",
    "you_are": "我是",
    "channels": "频道",
    "direct": "私信",
    "home": "主页",
    "go": "前往",
    "plus_day": "＋1 天",
    "next_moment": "下一时刻",
    "now": "现在",
    "only_you": "仅对您可见",
    "edited": "（已编辑）",
    "empty": "这里还没有消息。",
    "empty_home": "机器人还没有发布主页。",
    "composer": "输入 /improve … 或一条消息",
    "send": "发送",
    "close": "关闭",
    "more": "更多操作",
    "optional": "（选填）",
    "choose": "请选择",
    "shortcuts": "快捷方式",
    "failed": "操作未完成",
    "deactivated": "已停用",
    "app": "应用",
    "confirm": "确定吗？",
    "calendar": "公司时间",
    "thread": "回复",
}
EN = {
    "title": "Local workspace",
    "you_are": "I am",
    "channels": "Channels",
    "direct": "Direct message",
    "home": "Home",
    "go": "Go",
    "plus_day": "+1 day",
    "next_moment": "Next moment",
    "now": "Now",
    "only_you": "Only visible to you",
    "edited": "(edited)",
    "empty": "No messages here yet.",
    "empty_home": "The bot has not published a Home tab yet.",
    "composer": "Type /improve … or a message",
    "send": "Send",
    "close": "Close",
    "more": "More actions",
    "optional": "(optional)",
    "choose": "Choose",
    "shortcuts": "Shortcuts",
    "failed": "That did not work",
    "deactivated": "deactivated",
    "app": "APP",
    "confirm": "Are you sure?",
    "calendar": "Company time",
    "thread": "reply",
}


def words_for(reader: User) -> dict[str, str]:
    return EN if reader.locale.lower().startswith("en") else ZH
