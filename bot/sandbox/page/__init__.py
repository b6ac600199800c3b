"""The page in the browser: a chat workspace drawn on the server, kept alive by small plain scripts.

There is no front-end framework and no build step. The server holds all state anyway, because tests act on it
through the same control API; a framework would hold it a second time, and would have to be kept up to date by people
whose trade is the bot. So the server draws every region of the page as HTML (Jinja, everything escaped), and the
scripts, ES modules that the browser loads as they are, do three things only: send a gesture to the control API, ask
for the regions that changed when the workspace's pulse beats, and put them in place without disturbing a form that
somebody fills. What a reader may not see is never drawn for them, so it cannot be found in the page either.

routes.py is the way in, regions.py draws, sight.py knows what one reader sees, reading.py what they have read.
"""
