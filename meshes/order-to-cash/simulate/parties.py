"""The companies that buy, and how each business unit spells them."""

from dataclasses import dataclass
from random import Random

_FIRST_WORDS = (
    "Bergmann Lindqvist Okonkwo Ferreira Novak Haddad Dubois Marchetti Jansen Kowalski Sørensen Petrov Yılmaz Müller "  # noqa: RUF001
    "Castellano Whitfield Nakamura Andersson Baptiste Virtanen Horváth Özdemir Brennan Delacroix Eriksen Fontaine "
    "Grünwald Hollister Ivanova Jørgensen Keller Lombardi"
)
_SECOND_WORDS = (
    "Foods,Logistics,Timber,Instruments,Textiles,Ceramics,Optics,Bakery,Marine,Tools,Papers,Glass,Cycles,Lighting,"
    "Orchards,Metalworks,Packaging,Pharma,Garden,Electronics"
)
_FIRST = _FIRST_WORDS.split()
_SECOND = _SECOND_WORDS.split(",")
_FORMS = {"DE": "GmbH", "FR": "SARL", "NL": "B.V.", "SE": "AB", "IT": "S.p.A.", "PL": "Sp. z o.o.", "GB": "Ltd"}
_CITIES = {
    "DE": "Lübeck",
    "FR": "Orléans",
    "NL": "Zwolle",
    "SE": "Malmö",
    "IT": "Forlì",
    "PL": "Łódź",
    "GB": "Leeds",
}


@dataclass(frozen=True)
class Party:
    """One company, whatever the units call it."""

    number: int
    name: str
    country: str
    city: str
    days_late: int  # how many days after the due day it pays, on average


def make_parties(random: Random, count: int) -> list[Party]:
    """Companies with different names."""
    parties: list[Party] = []
    for number in range(count):
        country = random.choice(sorted(_FORMS))
        # First and second words repeat every 640 companies; a middle word keeps the names different.
        round_number, place = divmod(number, len(_FIRST) * len(_SECOND))
        place = (place * 347) % (len(_FIRST) * len(_SECOND))
        middle = f" {_roman(round_number)}" if round_number else ""
        name = f"{_FIRST[place % len(_FIRST)]}{middle} {_SECOND[place // len(_FIRST)]} {_FORMS[country]}"
        late = random.choice((-3, 0, 0, 2, 5, 9, 16, 30))
        parties.append(Party(number, name, country, _CITIES[country], late))
    return parties


def variant_of(name: str, random: Random) -> str:
    """The name as another unit, or the same one on a bad day, would write it."""
    return random.choice((str.upper, _without_form, _with_typo, _ascii, _swapped))(name)


def _without_form(name: str) -> str:
    for form in _FORMS.values():
        name = name.removesuffix(f" {form}")
    return name


def _with_typo(name: str) -> str:
    # The second letter twice: quick to make, quick to miss.
    return name[:2] + name[1] + name[2:]


def _ascii(name: str) -> str:
    plain = {"ü": "ue", "ö": "oe", "ø": "oe", "á": "a", "Ö": "Oe", "ı": "i"}  # noqa: RUF001
    return "".join(plain.get(letter, letter) for letter in name)


def _swapped(name: str) -> str:
    first, _, rest = name.partition(" ")
    return f"{rest}, {first}"


def _roman(number: int) -> str:
    letters = ""
    for value, letter in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")):
        while number >= value:
            letters, number = letters + letter, number - value
    for value, letter in ((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            letters, number = letters + letter, number - value
    return letters
