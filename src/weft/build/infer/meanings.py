"""What texts mean beyond their format: telephone numbers, IBANs, tax and book numbers, countries, currencies.

Check digits and number plans are computed by libraries on a sample of different values; a check of a contract cannot
compute them, so a meaning is noted beside the column and promised by nothing.
"""

import importlib
import importlib.util
import re
from collections.abc import Callable, Iterable

from weft.build.infer.guess import ColumnProfile, Guess
from weft.build.infer.names import words

_FEWEST = 5  # different values
_MOST = 0.95  # of them have to be valid
_TRIED = 200  # values a validator is asked about
_PHONE = re.compile(r"[+(]?[0-9][0-9 ()./-]{5,20}")
_PHONE_WORDS = frozenset(("phone", "telephone", "tel", "mobile", "fax", "cell", "cellphone", "msisdn"))
# ISO 4217: https://www.iso.org/iso-4217-currency-codes.html
_CURRENCY_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND
VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
_CURRENCIES = frozenset(_CURRENCY_CODES.split())
# Modules of python-stdnum: meaning, module, words of names that make a check digit believable (empty: any name).
_NUMBERS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("iban", "stdnum.iban", frozenset()),
    ("bic", "stdnum.bic", frozenset(("bic", "swift"))),
    ("isbn", "stdnum.isbn", frozenset(("isbn", "book"))),
    ("issn", "stdnum.issn", frozenset(("issn", "journal"))),
    ("ean", "stdnum.ean", frozenset(("ean", "gtin", "barcode", "upc"))),
    ("imei", "stdnum.imei", frozenset(("imei", "device"))),
    ("isin", "stdnum.isin", frozenset()),
    ("lei", "stdnum.lei", frozenset()),
    ("vat number", "stdnum.eu.vat", frozenset(("vat", "tax", "ust", "tva"))),
    ("card number", "stdnum.luhn", frozenset(("card", "pan"))),
    ("us social security number", "stdnum.us.ssn", frozenset(("ssn", "social"))),
    ("cpf", "stdnum.br.cpf", frozenset(("cpf", "tax"))),
    ("cnpj", "stdnum.br.cnpj", frozenset(("cnpj", "tax"))),
    ("national insurance number", "stdnum.gb.nhs", frozenset(("nhs", "patient"))),
    ("imo number", "stdnum.imo", frozenset(("imo", "ship", "vessel"))),
)


def has_identifier_library() -> bool:
    """Whether python-stdnum is installed: the extra `identifiers`."""
    return importlib.util.find_spec("stdnum") is not None


def meaning(column: ColumnProfile) -> Guess | None:
    """What the texts of a column are, where nearly all of a sample are valid; noted, never promised."""
    values = column.sample[:_TRIED]
    if not column.is_text or (len(column.sample) < _FEWEST and not _is_short_list(column)):
        return None
    said = frozenset(words(column.name))
    for name, is_valid, sure in _recognisers(said):
        valid = sum(is_valid(value) for value in values)
        if valid >= _MOST * len(values):
            evidence = f"{valid} of {len(values)} sampled values are valid"
            return Guess("meaning", name, evidence, sure, column.name)
    return None


def _is_short_list(column: ColumnProfile) -> bool:
    return bool(column.sample) and column.filled >= 5 * len(column.sample)


def _recognisers(said: frozenset[str]) -> Iterable[tuple[str, Callable[[str], bool], float]]:
    if said & {"currency", "waehrung", "ccy"} or "cur" in said:
        yield "iso 4217 currency", _CURRENCIES.__contains__, 0.95
    if said & {"country", "nation", "nationality", "land", "region"}:
        yield "iso 3166 country", _is_country, 0.9
    if has_identifier_library():
        for name, module, hints in _NUMBERS:
            if not hints or hints & said:
                yield name, importlib.import_module(module).is_valid, 0.95 if hints else 0.9
    yield "telephone number", _is_international_phone, 0.9
    if said & _PHONE_WORDS:
        yield "telephone number", _looks_like_phone, 0.75


def _is_country(value: str) -> bool:
    import phonenumbers

    return value in phonenumbers.SUPPORTED_REGIONS


def _is_international_phone(value: str) -> bool:
    import phonenumbers

    if not value.startswith("+") or not _PHONE.fullmatch(value):
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, None))
    except phonenumbers.NumberParseException:
        return False


def _looks_like_phone(value: str) -> bool:
    """A number without its country cannot be looked up; its digits can be counted."""
    return bool(_PHONE.fullmatch(value.strip())) and 6 <= sum(c.isdigit() for c in value) <= 15
