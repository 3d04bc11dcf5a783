"""Verifying the record (审计校验): every row against its seal, every seal against the one before.

The rows are read once, in the order of their seals, and digested here, outside the database: a function changed
inside it would not help who changed a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import connections, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Broken", "Verdict", "verify"]

FIELDS = (
    "h.id::text", "to_char(h.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')", "coalesce(h.person_id::text, '')",
    "h.acting", "h.verb", "h.kind", "coalesce(h.object_id::text, '')", "h.region", "h.before", "h.after", "h.reason",
    "h.data::text",
)  # fmt: skip
FIRST = f"concat_ws(E'\\x1f', {', '.join(FIELDS)})"
SECOND = "concat('v2:', " + ", ".join(f"octet_length({field}), ':', {field}" for field in FIELDS) + ")"
BOTH = f"CASE WHEN s.version = 1 THEN {FIRST} ELSE {SECOND} END"
ROWS = """COPY (SELECT s.seq, encode(s.digest, 'hex'), s.history_id, {version},
    CASE WHEN h.id IS NOT NULL THEN {content} END
    FROM core_seal s LEFT JOIN core_history h ON h.id = s.history_id ORDER BY s.seq) TO STDOUT"""
VERSIONS = """SELECT EXISTS (SELECT 1 FROM pg_attribute
    WHERE attrelid = 'core_seal'::regclass AND attname = 'version' AND NOT attisdropped)"""
UNSEALED = (
    "SELECT h.id FROM core_history h LEFT JOIN core_seal s ON s.history_id = h.id WHERE s.seq IS NULL ORDER BY h.id"
)
# in the order of the seals, each row looked up by its key: nothing is sorted, and reading and digesting overlap
STREAMED = "SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
MEANT = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v", b"\\": b"\\"}
NULL = b"\\N"
MOST = 100  # faults listed at the most: a broken link is listed once, not for all that follows


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that is not as it was sealed."""

    seq: int
    history_id: int | None
    what: str
    """changed · deleted · missing_seal · inserted · moved"""


@dataclass
class Verdict:
    """What a verification found; ``head`` is the last seal, to be kept elsewhere as an anchor."""

    rows: int = 0
    head: tuple[int, str] = (0, "")
    broken: list[Broken] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.broken


def verify(*, anchor: tuple[int, str] | None = None, using: str = "default") -> Verdict:
    """Read the whole record and check it; ``anchor`` is a (seq, digest) noted at an earlier verification.

    With an anchor a record that was cut off at its end, or rewritten as a whole, is found as well.
    """
    found = Verdict()
    before, expected, anchored, form = b"", 1, anchor is None, b"1"
    for line in lines(using, rows_of(using)):
        seq_text, digest_hex, history_id, version, content = line.split(b"\t", 4)
        seq, digest = int(seq_text), bytes.fromhex(digest_hex.decode())
        if seq != expected:
            blame(found, Broken(expected, None, "missing_seal"))
        if content == NULL:
            blame(found, Broken(seq, int(history_id), "deleted"))
        elif version < form or sha256(before + (plain(content) if b"\\" in content else content)).digest() != digest:
            blame(found, Broken(seq, int(history_id), "changed"))
        form = max(form, version)
        if anchor is not None and seq == anchor[0]:
            anchored = digest.hex() == anchor[1]
        before, expected = digest, seq + 1
        found.rows += 1
    found.head = (expected - 1, before.hex())
    if not anchored and anchor is not None:
        blame(found, Broken(anchor[0], None, "anchor_differs"))
    with connections[using].cursor() as cursor:
        cursor.execute(UNSEALED)
        for (history_id,) in cursor.fetchmany(MOST):
            blame(found, Broken(0, history_id, "inserted"))
    return found


def blame(found: Verdict, fault: Broken) -> None:
    """Keep a fault while the list is short."""
    if len(found.broken) < MOST:
        found.broken.append(fault)


def plain(content: bytes) -> bytes:
    """A text as it was before COPY escaped it."""
    return ESCAPED.sub(lambda found: MEANT[found[1]], content)


def rows_of(using: str) -> str:
    """What is read: a database that an older program wrote, and that waits for its upgrade, knows one form alone."""
    with connections[using].cursor() as cursor:
        cursor.execute(VERSIONS)
        both = bool(cursor.fetchone()[0])
    return ROWS.format(version="s.version", content=BOTH) if both else ROWS.format(version="1", content=FIRST)


def lines(using: str, source: str) -> Iterator[bytes]:
    """The rows as COPY writes them, one line each."""
    rest = b""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        cursor.execute(STREAMED)
        with cursor.connection.cursor() as raw, raw.copy(source) as copy:
            for chunk in copy:
                parts = (rest + bytes(chunk)).split(b"\n")
                rest = parts.pop()
                yield from parts
