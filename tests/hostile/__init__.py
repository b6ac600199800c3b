"""Input that nobody sends by mistake: twisted, forged, replayed, and full of what Slack or a database would obey."""
