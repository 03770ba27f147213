"""Bring text to UTF-8. What the encoding is, is declared, marked by the file, or found out and reported.

The order: `encoding:` of the source; a byte-order mark; zero bytes in every second place (UTF-16 without a mark);
valid UTF-8; mostly valid UTF-8 (its broken lines are rejected one by one); else charset-normalizer's best guess.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from weft.base.problem import Place, Problem, Severity
from weft.ingest.content_store import chunks_of

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 1 << 16
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_C1 = re.compile(rb"[\x80-\x9f]")  # control characters in Latin-1, letters and quotes in Windows-1252
_NOT_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_TYPICAL_FAULTS_SHARE = 0.1


@dataclass(frozen=True)
class DecodedText:
    """A text file in UTF-8; broken bytes, if any, are still in it and reject their lines."""

    path: Path
    encoding: str  # what it was
    problems: tuple[Problem, ...] = ()


def decode(path: Path, location: str, scratch: Path, place: Place, declared: str | None = None) -> DecodedText:
    """A file as UTF-8 without a byte-order mark: itself where it is that already.

    Raises:
        Problem: SOURCE012 the declared encoding does not exist or does not fit.
    """
    if declared is not None:
        return _declared(path, location, scratch, place, declared)
    with path.open("rb") as file:
        head = file.read(_SAMPLE_BYTES)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None) or _unmarked_utf16(head)
    if marked is not None:
        return DecodedText(_transcoded(path, scratch, marked, location, place), marked.removesuffix("-sig"))
    fault = _first_fault(path)
    if fault is None:
        return DecodedText(path, "utf-8")
    sample = _sample_around(path, fault)
    if _is_mostly_utf8(sample):
        return DecodedText(path, "utf-8")
    encoding = _guess(sample)
    warning = Problem(
        "SOURCE011",
        f'The file "{location}" is not UTF-8; it was read as {encoding}.',
        Place(location),
        found=f"first other byte at position {fault:,}",
        fix=f"If that is right, say so: `encoding: {encoding}`; else name the right one.",
        severity=Severity.WARNING,
    )
    return DecodedText(_transcoded(path, scratch, encoding, location, place), encoding, (warning,))


def _declared(path: Path, location: str, scratch: Path, place: Place, declared: str) -> DecodedText:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        raise Problem(
            "SOURCE012",
            "The encoding of the source does not exist.",
            place,
            found=declared,
            expected="a name such as utf-8, utf-16, cp1252, latin-1, shift_jis",
        ) from None
    with path.open("rb") as file:
        has_mark = file.read(3) == codecs.BOM_UTF8
    if name in ("utf-8", "utf-8-sig", "ascii"):
        # Broken bytes reject their lines; nothing to convert unless there is a mark.
        return DecodedText(_without_mark(path, scratch) if has_mark else path, "utf-8")
    return DecodedText(_transcoded(path, scratch, name, location, place), name)


def _without_mark(path: Path, scratch: Path) -> Path:
    target = scratch / f"{path.name}.utf8"
    with target.open("wb") as file:
        for number, chunk in enumerate(chunks_of(path)):
            file.write(chunk if number else chunk.removeprefix(codecs.BOM_UTF8))
    return target


def _transcoded(path: Path, scratch: Path, encoding: str, location: str, place: Place) -> Path:
    if encoding == "utf-8-sig":
        return _without_mark(path, scratch)
    target = scratch / f"{path.name}.utf8"
    decoder = codecs.getincrementaldecoder(encoding)()
    position = 0
    try:
        with target.open("wb") as file:
            for chunk in chunks_of(path):
                file.write(decoder.decode(chunk).encode("utf-8", "surrogatepass"))
                position += len(chunk)
            file.write(decoder.decode(b"", final=True).encode("utf-8", "surrogatepass"))
    except (UnicodeDecodeError, UnicodeError) as error:
        offset = position + getattr(error, "start", 0)
        raise Problem(
            "SOURCE012",
            f'The file "{location}" is not in the encoding {encoding}.',
            place,
            found=f"a sequence that does not exist in it, near byte {offset:,}",
            fix="Declare the right one, `encoding: ...`, or leave it out to have it found.",
        ) from None
    return target


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a zero in every second byte."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if odd > 0.6 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    if even > 0.6 * pairs and odd < 0.1 * pairs:
        return "utf-16-be"
    return None


def _first_fault(path: Path) -> int | None:
    """Position of the first byte that is not UTF-8; None where all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    position = 0
    try:
        for chunk in chunks_of(path):
            decoder.decode(chunk)
            position += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return max(position + error.start, 0)
    return None


def _sample_around(path: Path, fault: int) -> bytes:
    """The start of a file and what lies around its first fault, in whole lines."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE_BYTES)
        if fault < _SAMPLE_BYTES:
            return head
        file.seek(max(fault - _SAMPLE_BYTES // 2, 0))
        around = file.read(_SAMPLE_BYTES)
    return head + around[around.find(b"\n") + 1 :]


def _is_mostly_utf8(sample: bytes) -> bool:
    """Whether the bytes above ASCII are nearly all well-formed UTF-8, so that the faults are damage."""
    well_formed = _MULTIBYTE.findall(sample)
    broken = len(_HIGH.findall(_MULTIBYTE.sub(b"", sample)))
    return broken <= len(well_formed) * _TYPICAL_FAULTS_SHARE


def _guess(sample: bytes) -> str:
    r"""The encoding of bytes that are not UTF-8.

    >>> _guess("Größe;Straße;Übergröße\n".encode("cp1252"))
    'cp1252'
    """
    import charset_normalizer

    # Only lines with other letters tell encodings apart; the rest would drown them.
    lines = [line for line in sample.splitlines() if _HIGH.search(line)]
    telling = b"\n".join(lines)[:_SAMPLE_BYTES]
    western = "latin-1" if _NOT_IN_1252.search(telling) else "cp1252"
    best = charset_normalizer.from_bytes(telling).best()
    if best is None:
        return western
    # On short texts the many one-byte code pages cannot be told apart: of these, the one that is written by far most.
    is_multibyte = best.encoding in (
        "gb18030",
        "gbk",
        "gb2312",
        "big5",
        "shift_jis",
        "cp932",
        "euc_jp",
        "euc_kr",
        "cp949",
    )
    is_cyrillic_or_other = best.encoding in ("cp1251", "koi8_r", "cp1253", "iso8859_7", "cp1255", "cp1256", "iso8859_5")
    share_of_high = len(_HIGH.findall(telling)) / max(len(telling), 1)
    if (is_multibyte or is_cyrillic_or_other) and share_of_high > 0.25:
        return best.encoding
    return western
