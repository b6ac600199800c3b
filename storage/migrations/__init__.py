"""The numbered changes of the schema, and `env.py`, which Alembic runs for each of its commands."""
