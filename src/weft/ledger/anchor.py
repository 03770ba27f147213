"""Anchors: the head of the chain, written down outside the ledger, one line of JSON each.

A chain alone cannot tell that its newest part was cut off, or that somebody wrote all of it anew. Whoever keeps an
anchor where the ledger's owner cannot write can: the ledger must still hold the hash that was written down.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from weft.base.problem import Place, Problem
from weft.ledger.chain import Head
from weft.ledger.tables import CHAIN

_AT_ONCE = 500


@dataclass(frozen=True)
class Anchor:
    """Where a ledger's chain ended at an instant."""

    mesh: str
    environment: str
    position: int
    hash: str
    at: datetime  # UTC

    def as_line(self) -> str:
        """One line of JSON, without its end.

        >>> Anchor("shop", "dev", 7, "ab12", datetime(2026, 1, 31, tzinfo=UTC)).as_line()
        '{"mesh": "shop", "environment": "dev", "position": 7, "hash": "ab12", "at": "2026-01-31T00:00:00+00:00"}'
        """
        return json.dumps(self.as_json(), ensure_ascii=False)

    def as_json(self) -> dict[str, str | int]:
        """The same for a machine."""
        return {**asdict(self), "at": self.at.astimezone(UTC).isoformat()}


def append_anchor(file: Path, anchor: Anchor) -> None:
    """Add a line to a file and bring it to the disk.

    Raises:
        Problem: LEDGER011, the file cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # One write of one line to the end, so that lines of several processes never mix.
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, f"{anchor.as_line()}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Problem(
            "LEDGER011",
            f"The head of the ledger could not be written down: {error.strerror}.",
            Place(str(file)),
            fix="Give a file that this user may add to. What was recorded is in the ledger all the same.",
        ) from None


def read_anchors(file: Path, mesh: str, environment: str) -> Iterator[tuple[int, Anchor]]:
    """The anchors of one environment of one mesh in a file, each with its line.

    Raises:
        Problem: LEDGER010, the file cannot be read, a line is no anchor, or none is of this environment.
    """
    own = 0
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                anchor = _parsed(line, Place(str(file), number))
                if (anchor.mesh, anchor.environment) == (mesh, environment):
                    own += 1
                    yield number, anchor
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise Problem("LEDGER010", f"The anchors cannot be read: {why}.", Place(str(file))) from None
    if not own:
        raise Problem(
            "LEDGER010",
            f'The file holds no anchor of the environment "{environment}" of mesh "{mesh}".',
            Place(str(file)),
            fix="Give the file that `weft anchor` or the setting `anchor:` writes for this environment.",
        )


def _parsed(line: str, place: Place) -> Anchor:
    try:
        said = json.loads(line)
        return Anchor(
            mesh=str(said["mesh"]),
            environment=str(said["environment"]),
            position=int(said["position"]),
            hash=str(said["hash"]),
            at=datetime.fromisoformat(said["at"]),
        )
    except (ValueError, TypeError, KeyError):
        raise Problem(
            "LEDGER010",
            "The line is no anchor.",
            place,
            expected='{"mesh": ..., "environment": ..., "position": ..., "hash": ..., "at": ...}',
            fix="Bring the file back as `weft anchor` wrote it.",
        ) from None


def not_held(
    connection: sa.Connection, anchors: Iterable[tuple[int, Anchor]], head: Head | None
) -> Iterator[tuple[int, Anchor, str]]:
    """The anchors that the chain does not hold, each with its line and why.

    Args:
        connection: to the ledger.
        anchors: with their lines.
        head: the newest link.
    """
    part: list[tuple[int, Anchor]] = []
    for numbered in anchors:
        part.append(numbered)
        if len(part) == _AT_ONCE:
            yield from _not_held(connection, part, head)
            part = []
    yield from _not_held(connection, part, head)


def _not_held(
    connection: sa.Connection, anchors: list[tuple[int, Anchor]], head: Head | None
) -> Iterator[tuple[int, Anchor, str]]:
    positions = [anchor.position for _, anchor in anchors]
    query = sa.select(CHAIN.c.position, CHAIN.c.hash).where(CHAIN.c.position.in_(positions))
    hash_by_position = {row.position: row.hash for row in connection.execute(query)}
    end = head.position if head else 0
    for number, anchor in anchors:
        if anchor.position > end:
            yield number, anchor, f"the chain ends at link {end}: what was recorded since was cut off"
        elif hash_by_position.get(anchor.position) != anchor.hash:
            yield number, anchor, "the chain was written anew since"
