"""Personal data, by the name of a column and by its values: which kind, how sure, and why.

Wrongly calling a column personal costs a reader a question; missing one costs a person their privacy. So a name alone
is enough for a mark, and a person takes off what is marked in vain. Values never leave this file.
"""

import re
from dataclasses import dataclass

from weft.build.infer.guess import ColumnProfile, Guess
from weft.build.infer.names import singular, words

MARKED_FROM = 0.6
_TOLD_FROM = 0.3
PERSONAL, SENSITIVE = "personal", "sensitive-personal"
_PEOPLE_WORDS = """
person people customer client patient employee user member student teacher contact applicant passenger guest driver
subscriber citizen voter tenant lead staff worker candidate resident donor seller supplier account kunde household
subject
"""
_PEOPLE = frozenset(_PEOPLE_WORDS.split())


@dataclass(frozen=True)
class _Kind:
    name: str
    pattern: str  # of the words of the column's name, joined by underscores
    sure: float  # by the name alone
    types: str = "text"  # text | text-or-number | any | number | day
    classification: str = PERSONAL
    of_people_only: float = 0.0  # what a table of people adds


_KINDS = (
    _Kind("e-mail address", r"(^|_)(e_?mail|mail)(_address|_addr|_[0-9])?($|_)", 0.85),
    _Kind(
        "telephone number",
        r"(^|_)(phone|telephone|homephone|tel|mobile|cell|cellphone|fax|msisdn)($|_)",
        0.85,
        "text-or-number",
    ),
    _Kind(
        "name of a person",
        r"(^|_)(first|last|given|family|full|middle|maiden|nick|fore)_?name|(^|_)(surname|forename|vorname|nachname)"
        r"|(^|_)(customer|contact|employee|person|patient|client|applicant|holder|guest|passenger|driver|user)_name($|_)",
        0.85,
    ),
    _Kind("name of a person", r"^(name|title_of_courtesy|initials|contact)$", 0.35, of_people_only=0.35),
    _Kind("name of a person", r"(^|_)authors?$", 0.4, of_people_only=0.35),
    _Kind("e-mail address", r"^(from|to|cc|bcc|reply_to|sender|recipients?)$", 0.35, of_people_only=0.35),
    _Kind("date of birth", r"(^|_)(birth|dob|birthday|yearofbirth|geburt|geburtsdatum)($|_)", 0.85, "any"),
    _Kind(
        "national or tax identifier",
        r"(^|_)(ssn|social_security|soc_sec|passport|national_id|cpf|nino|bsn|tax_id|personal_id|driver_?licen[cs]e)",
        0.85,
        "text-or-number",
    ),
    _Kind("bank account", r"(^|_)(iban|bank_account|account_holder)($|_)", 0.85),
    _Kind("payment card", r"(^|_)(card_(number|no|num)|credit_card|cvv|cvc)($|_)", 0.85, "text-or-number"),
    _Kind("IP address", r"(^|_)(ip|ip_?addr(ess)?|remote_addr)($|_)", 0.8),
    _Kind(
        "device or session", r"(^|_)(device_id|mac_address|imei|cookie|session_id|user_agent|advertising_id)($|_)", 0.65
    ),
    _Kind(
        "postal address", r"(^|_)(street|postal_address|home_address|strasse|rua)($|_)|^addr(ess)?(_[0-9a-z]+)?$", 0.7
    ),
    _Kind(
        "place of a person",
        r"(^|_)(zip|zipcode|postcode|postalcode|post_code|postal_code|plz|suburb|city)($|_)",
        0.3,
        "text-or-number",
        of_people_only=0.35,
    ),
    _Kind("place of a person", r"(^|_)(lat|latitude|lng|lon|longitude)($|_)", 0.35, "number", of_people_only=0.3),
    _Kind("gender", r"(^|_)(gender|sex)($|_)", 0.85, "any", SENSITIVE),
    _Kind(
        "health",
        r"(^|_)(diagnos[ie]s|disease|blood|medical|icd|icd_?10|allerg(y|ies)|disability|medication|symptoms?)($|_)",
        0.8,
        "any",
        SENSITIVE,
    ),
    _Kind("belief or origin", r"(^|_)(religion|ethnicity|race|political|union_member)($|_)", 0.75, "any", SENSITIVE),
    _Kind("income", r"(^|_)(salary|income|wages?)($|_)", 0.65, "any", of_people_only=0.2),
    _Kind("civil status", r"(^|_)(marital|marital_status|nationality|citizenship)($|_)", 0.65, "text-or-number"),
    _Kind("age", r"^age$", 0.4, "number", of_people_only=0.3),
    _Kind(
        "identifier of a person",
        r"^(customer|client|patient|employee|user|person|member|student)_?(unique_)?id$",
        0.4,
        "any",
    ),
)
_KIND_BY_MEANING = {
    "telephone number": ("telephone number", 0.8),
    "iban": ("bank account", 0.85),
    "card number": ("payment card", 0.8),
    "us social security number": ("national or tax identifier", 0.8),
    "cpf": ("national or tax identifier", 0.85),
    "imei": ("device or session", 0.6),
}
_KIND_BY_FORMAT = {
    "email": ("e-mail address", 0.9),
    "ipv4": ("IP address", 0.75),
    "ipv6": ("IP address", 0.8),
}
_OF_PEOPLE = ("name of a person", "date of birth", "civil status", "gender")  # a row that has it is a person
_STREET = re.compile(
    r"(?i)\b(st|street|ave|avenue|road|rd|blvd|lane|drive|dr|way|rua|avenida|strasse|straße|str|platz|place|court)\b\.?"
)
_NOT_OF_PEOPLE = frozenset(
    ("product", "file", "column", "table", "domain", "company", "host", "brand", "model", "status")
)


def personal_data(
    columns: tuple[ColumnProfile, ...], table: str, formats: dict[str, str], meanings: dict[str, Guess]
) -> dict[str, Guess]:
    """The guess of each column that may hold personal data.

    Args:
        columns: of the table.
        table: its name; one of people makes of a city a place of a person.
        formats: format that most values of a column have, by column.
        meanings: what the values of a column are, by column.
    """

    def look(is_of_people: bool) -> dict[str, Guess]:
        found = (_guess(c, is_of_people, formats.get(c.name), meanings.get(c.name)) for c in columns)
        return {guess.column: guess for guess in found if guess is not None and guess.column is not None}

    first = look(is_of_people=bool(_PEOPLE & {singular(word) for word in words(table)}))
    people = [guess for guess in first.values() if guess.is_written and guess.value in _OF_PEOPLE]
    return look(is_of_people=True) if people else first


def _guess(column: ColumnProfile, is_of_people: bool, form: str | None, meaning: Guess | None) -> Guess | None:
    kind, by_name, why = _by_name(column, is_of_people)
    of_values = _by_values(column, form, meaning)
    reasons = [why] if kind else []
    classification = kind.classification if kind else PERSONAL
    if of_values is not None:
        what, by_value, reason = of_values
        reasons.append(reason)
        is_same = kind is None or kind.name == what
        sure = 1 - (1 - by_name) * (1 - by_value) if is_same else max(by_name, by_value)
        name = what if kind is None or by_value > by_name else kind.name
    else:
        sure, name = by_name, kind.name if kind else ""
    sure = round(min(sure, 0.99), 2)
    if sure < _TOLD_FROM:
        return None
    is_written = sure >= MARKED_FROM
    details = {"classification": classification}
    return Guess("personal data", name, "; ".join(reasons), sure, column.name, is_written, details)


def _by_name(column: ColumnProfile, is_of_people: bool) -> tuple[_Kind | None, float, str]:
    joined = "_".join(words(column.name))
    is_of_things = bool(_NOT_OF_PEOPLE & set(words(column.name)))
    for kind in _KINDS:
        if is_of_things and kind.name != "civil status":  # `marital_status` is of a person, `file_name` is not
            continue
        if re.search(kind.pattern, joined) and _fits(kind, column):
            sure = kind.sure + (kind.of_people_only if is_of_people else 0)
            reason = f"its name says {kind.name}"
            if is_of_people and kind.of_people_only:
                reason += ", in a table about people"
            return kind, min(sure, 0.95), reason
    return None, 0.0, ""


def _fits(kind: _Kind, column: ColumnProfile) -> bool:
    """`email_sent_count` is called like an e-mail address and is none."""
    if not column.filled or kind.types == "any":
        return column.type != "BOOLEAN"
    if kind.types == "number":
        return column.is_number
    return column.is_text or (kind.types == "text-or-number" and column.is_number)


def _by_values(column: ColumnProfile, form: str | None, meaning: Guess | None) -> tuple[str, float, str] | None:
    if meaning is not None and meaning.value in _KIND_BY_MEANING:
        kind, sure = _KIND_BY_MEANING[meaning.value]
        return kind, min(sure, meaning.confidence), f"values are of the meaning {meaning.value}: {meaning.evidence}"
    if form in _KIND_BY_FORMAT:
        kind, sure = _KIND_BY_FORMAT[form]
        return kind, sure, f"sampled values have the format {form}"
    streets = sum(bool(_STREET.search(v)) and any(c.isdigit() for c in v) for v in column.sample)
    if len(column.sample) >= 10 and streets >= 0.6 * len(column.sample):
        return "postal address", 0.7, f"{streets} of {len(column.sample)} sampled values look like a street and number"
    return None
