"""SQL functions that clean values: the same in every model, and what the declared steps of a cleansing are made of.

A session gets them when a statement first names one. They are macros, so the engine sees through them; only NFKC, which
it does not know, is a function of Python, called for texts that are not plain ASCII.
"""

import unicodedata
from collections.abc import Iterable

from weft.base.units import UNITS
from weft.engine.quote import text

PREFIX = "weft_"
UNICODE_NAMES = ("weft_nfkc", "weft_match_key")  # these need the function of Python
NFKC_FUNCTION = "weft_nfkc_of_any_text"

# Every blank of Unicode, control characters, and three that look like nothing: zero-width space, word joiner, BOM.
# The zero-width joiner stays: emoji and Indic scripts need it.
_BLANK = r"[\s\p{Z}\p{Cc}\x{200B}\x{2060}\x{FEFF}]"
_SCALE = "0.6744897501960817"  # median absolute deviation of the standard normal distribution

_TEXT = (
    rf"weft_trim(x) AS regexp_replace(x, '^{_BLANK}+|{_BLANK}+$', '', 'g')",
    rf"weft_collapse(x) AS regexp_replace(regexp_replace(x, '^{_BLANK}+|{_BLANK}+$', '', 'g'), '{_BLANK}+', ' ', 'g')",
    r"weft_visible(x) AS regexp_replace(x, '[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x{9F}\x{200B}\x{2060}\x{FEFF}]', '', 'g')",
    "weft_nfc(x) AS nfc_normalize(x)",
    "weft_title(x) AS array_to_string([upper(w[1]) || lower(w[2:]) FOR w IN string_split(x, ' ')], ' ')",
)
_READ = (
    # The engine takes 5.6.26 for a year of %Y, the year 26; nobody means the first thousand years.
    "weft_timestamp(x, formats) AS CASE WHEN year(try_strptime(weft_trim(x), formats)) >= 1000"
    " THEN CAST(try_strptime(weft_trim(x), formats) AS TIMESTAMP) END",
    "weft_date(x, formats) AS CAST(weft_timestamp(x, formats) AS DATE)",
    # A number as a text that any CAST reads; NULL where it is none by these marks, or groups its digits wrongly.
    "weft_number(x, decimal_mark := '.', group_mark := '') AS CASE WHEN regexp_full_match(weft_trim(x),"
    " '[+-]?(\\d+' || CASE WHEN group_mark = '' THEN '' ELSE"
    " '|\\d{1,3}(' || regexp_escape(group_mark) || '\\d{3})+' END || ')(' || regexp_escape(decimal_mark) || '\\d+)?')"
    " THEN replace(replace(weft_trim(x), group_mark, ''), decimal_mark, '.') END",
    "weft_boolean(x, true_words, false_words) AS CASE"
    " WHEN list_contains(list_transform(true_words, lambda w: lower(w)), lower(weft_trim(x))) THEN true"
    " WHEN list_contains(list_transform(false_words, lambda w: lower(w)), lower(weft_trim(x))) THEN false END",
)
_OUTLIERS = (
    f"weft_robust_z(x) AS {_SCALE} * (x - median(x) OVER ()) / nullif(mad(CAST(x AS DOUBLE)) OVER (), 0),"
    f" (x, g) AS {_SCALE} * (x - median(x) OVER (PARTITION BY g))"
    " / nullif(mad(CAST(x AS DOUBLE)) OVER (PARTITION BY g), 0)",
)
_UNICODE = (
    f"weft_nfkc(x) AS CASE WHEN regexp_full_match(x, '[ -~]*') THEN x ELSE {NFKC_FUNCTION}(x) END",
    "weft_match_key(x) AS nullif(weft_collapse(lower(strip_accents(weft_nfkc(x)))), '')",
)


def macros() -> str:
    """The statements that make the macros."""
    return _made((*_TEXT, *_READ, *_OUTLIERS, *_units()))


def unicode_macros() -> str:
    """The statements that make those on top of the function of Python."""
    return _made(_UNICODE)


def nfkc(value: str) -> str:
    r"""A text in normal form KC: ligatures, full-width letters and superscripts become plain ones.

    >>> nfkc("\ufb01ve \uff21")
    'five A'
    """
    return unicodedata.normalize("NFKC", value)


def _units() -> tuple[str, ...]:
    factors = ", ".join(f"{text(name)}: CAST({unit.factor!r} AS DOUBLE)" for name, unit in UNITS.items())
    shifts = ", ".join(f"{text(name)}: CAST({unit.shift!r} AS DOUBLE)" for name, unit in UNITS.items() if unit.shift)
    dimensions = ", ".join(f"{text(name)}: {text(unit.dimension)}" for name, unit in UNITS.items())
    computed = (
        "(CAST(x AS DOUBLE) + coalesce(weft_unit_shift(start), 0)) * (weft_unit_factor(start)"
        " / weft_unit_factor(target)) - coalesce(weft_unit_shift(target), 0)"
    )
    fits = "weft_unit_dimension(start) = weft_unit_dimension(target)"
    return (
        f"weft_unit_factor(u) AS MAP {{{factors}}}[u]",
        f"weft_unit_shift(u) AS MAP {{{shifts}}}[u]",
        f"weft_unit_dimension(u) AS MAP {{{dimensions}}}[u]",
        f"weft_try_convert(x, start, target) AS CASE WHEN {fits} THEN {computed} END",
        f"weft_convert(x, start, target) AS CASE WHEN x IS NULL OR start IS NULL THEN NULL WHEN {fits} THEN {computed}"
        " ELSE error('weft_convert: a unit is not known, or the two measure different things') END",
    )


def _made(definitions: Iterable[str]) -> str:
    return ";\n".join(f"CREATE OR REPLACE TEMP MACRO {definition}" for definition in definitions)
