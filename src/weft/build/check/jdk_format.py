"""Patterns of JDK's DateTimeFormatter, which the standard takes for dates, in the letters of strptime."""

_STRPTIME_BY_JDK = {
    "yyyy": "%Y",
    "uuuu": "%Y",
    "yy": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%-m",
    "dd": "%d",
    "d": "%-d",
    "HH": "%H",
    "H": "%-H",
    "hh": "%I",
    "mm": "%M",
    "ss": "%S",
    "SSSSSS": "%f",
    "SSS": "%g",
    "a": "%p",
    "EEEE": "%A",
    "EEE": "%a",
    "Z": "%z",
    "XXX": "%z",
}


def strptime_pattern(jdk: str) -> str | None:
    """A pattern of JDK's DateTimeFormatter in the letters of strptime; None where it has others.

    >>> strptime_pattern("yyyy-MM-dd'T'HH:mm:ss"), strptime_pattern("QQQ")
    ('%Y-%m-%dT%H:%M:%S', None)
    """
    found, position = "", 0
    while position < len(jdk):
        letter = jdk[position]
        if letter == "'":
            end = jdk.find("'", position + 1)
            if end < 0:
                return None
            found += jdk[position + 1 : end].replace("%", "%%") or "'"
            position = end + 1
        elif letter.isascii() and letter.isalpha():
            length = len(jdk[position:]) - len(jdk[position:].lstrip(letter))
            directive = _STRPTIME_BY_JDK.get(letter * length)
            if directive is None:
                return None
            found += directive
            position += length
        else:
            found += "%%" if letter == "%" else letter
            position += 1
    return found
