"""The full-text index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel.sql.sqltypes import AutoString

revision = "0002"
down_revision: str | None = "0001"

# Our words hold no blank; every byte beyond ASCII counts as a letter, whatever Unicode the engine knows.
INDEX = """
    CREATE VIRTUAL TABLE search_index USING fts5(
        words, content='search_document', content_rowid='id', tokenize="ascii tokenchars '_~'"
    )
"""
VOCABULARY = "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_index, row)"
WRITE = "INSERT INTO search_index(rowid, words) VALUES (new.id, new.words);"
ERASE = "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words);"
TRIGGERS = {"INSERT": WRITE, "DELETE": ERASE, "UPDATE": ERASE + WRITE}


def upgrade() -> None:
    """The table of what can be found, and the index of the engine in use."""
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", AutoString(length=40), nullable=False),
        sa.Column("kind", AutoString(length=32), nullable=False),
        sa.Column("department", AutoString(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("number", name=op.f("uq_search_document_number")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Without fastupdate a search never has to read a list of pending words.
        op.execute("CREATE INDEX ix_search_document_words ON search_document USING gin (words) WITH (fastupdate = off)")
        return
    op.execute(INDEX)
    op.execute(VOCABULARY)
    for event, action in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER search_document_{event.lower()} AFTER {event} ON search_document BEGIN {action} END"
        )


def downgrade() -> None:
    """Nothing is lost: the index is made of the records."""
    if op.get_bind().dialect.name == "sqlite":
        for event in TRIGGERS:
            op.execute(f"DROP TRIGGER search_document_{event.lower()}")
        op.execute("DROP TABLE search_vocabulary")
        op.execute("DROP TABLE search_index")
    op.drop_table("search_document")
