"""A contract that takes back what was published under it is not published without a new major version."""

from dataclasses import replace

from weft.base.problem import Problem, Problems
from weft.build.made_before import MadeBefore
from weft.build.plan import contract_changes, published_contract
from weft.build.steps import Step
from weft.spec.mesh import Mesh
from weft.spec.rule import RuleContext
from weft.spec.rules.contract_breaks_readers import ContractBreaksReaders


def refuse_unannounced_break(mesh: Mesh, step: Step, before: MadeBefore) -> None:
    """Refuse a port whose contract breaks its readers without saying so.

    Raises:
        Problems: CONTRACT122, each change.
    """
    if step.port is None or not contract_changes(step, before):
        return
    fact = before.contracts[str(step.port.name)]
    old = published_contract(fact)
    product = mesh.product(step.product)
    assert product is not None, step
    alone = replace(mesh, products=(replace(product, output_ports=(step.port,)),))
    problems: list[Problem] = list(ContractBreaksReaders().check(RuleContext(alone, {}, {step.port.name: old})))
    if problems:
        raise Problems(problems)
