"""A stream that is encrypted comes back as it was, or not at all."""

import io
import os
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weft.base.cipher import MAGIC, decrypt, encrypt
from weft.base.keys.data_key import DataKey
from weft.base.problem import Problem

KEY = DataKey("1-a", os.urandom(32), b'{"key": "1-a"}')
PART = 1 << 20


def opened(sealed: bytes, key: DataKey = KEY) -> bytes:
    return b"".join(decrypt(io.BytesIO(sealed), lambda material: key))


@given(chunks=st.lists(st.binary(max_size=50), max_size=5))
@settings(max_examples=50, deadline=None)
def test_what_was_encrypted_comes_back(chunks: list[bytes]) -> None:
    assert opened(b"".join(encrypt(chunks, KEY))) == b"".join(chunks)


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 7])
def test_parts_of_any_number_come_back(size: int) -> None:
    content = os.urandom(size)
    sealed = b"".join(encrypt([content], KEY))
    assert opened(sealed) == content
    assert sealed.startswith(MAGIC)
    assert size < 8 or content[:8] not in sealed


TWO = b"".join(encrypt([os.urandom(PART), b"the end"], KEY))
HEAD = len(MAGIC) + 4 + len(KEY.material) + 8
FIRST = 4 + 12 + PART + 16


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s[: HEAD + FIRST],
        lambda s: s[:HEAD],
        lambda s: s[:-1],
        lambda s: s + b"\0",
        lambda s: s + s[HEAD:],
        lambda s: s[:HEAD] + s[HEAD + FIRST :] + s[HEAD : HEAD + FIRST],
        lambda s: s[:HEAD] + s[HEAD + FIRST :],
        lambda s: s[:30] + bytes([s[30] ^ 1]) + s[31:],
        lambda s: s[: HEAD + 100] + bytes([s[HEAD + 100] ^ 1]) + s[HEAD + 101 :],
        lambda s: s[: HEAD - 1] + bytes([s[HEAD - 1] ^ 1]) + s[HEAD:],
        lambda s: s[: HEAD + 3] + b"\xff" + s[HEAD + 4 :],
        lambda s: b"",
    ],
    ids=[
        "last part gone",
        "no part",
        "cut",
        "longer",
        "twice",
        "swapped",
        "first gone",
        "head",
        "bit",
        "stream",
        "length",
        "empty",
    ],
)
def test_a_change_is_told(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Problem) as caught:
        opened(change(TWO))
    assert caught.value.code == "KEY002"


def test_a_part_of_another_stream_is_told() -> None:
    other = b"".join(encrypt([os.urandom(PART), b"the end"], KEY))
    with pytest.raises(Problem):
        opened(TWO[: HEAD + FIRST] + other[HEAD + FIRST :])


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Problem) as caught:
        opened(TWO, DataKey("1-a", os.urandom(32), KEY.material))
    assert caught.value.code == "KEY002"
