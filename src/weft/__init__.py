"""weft runs an organisation's data as products: declare, build, check, publish, query."""

__version__ = "0.1.0"
