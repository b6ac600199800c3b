"""People come, go and change their language: Slack says so, and the bot remembers."""

import storage.person
from bot.people.sync import from_payload, save
from bot.reminders.orphans import report_departures
from handlers.hearing import Hearing


def changed(hearing: Hearing) -> None:
    """A member joined or changed. Whoever left leaves open items behind, and somebody is told at once."""
    user = hearing.body["event"]["user"]
    with hearing.context.database.transaction() as session:
        known = storage.person.find(session, user["id"])
        gone = save(session, [from_payload(user, hearing.now, known)])
    report_departures(hearing.context.database, hearing.context.companies, gone, hearing.now)
