"""Primary keys of one column and of several, and columns without repeats."""

import pytest

ROWS = range(60)


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"name": ["a", "b"], "order_no": ["7", "8"], "city": ["x", "x"]}, ("order_no",)),
        ({"name": ["a", "b"], "city": ["x", "y"]}, ("name",)),  # it stands first
        ({"name": ["a", "a"], "city": ["x", "y"]}, ()),
        ({"row_id": ROWS, "order_id": ROWS}, ("order_id",)),  # called like the table
        ({"order_id": [n // 3 for n in ROWS], "line": [n % 3 for n in ROWS]}, ("order_id", "line")),
        (
            {
                "amount": [n * 1.5 for n in ROWS],
                "shop_id": [n // 20 for n in ROWS],
                "till_id": [n // 5 % 4 for n in ROWS],
                "seq": [n % 5 for n in ROWS],
            },
            ("shop_id", "till_id", "seq"),
        ),
        # An id and a measure differ in every row by chance: no key.
        ({"shop_id": [n // 20 for n in ROWS], "weight": [n % 20 for n in ROWS]}, ()),
        ({"order_id": [*ROWS, None]}, ()),  # a row without a name
    ],
)
def test_the_key_is_what_names_the_rows_and_is_called_so(infer, columns, key):
    assert infer(**columns).key == key


def test_no_repeats_are_promised_only_where_the_name_says_so(infer):
    table = infer(id=ROWS, invoice_number=[f"{n}x" for n in ROWS], note=[f"n{n}" for n in ROWS])
    found = {guess.column: guess.is_written for guess in table.guesses if guess.promise == "unique"}
    assert found == {"invoice_number": True, "note": False}


def test_a_repeat_beyond_the_sample_is_found(infer):
    assert infer(id=[*range(60_000), 59_998]).key == ()


def test_a_key_that_a_few_rows_spoil_is_told_with_their_count(infer):
    table = infer(order_id=[*range(100), 7], note=["n"] * 101)
    told = [guess for guess in table.guesses if guess.promise == "primary key"]
    assert [(guess.value, guess.is_written) for guess in told] == [(["order_id"], False)]
    assert "100 different values in 101 rows" in told[0].evidence
