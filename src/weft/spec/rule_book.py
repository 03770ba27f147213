"""All rules: found in `spec/rules`, run on a mesh, and explained from their own docstrings."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable
from functools import cache

import weft.spec.rules
from weft.base.problem import Problem
from weft.spec.explanation import Explanation, parse_explanation
from weft.spec.problem_codes import problem_codes
from weft.spec.rule import Rule, RuleContext


@cache
def rule_book() -> tuple[Rule, ...]:
    """Every rule, by code."""
    rules: list[Rule] = []
    for module_info in pkgutil.iter_modules(weft.spec.rules.__path__):
        module = importlib.import_module(f"weft.spec.rules.{module_info.name}")
        rules += [
            found()
            for _, found in inspect.getmembers(module, inspect.isclass)
            if issubclass(found, Rule) and found is not Rule and found.__module__ == module.__name__
        ]
    return tuple(sorted(rules, key=lambda rule: rule.code))


def run_rules(context: RuleContext, rules: Iterable[Rule] | None = None) -> tuple[Problem, ...]:
    """Every break of every rule, sorted by file and line, each told once.

    Args:
        context: the mesh, with compiled models and published contracts where they are known.
        rules: those to run; default: all.
    """
    found = [problem for rule in rule_book() if rules is None or rule in rules for problem in rule.check(context)]
    return sorted_problems(found)


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file, line, column and code; the same problem twice counts once."""
    return tuple(sorted(dict.fromkeys(problems), key=_position))


def explain(code: str) -> Explanation | None:
    """What a code means, why it is a mistake, and how it looks wrong and right; None where nobody raises it.

    >>> explain("SPEC101").fact
    'a product has no owning team'
    """
    wanted = code.strip().upper()
    other = problem_codes().get(wanted)
    if other is not None:
        return other
    rule = next((rule for rule in rule_book() if rule.code == wanted), None)
    return explanation_of(rule) if rule is not None else None


def every_explanation() -> tuple[Explanation, ...]:
    """Of every code, rules and other problems alike, by code."""
    of_rules = [explanation_of(rule) for rule in rule_book()]
    return tuple(sorted([*of_rules, *problem_codes().values()], key=lambda explanation: explanation.code))


def explanation_of(rule: Rule) -> Explanation:
    """What the docstring of a rule says."""
    return parse_explanation(inspect.getdoc(type(rule)) or "", str(rule.severity))


def _position(problem: Problem) -> tuple[str, int, int, str, str]:
    where = problem.where
    path = where.path if where else ""
    return (path, (where and where.line) or 0, (where and where.column) or 0, problem.code, problem.what)
