"""Two products under one id."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.product import Product
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in


class ProductIdRepeated(Rule):
    """SPEC119: two products have the same id.

    Why: other tools know a product by its id; a copied product.yaml would overwrite the first one there.
    Bad: `id: sales/orders` in the product.yaml of two folders.
    Good: an id of its own for each; `domain/product` is a good one.
    """

    code = "SPEC119"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every second product of an id."""
        first_by_id: dict[str, Product] = {}
        for product in context.mesh.products:
            if not product.id:
                continue
            first = first_by_id.setdefault(product.id, product)
            if first is not product:
                yield self.problem(
                    place_in(context.mesh, product.place, "id"),
                    f'Products {first.name} and {product.name} have the same id "{product.id}".',
                    fix=f"id: {product.name}",
                )
