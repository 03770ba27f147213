"""A product as a domain declares it, read from an ODPS document of any version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weft.base.names import PortName, ProductName
from weft.base.problem import Place
from weft.spec.contract import Contract, Table
from weft.spec.making import Making, Model, ModelTest, Source


@dataclass(frozen=True)
class InputPort:
    """What a product reads of another; models use it by its name."""

    name: str
    place: Place
    version: str | None = None
    contract_id: str | None = None
    port: PortName | None = None  # the output port whose contract has that id; None while dangling


@dataclass(frozen=True)
class OutputPort:
    """What a product offers: one table under one contract."""

    name: PortName
    place: Place
    version: str | None = None
    contract_id: str | None = None
    contract: Contract | None = None  # None while its file is missing or broken
    description: str | None = None
    type: str | None = None
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> Table | None:
        """The contract's table of this port: the one of its name, or the only one."""
        if self.contract is None:
            return None
        tables = self.contract.tables
        named = next((t for t in tables if self.name.port in (t.name, t.physical_name)), None)
        return named or (tables[0] if len(tables) == 1 else None)


@dataclass(frozen=True)
class Product:
    """What a domain offers, and how it is made."""

    name: ProductName
    place: Place
    path: str  # its folder, relative to the mesh
    id: str
    version: str | None
    status: str | None
    document: Mapping[str, Any]  # the whole of product.yaml
    owner: str | None = None  # a team's name: product.yaml team.name, else the domain's owner
    title: str | None = None  # product.yaml name
    description: str | None = None  # its purpose
    tags: tuple[str, ...] = ()
    input_ports: tuple[InputPort, ...] = ()
    output_ports: tuple[OutputPort, ...] = ()
    making: Making = field(default_factory=Making)
    models: tuple[Model, ...] = ()
    tests: tuple[ModelTest, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)
    contracts: tuple[Contract, ...] = ()  # every file of contracts/, those that no port names included

    def source(self, name: str) -> Source | None:
        """The declared source of that name."""
        return self.making.sources.get(name)

    def output_port(self, name: str) -> OutputPort | None:
        """The output port by its own last name."""
        return next((port for port in self.output_ports if port.name.port == name), None)

    def model(self, name: str) -> Model | None:
        """The model of that name."""
        return next((model for model in self.models if model.name == name), None)
