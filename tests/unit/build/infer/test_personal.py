"""Personal data by name and by values, and what a contract may say of it."""

import json

import pytest

from weft.build.infer.document import contract_document

MANY = range(60)
MAILS = [f"u{n}@example.org" for n in MANY]


@pytest.mark.parametrize(
    ("table", "columns", "found"),
    [
        ("orders", {"contact": MAILS}, {"contact": ("e-mail address", True)}),  # by values alone
        ("orders", {"email": [None] * 60}, {"email": ("e-mail address", True)}),  # by name alone
        ("orders", {"email_opt_in": [True, False] * 30}, {}),  # called so, and no address
        ("orders", {"email_sent_count": [n % 3 for n in MANY]}, {}),
        ("orders", {"last_name": ["x"] * 60}, {"last_name": ("name of a person", True)}),
        ("products", {"product_name": ["x"] * 60, "name": ["y"] * 60}, {"name": ("name of a person", False)}),
        ("customers", {"name": ["y"] * 60}, {"name": ("name of a person", True)}),
        ("customers", {"city": ["y"] * 60}, {"city": ("place of a person", True)}),
        ("warehouses", {"city": ["y"] * 60}, {"city": ("place of a person", False)}),
        ("visits", {"dob": ["1980-01-01"] * 60, "city": ["y"] * 60},
         {"dob": ("date of birth", True), "city": ("place of a person", True)}),  # who has a birthday is a person
        ("visits", {"gender": ["m", "f"] * 30}, {"gender": ("gender", True)}),
        ("log", {"source": [f"10.0.0.{n}" for n in MANY]}, {"source": ("IP address", True)}),
        ("log", {"column_name": ["a"] * 60, "file_name": ["b"] * 60}, {}),
        ("visits", {"marital_status": ["x", "y"] * 30, "age": [n % 9 + 20 for n in MANY]},
         {"marital_status": ("civil status", True), "age": ("age", True)}),  # whoever has one is a person
        ("papers", {"authors": ["x"] * 60}, {"authors": ("name of a person", False)}),
        ("mails", {"reply_to": ["x", "y"] * 30}, {"reply_to": ("e-mail address", False)}),
        ("orders", {"customer_id": [n % 9 for n in MANY]}, {"customer_id": ("identifier of a person", False)}),
        ("orders", {"ship_to": [f"{n} Long Street" for n in MANY]}, {"ship_to": ("postal address", True)}),
    ],
)  # fmt: skip
def test_personal_data_is_found_by_name_by_values_and_by_its_table(infer, table, columns, found):
    guesses = [guess for guess in infer(table, **columns).guesses if guess.promise == "personal data"]
    assert {guess.column: (guess.value, guess.is_written) for guess in guesses} == found


def test_name_and_values_together_are_surer_than_either(infer):
    def sure(name, values):
        return next(g.confidence for g in infer(**{name: values}).guesses if g.promise == "personal data")

    assert sure("email", MAILS) > max(sure("x", MAILS), sure("email", ["?"] * 60))


def test_no_value_of_a_personal_column_is_in_the_contract(infer):
    table = infer(
        "customers",
        first_name=["Rosalind", "Grace"] * 30,
        gender=["woman", "man"] * 30,
        mobile=["+49 30 901820", "+44 20 7946 0958", "+1 650-253-0000", "+33 1 42 68 53 00", "+39 06 6982 1"] * 12,
        email=MAILS,
        street=[f"{n} Baker Street" for n in MANY],
        zip=[f"SW{n:03d}" for n in MANY],
    )
    text = json.dumps(contract_document([table], contract_id="c", name="C"))
    told = json.dumps([guess.as_json() for guess in table.guesses])
    for value in ("Rosalind", "woman", "901820", "example.org", "Baker", "SW0"):
        assert value not in text
        assert value not in told
    marks = {
        p["name"]: p["classification"]
        for p in contract_document([table], contract_id="c", name="C")["schema"][0]["properties"]
    }
    assert marks == {
        **dict.fromkeys(("first_name", "mobile", "email", "street", "zip"), "personal"),
        "gender": "sensitive-personal",
    }
