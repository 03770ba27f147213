"""Say how many of something there are."""


def counted(number: int, word: str, plural: str | None = None) -> str:
    """A number with its word in the right form.

    >>> counted(1, "row"), counted(1200, "row"), counted(0, "entry", "entries")
    ('1 row', '1,200 rows', '0 entries')
    """
    return f"{number:,} {word if number == 1 else plural or word + 's'}"
