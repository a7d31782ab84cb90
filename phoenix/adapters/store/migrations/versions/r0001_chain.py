"""The chain, its unique keys, and the triggers that make both append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_GENESIS = "x'" + "00" * 32 + "'"

# The two guards of INSERT fail rather than abort, and call no function, and nothing else about these tables may abort
# an INSERT half-way (so the foreign key is deferred): SQLite then keeps no journal for each statement, which would
# cost as much as half of the insert. A guard speaks before its row is written, so there is nothing to undo.
_SQLITE_GUARDS = (
    """
    CREATE TRIGGER beads_no_update BEFORE UPDATE ON beads
    BEGIN SELECT RAISE(ABORT, 'beads are never changed'); END
    """,
    """
    CREATE TRIGGER beads_no_delete BEFORE DELETE ON beads
    BEGIN SELECT RAISE(ABORT, 'beads are never deleted'); END
    """,
    f"""
    CREATE TRIGGER beads_in_sequence BEFORE INSERT ON beads
    WHEN CASE NEW.seq
        WHEN 1 THEN NEW.prev_hash IS NOT {_GENESIS} OR EXISTS (SELECT 1 FROM beads)
        ELSE (NEW.seq - 1, NEW.prev_hash) IS NOT (SELECT seq, bead_hash FROM beads ORDER BY seq DESC LIMIT 1)
      END
      OR EXISTS (SELECT 1 FROM beads WHERE bead_id = NEW.bead_id)
    BEGIN SELECT RAISE(FAIL, 'beads are only added behind the last one, each once'); END
    """,
    """
    CREATE TRIGGER bead_keys_no_update BEFORE UPDATE ON bead_keys
    BEGIN SELECT RAISE(ABORT, 'bead keys are never changed'); END
    """,
    """
    CREATE TRIGGER bead_keys_no_delete BEFORE DELETE ON bead_keys
    BEGIN SELECT RAISE(ABORT, 'bead keys are never deleted'); END
    """,
    # INSERT OR REPLACE deletes what is in its way without asking a delete trigger, so it is stopped here.
    """
    CREATE TRIGGER bead_keys_once BEFORE INSERT ON bead_keys
    WHEN EXISTS (SELECT 1 FROM bead_keys WHERE kind = NEW.kind AND value = NEW.value)
    BEGIN SELECT RAISE(FAIL, 'a bead key is taken once and for ever'); END
    """,
)


def upgrade() -> None:
    seq = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "beads",
        sa.Column("seq", seq, primary_key=True, autoincrement=False),
        sa.Column("bead_id", sa.Text, nullable=False, unique=True),
        sa.Column("bead_type", sa.Text, nullable=False),
        sa.Column("story", sa.Text, nullable=True),
        sa.Column("prev_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("bead_hash", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_index(
        "beads_by_story",
        "beads",
        ["story"],
        sqlite_where=sa.text("story IS NOT NULL"),
        postgresql_where=sa.text("story IS NOT NULL"),
    )
    op.create_table(
        "bead_keys",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("seq", seq, sa.ForeignKey("beads.seq", deferrable=True, initially="DEFERRED"), nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        for guard in _SQLITE_GUARDS:
            op.execute(guard)
