"""What the bot's ack asks for: an answer to a command, errors in a form, another view, a closed one."""

from typing import Any

from bot.sandbox import response_url
from bot.sandbox.state import Json, View, Workspace
from bot.sandbox.transport import Ack
from bot.sandbox.web_api.call import SlackError
from bot.sandbox.web_api.chat import checked_blocks
from bot.sandbox.web_api.views import checked_content, push, update


def answer_in_ack(workspace: Workspace, payload: Json, ack: Ack) -> Json | None:
    """A command may be answered in the ack itself, like through its response_url. None when all went well."""
    body = {"text": ack.payload} if isinstance(ack.payload, str) else ack.payload
    if not isinstance(body, dict) or not (body.get("text") or body.get("blocks")):
        return None
    address = workspace.response_urls[payload["response_url"].rpartition("/")[2]]
    try:
        response_url.say(workspace, address, body, checked_blocks(body.get("blocks")))
    except SlackError as problem:
        return _wrong_answer(workspace, ack, problem)
    return None


def obey(workspace: Workspace, view: View, ack: Ack) -> Json | None:
    """Does what the ack of a submission asks; an empty one closes the view. None when all went well."""
    try:
        return _obey(workspace, view, ack.payload if isinstance(ack.payload, dict) else {})
    except SlackError as problem:
        return _wrong_answer(workspace, ack, problem)


def _obey(workspace: Workspace, view: View, answer: Json) -> Json | None:
    action = answer.get("response_action")
    if action == "errors":
        return _errors(view, answer.get("errors"))
    if action == "update":
        update(workspace, view, checked_content(answer.get("view"), "modal"))
    elif action == "push":
        push(workspace, view, checked_content(answer.get("view"), "modal"))
    elif action == "clear":
        workspace.close_views(workspace.stack_of(view.id) or [])
    elif action is None:
        workspace.close_views([view.id])
    else:
        raise SlackError("invalid_arguments", [f"unknown response_action: {action}"])
    return None


def _errors(view: View, errors: Any) -> Json:
    """The bot's errors by block_id, given back by the action_id of the input in that block."""
    inputs = {block["block_id"]: block["element"]["action_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", ["errors must map block_id to text"])
    strangers = sorted(set(errors) - set(inputs))
    if strangers:
        raise SlackError("invalid_arguments", [f"errors name no input block: {', '.join(strangers)}"])
    return {"errors": {inputs[block_id]: text for block_id, text in errors.items()}, "view_id": view.id}


def _wrong_answer(workspace: Workspace, ack: Ack, problem: SlackError) -> Json:
    """The person sees that something went wrong; a developer sees what, here and in the wire log."""
    error = problem.answer["error"]
    messages = problem.answer.get("response_metadata", {}).get("messages", [])
    workspace.wire.answered(ack.entry, ack.payload, error)
    return {"error": "invalid_response", "detail": error, "messages": messages}
