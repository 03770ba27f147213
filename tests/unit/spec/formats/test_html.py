"""The page holds what the contract says, escaped, and nothing that it would have to fetch."""

import re
from html.parser import HTMLParser

DOCUMENT = {
    "apiVersion": "v3.2.0",
    "kind": "DataContract",
    "id": "orders",
    "name": "Orders <&>",
    "version": "1.0.0",
    "description": {"purpose": "<script>alert(1)</script>"},
    "team": {"name": "Sales", "members": [{"username": "ada", "role": "owner"}]},
    "servers": [{"server": "prod", "type": "duckdb", "database": "shop.db"}],
    "slaProperties": [{"property": "freshness", "value": 2, "unit": "h", "element": "orders.placed_at"}],
    "schema": [
        {
            "name": "orders",
            "properties": [
                {
                    "name": "id",
                    "logicalType": "integer",
                    "primaryKey": True,
                    "required": True,
                    "examples": [4711],
                    "quality": [{"metric": "nullValues", "mustBeLessThan": 5, "unit": "percent"}],
                },
                {
                    "name": "address",
                    "logicalType": "object",
                    "properties": [{"name": "city", "logicalType": "string", "logicalTypeOptions": {"maxLength": 40}}],
                },
                {"name": "customer", "logicalType": "integer", "relationships": [{"to": "customers.id"}]},
            ],
        }
    ],
}


class Page(HTMLParser):
    """Texts, tags and addresses of a page."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.tags, self.addresses = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data):
        if data.strip():
            self.texts.append(" ".join(data.split()))


def test_everything_that_the_contract_says_stands_on_the_page(write):
    texts = Page(write(DOCUMENT, "html").content.decode()).texts
    for expected in (
        "Orders <&>",
        "<script>alert(1)</script>",
        "id",
        "BIGINT",
        "key",
        "required",
        "For example 4711",
        "city",
        "at most 40 characters",
        "The share of rows without a value in id is less than 5 %.",
        "customer refers to customers (id)",
        "freshness",
        "2 h",
        "orders.placed_at",
        "ada, owner",
        "prod",
        "shop.db",
    ):
        assert expected in texts, expected


def test_the_page_runs_no_script_and_fetches_nothing(write):
    text = write(DOCUMENT, "html").content.decode()
    page = Page(text)
    assert "script" not in page.tags
    assert all(address.startswith("#") for address in page.addresses)
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_can_be_read_without_seeing_it(write):
    text = write(DOCUMENT, "html").content.decode()
    assert text.startswith("<!doctype html>\n<html lang=")
    assert len(re.findall(r"<h1", text)) == 1
    assert set(re.findall(r'<th scope="(\w+)"', text)) == {"col", "row"}
    targets = set(re.findall(r'id="([\w-]+)"', text))
    assert set(re.findall(r'(?:href="#|aria-labelledby=")([\w-]+)"', text)) <= targets


def test_a_contract_without_columns_has_a_page_too(write):
    bare = {key: value for key, value in DOCUMENT.items() if key != "schema"}
    assert "Service levels" in Page(write(bare, "html").content.decode()).texts
