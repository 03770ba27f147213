"""Documents changed a little, so that two validators can be compared on what is nearly right."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

Path = tuple[str | int, ...]

VALUES: tuple[Any, ...] = (None, True, 7, 1.5, "word", "", [], ["a"], [1], {}, {"x": 1}, [{}], [None])


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths_of(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths_of(item, (*path, index))


def _mutations(document: Any, seed: int, count: int, words: tuple[str, ...]) -> Iterator[Any]:
    """Copies with one to three changes: a key dropped, added, misspelt or moved, or a value replaced."""
    random_of = random.Random(seed)
    for _ in range(count):
        changed = copy.deepcopy(document)
        for _ in range(random_of.choice((1, 1, 1, 2, 3))):
            changed = _mutate(changed, random_of, words)
        yield changed


def _mutate(document: Any, random_of: random.Random, words: tuple[str, ...]) -> Any:
    path = random_of.choice(list(paths_of(document)))
    if not path:
        return document if random_of.random() < 0.9 else random_of.choice(VALUES)
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    key, kind = path[-1], random_of.randrange(6)
    if kind == 0:
        del parent[key]
    elif kind == 1:
        parent[key] = copy.deepcopy(random_of.choice(VALUES))
    elif kind == 2 and isinstance(parent, dict):
        parent[random_of.choice(words)] = copy.deepcopy(random_of.choice(VALUES))
    elif kind == 3 and isinstance(parent, dict):
        parent[f"{key}x"] = parent.pop(key)
    elif kind == 4 and isinstance(parent[key], dict):
        parent[key][random_of.choice(words)] = copy.deepcopy(random_of.choice(VALUES))
    elif kind == 5 and isinstance(parent[key], list):
        parent[key].append(copy.deepcopy(random_of.choice(VALUES)))
    else:
        parent[key] = random_of.choice(words)
    return document


@pytest.fixture
def mutations():
    """`mutations(document, seed, count, words)` yields changed copies of a document."""
    return _mutations
