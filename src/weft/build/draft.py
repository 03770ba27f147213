"""Draft a product on a file: what it promises is what the file holds today, for a person to read and change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weft.base.names import ProductName, is_valid_name
from weft.base.problem import Place, Problem
from weft.build.infer.document import schema_object
from weft.build.infer.guess import ColumnProfile, InferredTable
from weft.spec.mesh import Mesh
from weft.spec.write import write_contract, write_product


@dataclass(frozen=True)
class Draft:
    """A product that is about to be written."""

    product: ProductName
    source: str  # name of its source
    kind: str
    path: str  # of the file, relative to the mesh
    owner: str
    table: InferredTable  # what the file holds
    options: Mapping[str, Any] = field(default_factory=dict)  # of the source: how its values are written


def check_new(mesh: Mesh, product: ProductName) -> None:
    """Refuse a product whose name SQL cannot take or whose folder is there already.

    Raises:
        Problem: INIT004 or INIT005.
    """
    for word in (product.domain, product.product):
        if not is_valid_name(word) or "-" in word:
            raise Problem(
                "INIT004",
                f'"{word}" cannot be used as a name in SQL.',
                expected="small letters, digits and underscores, beginning with a letter",
                fix=f"Name it {word.casefold().replace('-', '_').replace(' ', '_')}",
            )
    folder = Path("domains") / product.domain / product.product
    if (mesh.root / folder).exists():
        raise Problem(
            "INIT005",
            f"The product {product} is there already, and nothing is overwritten.",
            Place(folder.as_posix()),
            fix="Give the new product another name.",
        )


def write_draft(mesh: Mesh, draft: Draft) -> tuple[Path, ...]:
    """Write product.yaml, a contract, build.yaml and a model, and the domain where it is new.

    Returns:
        The files that were made, relative to the mesh.
    """
    domain = Path("domains") / draft.product.domain
    folder = domain / draft.product.product
    port = draft.product.product
    made: list[Path] = []
    if not (mesh.root / domain / "domain.yaml").exists():
        made.append(_write_text(mesh.root, domain / "domain.yaml", _domain_text(mesh, draft)))
    (mesh.root / folder / "contracts").mkdir(parents=True)
    write_product(_product_document(draft), mesh.root / folder / "product.yaml")
    write_contract(_contract_document(draft), mesh.root / folder / "contracts" / f"{port}.yaml")
    made += [folder / "product.yaml", folder / "contracts" / f"{port}.yaml"]
    made.append(_write_text(mesh.root, folder / "build.yaml", _build_text(draft)))
    made.append(_write_text(mesh.root, folder / "models" / f"{port}.sql", _model_text(draft)))
    return tuple(made)


def _write_text(root: Path, path: Path, text: str) -> Path:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8", newline="\n")
    return path


def _domain_text(mesh: Mesh, draft: Draft) -> str:
    region = f"region: {mesh.regions[0]}\n" if mesh.regions else ""
    return f"description: Say what {draft.product.domain} is about.\nowner: {draft.owner}\n{region}"


def _product_document(draft: Draft) -> Mapping[str, Any]:
    name = str(draft.product)
    return {
        "apiVersion": "v1.1.0",
        "kind": "DataProduct",
        "id": name,
        "name": draft.product.product.replace("_", " ").capitalize(),
        "version": "0.1.0",
        "status": "draft",
        "domain": draft.product.domain,
        "type": "sourceAligned",
        "description": {"purpose": "Say what somebody can do with this product."},
        "outputPorts": [
            {
                "name": draft.product.product,
                "description": "Say what one row is.",
                "type": "table",
                "version": "0.1.0",
                "contractId": name,
            }
        ],
        "team": {"name": draft.owner},
    }


def _contract_document(draft: Draft) -> Mapping[str, Any]:
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": str(draft.product),
        "name": draft.product.product.replace("_", " ").capitalize(),
        "version": "0.1.0",
        "status": "draft",
        "domain": draft.product.domain,
        "dataProduct": str(draft.product),
        "description": {"purpose": "Say what one row is."},
        "schema": [schema_object(draft.table, keeps_names=False)],
    }


def _build_text(draft: Draft) -> str:
    lines = ["sources:", f"  {draft.source}:", f"    kind: {draft.kind}", f"    path: {_scalar(draft.path)}"]
    for option, value in draft.options.items():
        if isinstance(value, Mapping):
            lines.append(f"    {option}:")
            lines += [f"      {_scalar(str(name))}: {_scalar(str(one))}" for name, one in value.items()]
        else:
            lines.append(f"    {option}: {_scalar(str(value))}")
    typed = [column for column in draft.table.columns if "STRUCT" not in column.type]
    if draft.kind != "parquet" and typed:
        lines.append("    columns:")
        lines += [f"      {_scalar(column.source_name)}: {_scalar(column.type.casefold())}" for column in typed]
    return "\n".join(lines) + "\n"


def _model_text(draft: Draft) -> str:
    selected = ",\n".join(f"    {_selected(column)}" for column in draft.table.columns)
    return f"SELECT\n{selected}\nFROM {draft.source}\n"


def _selected(column: ColumnProfile) -> str:
    name = f'"{column.name}"' if column.name in _RESERVED else column.name
    if column.source_name == column.name:
        return name
    return '"' + column.source_name.replace('"', '""') + f'" AS {name}'


def _scalar(text: str) -> str:
    plain = text.replace("_", "").replace("/", "").replace(".", "").replace("-", "")
    if plain.isascii() and plain.isalnum() and plain[:1].isalpha() and text.casefold() not in _YAML_WORDS:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# Words that SQL keeps for itself and that files like to use for columns.
_SQL_WORDS = """
all and any as asc both case cast check collate column constraint create default desc distinct do else end except
false fetch for foreign from grant group having in into is join lateral leading like limit natural not null offset
on only or order outer primary references returning right select semi show some table then to trailing true union
unique user using variadic when where window with
"""
_RESERVED = frozenset(_SQL_WORDS.split())
_YAML_WORDS: Sequence[str] = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
