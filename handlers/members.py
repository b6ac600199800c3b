"""People come, go and change their language: Slack says so, and the bot remembers."""

import storage.person
from bot.people.sync import from_payload
from bot.reminders.orphans import on_deactivated
from handlers.hearing import Hearing


def changed(hearing: Hearing) -> None:
    """A member joined or changed. Whoever left leaves open items behind, and somebody is told at once."""
    person = from_payload(hearing.body["event"]["user"], hearing.now)
    with hearing.context.database.transaction() as session:
        before = storage.person.find(session, person.id)
        left = person.deactivated and (before is None or not before.deactivated)
        storage.person.save(session, [person])
        if left:
            company = hearing.context.companies.load(session)
            on_deactivated(session, company, person.id, hearing.now)
