"""Create the log of events, its head, the states computed from it, and the documents that it refers to."""

import sqlalchemy as sa
from alembic import op

from kb.log.migrations.guard import BYTES, keep

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of the log."""
    _events()
    op.create_table(
        "head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
    op.create_table(
        "states",
        sa.Column("stream", BYTES, primary_key=True),
        sa.Column("topic", sa.String(40), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_table(
        "documents", sa.Column("sha256", sa.String(64), primary_key=True), sa.Column("data", sa.Text, nullable=False)
    )
    op.execute("insert into head (id, sequence, hash, at) values (1, 0, '', '')")
    keep("events", "documents")


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("stream", BYTES, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("effective", sa.String(32), nullable=False, index=True),
        sa.Column("behind", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("imported", sa.Text),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("stream", "version", name="one_version_once"),
        sa.CheckConstraint("length(trim(author)) > 0", name="author_named"),
        sa.CheckConstraint("origin in ('person', 'machine')", name="origin_known"),
        sa.CheckConstraint("origin = 'person' or kind like 'machine.%'", name="machine_never_decides"),
    )


def downgrade() -> None:
    """Raise NotImplementedError: the log holds people's decisions and is never dropped. Restore a backup instead."""
    raise NotImplementedError("The log is not dropped by a downgrade. Restore a backup made with the older version.")
