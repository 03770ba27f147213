"""The whole declared mesh, as loaded from its folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weft.base.names import PortName, ProductName
from weft.base.problem import Place, Problem
from weft.spec.product import OutputPort, Product
from weft.spec.team import Domain, Team


@dataclass(frozen=True)
class EncryptionSettings:
    """Where the keys of an environment's stored data come from."""

    keys: str  # file:/path, env:NAME or kms:<entry point>
    key: str  # name of the master key
    scratch: str | None = None  # folder for what is needed in clear for a moment; None: memory, where the system has it


@dataclass(frozen=True)
class BackupSettings:
    """Where backups of an environment go, and how long they are kept."""

    to: str | None = None  # a folder relative to the mesh, or s3://bucket/prefix
    keep: int | None = None  # the newest so many
    keep_for: str | None = None  # such as 30d: those that are younger
    endpoint: str | None = None  # of S3, and what follows
    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    session_token: str | None = None


@dataclass(frozen=True)
class Environment:
    """Where one environment keeps its tables and facts; settings of weft.yaml, then of WEFT_* variables."""

    name: str
    storage: str = ".weft"  # folder relative to the mesh; catalogue, tables, landings and work live below it
    ledger: str | None = None  # a database URL; None: SQLite below storage
    anchor: str | None = None  # file outside the storage that each build adds the ledger's head to
    catalog: str | None = None  # a database URL of the Iceberg catalogue; None: SQLite below storage
    memory: str = "2GB"  # of the engine
    threads: int | None = None  # None: all cores
    quarantine_tolerance: str = "5%"  # share or count of rows that a publication may hold back by default
    quarantine_retention: str | None = None  # such as 90d: how long rows are held back; None: until somebody decides
    keep_snapshots_days: int = 30
    backup: BackupSettings = field(default_factory=BackupSettings)
    encryption: EncryptionSettings | None = None  # None: stored data lie in clear
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mesh:
    """Domains, products, ports and teams of one organisation."""

    name: str
    root: Path
    place: Place
    description: str | None = None
    regions: tuple[str, ...] = ()
    environments: Mapping[str, Environment] = field(default_factory=dict)
    default_environment: str = "dev"
    teams: tuple[Team, ...] = ()
    domains: tuple[Domain, ...] = ()
    products: tuple[Product, ...] = ()
    problems: tuple[Problem, ...] = ()  # met while loading: YAML, schemas, unresolved names
    files: Mapping[str, str] = field(default_factory=dict)  # every file read, relative path -> sha256

    def product(self, name: ProductName) -> Product | None:
        """The product of that name."""
        return next((product for product in self.products if product.name == name), None)

    def output_ports(self) -> Iterator[OutputPort]:
        """Every output port, product by product."""
        for product in self.products:
            yield from product.output_ports

    def output_port(self, name: PortName) -> OutputPort | None:
        """The output port of that name."""
        product = self.product(name.product_name)
        return product.output_port(name.port) if product else None
