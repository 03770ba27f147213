"""What a contract can say, part by part, so that every format can tell which parts it carries and which it loses."""

from enum import Enum


class Feature(Enum):
    """One part of a contract; the value names it in notes and in the table of formats."""

    # The contract as a whole.
    IDENTITY = "id, version and status"
    PURPOSE = "description of the contract"
    TEAM = "team and roles"
    SERVERS = "servers"
    SERVICE_LEVELS = "service levels"
    PRICE = "price and support"
    CUSTOM = "custom properties, tags and links"
    # A table.
    TABLES = "several tables"
    DESCRIPTION = "descriptions"
    RELATIONSHIPS = "relationships"
    TABLE_RULES = "quality rules of a table"
    # A column.
    NESTED = "nested columns"
    REQUIRED = "required"
    UNIQUE = "unique"
    PRIMARY_KEY = "primary key"
    PARTITION = "partitions"
    ENUM = "allowed values"
    LENGTH = "lengths of texts"
    PATTERN = "patterns and formats of texts"
    RANGE = "ranges of numbers"
    ITEMS = "counts of items"
    DEFAULT = "default values"
    EXAMPLES = "examples"
    BUSINESS_NAME = "business names"
    DEPRECATED = "deprecated columns"
    CLASSIFICATION = "classifications"
    COLUMN_RULES = "quality rules of a column"


EVERYTHING = frozenset(Feature)
