"""Meshes for the tests of graph and lineage, written as plain data."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from weft.base.names import PortName, ProductName
from weft.base.problem import Place
from weft.spec.contract import Column, Contract, Table
from weft.spec.making import Making, Model, ModelLanguage, Source
from weft.spec.mesh import Mesh
from weft.spec.product import InputPort, OutputPort, Product


def column(text: str, **more: object) -> Column:
    """`total decimal(10,2)` as a column."""
    name, physical_type = text.split(" ", 1)
    return Column(name, Place("contract.yaml"), physical_type=physical_type, **more)  # type: ignore[arg-type]


def port(name: str, columns: Sequence[str | Column], *, version: str = "1.0.0", **more: object) -> OutputPort:
    """An output port with a contract of these columns."""
    port_name = PortName.parse(name)
    table = Table(
        port_name.port,
        Place("contract.yaml"),
        tuple(c if isinstance(c, Column) else column(c) for c in columns),
    )
    contract = Contract(
        id=name,
        version=version,
        place=Place(f"contracts/{port_name.port}.yaml"),
        path=f"contracts/{port_name.port}.yaml",
        standard_version="v3.2.0",
        document={},
        tables=(table,),
    )
    return OutputPort(port_name, Place("product.yaml"), contract_id=name, contract=contract, **more)  # type: ignore[arg-type]


def product(
    name: str,
    *,
    reads: Mapping[str, str] | Sequence[str] = (),
    sources: Mapping[str, Mapping[str, str]] | None = None,
    models: Mapping[str, str] | None = None,
    ports: Sequence[OutputPort] = (),
    **more: object,
) -> Product:
    """A product that reads ports (input name -> port), with models given as text: SQL, or Python with `def model`."""
    if not isinstance(reads, Mapping):
        reads = {PortName.parse(text).port: text for text in reads}
    return Product(
        name=ProductName.parse(name),
        place=Place(f"domains/{name}/product.yaml", 1),
        path=f"domains/{name}",
        id=name,
        version="1.0.0",
        status="active",
        document={},
        input_ports=tuple(
            InputPort(key, Place("product.yaml"), contract_id=text, port=PortName.parse(text))
            for key, text in reads.items()
        ),
        output_ports=tuple(ports),
        making=Making(
            sources={key: Source(key, "csv", Place("build.yaml"), columns=c) for key, c in (sources or {}).items()}
        ),
        models=tuple(model(name, key, text) for key, text in (models or {}).items()),
        **more,  # type: ignore[arg-type]
    )


def model(product_name: str, name: str, text: str) -> Model:
    """A model by its text."""
    language, ending = ModelLanguage.SQL, "sql"
    if "def " in text:
        language, ending = (ModelLanguage.ARROW if "pa.Table" in text else ModelLanguage.IBIS), "py"
    return Model(name, language, f"domains/{product_name}/models/{name}.{ending}", text)


def mesh(*products: Product, root: Path = Path()) -> Mesh:
    """A mesh of these products."""
    return Mesh("small", root, Place("weft.yaml"), products=products)
