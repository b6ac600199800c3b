"""Who somebody is, which role they hold, and what they must not do."""
