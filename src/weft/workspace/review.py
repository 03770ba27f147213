"""The duties to look at data that rules in words make, and what came of them."""

from weft.base.names import PortName, did_you_mean
from weft.base.problem import Problem
from weft.build.review.duty import Duty
from weft.workspace.workspace import Workspace


def duties(workspace: Workspace, port: PortName | None = None) -> list[Duty]:
    """Every duty of the mesh, or of one port: open ones first, then by port and rule.

    Raises:
        Problem: REVIEW001, there is no such port, or it has no contract.
    """
    from weft.build.review.known_reviews import port_duties
    from weft.spec.contract_walk import port_tables

    found: list[Duty] = []
    ports = [one for one in port_tables(workspace.mesh) if port in (None, one[1].name)]
    if port is not None and not ports:
        known = [str(one[1].name) for one in port_tables(workspace.mesh)]
        raise Problem(
            "REVIEW001", f"{port} is no output port with a contract.", fix=did_you_mean(str(port), known) or None
        )
    for product, one, contract, table in ports:
        found += port_duties(workspace.ledger, one.name, product.owner, contract, table, workspace.clock.now())
    order = {"open": 0, "waiting": 1, "done": 2}
    return sorted(found, key=lambda duty: (order[duty.state], str(duty.port), duty.rule))


def record_review(workspace: Workspace, port: PortName, rule: str, *, passed: bool, note: str) -> Duty:
    """Record what somebody found who looked; gives the duty as it is after it.

    Raises:
        Problem: REVIEW001, there is no such port; REVIEW002, it has no such rule in words; REVIEW003, nothing is
            published that could have been looked at.
    """
    from weft.ledger.facts import Published, ReviewRecorded

    known = duties(workspace, port)
    duty = next((one for one in known if one.rule == rule), None)
    if duty is None:
        names = [one.rule for one in known]
        raise Problem(
            "REVIEW002",
            f'{port} has no rule in words called "{rule}".',
            found=rule,
            expected=f"one of {', '.join(names)}" if names else "a rule of `type: text` in its contract",
            fix=did_you_mean(rule, names),
        )
    published = workspace.ledger.latest(Published, port=str(port))
    if published is None:
        raise Problem(
            "REVIEW003", f"{port} is not published yet, so there is nothing to look at.", fix=f"weft build {port}"
        )
    workspace.ledger.record(
        ReviewRecorded(
            at=workspace.clock.now(),
            actor=workspace.actor,
            port=str(port),
            rule=rule,
            passed=passed,
            note=note,
            contract_version=duty.contract_version,
            rule_digest=duty.digest,
            snapshot_id=published.snapshot_id,
        )
    )
    return next(one for one in duties(workspace, port) if one.rule == rule)
