"""Run by Alembic. The connection comes from `storage.migrate`, inside the transaction of the upgrade."""

from alembic import context

from storage.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
