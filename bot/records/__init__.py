"""Records for people and programs outside Slack: shown as data."""
