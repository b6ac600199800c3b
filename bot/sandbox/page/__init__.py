"""The page in the browser: plain HTML from the server, one small script that posts to the control API."""
