"""What proves the bot, room by room."""
