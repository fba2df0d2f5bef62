"""Set the application id of this program in the SQLite file, and add to each run a digest of itself and its
proposals."""

from types import SimpleNamespace

import sqlalchemy as sa
from alembic import op

from kb.log.migrations.guard import keep, lift

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_APPLICATION = 0x6B625753  # as in kb.log.proof; a migration never changes, even if that number does


def upgrade() -> None:
    """Set the application id of the SQLite file, and compute the digest of the existing runs."""
    from kb.log.proof import stored_digest

    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute(f"pragma application_id = {_APPLICATION}")
    op.add_column("runs", sa.Column("digest", sa.String(64)))
    lift("runs")
    columns = "id, policy, document, framework, models"
    for row in connection.execute(sa.text(f"select {columns} from runs")).mappings().all():
        connection.execute(
            sa.text("update runs set digest = :digest where id = :id"),
            {"digest": stored_digest(connection, SimpleNamespace(**row)), "id": row["id"]},
        )
    keep("runs")


def downgrade() -> None:
    """Raise NotImplementedError: digests prove stored runs and are never dropped. Restore a backup instead."""
    raise NotImplementedError("A proof is not dropped by a downgrade. Restore a backup made with the older version.")
