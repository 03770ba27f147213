"""A short description of a column from its profile: what a person completes. It holds counts and no values."""

from weft.build.infer.guess import ColumnProfile, Guess


def description(column: ColumnProfile, meaning: Guess | None, personal: Guess | None) -> str:
    """One or two sentences."""
    said = [f'Column "{column.source_name}" of the data.']
    if personal is not None and personal.is_written:
        said.append(f"It seems to hold personal data ({personal.value}).")
    elif meaning is not None:
        said.append(f"Its values seem to be of the kind {meaning.value}.")
    missing = column.rows - column.filled
    if missing and column.filled:
        share = 100 * missing / column.rows
        said.append(f"{'Less than 0.1' if share < 0.1 else f'{share:.1f}'} % of the rows lacked it.")
    elif not column.filled:
        said.append("No row had a value.")
    return " ".join(said)
