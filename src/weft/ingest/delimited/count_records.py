"""Count the records of a clean delimited file apart from the reader, so that the two can be held against each other.

Only a file whose every quote belongs to a well-formed quoted field is counted; any other gives None and is read
the careful way. The count is made of whole-buffer operations, no Python loop over cells.
"""

import re
from pathlib import Path

from weft.ingest.content_store import CHUNK_BYTES
from weft.ingest.delimited.dialect import Dialect

_MOST_BYTES_AT_ONCE = 64 << 20


def count_clean_records(path: Path, dialect: Dialect) -> int | None:
    """Records of a UTF-8 file, header included; None where it is not plainly clean."""
    if len(dialect.delimiter.encode()) != 1 or dialect.escape or dialect.comment or dialect.skip_lines:
        return None
    quote = dialect.quote.encode()
    delimiter = re.escape(dialect.delimiter.encode())
    quoted = re.compile(
        rb"(?<![^" + delimiter + rb"\r\n])" + re.escape(quote) + rb"(?:[^" + quote + rb"]|" + quote * 2 + rb")*+"
        + re.escape(quote) + rb"(?![^" + delimiter + rb"\r\n])"
    ) if quote else None  # fmt: skip
    count = 0
    rest = b""
    with path.open("rb") as file:
        while True:
            chunk = file.read(16 * CHUNK_BYTES)
            buffer = rest + chunk
            cut = _end_of_last_record(buffer, quote) if chunk else len(buffer)
            if cut is None:
                if len(buffer) > _MOST_BYTES_AT_ONCE:
                    return None
                rest = buffer
                continue
            found = _count(buffer[:cut], quote, quoted)
            if found is None:
                return None
            count += found
            rest = buffer[cut:]
            if not chunk:
                return count


def _count(buffer: bytes, quote: bytes, quoted: re.Pattern[bytes] | None) -> int | None:
    if b"\0" in buffer:
        return None
    if quoted is not None and quote in buffer:
        buffer = quoted.sub(b"x", buffer)
        if quote in buffer:
            return None
    return sum(1 for line in buffer.splitlines() if line.strip(b" "))


def _end_of_last_record(buffer: bytes, quote: bytes) -> int | None:
    """The position after the last line end that is outside quotes; None where there is none."""
    end = buffer.rfind(b"\n")
    if end < 0:
        return None
    inside = quote and buffer.count(quote, 0, end) % 2 == 1
    while inside:
        # Step back over the quoted field that the line end lies in.
        opening = buffer.rfind(quote, 0, end)
        end = buffer.rfind(b"\n", 0, opening)
        if end < 0:
            return None
        inside = buffer.count(quote, 0, end) % 2 == 1
    return end + 1
