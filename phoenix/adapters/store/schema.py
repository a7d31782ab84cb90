"""The tables of the chain, as every database has them: what the migrations must amount to."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()
_Seq = BigInteger().with_variant(Integer, "sqlite")

beads = Table(
    "beads",
    metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=False),
    Column("bead_id", Text, nullable=False, unique=True),
    Column("bead_type", Text, nullable=False),
    Column("story", Text, nullable=True),
    Column("prev_hash", LargeBinary, nullable=False, unique=True),
    Column("bead_hash", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_strict=True,
)
story_index = Index(
    "beads_by_story",
    beads.c.story,
    sqlite_where=beads.c.story.is_not(None),
    postgresql_where=beads.c.story.is_not(None),
)

bead_keys = Table(
    "bead_keys",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("seq", _Seq, ForeignKey("beads.seq", deferrable=True, initially="DEFERRED"), nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
