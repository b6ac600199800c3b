"""users.info and users.list."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.company import User
from bot.sandbox.state import Json, Workspace
from bot.sandbox.web_api.call import Call, SlackError


def users_info(call: Call) -> Json:
    user = call.workspace.person(call.need("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user_object(call.workspace, user, locale=call.flag("include_locale"))}


def users_list(call: Call) -> Json:
    everybody = [
        user_object(call.workspace, user, locale=call.flag("include_locale")) for user in call.workspace.users.values()
    ]
    members, cursor = call.page(everybody, default=999, most=999)
    now = int(call.workspace.now.timestamp())
    return {"members": members, "cache_ts": now, "response_metadata": {"next_cursor": cursor}}


def user_object(workspace: Workspace, user: User, *, locale: bool) -> Json:
    """Slack's user object; `locale` only when the caller asked for it, as Slack does."""
    offset = _offset(workspace.now, user.tz)
    found: Json = {
        "id": user.id,
        "team_id": workspace.company.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.shown_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": int(offset.total_seconds()),
        "profile": {
            "real_name": user.shown_name,
            "display_name": user.shown_name,
            "real_name_normalized": user.shown_name,
            "display_name_normalized": user.shown_name,
            "title": user.title,
            "team": workspace.company.team_id,
        },
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": int(workspace.now.timestamp()),
    }
    return {**found, "locale": user.locale} if locale else found


def _offset(now: datetime, tz: str) -> timedelta:
    return now.astimezone(ZoneInfo(tz)).utcoffset() or timedelta()


METHODS = {"users.info": users_info, "users.list": users_list}
