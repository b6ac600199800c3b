"""A Slack-shaped workspace on one's own machine: what the demo shows and the acceptance tests talk to.

The bot meets it as it meets Slack: a Web API under `Sandbox.api_url`, and Socket Mode or signed HTTP. People are
played through the control API (`/_control/…`, see control.py) or in the browser. What the sandbox does not
know it refuses with Slack's own error name.

Conformance, held true by tests/sandbox/test_conformance.py
===========================================================

=============================  ============================================================================
Web API                        emulated
=============================  ============================================================================
api.test, auth.test            yes; every answer carries X-OAuth-Scopes
apps.connections.open          yes, an address for one connection; at most 10 connections
team.info, bots.info           id, name, domain
chat.postMessage, update,      text, blocks, metadata, thread_ts, reply_broadcast, markdown_text. No
delete, postEphemeral,         attachments (invalid_attachments), no unfurling, no name or icon of one's
getPermalink                   own. Stricter than Slack: blocks without a text are refused (no_text), and a
                               text beyond 40,000 characters is (msg_too_long), which Slack cuts off
chat.scheduleMessage, unfurl   no: unknown_method, like every method not named here
conversations.open, info,      public and private channels and DMs; no group DMs. Metadata is given in
history, replies, members,     full only with include_all_metadata
list, join
users.info, list               yes, locale with include_locale
views.open, push, update,      trigger_id once and within 3 real seconds (exchanged_trigger_id,
publish                        expired_trigger_id), stack of 3 (push_limit_reached), hash_conflict,
                               external_id, not_found
files.getUploadURLExternal,    upload v2, private download with the bot's token; nothing of zero bytes
completeUploadExternal, info   (missing_argument)
response_url                   5 uses within 30 simulated minutes; used_url, expired_url
rates                          chat.postMessage 1 a second and channel with one more in a burst, 300 a
                               minute in all; others by tier and minute. In simulated time, see rates.py
scopes                         by method and by kind of conversation: missing_scope with needed and
                               provided. Without commands no command and no shortcut, without users:read
                               no events about people. What a file_input needs is not checked
somebody deactivated           conversations.open: user_disabled; chat.postMessage: channel_not_found;
                               chat.postEphemeral: user_not_in_channel; views.publish: user_not_found.
                               Slack has been seen to accept such posts silently; the sandbox does not
=============================  ============================================================================

=============================  ============================================================================
Towards the bot                emulated
=============================  ============================================================================
Socket Mode                    hello, one connection per envelope in turn, ack within 3 real seconds.
                               Disconnects when told to (POST /_control/socket): warning,
                               refresh_requested, or a line that drops. What was not acked then is
                               delivered again over another connection; the bot has 15 real seconds to
                               come back. Never disconnects by itself, and never with link_disabled
HTTP                           after POST /_control/transport {request_url}: url_verification, then
                               everything to this one address, signed (v0, real time), the ack in the
                               answer within 3 real seconds
slash_commands                 yes, should_escape; sent once (dispatch_failed)
interactive                    block_actions (messages, modals, Home), view_submission with errors,
                               update, push and clear, view_closed, shortcut, message_action,
                               block_suggestion (messages, modals, Home); sent once (dispatch_failed)
events_api                     app_home_opened, user_change, where the app subscribes to them. Unacked
                               they come again at once and after 1 and 5 simulated minutes, with number
                               and reason; X-Slack-No-Retry ends that
OAuth, delayed events          no
=============================  ============================================================================

=============================  ============================================================================
Blocks                         emulated
=============================  ============================================================================
section, header, divider,      accepted, checked and drawn
context, actions, image,
input, markdown, rich_text,
alert, card, carousel,
container, table, data_table
video, plan, task_card,        accepted, checked for the limits that are known, not drawn but named
context_actions,
data_visualization
anything else                  refused: invalid_blocks, in views invalid_arguments
=============================  ============================================================================

=============================  ============================================================================
Elements                       emulated
=============================  ============================================================================
button, overflow               pressed
plain_text_input,              filled, with Slack's state, and with what its client refuses before it sends
number_input,                  anything
email_text_input,
url_text_input,
rich_text_input, datepicker,
timepicker, datetimepicker,
static_select,
multi_static_select,
external_select,
multi_external_select,
users_select,
multi_users_select,
conversations_select,
multi_conversations_select,
channels_select,
multi_channels_select,
radio_buttons, checkboxes,
file_input
image                          shown
workflow_button                accepted and drawn; pressing it starts no workflow
=============================  ============================================================================
"""

from bot.sandbox.client import ControlClient
from bot.sandbox.company import BadCompanyError, Channel, Command, Company, Shortcut, User, app_of, company_from_json
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
    "app_of",
    "check_payload",
    "company_from_json",
]
