"""Models of dbt in one shape, whether they come from schema.yml or from a manifest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from weft.base.problem import Place
from weft.base.yaml_source import Key, YamlFile

_KINDS = ("models", "seeds", "snapshots")
_NODES = ("model", "seed", "snapshot")


@dataclass(frozen=True)
class DbtTest:
    """One data test."""

    name: str  # `not_null`, `dbt_utils.accepted_range`
    arguments: Mapping[str, Any]
    place: Place
    severity: str = "error"
    where: str | None = None
    given_name: str | None = None


@dataclass(frozen=True)
class DbtColumn:
    """One column."""

    name: str
    place: Place
    written: Mapping[str, Any]
    tests: list[DbtTest] = field(default_factory=list)


@dataclass(frozen=True)
class DbtModel:
    """One model, seed, snapshot or table of a source."""

    name: str
    kind: str
    place: Place
    written: Mapping[str, Any]
    columns: list[DbtColumn]
    tests: list[DbtTest]


def models_of_yaml(file: YamlFile) -> Iterator[DbtModel]:
    """The models of a schema.yml."""
    for kind in _KINDS:
        for index, item in _mappings(file.data.get(kind)):
            yield _yaml_model(file, item, (kind, index), kind)
    for index, source in _mappings(file.data.get("sources")):
        for number, item in _mappings(source.get("tables")):
            yield _yaml_model(file, item, ("sources", index, "tables", number), "source")


def _yaml_model(file: YamlFile, item: Mapping[str, Any], keys: tuple[Key, ...], kind: str) -> DbtModel:
    columns = [
        DbtColumn(
            str(column.get("name", "")),
            file.place(*keys, "columns", number),
            column,
            list(_yaml_tests(file, column, (*keys, "columns", number))),
        )
        for number, column in _mappings(item.get("columns"))
    ]
    tests = list(_yaml_tests(file, item, keys))
    return DbtModel(str(item.get("name", "")), kind, file.place(*keys), item, columns, tests)


def _yaml_tests(file: YamlFile, item: Mapping[str, Any], keys: tuple[Key, ...]) -> Iterator[DbtTest]:
    for key in ("tests", "data_tests"):
        tests = item.get(key)
        for number, test in enumerate(tests if isinstance(tests, list) else []):
            place = file.place(*keys, key, number)
            if isinstance(test, str):
                yield DbtTest(test, {}, place)
            elif isinstance(test, dict) and test:
                yield _written_test(test, place)


def _written_test(test: Mapping[str, Any], place: Place) -> DbtTest:
    if isinstance(test.get("test_name"), str):  # the long form
        name, settings = test["test_name"], {k: v for k, v in test.items() if k != "test_name"}
    else:
        name, settings = next(iter(test.items()))
        settings = settings if isinstance(settings, dict) else {}
    config = {**settings, **(settings["config"] if isinstance(settings.get("config"), dict) else {})}
    inner = settings.get("arguments")
    own = ("name", "config", "severity", "where", "arguments", "description", "tags", "meta", "alias")
    arguments = {key: value for key, value in settings.items() if key not in own}
    return DbtTest(
        str(name),
        {**arguments, **(inner if isinstance(inner, dict) else {})},
        place,
        str(config.get("severity", "error")).lower(),
        config.get("where") if isinstance(config.get("where"), str) else None,
        settings.get("name") if isinstance(settings.get("name"), str) else None,
    )


def models_of_manifest(data: Mapping[str, Any], path: str) -> Iterator[DbtModel]:
    """The models of a manifest.json, with the tests that are attached to them."""
    place = Place(path)
    nodes = data.get("nodes") if isinstance(data.get("nodes"), dict) else {}
    sources = data.get("sources") if isinstance(data.get("sources"), dict) else {}
    tests: dict[str, list[tuple[str | None, DbtTest]]] = {}
    for node in (nodes or {}).values():
        if isinstance(node, dict) and node.get("resource_type") == "test":
            metadata = node.get("test_metadata")
            owner = node.get("attached_node") or _only_parent(node)
            if isinstance(metadata, dict) and isinstance(owner, str):
                tests.setdefault(owner, []).append(_manifest_test(node, metadata, place))
    for key, node in [*(nodes or {}).items(), *(sources or {}).items()]:
        kind = node.get("resource_type") if isinstance(node, dict) else None
        if kind not in (*_NODES, "source"):
            continue
        attached = tests.get(key, [])
        columns = [
            DbtColumn(str(name), place, column, [test for owner, test in attached if owner == name])
            for name, column in (node.get("columns") or {}).items()
            if isinstance(column, dict)
        ]
        known = {column.name for column in columns}
        for name in dict.fromkeys(owner for owner, _ in attached if owner and owner not in known):
            columns.append(DbtColumn(name, place, {}, [test for owner, test in attached if owner == name]))
        own = [test for owner, test in attached if owner is None]
        yield DbtModel(str(node.get("alias") or node.get("name")), str(kind), place, node, columns, own)


def _only_parent(node: Mapping[str, Any]) -> str | None:
    """The model of a test of older manifests; a test of a relationship names its own model last."""
    depends = node.get("depends_on")
    parents = depends.get("nodes") if isinstance(depends, dict) else None
    return parents[-1] if isinstance(parents, list) and parents else None


def _manifest_test(node: Mapping[str, Any], metadata: Mapping[str, Any], place: Place) -> tuple[str | None, DbtTest]:
    arguments = dict(metadata.get("kwargs") or {})
    arguments.pop("model", None)
    inner = arguments.pop("arguments", None)
    column = node.get("column_name") or arguments.get("column_name")
    arguments.pop("column_name", None)
    namespace = metadata.get("namespace")
    name = f"{namespace}.{metadata.get('name')}" if namespace else str(metadata.get("name"))
    config = node.get("config") if isinstance(node.get("config"), dict) else {}
    severity, where = str((config or {}).get("severity") or "error").lower(), (config or {}).get("where")
    test = DbtTest(name, {**arguments, **(inner if isinstance(inner, dict) else {})}, place, severity, where)
    return (str(column) if column else None), test


def _mappings(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, dict):
            yield index, item
