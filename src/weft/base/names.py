"""Names of products, ports and columns, and the nearest name to a mistyped one."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"^[a-z][a-z0-9_-]*$")


def is_valid_name(word: str) -> bool:
    """Whether a word may name a domain, product, port or model.

    >>> is_valid_name("order-items"), is_valid_name("Order Items")
    (True, False)
    """
    return bool(_WORD.match(word))


@dataclass(frozen=True, order=True)
class ProductName:
    """A product by its domain and its own name.

    >>> str(ProductName.parse("sales/orders"))
    'sales/orders'
    """

    domain: str
    product: str

    def __str__(self) -> str:
        return f"{self.domain}/{self.product}"

    @classmethod
    def parse(cls, text: str) -> "ProductName":
        """Read `domain/product`.

        Raises:
            ValueError: the text has not exactly two parts.
        """
        parts = text.split("/")
        if len(parts) != 2 or not all(parts):
            raise ValueError(f'"{text}" is not of the form domain/product')
        return cls(*parts)


@dataclass(frozen=True, order=True)
class PortName:
    """An output port; short where the port is named as its product.

    >>> str(PortName("sales", "orders", "orders")), str(PortName("sales", "orders", "items"))
    ('sales/orders', 'sales/orders/items')
    >>> PortName.parse("sales/orders") == PortName("sales", "orders", "orders")
    True
    """

    domain: str
    product: str
    port: str

    def __str__(self) -> str:
        short = f"{self.domain}/{self.product}"
        return short if self.port == self.product else f"{short}/{self.port}"

    @property
    def product_name(self) -> ProductName:
        """The product that offers this port."""
        return ProductName(self.domain, self.product)

    @classmethod
    def parse(cls, text: str) -> "PortName":
        """Read `domain/product` or `domain/product/port`.

        Raises:
            ValueError: the text has neither two nor three parts.
        """
        parts = text.split("/")
        if len(parts) not in (2, 3) or not all(parts):
            raise ValueError(f'"{text}" is not of the form domain/product or domain/product/port')
        return cls(parts[0], parts[1], parts[-1])


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a mistyped one most likely meant, or None.

    >>> nearest("sales/ordres", ["sales/orders", "crm/customers"])
    'sales/orders'
    >>> nearest("xyz", ["sales/orders"]) is None
    True
    """
    candidates = sorted(set(known))
    by_folded_name = {candidate.casefold(): candidate for candidate in reversed(candidates)}
    matches = difflib.get_close_matches(name.casefold(), by_folded_name, n=1, cutoff=0.6)
    return by_folded_name[matches[0]] if matches else None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The sentence for a fix, or None where nothing is near.

    >>> did_you_mean("ordres", ["orders"])
    'Did you mean "orders"?'
    """
    match = nearest(name, known)
    return f'Did you mean "{match}"?' if match else None
