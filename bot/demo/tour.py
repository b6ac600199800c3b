"""The guided tour through the demo: who to become next and what to try as them, in mrkdwn."""

TOUR = (
    (
        "U_CHEN",
        {
            "zh": "您是工程师陈晓，打印机又卡纸了。在下方输入 `/improve 打印机每天卡纸`，按 Enter，写两句现状，提交。",
            "en": "You are 陈晓, an engineer, and the printer is jammed again. Type `/improve The printer jams every "
            "day` below, press Enter, describe it in a sentence or two, and submit.",
        },
    ),
    (
        "U_LIU",
        {
            "zh": "刘芳负责评估，新提出的都在 <#C_QUALITY> 里。在卡片上按「定为日常改进」，填好各项，责任人选周岚。",
            "en": "刘芳 does the triage; what is raised appears in <#C_QUALITY>. On its card, press *Classify as "
            "daily*, fill in the form, and choose 周岚 as the owner.",
        },
    ),
    (
        "U_ZHOU",
        {
            "zh": "周岚收到了带期限的通知。按「接单」，再按「反馈结果」，写下做了什么、效果如何。",
            "en": "周岚 has the notice with its due date. Press *Accept*, then *Report result*: what was done, and "
            "what came of it.",
        },
    ),
    (
        "U_LIU",
        {
            "zh": "结果由没有参与的人验证。回到刘芳，在卡片上按「验证有效」，或退回补充。",
            "en": "Somebody who took no part verifies the result. Back as 刘芳, press *Effective* on the card, or "
            "return it.",
        },
    ),
    (
        "U_QIAN",
        {
            "zh": "钱峰是部门经理。打开左侧的「主页」：等他处理的事都在那里，可以直接按。",
            "en": "钱峰 heads a department. Open *Home* on the left: what waits for him is all there, with its "
            "buttons.",
        },
    ),
    (
        "U_TANG",
        {
            "zh": "现在让时间前进：在页面上方按「＋1 周」。提醒、逾期和周一的例会简报会按时到来，"
            "左侧的数字就是新消息。",
            "en": "Now let time pass: press *+1 week* at the top. Reminders, overdue notices and Monday's digest "
            "come when they are due; the numbers on the left are new messages.",
        },
    ),
    (
        "U_TANG",
        {
            "zh": "想看背后发生了什么？右上角的「通信日志」列出应用与工作区的每次往来。导览到此结束，随意试吧。",
            "en": "Curious what happens behind it? The *wire log* at the top right lists all that the app and the "
            "workspace say to each other. That was the tour; try whatever you like.",
        },
    ),
)
