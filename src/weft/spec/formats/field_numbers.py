"""Numbers of fields, for formats that know a field by its number."""

from weft.spec.formats.outgoing import Field, every_field


def field_numbers(fields: tuple[Field, ...], kept_as: str) -> dict[str, int]:
    """A number for every path: those that an import kept, else new ones beyond them.

    Args:
        fields: the fields of one table.
        kept_as: the custom property that holds a number from before.
    """
    numbers: dict[str, int] = {}
    for field in every_field(fields):
        kept = field.column.custom.get(kept_as)
        if isinstance(kept, int) and kept > 0 and kept not in numbers.values():
            numbers[field.path] = kept
    following = max(numbers.values(), default=0) + 1
    for field in every_field(fields):
        if field.path not in numbers:
            numbers[field.path] = following
            following += 1
    return numbers
