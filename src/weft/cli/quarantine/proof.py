"""`weft quarantine proof`: all that became of a batch."""

from typing import TYPE_CHECKING

import click

from weft.base.counted import counted
from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.quarantine_port import named_port
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.build.quarantine.expire import Proof
    from weft.ledger.facts import Quarantined


@click.command("proof")
@click.argument("batch")
@click.option("--port", metavar="PORT", help="Of this port, where several have a batch of that name.")
@format_option
@click.pass_context
def command(ctx: click.Context, batch: str, port: str | None) -> None:
    """Show all that became of a batch, and whether its files are gone.

    Exit code 11 if the rows do not add up, or if a batch that is closed has files still.

    \b
    Examples:
      weft quarantine proof 20260301T120000-a1b2c3
      weft quarantine proof 20260301T120000-a1b2c3 --port sales/orders --format json
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.build.quarantine.expire import proof_of

    session: Session = ctx.obj
    workspace = session.open()
    name = None if port is None else named_port(workspace, port)
    proof = proof_of(workspace.ledger, workspace.storage, batch, name)
    session.output.show(proof.as_json(), lambda: _proof(proof))
    is_open = proof.facts[-1].state in ("recorded", "refused")
    if not proof.adds_up or (proof.files_there and not is_open):
        ctx.exit(ExitCode.CHECK_FAILED)


def _proof(proof: "Proof") -> str:
    from weft.build.quarantine.row_origin import in_words

    first, last = proof.facts[0], proof.facts[-1]
    lines = [f"batch {proof.batch} of {first.port}, made of {in_words(first.origin or {})}"]
    lines += [_line(fact) for fact in proof.facts]
    for file, digest in (last.proof or {}).get("files", {}).items():
        lines.append(f"  {file}\n    SHA-256 {digest}")
    named = {file for fact in proof.facts for file in fact.files}
    there = counted(len(proof.files_there), "file")
    lines.append(f"  {there} of {len(named)} still there" if proof.files_there else "  all files are gone")
    if not proof.adds_up:
        lines.append("  the rows do not add up")
    return "\n".join(lines)


def _line(fact: "Quarantined") -> str:
    moved = ", ".join(f"{rows} {'held back' if way == 'held' else way}" for way, rows in (fact.moved or {}).items())
    still = f", {fact.rows} open" if fact.state == "recorded" else ""
    rules = ", ".join(f"{rule} ({count})" for rule, count in fact.rules.items())
    why = f": {fact.reason}" if fact.reason else ""
    when = f"{fact.at:%Y-%m-%d %H:%M:%S} UTC"
    return f"  {when}  {moved or fact.state}{still} by {fact.actor} in run {fact.run_id}{why}; {rules}"
