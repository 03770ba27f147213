"""Rules of other tools, rules in words and frequency, from the contract to the ledger of a real build."""

from datetime import timedelta

from weft.ledger.facts import CheckFinding

QUALITY = """
    quality:
      - name: soda
        type: custom
        engine: soda
        implementation: |
          - row_count > 0
          - invalid_count(total) = 0:
              valid min: 15
      - name: known_people
        type: custom
        engine: dbt
        implementation:
          relationships: {column_name: customer, to: ref('crm/people'), field: name}
      - {name: later, type: custom, engine: soda, implementation: anomaly detection for row_count}
      - {name: words, type: text, description: Totals are before tax.}
slaProperties:
  - {property: frequency, value: 90, unit: s}
"""


def _said(mesh, run):
    found = mesh.workspace().ledger.facts(CheckFinding, run_id=run.run_id, port="sales/orders")
    wanted = ("custom", "text", "frequency")
    return {f.rule: (f.status, f.measured, f.broken_rows) for f in found if f.kind in wanted}


def test_rules_of_other_tools_hold_rows_back_and_look_into_other_ports(shop):
    shop.contract("sales/orders", "id:int! customer:text total:int", more=QUALITY.lstrip("\n") + TOLERANT)
    shop.rows_file("data/orders.csv", "id,customer,total", "1,ann,10", "2,bob,20", "3,eve,30", "4,ann,40")
    run = shop.build("sales/orders", "crm/people")
    assert shop.rows("sales/orders") == [(2, "bob", 20), (4, "ann", 40)]
    assert _said(shop, run) == {
        "soda: row_count > 0": ("passed", 2.0, None),
        "soda: invalid_count(total) = 0": ("failed", 1.0, 1),
        "known_people": ("failed", 1.0, 1),
        "later": ("not_run", None, None),
        "words": ("not_run", None, None),
        "frequency": ("not_applicable", None, None),
    }


def test_frequency_is_measured_from_the_second_publication_on(shop):
    shop.contract("sales/orders", "id:int! customer:text total:int", more=QUALITY.lstrip("\n") + TOLERANT)
    shop.build("sales/orders", "crm/people")
    shop.rows_file("data/orders.csv", "id,customer,total", "2,bob,25")
    assert _said(shop, shop.build("sales/orders"))["frequency"] == ("passed", 60.0, None)
    shop.rows_file("data/orders.csv", "id,customer,total", "2,bob,26")
    shop.clock.instant += timedelta(days=1)
    run = shop.build("sales/orders")
    assert _said(shop, run)["frequency"][:2] == ("warned", 86460.0)
    assert shop.rows("sales/orders") == [(2, "bob", 26)]


TOLERANT = 'customProperties: [{property: quarantineTolerance, value: "100%"}]\n'
