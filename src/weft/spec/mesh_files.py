"""The files of a mesh: which there are, their text, and the fingerprint of every one that was read."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from weft.base.problem import Place, Problem
from weft.base.yaml_source import MAX_BYTES, YamlFile, read_yaml_bytes

Memory: TypeAlias = dict[tuple[str, str, str], list[Problem]]  # (check, path, sha256) -> what it said

_YAML = (".yaml", ".yml")
_MODELS = (".sql", ".py")


@dataclass(frozen=True)
class ProductFiles:
    """Paths relative to the mesh, with forward slashes."""

    domain: str
    product_folder: str
    folder: str
    product: str
    build: str | None
    contracts: tuple[str, ...]
    models: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True)
class DomainFiles:
    """A domain's folder."""

    name: str
    folder: str
    domain: str | None
    products: tuple[ProductFiles, ...]
    without_product_file: tuple[str, ...]  # folders that hold contracts or models and no product.yaml


@dataclass(frozen=True)
class Layout:
    """Every file that a mesh is read from."""

    settings: str
    teams: str | None
    domains: tuple[DomainFiles, ...]

    def folders_without_product(self) -> list[str]:
        """Folders that look like a product and have no product.yaml."""
        return [folder for domain in self.domains for folder in domain.without_product_file]

    def paths(self) -> list[str]:
        """All of them, in a stable order."""
        found: list[str | None] = [self.settings, self.teams]
        for domain in self.domains:
            found.append(domain.domain)
            for product in domain.products:
                found += [product.product, product.build, *product.contracts, *product.models, *product.tests]
        return [path for path in found if path is not None]


def find_layout(root: Path) -> Layout:
    """List the files of a mesh without reading any."""
    top = _names(root)
    settings = _one_of("weft", top) or "weft.yaml"
    domains = tuple(
        _domain(root, name) for name in sorted(_names(root / "domains")) if (root / "domains" / name).is_dir()
    )
    return Layout(settings, _one_of("teams", top), domains)


def _domain(root: Path, name: str) -> DomainFiles:
    folder = f"domains/{name}"
    names = _names(root / folder)
    products: list[ProductFiles] = []
    without: list[str] = []
    for child in sorted(names):
        if not (root / folder / child).is_dir():
            continue
        inside = _names(root / folder / child)
        if _one_of("product", inside):
            products.append(_product(root, name, child, inside))
        elif inside & {"contracts", "models", "build.yaml", "build.yml"}:
            without.append(f"{folder}/{child}")
    domain_file = _one_of("domain", names)
    return DomainFiles(
        name, folder, f"{folder}/{domain_file}" if domain_file else None, tuple(products), tuple(without)
    )


def _product(root: Path, domain: str, name: str, names: set[str]) -> ProductFiles:
    folder = f"domains/{domain}/{name}"

    def below(child: str, endings: tuple[str, ...]) -> tuple[str, ...]:
        if child not in names:
            return ()
        inside = (file for file in _names(root / folder / child) if file.endswith(endings) and not file.startswith("_"))
        return tuple(f"{folder}/{child}/{file}" for file in sorted(inside))

    build = _one_of("build", names)
    return ProductFiles(
        domain,
        name,
        folder,
        f"{folder}/{_one_of('product', names)}",
        f"{folder}/{build}" if build else None,
        below("contracts", _YAML),
        below("models", _MODELS),
        below("tests", _YAML),
    )


def _names(folder: Path) -> set[str]:
    try:
        return {name for name in os.listdir(folder) if not name.startswith(".")}  # noqa: PTH208  # quicker than iterdir
    except OSError:
        return set()


def _one_of(stem: str, names: set[str]) -> str | None:
    return next((stem + ending for ending in _YAML if stem + ending in names), None)


@dataclass
class MeshFiles:
    """Reads a mesh's files once each, and notes the fingerprint of what was read."""

    root: Path
    fingerprints: dict[str, str] = field(default_factory=dict)  # path -> sha256 of its bytes
    memory: Memory = field(default_factory=dict)

    def read_yaml(self, path: str) -> tuple[YamlFile, list[Problem]]:
        """Read a YAML file by its path in the mesh."""
        content, problems = self._read(path)
        if content is None:
            return YamlFile(path, None), problems
        return read_yaml_bytes(content, path)

    def read_text(self, path: str, problems: list[Problem]) -> str | None:
        """Read a text file by its path in the mesh; None after a problem was told."""
        content, more = self._read(path)
        problems.extend(more)
        if content is None:
            return None
        try:
            return content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            problems.append(Problem("YAML003", "The file is not UTF-8.", Place(path, line), fix="Save it as UTF-8."))
            return None

    def remembered(self, check: str, path: str, run: Callable[[], list[Problem]]) -> list[Problem]:
        """What a costly check says of a file, from memory where the same bytes were checked before."""
        key = (check, path, self.fingerprints.get(path, ""))
        if key not in self.memory:
            self.memory[key] = run()
        return self.memory[key]

    def memory_of_read_files(self) -> Memory:
        """The part of the memory that concerns the files as they are now."""
        return {key: said for key, said in self.memory.items() if self.fingerprints.get(key[1]) == key[2]}

    def _read(self, path: str) -> tuple[bytes | None, list[Problem]]:
        file = self.root / path
        try:
            if not file.is_file():  # a pipe would wait for ever
                return None, [Problem("YAML001", "This is no plain file.", Place(path))]
            with file.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        except OSError as error:
            reason = error.strerror or "the system refuses"
            return None, [Problem("YAML001", f"The file cannot be read: {reason}.", Place(path))]
        self.fingerprints[path] = hashlib.sha256(content).hexdigest()
        if len(content) > MAX_BYTES:
            _, problems = read_yaml_bytes(content, path)
            return None, problems
        return content, []
