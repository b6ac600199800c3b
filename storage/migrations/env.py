"""Run by Alembic. The connection comes from `storage.migrate`, inside the transaction of the upgrade."""

from alembic import context

from storage.base import Base
from storage.search import is_ours

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=is_ours,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
