"""Choosing products by name, place in the graph, domain, tag, owner or state.

| written | chooses |
| --- | --- |
| `sales/orders` | the product; `sales/orders/items` chooses by one of its ports |
| `sales/*`, `*/orders` | names by wildcard |
| `+sales/orders`, `2+sales/orders` | the product and all that it reads, or what lies two steps up |
| `sales/orders+`, `sales/orders+3` | the product and all that reads it, or what lies three steps down |
| `domain:sales`, `owner:team-crm`, `tag:pii` | by domain, owning team, tag or classification |
| `state:modified` | products whose files changed; what that means is said by the caller |
| `a b` | both (union) |
| `a,b` | what is in both (intersection) |
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase

from weft.base.names import ProductName, did_you_mean
from weft.base.problem import Problem
from weft.graph.product_graph import ProductGraph
from weft.spec.mesh import Mesh
from weft.spec.product import Product

_ATOM = re.compile(r"^(?:(?P<up>\d*)\+)?(?P<body>[^+]+)(?:\+(?P<down>\d*))?$")


def select(
    mesh: Mesh,
    expressions: Iterable[str] = (),
    exclude: Iterable[str] = (),
    modified: Collection[ProductName] = frozenset(),
) -> tuple[ProductName, ...]:
    """Products that the expressions choose, each after those that it reads.

    Args:
        mesh: the mesh.
        expressions: a union; none at all chooses every product.
        exclude: expressions for what is taken away again.
        modified: what `state:modified` stands for.

    Raises:
        Problem: SELECT001, an expression cannot be read; SELECT002, it names nothing that is there; SELECT003,
            nothing is left to choose. A selection by state may choose nothing.
    """
    selector = _Selector(mesh, modified)
    wanted, unwanted = list(expressions), list(exclude)
    chosen = selector.union(wanted) if wanted else set(selector.graph.product_by_name)
    chosen -= selector.union(unwanted)
    # Nothing modified is an answer, and the usual one in CI; any other empty selection is a mistake.
    if not chosen and not any("state:" in expression for expression in wanted):
        written = " ".join(wanted) or "everything"
        without = f" without {' '.join(unwanted)}" if unwanted else ""
        raise Problem(
            code="SELECT003",
            what="The selection is empty." if mesh.products else "The mesh has no product yet.",
            found=written + without,
            fix="weft ls shows every product." if mesh.products else "Make one: weft init --product sales/orders",
        )
    return tuple(name for name in selector.graph.order if name in chosen)


class _Selector:
    def __init__(self, mesh: Mesh, modified: Collection[ProductName]) -> None:
        self.graph = ProductGraph(mesh)
        self.modified = modified
        self.products: Sequence[Product] = mesh.products

    def union(self, expressions: Iterable[str]) -> set[ProductName]:
        chosen: set[ProductName] = set()
        for expression in expressions:
            for part in expression.split():
                chosen |= set.intersection(*(self.atom(atom) for atom in part.split(",")))
        return chosen

    def atom(self, atom: str) -> set[ProductName]:
        match = _ATOM.match(atom)
        if match is None:
            raise Problem(
                code="SELECT001",
                what=f'The selection "{atom}" cannot be read.',
                expected="a product, method:value, with + for what lies up or down: 2+sales/orders+",
            )
        body, up, down = match.group("body", "up", "down")
        method, colon, value = body.partition(":")
        chosen = self.by_method(method, value, body) if colon else self.by_name(body)
        found = set(chosen)
        for name in chosen:
            if up is not None:
                found |= self.graph.ancestors(name, int(up) if up else None).keys()
            if down is not None:
                found |= self.graph.descendants(name, int(down) if down else None).keys()
        return found

    def by_name(self, pattern: str) -> set[ProductName]:
        names = {str(name): name for name in self.graph.product_by_name}
        for product in self.products:
            names |= {str(port.name): product.name for port in product.output_ports}
        chosen = {name for text, name in names.items() if fnmatchcase(text, pattern)}
        if not chosen:
            raise Problem(
                code="SELECT002",
                what=f'No product or port is named "{pattern}".',
                fix=_fix_for_name(pattern, names),
            )
        return chosen

    def by_method(self, method: str, value: str, written: str) -> set[ProductName]:
        if method == "state":
            return self.by_state(value)
        values_of = _METHODS.get(method)
        if values_of is None:
            raise Problem(
                code="SELECT001",
                what=f'"{written}" selects by "{method}", which is no way to select.',
                expected=", ".join(f"{name}:" for name in (*_METHODS, "state")),
                fix=did_you_mean(method, (*_METHODS, "state")),
            )
        found: dict[str, set[ProductName]] = {}
        for product in self.products:
            for known in values_of(product):
                found.setdefault(known, set()).add(product.name)
        folded = value.casefold()
        chosen = set().union(*(names for known, names in found.items() if fnmatchcase(known.casefold(), folded)))
        if not chosen:
            raise Problem(
                code="SELECT002",
                what=f'No product has the {method} "{value}".',
                expected=f"one of {', '.join(sorted(found))}" if found and len(found) <= 20 else None,
                fix=did_you_mean(value, found),
            )
        return chosen

    def by_state(self, value: str) -> set[ProductName]:
        if value != "modified":
            raise Problem(
                code="SELECT001",
                what=f'"{value}" is no state.',
                expected="state:modified",
                fix=did_you_mean(value, ["modified"]),
            )
        return {name for name in self.modified if name in self.graph.product_by_name}


def tags_of(product: Product) -> AbstractSet[str]:
    """Tags of the product, its ports, contracts, tables and columns, and the classifications of columns."""
    found = set(product.tags)
    for port in product.output_ports:
        found.update(port.tags)
        if port.contract is None:
            continue
        found.update(port.contract.tags)
        for table in port.contract.tables:
            found.update(table.tags)
            for column in table.columns:
                found.update(column.tags)
                if column.classification:
                    found.add(column.classification)
    return found


def _owners(product: Product) -> Iterable[str]:
    return (product.owner,) if product.owner else ()


_METHODS: Mapping[str, Callable[[Product], Iterable[str]]] = {
    "domain": lambda product: (product.name.domain,),
    "tag": tags_of,
    "owner": _owners,
}


def _fix_for_name(pattern: str, names: Mapping[str, ProductName]) -> str | None:
    """A product's last word alone, or a domain alone, is what people write first."""
    by_last_word = sorted(text for text in names if text.endswith(f"/{pattern}"))
    if by_last_word:
        return f'Did you mean "{by_last_word[0]}"?'
    domains = {name.domain for name in names.values()}
    if pattern in domains:
        return f'Did you mean "domain:{pattern}"?'
    return did_you_mean(pattern, names)
