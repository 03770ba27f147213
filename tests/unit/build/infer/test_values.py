"""Closed lists, formats, shapes, meanings and bounds."""

import pytest

MANY = range(100)


def written(table, promise, column="a"):
    return [guess.value for guess in table.of(promise, column)]


@pytest.mark.parametrize(
    ("name", "values", "closed"),
    [
        ("colour", ["red", "blue"] * 20, [["blue", "red"]]),
        ("colour", [f"n{number}" for number in range(40)], []),
        ("colour", ["red", "blue"], []),  # too few rows
        ("status", [f"s{n % 20}" for n in range(400)], [sorted(f"s{n}" for n in range(20))]),  # its name says a list
        ("colour", [f"s{n % 20}" for n in range(400)], []),
        ("status", ["open"] * 300 + ["a", "b", "c", "d"], []),  # seen once each: more will come
        ("gender", ["m", "f"] * 50, []),  # values of personal data are never written
        ("colour", ["red", "blue"] * 50 + ["rde"], []),  # a slip of the pen is no value to promise
        ("status", ["open", "", "shut"] * 50, []),
    ],
)
def test_a_closed_list_is_short_and_each_of_its_values_comes_often(infer, name, values, closed):
    assert written(infer(**{name: values}), "enum", name) == closed


@pytest.mark.parametrize(
    ("values", "promise", "expected"),
    [
        ([f"u{n}@example.org" for n in MANY], "format", ["email"]),
        ([f"u{n}@example.org" for n in MANY] + ["none"], "format", []),
        ([f"https://example.org/{n}" for n in MANY], "format", ["uri"]),
        ([f"10.0.0.{n}" for n in MANY], "format", ["ipv4"]),
        ([f"{n:08x}-0000-4000-8000-000000000000" for n in MANY], "format", ["uuid"]),
        ([f"ORD-{n:04d}" for n in MANY], "pattern", [r"^ORD-\d{4}$"]),
        ([f"INV{n}" for n in MANY], "pattern", [r"^INV\d+$"]),
        ([f"{chr(65 + n % 26)}{n:02d}" for n in MANY], "pattern", [r"^[A-Z]\d{2}$"]),
        ([f"ORD-{n:04d}" for n in MANY] + ["ORD-1"], "pattern", [r"^ORD-\d+$"]),
        ([f"word{'y' * (n % 7)} {n}" for n in MANY], "pattern", []),
        ([f"ORD-{n:05d}" for n in range(30_000)] + ["lost"], "pattern", []),  # one that no sample shows
        ([f"{n:04x}" for n in range(0xA000, 0xA000 + 300)], "pattern", ["^[0-9a-f]{4}$"]),
    ],
)
def test_what_is_promised_of_texts_holds_for_every_row(infer, values, promise, expected):
    assert written(infer(a=values), promise) == expected


def test_what_most_texts_have_is_told_with_the_count_of_the_others(infer):
    table = infer(a=[f"u{n}@example.org" for n in MANY] + ["none", "-"])
    told = [guess for guess in table.guesses if guess.promise == "format"]
    assert [(guess.value, guess.is_written) for guess in told] == [("email", False)]
    assert told[0].evidence.startswith("2 of 102 values")


@pytest.mark.parametrize(
    ("name", "values", "meaning"),
    [
        ("phone", ["+49 30 901820", "+44 20 7946 0958", "+1 650-253-0000", "+33 1 42 68 53 00", "+39 06 6982"] * 2, 0),
        ("x", ["DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606"] * 20, "iban"),
        ("currency", ["EUR", "USD", "CHF"] * 20, "iso 4217 currency"),
        ("country", ["DE", "FR", "BR"] * 20, "iso 3166 country"),
        ("word", ["DE", "FR", "BR"] * 20, None),
        ("isbn", ["9783161484100", "9780306406157", "9781861972712"] * 20, None),  # digits: a number by its type
        ("book", ["978-3-16-148410-0", "978-0-306-40615-7", "978-1-86197-271-2"] * 20, "isbn"),
    ],
)
def test_check_digits_and_number_plans_give_texts_a_meaning(infer, name, values, meaning):
    found = written(infer(**{name: values}), "meaning", name)
    assert found == (["telephone number"] if meaning == 0 else [meaning] if meaning else [])


@pytest.mark.parametrize(
    ("name", "values", "bounds"),
    [
        ("amount", [n * 1.5 for n in MANY], [{"minimum": 0}]),
        ("amount", [n - 5.0 for n in MANY], []),
        ("amount", [1.5, 2.5], []),  # too few to say
        ("order_id", [n % 50 for n in MANY], []),
        ("discount_pct", [float(n % 90) for n in MANY], [{"minimum": 0, "maximum": 100}]),
        ("discount_pct", [float(n * 2) for n in MANY], [{"minimum": 0}]),
        ("latitude", [n - 45.0 for n in MANY], [{"minimum": -90, "maximum": 90}]),
        ("score", [n % 5 + 1 for n in MANY], [{"minimum": 1, "maximum": 5}]),
        ("score", [n % 4 + 1 for n in MANY], [{"minimum": 1, "maximum": 4}]),
        ("imo", [9_100_000 + 7 * (n % 40) for n in MANY], []),  # seven digits each: a number of something
        ("temperature", [n % 40 - 10 for n in MANY], []),
        ("month", [n % 12 + 1 for n in MANY], [{"minimum": 1, "maximum": 12}]),
    ],
)
def test_bounds_come_from_meaning_and_never_from_the_largest_value(infer, name, values, bounds):
    assert written(infer(**{name: values}), "range", name) == bounds
