"""files.getUploadURLExternal, the upload itself, files.completeUploadExternal, files.info."""

import mimetypes
import re
from typing import Any

from bot.sandbox.state import File, Json, Message, Workspace
from bot.sandbox.web_api.call import Call, SlackError

LARGEST, LONGEST_ALT = 100_000_000, 1000
A_CONVERSATION = re.compile("[CGD][A-Z0-9_]+")


def files_get_upload_url_external(call: Call) -> Json:
    name = call.need("filename")
    if call.text("length") in (None, "", "0"):
        raise SlackError("missing_argument", ["length"])
    length = call.number("length", 0, most=LARGEST)
    file = new_file(call.workspace, name, call.workspace.company.bot_user_id)
    file.length, file.alt_text = length, call.text("alt_txt") or ""
    if len(file.alt_text) > LONGEST_ALT:
        raise SlackError("invalid_arguments", [f"alt_txt must be at most {LONGEST_ALT} characters"])
    return {"upload_url": f"{call.workspace.url}/upload/{file.id}", "file_id": file.id}


def files_complete_upload_external(call: Call) -> Json:
    wanted = call.data("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise SlackError("invalid_arguments", ["missing required field: files"])
    done = [_complete(call.workspace, one) for one in wanted]
    targets = [call.text("channel_id"), *(call.text("channels") or "").split(",")]
    for channel in dict.fromkeys(one for one in targets if one):
        _share(call, channel, done)
    return {"files": [file_object(call.workspace, file) for file in done]}


def files_info(call: Call) -> Json:
    file = call.workspace.files.get(call.need("file"))
    if file is None or not file.shared:
        raise SlackError("file_not_found")
    return {"file": file_object(call.workspace, file), "content_html": None, "comments": []}


def new_file(workspace: Workspace, name: str, user: str, content: bytes = b"") -> File:
    file_id = workspace.new_id("F")
    file = File(file_id, name, name, user, content, len(content), created=int(workspace.now.timestamp()))
    workspace.files[file_id] = file
    return file


def file_object(workspace: Workspace, file: File) -> Json:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    address = f"{workspace.url}/files-pri/{file.id}/{file.name}"
    alt = {"alt_txt": file.alt_text} if file.alt_text else {}
    return {
        **alt,
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": kind,
        "filetype": file.name.rpartition(".")[2].lower(),
        "user": file.user,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
        "channels": [one for one in file.channels if not one.startswith("D")],
        "ims": [one for one in file.channels if one.startswith("D")],
    }


def _complete(workspace: Workspace, wish: Any) -> File:
    file = workspace.files.get(str(wish.get("id"))) if isinstance(wish, dict) else None
    if file is None or not file.uploaded:
        raise SlackError("file_not_found")
    file.title = str(wish.get("title") or file.name)
    file.shared = True
    return file


def _share(call: Call, target: str, files: list[File]) -> None:
    workspace, channel = call.workspace, target
    if not A_CONVERSATION.fullmatch(channel):
        raise SlackError("invalid_arguments", ["input must match regex pattern: ^[CGDZ][A-Z0-9]{8,}$"])
    if channel not in workspace.channels and channel not in workspace.dms:
        raise SlackError("channel_not_found")
    if not workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    thread = call.text("thread_ts") or None
    if thread and workspace.message(channel, thread) is None:
        raise SlackError("thread_not_found")
    for file in files:
        file.channels.append(channel)
    workspace.post(
        Message(
            ts=workspace.next_ts(),
            channel=channel,
            user=workspace.company.bot_user_id,
            text=call.text("initial_comment") or "",
            thread_ts=thread,
            files=[file_object(workspace, file) for file in files],
        )
    )


METHODS = {
    "files.getUploadURLExternal": files_get_upload_url_external,
    "files.completeUploadExternal": files_complete_upload_external,
    "files.info": files_info,
}
