"""Cards are found by the message that stands for them."""

from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """One more index."""
    op.create_index(op.f("ix_card_outbox_key"), "card", ["outbox_key"])


def downgrade() -> None:
    """Back to looking through all cards."""
    op.drop_index(op.f("ix_card_outbox_key"), table_name="card")
