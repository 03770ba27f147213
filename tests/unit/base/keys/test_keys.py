"""Where master keys come from, what is refused, and that none of it is ever shown."""

import base64
import json
import os
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from weft.base.keys.data_key import read_material
from weft.base.keys.held_keys import HeldKeys
from weft.base.keys.open_keys import open_keys
from weft.base.keys.vault import KEYS_FILE, Vault
from weft.base.problem import Problem

SECRET = bytes(range(32))
TEXT = base64.b64encode(SECRET).decode()


class FakeKms:
    """A service that keeps its keys to itself."""

    newest = "2026-01"

    def __init__(self) -> None:
        self._keys = HeldKeys({"main": {"2026-01": SECRET, "2026-02": SECRET[::-1]}})

    def current_version(self, master_key: str) -> str:
        if master_key != "main":
            raise RuntimeError(f"no such key, and here is a token: {TEXT}")
        return self.newest

    def wrap(self, master_key: str, version: str, data_key: bytes) -> bytes:
        return self._keys.wrap(master_key, version, data_key)

    def unwrap(self, master_key: str, version: str, wrapped: bytes) -> bytes:
        return self._keys.unwrap(master_key, version, wrapped)


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> str:
    """The setting of a service that a package registered."""
    point = EntryPoint("fake", f"{__name__}:FakeKms", "weft.key_providers")
    monkeypatch.setattr(EntryPoint, "load", lambda _point: FakeKms)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [point])
    return "kms:fake"


def key_file(folder: Path, text: str = json.dumps({"main": {"1": TEXT}}), mode: int = 0o600) -> str:
    path = folder / "keys.json"
    path.write_text(text)
    path.chmod(mode)
    return f"file:{path}"


@pytest.mark.parametrize("place", ["file", "env", "lone", "kms"])
def test_a_data_key_comes_back_from_each_place_of_keys(place: str, tmp_path: Path, kms: str) -> None:
    declared = {"file": key_file(tmp_path), "env": "env:KEYS", "lone": "env:LONE", "kms": kms}[place]
    provider = open_keys(declared, tmp_path, {"KEYS": json.dumps({"main": {"1": TEXT}}), "LONE": TEXT})
    version = provider.current_version("main")
    wrapped = provider.wrap("main", version, SECRET)
    assert SECRET not in wrapped
    assert provider.unwrap("main", version, wrapped) == SECRET
    assert TEXT not in repr(provider) + str(provider)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_key_file_that_others_may_touch_is_refused(mode: int, tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        open_keys(key_file(tmp_path, mode=mode), tmp_path, {})
    assert (caught.value.code, caught.value.found) == ("KEY003", f"mode {mode:04o}")


@pytest.mark.parametrize(
    ("declares", "code"),
    [
        (lambda folder: "env:ABSENT", "KEY001"),
        (lambda folder: "file:absent.json", "KEY005"),
        (lambda folder: key_file(folder, "{"), "KEY005"),
        (lambda folder: key_file(folder, '{"main": {}}'), "KEY005"),
        (lambda folder: key_file(folder, f'["{TEXT}"]'), "KEY005"),
        (lambda folder: key_file(folder, f'{{"main": "{TEXT}"}}'), "KEY005"),
        (lambda folder: key_file(folder, f'{{"main": {{"1": "{TEXT[:24]}"}}}}'), "KEY005"),
        (lambda folder: key_file(folder, TEXT[:-4] + "!!!!"), "KEY005"),
        (lambda folder: TEXT, "KEY004"),
        (lambda folder: "vault:main", "KEY004"),
        (lambda folder: "kms:none", "KEY004"),
    ],
)
def test_what_is_no_place_of_keys_is_refused_without_showing_it(
    declares: Callable[[Path], str], code: str, tmp_path: Path
) -> None:
    with pytest.raises(Problem) as caught:
        open_keys(declares(tmp_path), tmp_path, {})
    assert caught.value.code == code
    assert TEXT[:16] not in str(caught.value)


def test_the_words_of_a_service_are_not_repeated(tmp_path: Path, kms: str) -> None:
    provider = open_keys(kms, tmp_path, {})
    with pytest.raises(Problem) as caught:
        provider.current_version("other")
    assert (caught.value.code, caught.value.found) == ("KEY005", "RuntimeError")
    assert TEXT not in str(caught.value)


def test_a_new_version_gives_a_new_data_key_and_wraps_the_former_one(
    tmp_path: Path, kms: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vault() -> Vault:
        return Vault(tmp_path / "storage", open_keys(kms, tmp_path, {}), "main", tmp_path)

    first = vault().current()
    assert vault().current() == first, "another process finds the same one"
    monkeypatch.setattr(FakeKms, "newest", "2026-02")
    opened = vault()
    second = opened.current()
    assert second.secret != first.secret
    assert [key.version for key in opened.wrapped_keys()] == ["2026-01", "2026-02"]
    assert (opened.rewrap(), opened.rewrap()) == (1, 0)
    assert {key.version for key in opened.wrapped_keys()} == {"2026-02"}
    assert vault().key_of(first.material).secret == first.secret
    assert vault().current() == second


def test_a_file_names_its_key_well_enough_to_be_read_without_the_notes(tmp_path: Path) -> None:
    vault = Vault(tmp_path, HeldKeys({"main": {"1": SECRET}}), "main", tmp_path)
    key = vault.current()
    (tmp_path / KEYS_FILE).unlink()
    told = read_material(key.material)
    assert (told.master_key, told.version) == ("main", "1")
    again = Vault(tmp_path, HeldKeys({"main": {"1": SECRET}}), "main", tmp_path)
    assert again.key_of(key.material).secret == key.secret


def test_no_key_is_shown_or_stored_in_clear(tmp_path: Path) -> None:
    provider = HeldKeys({"main": {"1": os.urandom(32)}})
    vault = Vault(tmp_path, provider, "main", tmp_path)
    secret = vault.current().secret
    stored = (tmp_path / KEYS_FILE).read_bytes()
    shown = f"{vault!r} {vault.current()!r} {vault.wrapped_keys()!r} {provider!r}".encode() + stored
    for form in (secret, base64.b64encode(secret), secret.hex().encode(), repr(secret)[2:-1].encode()):
        assert form not in shown
