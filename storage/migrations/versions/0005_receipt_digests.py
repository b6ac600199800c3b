"""A receipt knows what was filled in."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """One more column; of deliveries before it nobody knows."""
    op.add_column("receipt", sa.Column("digest", AutoString(length=64), nullable=True))


def downgrade() -> None:
    """Whatever comes under the same key is the same delivery again."""
    op.drop_column("receipt", "digest")
