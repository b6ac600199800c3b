"""The calendar of the demo company: China, Monday to Friday."""

import pytest

from bot.workdays import PublishedHolidays, WorkCalendar


@pytest.fixture(scope="session")
def published() -> PublishedHolidays:
    """China's calendar, loaded once."""
    return PublishedHolidays("CN")


@pytest.fixture(scope="session")
def china(published: PublishedHolidays) -> WorkCalendar:
    """Nothing entered by the company."""
    return WorkCalendar(published)
