"""A Slack-shaped workspace on one's own machine: what the demo shows and the acceptance tests talk to.

The bot meets it as it meets Slack: a Web API under `Sandbox.api_url` and a Socket Mode WebSocket. People are
played through the control API (`/_control/…`, see control.py) or in the browser. What the sandbox does not
know it refuses with Slack's own error name.

Conformance
===========

=============================  ============================================================================
Web API                        emulated
=============================  ============================================================================
api.test, auth.test            yes; every answer carries X-OAuth-Scopes
apps.connections.open          yes, at most 10 connections
team.info, bots.info           id, name, domain
chat.postMessage, update,      text, blocks, metadata, thread_ts, reply_broadcast, markdown_text. No
delete, postEphemeral,         attachments (invalid_attachments), no unfurling, no name or icon of one's
getPermalink                   own. Stricter than Slack: blocks without a text are refused (no_text)
chat.scheduleMessage, unfurl   no: unknown_method, like every method not named here
conversations.open, info,      public and private channels and DMs; no group DMs. Metadata is given in
history, replies, members,     full only with include_all_metadata
list, join
users.info, list               yes, locale with include_locale
views.open, push, update,      trigger_id once and within 3 real seconds (trigger_exchanged,
publish                        trigger_expired), stack of 3 (push_limit_reached), hash_conflict,
                               external_id, not_found
response_url                   5 uses within 30 simulated minutes; used_url, expired_url
files.getUploadURLExternal,    upload v2, private download with the bot's token
completeUploadExternal, info
rates                          chat.postMessage 1 a second and channel with one more in a burst, 300 a
                               minute in all; others by tier and minute. In simulated time, see rates.py
scopes                         by method and by kind of conversation: missing_scope with needed and provided
somebody deactivated           conversations.open: user_disabled; chat.postMessage: channel_not_found;
                               chat.postEphemeral: user_not_in_channel; views.publish: user_not_found.
                               Slack has been seen to accept such posts silently; the sandbox does not
=============================  ============================================================================

=============================  ============================================================================
Towards the bot                emulated
=============================  ============================================================================
Socket Mode                    hello, one connection per envelope in turn, ack within 3 real seconds,
                               events retried at once and after 1 and 5 simulated minutes. Never
                               disconnects by itself
slash_commands                 yes, should_escape
interactive                    block_actions (messages, modals, Home), view_submission with errors,
                               update, push and clear, view_closed, shortcut, message_action,
                               block_suggestion (modals)
events_api                     app_home_opened, user_change, where the app subscribes to them
HTTP mode, OAuth, signatures   no
=============================  ============================================================================

=============================  ============================================================================
Blocks                         emulated
=============================  ============================================================================
section, header, divider,      accepted, checked and drawn
context, actions, image,
input, markdown, rich_text,
alert, card, carousel,
container, table, data_table
video, plan, task_card,        accepted, checked for the limits that are known, not drawn
context_actions,
data_visualization
anything else                  refused: invalid_blocks, in views invalid_arguments
=============================  ============================================================================
"""

from bot.sandbox.client import ControlClient
from bot.sandbox.company import BadCompanyError, Channel, Command, Company, Shortcut, User, company_from_json
from bot.sandbox.limits import check_payload
from bot.sandbox.server import Sandbox

__all__ = [
    "BadCompanyError",
    "Channel",
    "Command",
    "Company",
    "ControlClient",
    "Sandbox",
    "Shortcut",
    "User",
    "check_payload",
    "company_from_json",
]
