"""What every element of the product standard has in common."""

from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Strict
from pydantic.alias_generators import to_camel

T = TypeVar("T")
Many: TypeAlias = Annotated[
    tuple[T, ...], Strict(False)
]  # takes a list, as YAML and JSON have it; its items stay strict


class Element(BaseModel):
    """An object of the standard: its own keys and no others, no value converted, `null` never in place of a value.

    An absent key reads as an empty value; `model_fields_set` says which were there, and
    `model_dump(by_alias=True, exclude_unset=True)` gives back the document as it was.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


class CustomProperty(Element):
    """A pair of the user's own, as versions before 1.1 have it."""

    property: str
    value: Any
    description: str = ""


class InputContract(Element):
    """A contract that an output port depends on."""

    id: str
    version: str
