"""The few words of blocks and forms that are the workspace's own and not the bot's."""

from bot.sandbox.company import User

ZH = {
    "choose": "请选择",
    "chosen": "已选",
    "files_at_most": "最多可选文件数：",
    "filter": "筛选…",
    "more": "更多操作",
    "not_drawn": "本机工作区不绘制此类内容",
    "nothing_found": "没有找到",
    "optional": "（选填）",
    "remove": "移除",
    "search": "输入文字查找…",
    "today": "今天",
    "tomorrow": "明天",
    "yesterday": "昨天",
}
EN = {
    "choose": "Choose",
    "chosen": "chosen",
    "files_at_most": "Files at most:",
    "filter": "Filter…",
    "more": "More actions",
    "not_drawn": "The local workspace does not draw this",
    "nothing_found": "Nothing found",
    "optional": "(optional)",
    "remove": "Remove",
    "search": "Type to search…",
    "today": "today",
    "tomorrow": "tomorrow",
    "yesterday": "yesterday",
}


def drawing_words(reader: User) -> dict[str, str]:
    return EN if reader.reads_english else ZH
