"""Which engine a rule finds, and what happens where there is none."""

from dataclasses import dataclass

import pytest

from weft.build.check.foreign import engines
from weft.build.check.foreign.foreign_rule import NotMapped

COLUMNS = "- {name: id, logicalType: integer, physicalType: INTEGER}"
ROWS = "SELECT unnest([1, 2, NULL]) AS id"


def _rule(engine: str, text: str = "row_count > 0") -> str:
    return f"- {{type: custom, name: rule, engine: {engine}, implementation: '{text}'}}"


def _acme(rule):
    if rule.rule.implementation == "odd":
        raise ZeroDivisionError
    if rule.rule.implementation == "later":
        raise NotMapped("Acme means the day after tomorrow.")
    if rule.rule.implementation == "nothing":
        return
    value = rule.value_of("id")
    yield rule.row(f"{value.expression} IS NULL", [value])


@dataclass(frozen=True)
class _Point:
    name: str
    engine: object = None

    def load(self):
        if self.engine is None:
            raise ImportError("acme is not there")
        return self.engine


@pytest.fixture
def plug_ins(monkeypatch):
    monkeypatch.setattr(
        engines,
        "entry_points",
        lambda group: {"weft.check_engines": [_Point("Acme DQ", _acme), _Point("broken")]}[group],
    )
    engines._plug_ins.cache_clear()
    yield
    engines._plug_ins.cache_clear()


@pytest.mark.parametrize("name", ["soda", "SodaCL", "soda-core"])
def test_an_engine_is_found_however_its_name_is_written(check, name):
    assert check(ROWS, COLUMNS, quality=_rule(name)).said("rule") == ("passed", 3, None, False)


def test_a_rule_of_a_package_that_is_installed_is_computed_and_holds_rows_back(check, plug_ins):
    checked = check(ROWS, COLUMNS, quality=_rule("acme-dq", "fine"))
    assert (checked.said("rule"), checked.held) == (("failed", 1, 1, False), [(None, ["rule"])])


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("acme-dq", "odd", 'The engine "Acme DQ" failed with ZeroDivisionError.'),
        ("acme-dq", "later", "Acme means the day after tomorrow."),
        ("acme-dq", "nothing", 'The engine "Acme DQ" made nothing of it.'),
        ("broken", "x", 'The engine "broken" failed with ImportError.'),
        ("monte-carlo", "x", 'It is a rule of "monte-carlo", and no engine of that name is installed.'),
    ],
)
def test_a_rule_that_no_engine_computes_never_passes(check, plug_ins, name, text, reason):
    found = check(ROWS, COLUMNS, quality=_rule(name, text)).finding("rule")
    assert (found.status, found.message, found.refuses) == ("not_run", reason, False)
