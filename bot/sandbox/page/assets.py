"""The page's scripts and styles, served as the files they are."""

from importlib.resources import files

from aiohttp import web

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


async def serve(request: web.Request) -> web.Response:
    """One file of page/static by its name."""
    name = request.match_info["name"]
    found = next((one for one in files("bot.sandbox.page").joinpath("static").iterdir() if one.name == name), None)
    kind = KINDS.get(f".{name.rpartition('.')[2]}")
    if found is None or kind is None:
        return web.Response(status=404)
    return web.Response(text=found.read_text("utf-8"), content_type=kind, headers={"Cache-Control": "no-cache"})
