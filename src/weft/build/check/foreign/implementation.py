"""The text of another tool's rule as data: YAML or JSON within a text, or a mapping of the contract itself."""

import re
from typing import Any

from weft.build.check.foreign.foreign_rule import NotMapped


def implementation_of(value: object) -> Any:
    """What the rule says, as mappings, lists and texts.

    Raises:
        NotMapped: the text is neither YAML nor JSON.

    >>> implementation_of("type: row_count  # a note")
    {'type': 'row_count'}
    """
    if not isinstance(value, str):
        return value
    from weft.base.yaml_source import read_yaml_text

    file, problems = read_yaml_text(value, "implementation")
    if problems:
        raise NotMapped("Its text is neither YAML nor JSON.")
    return file.data


def snake_case(name: str) -> str:
    """A name as Python writes it; contracts often write the other tool's names as JSON does.

    >>> snake_case("minValue"), snake_case("value_set"), snake_case("strictMin")
    ('min_value', 'value_set', 'strict_min')
    """
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1]}", name).lower()


def mapping_of(value: object, what: str) -> dict[str, Any]:
    """A mapping with names as Python writes them; nothing is an empty one.

    Raises:
        NotMapped: it is no mapping.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise NotMapped(f"{what} is no mapping.")
    return {snake_case(str(key)): item for key, item in value.items()}
