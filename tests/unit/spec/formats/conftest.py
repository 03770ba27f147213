"""Reading and writing contracts in other formats, as the commands do it."""

from collections.abc import Callable
from typing import Any

import pytest

from weft.base.yaml_source import YamlFile
from weft.spec.formats.export_contract import Exported, export_contract
from weft.spec.formats.import_contract import Imported, import_contract
from weft.spec.formats.source import Source


@pytest.fixture
def read() -> Callable[..., Imported]:
    """Import a text."""

    def call(text: str | bytes, path: str, name: str | None = None, dialect: str | None = None) -> Imported:
        content = text if isinstance(text, bytes) else text.encode()
        return import_contract(Source(path, content, dialect), name)

    return call


@pytest.fixture
def write() -> Callable[..., Exported]:
    """Export a document."""

    def call(document: Any, name: str, **settings: Any) -> Exported:
        return export_contract(YamlFile("contract.yaml", document), name, **settings)

    return call
