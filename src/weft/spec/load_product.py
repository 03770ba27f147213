"""One product's folder: product.yaml, contracts/, build.yaml, models/ and tests/."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from weft.base.names import PortName, ProductName, did_you_mean
from weft.base.problem import Place, Problem
from weft.base.yaml_source import YamlFile, mapping_of
from weft.spec.contract import Contract
from weft.spec.custom_properties import custom_properties, purpose_of, text_of, texts_of
from weft.spec.load_contract import load_contract
from weft.spec.load_making import load_making, load_model_test
from weft.spec.making import Making, Model, ModelLanguage, ModelSettings, ModelTest
from weft.spec.mesh_files import MeshFiles, ProductFiles
from weft.spec.model_language import python_model_language
from weft.spec.odcs.references import contract_stem
from weft.spec.odps.validate import validate_product
from weft.spec.product import InputPort, OutputPort, Product
from weft.spec.team import Domain


def load_product(files: ProductFiles, mesh_files: MeshFiles, domain: Domain) -> tuple[Product | None, list[Problem]]:
    """Read a product's folder; None where product.yaml is broken beyond reading."""
    problems: list[Problem] = []
    file, more = mesh_files.read_yaml(files.product)
    problems.extend(more)
    data, more = mapping_of(file)
    problems.extend(more)
    if not data:
        return None, problems
    problems.extend(mesh_files.remembered("odps", file.path, lambda: validate_product(file)))
    contracts = [
        contract for path in files.contracts if (contract := load_contract(path, mesh_files, problems)) is not None
    ]
    making = Making()
    if files.build is not None:
        build, more = mesh_files.read_yaml(files.build)
        problems.extend(problem for problem in more if problem.code != "YAML013")
        making = load_making(build, problems)
    models = _models(files, mesh_files, making, problems)
    tests = _tests(files, mesh_files, problems)
    name = ProductName(files.domain, files.product_folder)
    return _product(name, files.folder, file, data, domain, contracts, making, models, tests), problems


def _product(
    name: ProductName,
    folder: str,
    file: YamlFile,
    data: Mapping[str, Any],
    domain: Domain,
    contracts: list[Contract],
    making: Making,
    models: tuple[Model, ...],
    tests: tuple[ModelTest, ...],
) -> Product:
    team = data.get("team")
    return Product(
        name=name,
        place=file.place(),
        path=folder,
        id=text_of(data.get("id")) or "",
        version=text_of(data.get("version")),
        status=text_of(data.get("status")),
        document=data,
        owner=(text_of(team.get("name")) if isinstance(team, dict) else None) or domain.owner,
        title=text_of(data.get("name")),
        description=purpose_of(data.get("description")),
        tags=texts_of(data.get("tags")),
        input_ports=tuple(
            _input_port(item, file.place("inputPorts", index)) for index, item in _entries(data.get("inputPorts"))
        ),
        output_ports=tuple(
            _output_port(item, file.place("outputPorts", index), name, contracts)
            for index, item in _entries(data.get("outputPorts"))
        ),
        making=making,
        models=models,
        tests=tests,
        custom=custom_properties(data.get("customProperties")),
        contracts=tuple(contracts),
    )


def _entries(value: Any) -> list[tuple[int, Mapping[str, Any]]]:
    if not isinstance(value, list):
        return []
    return [(index, item) for index, item in enumerate(value) if isinstance(item, dict)]


def _input_port(item: Mapping[str, Any], place: Place) -> InputPort:
    return InputPort(
        text_of(item.get("name")) or "", place, text_of(item.get("version")), text_of(item.get("contractId"))
    )


def _output_port(item: Mapping[str, Any], place: Place, product: ProductName, contracts: list[Contract]) -> OutputPort:
    name = text_of(item.get("name")) or ""
    contract_id = text_of(item.get("contractId"))
    return OutputPort(
        name=PortName(product.domain, product.product, name),
        place=place,
        version=text_of(item.get("version")),
        contract_id=contract_id,
        contract=_contract_of_port(name, contract_id, contracts),
        description=text_of(item.get("description")),
        type=text_of(item.get("type")),
        tags=texts_of(item.get("tags")),
        deprecated=item.get("deprecated") is True,
        custom=custom_properties(item.get("customProperties")),
    )


def _contract_of_port(name: str, contract_id: str | None, contracts: list[Contract]) -> Contract | None:
    """The contract of that id; else the file named as the port, so that a mistyped id is told as just that."""
    by_id = (contract for contract in contracts if contract_id is not None and contract.id == contract_id)
    by_file = (contract for contract in contracts if contract_stem(contract.path.rsplit("/", 1)[-1]) == name)
    return next(by_id, None) or next(by_file, None)


def _models(files: ProductFiles, mesh_files: MeshFiles, making: Making, problems: list[Problem]) -> tuple[Model, ...]:
    models: dict[str, Model] = {}
    for path in files.models:
        text = mesh_files.read_text(path, problems)
        if text is None:
            continue
        stem, suffix = path.rsplit("/", 1)[-1].rsplit(".", 1)
        language = ModelLanguage.SQL
        if suffix == "py":
            language, more = python_model_language(text, path)
            problems.extend(more)
        if stem in models:
            where, other = Place(path), models[stem].path
            problems.append(Problem("MESH005", f'Two files make the model "{stem}".', where, found=other))
            continue
        models[stem] = Model(stem, language, path, text, making.models.get(stem, ModelSettings()))
    for name, settings in making.models.items():
        if name not in models:
            problems.append(
                Problem(
                    "MESH007",
                    f'build.yaml has settings for the model "{name}", which has no file.',
                    settings.place,
                    expected=f"{files.folder}/models/{name}.sql or .py",
                    fix=did_you_mean(name, models),
                )
            )
    return tuple(models.values())


def _tests(files: ProductFiles, mesh_files: MeshFiles, problems: list[Problem]) -> tuple[ModelTest, ...]:
    tests = []
    for path in files.tests:
        file, more = mesh_files.read_yaml(path)
        problems.extend(more)
        test = load_model_test(file, path.rsplit("/", 1)[-1].rsplit(".", 1)[0], problems)
        if test is not None:
            tests.append(test)
    return tuple(tests)


def link_inputs(products: tuple[Product, ...]) -> tuple[Product, ...]:
    """Give every input port the output port whose contract has its id; dangling ones keep None."""
    port_by_id: dict[str, PortName] = {}
    for product in products:
        for port in product.output_ports:
            for contract_id in (port.contract_id, port.contract.id if port.contract else None):
                if contract_id:
                    port_by_id.setdefault(contract_id, port.name)
    return tuple(
        replace(
            product,
            input_ports=tuple(
                replace(port, port=port_by_id.get(port.contract_id) if port.contract_id else None)
                for port in product.input_ports
            ),
        )
        for product in products
    )
