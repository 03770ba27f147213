"""Fixtures that every kind of test shares."""

import os
from pathlib import Path

import pytest


def _folder(variable: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set: this test needs the folder it names")
    folder = Path(value)
    if not folder.is_dir():
        pytest.skip(f"{variable} names a folder that is not there")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data sets, named by WEFT_TEST_DATA."""
    return _folder("WEFT_TEST_DATA")


@pytest.fixture(scope="session")
def shared_standards() -> Path:
    """Folder of the official schemas and examples, named by WEFT_TEST_STANDARDS."""
    return _folder("WEFT_TEST_STANDARDS")
