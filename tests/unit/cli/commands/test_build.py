"""`weft build`, `weft plan` and `weft show` on the harbour mesh, as people and scripts call them."""

import json
import re
import shutil
from pathlib import Path

import pytest

from weft.cli.main import run

HARBOUR = Path(__file__).parents[4] / "meshes" / "harbour"


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    root = tmp_path_factory.mktemp("built") / "harbour"
    shutil.copytree(HARBOUR, root, ignore=shutil.ignore_patterns(".weft"))
    assert run(["-q", "-C", str(root), "build"]) == 0
    return root


@pytest.fixture
def harbour(tmp_path, monkeypatch):
    """The harbour mesh, not built yet."""
    root = tmp_path / "harbour"
    shutil.copytree(HARBOUR, root, ignore=shutil.ignore_patterns(".weft"))
    monkeypatch.chdir(root)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("WEFT_ACTOR", "ada")
    return root


def timeless(text):
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "TIME", text)
    text = re.sub(r"\b\d{8}T\d{6}-[0-9a-f]{6}\b", "RUN", text)
    return re.sub(r"\d+\.\d s\b", "N s", text)


def test_a_build_says_what_it_did_and_its_sums_add_up(harbour, capsys):
    assert run(["build"]) == 0
    told = capsys.readouterr()
    assert timeless(told.out) == (
        "built     operations/calls  N s\n"
        "            berths: 10 rows published\n"
        "            calls: 362 rows published, 6 held back"
        " (ship_imo.pattern, ship_name.required, cargo.enum, gross_tonnage.minimum and 2 more)\n"
        "            ships: 37 rows published; warnings (check_digits_are_right)\n"
        "built     billing/fees  N s\n"
        "            fees: 1,251 rows published, 26 held back"
        " (kind.enum, amount.exclusiveMinimum, currency.pattern, issued_on.required and 1 more)\n"
        "built     planning/visits  N s\n"
        "            fees_by_call: made\n"
        "            visits: 362 rows published\n"
        "            by_month: 12 rows published\n"
        "\n"
        "3 products: 3 built, 0 unchanged, 0 failed, 0 skipped; N s\n"
        "sources: 1,655 rows in files = 1,655 landed + 0 rejected\n"
        "ports: 2,066 rows made = 2,034 published + 32 held back\n"
    )
    assert "operations/calls: source calls_log landed, 368 rows" in told.err
    assert run(["build"]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("Nothing to do: 3 products are up to date.\n", "")


def test_a_build_in_json_is_one_document(harbour, capsys):
    assert run(["-q", "build", "operations/calls", "--format", "json"]) == 0
    built = json.loads(capsys.readouterr().out)
    assert (built["status"], built["totals"]["products_built"], built["totals"]["rows_quarantined"]) == ("done", 1, 6)
    calls = next(step for step in built["products"][0]["steps"] if step["step"] == "calls")
    assert calls["reasons"] == ["it was never made"]
    assert {finding["rule"] for finding in calls["findings"]} >= {"ship_imo.pattern", "primaryKey"}
    run(["build", "operations/calls", "--format", "json"])
    again = json.loads(capsys.readouterr().out)
    assert (again["status"], again["run"]) == ("nothing", None)


def test_a_refused_port_ends_with_code_11_and_names_the_rule(harbour, capsys):
    contract = harbour / "domains/operations/calls/contracts/berths.yaml"
    contract.write_text(
        contract.read_text().replace(
            "    quality:",
            "    quality:\n      - {name: many, type: library, metric: rowCount, mustBeGreaterThan: 50}",
            1,
        )
        if "    quality:" in contract.read_text()
        else contract.read_text().replace(
            "schema:\n  - name: berths\n",
            "schema:\n  - name: berths\n    quality:\n"
            "      - {name: many, type: library, metric: rowCount, mustBeGreaterThan: 50}\n",
        )
    )
    assert run(["-q", "build", "operations/calls"]) == 11
    told = capsys.readouterr()
    assert "berths: REFUSED, 10 rows not published (many)" in told.out
    assert "weft build --resume" in told.out
    assert "BUILD010" in told.err
    assert "many is 10 rows" in told.err


def test_a_mistyped_selection_is_a_wrong_use(harbour, capsys):
    assert run(["build", "operations/cals"]) == 2
    assert 'Did you mean "operations/calls"?' in capsys.readouterr().err


def test_the_plan_says_what_and_why(harbour, capsys):
    assert run(["plan", "billing/fees"]) == 0
    assert capsys.readouterr().out == (
        "billing/fees\n"
        "  source fee_lines: new\n"
        "  + fees (replace): it was never made\n"
        "  read by planning/visits\n"
        "\n"
        "To make: 1 table of 1 product; 0 products kept.\n"
        "Behind it and not selected: planning/visits.\n"
    )


def test_a_plan_in_json(built_once, capsys):
    assert run(["-C", str(built_once), "plan", "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["steps_to_make"], plan["steps_to_keep"]) == (0, 7)
    assert {step["action"] for product in plan["products"] for step in product["steps"]} == {"keep"}


def test_a_port_is_shown_with_its_findings_and_readers(built_once, capsys):
    assert run(["-C", str(built_once), "show", "operations/calls/ships"]) == 0
    told = timeless(capsys.readouterr().out)
    assert told == (
        "operations/calls/ships  contract operations/calls/ships 1.0.0\n"
        "  One row a ship that called, with its latest name and flag.\n"
        "  published TIME under contract version 1.0.0: 37 rows\n"
        "  columns\n"
        "    ship_imo         VARCHAR    key       about 37 distinct, 9110004 to 9157959\n"
        "    ship_name        VARCHAR              about 37 distinct, Amber Coast to Zephyr\n"
        "    flag             VARCHAR              about 6 distinct, DE to PA\n"
        "    gross_tonnage    INTEGER              about 36 distinct, 3400 to 85200\n"
        "    last_arrived_at  TIMESTAMP  required  about 37 distinct, 2026-05-22 02:10:00 to 2026-06-30 13:45:00\n"
        "    is_imo_valid     BOOLEAN    required  about 2 distinct, false to true\n"
        "  checks of TIME: 12 of 13 passed\n"
        "    warned  check_digits_are_right 1 row (must be 0)  domains/operations/calls/contracts/ships.yaml:52:13\n"
    )


def test_a_product_a_run_and_json_are_shown(built_once, capsys):
    assert run(["-C", str(built_once), "show", "planning/visits"]) == 0
    told = capsys.readouterr().out
    assert "reads operations/calls, operations/calls/berths, billing/fees" in told
    assert "planning/visits/by_month  contract planning/visits/by_month 1.0.0" in told
    assert run(["-C", str(built_once), "show", "run:last", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["status"], shown["totals"]["products_built"], len(shown["steps"])) == ("done", 3, 7)
    assert run(["-C", str(built_once), "show", "billing/fees/fees", "--format", "json"]) == 0
    port = json.loads(capsys.readouterr().out)
    assert (port["snapshot"]["rows"], port["rows_in_quarantine"], port["read_by"]) == (1251, 26, ["planning/visits"])


@pytest.mark.parametrize(
    ("subject", "code", "said"),
    [
        ("planning/visit", 2, 'Did you mean "planning/visits"?'),
        ("planning/visits/by_moon", 2, 'Did you mean "planning/visits/by_month"?'),
        ("run:20200101T000000-aaaaaa", 2, "weft show run:last"),
    ],
)
def test_what_is_not_there_cannot_be_shown(built_once, capsys, subject, code, said):
    assert run(["-C", str(built_once), "show", subject]) == code
    assert said in capsys.readouterr().err


def test_nothing_modified_is_no_mistake_in_a_pipeline(harbour, capsys):
    run(["-q", "build", "operations/calls"])
    capsys.readouterr()
    assert run(["build", "state:modified", "--exclude", "billing/fees planning/visits"]) == 0
    assert run(["plan", "state:modified", "--exclude", "billing/fees planning/visits"]) == 0
    assert capsys.readouterr().out == (
        "Nothing to do: nothing of the selection was modified.\n"
        "Nothing to make: nothing of the selection was modified.\n"
    )


def test_a_broken_contract_is_refused_before_any_row_is_made_and_the_report_says_so(harbour, capsys):
    run(["-q", "build", "operations/calls"])
    contract = harbour / "domains/operations/calls/contracts/berths.yaml"
    contract.write_text(contract.read_text().replace("minimum: 3, maximum: 25", "minimum: 3"))
    capsys.readouterr()
    assert run(["build", "operations/calls", "--dry-run"]) == 11
    told = capsys.readouterr()
    assert "berths: REFUSED (CONTRACT122)\n" in told.out
    assert "Dry run: not everything could be published, nothing was published." in told.out
    assert "operations/calls: berths REFUSED (its contract changed)\n" in told.err
