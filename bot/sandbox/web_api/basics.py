"""api.test, auth.test, apps.connections.open, team.info, bots.info."""

from bot.sandbox.state import Json
from bot.sandbox.web_api.call import Call, SlackError


def api_test(call: Call) -> Json:
    error = call.text("error")
    if error:
        raise SlackError(error)
    return {"args": {key: value for key, value in call.args.items() if key != "token"}}


def auth_test(call: Call) -> Json:
    company = call.workspace.company
    return {
        "url": call.workspace.url + "/",
        "team": company.team_name,
        "team_id": company.team_id,
        "user": company.bot_name,
        "user_id": company.bot_user_id,
        "bot_id": company.bot_id,
        "app_id": company.app_id,
        "is_enterprise_install": False,
    }


def apps_connections_open(call: Call) -> Json:
    address = call.workspace.url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={call.workspace.issue_ticket()}&app_id={call.workspace.company.app_id}"}


def team_info(call: Call) -> Json:
    company = call.workspace.company
    return {"team": {"id": company.team_id, "name": company.team_name, "domain": company.team_domain}}


def bots_info(call: Call) -> Json:
    company = call.workspace.company
    if call.text("bot") not in (None, company.bot_id):
        raise SlackError("bot_not_found")
    bot = {"id": company.bot_id, "name": company.bot_name, "app_id": company.app_id, "deleted": False}
    return {"bot": {**bot, "user_id": company.bot_user_id}}


METHODS = {
    "api.test": api_test,
    "auth.test": auth_test,
    "apps.connections.open": apps_connections_open,
    "team.info": team_info,
    "bots.info": bots_info,
}
