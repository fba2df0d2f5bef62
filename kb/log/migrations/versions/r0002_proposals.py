"""Create the tables of the machine's proposals, separate from people's decisions."""

import sqlalchemy as sa
from alembic import op

from kb.log.migrations.guard import keep

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of runs and proposals."""
    op.create_table(
        "runs",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("policy_set", sa.String(200), nullable=False, index=True),
        sa.Column("policy", sa.String(200), nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("framework", sa.String(60), nullable=False),
        sa.Column("models", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
    )
    op.create_table(
        "proposals",
        sa.Column("run", sa.String(40), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("criterion", sa.String(40), primary_key=True),
        sa.Column("rank", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_index("proposals_of_criterion", "proposals", ["run", "criterion"])
    keep("runs", "proposals")


def downgrade() -> None:
    """Drop the tables of runs and proposals. The log stays, and `kb assess` can make the proposals again."""
    op.drop_table("proposals")
    op.drop_table("runs")
