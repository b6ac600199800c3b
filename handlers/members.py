"""People come, go and change their language: Slack says so, and the bot remembers."""

import storage.person
from bot.people.sync import from_payload
from bot.reminders import orphans
from handlers.hearing import Hearing


def changed(hearing: Hearing) -> None:
    """A member joined or changed. Whoever left leaves open items behind, and somebody is told at once."""
    user, home = hearing.body["event"]["user"], hearing.body["authorizations"][0]["team_id"]
    with hearing.reading() as session:
        known = storage.person.find(session, user["id"])
    hearing.turn.over()
    person = from_payload(user, hearing.now, home=home, known=known)
    orphans.keep(hearing.context.database, hearing.context.companies, [person], hearing.now)
