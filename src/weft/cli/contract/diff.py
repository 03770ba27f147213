"""`weft contract diff`: what differs between two contracts, and whom it breaks."""

from pathlib import Path

import click

from weft.cli.exit_codes import ExitCode
from weft.cli.session import Session


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--exit-code", is_flag=True, help="End with exit code 11 where a change is breaking.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Text for people, JSON, or Markdown for a pull request.",
)
@click.pass_context
def command(ctx: click.Context, old: str, new: str, exit_code: bool, form: str) -> None:
    """Show what differs between two contracts, and whom it breaks.

    OLD and NEW are files, http(s):// addresses, REVISION:path as git has it, or ports of the mesh. Every change is
    breaking (a promise is taken back or weakened), not breaking, or words only. Where the contract is one of the mesh
    here, each breaking change names the models that read it, the contracts that refer to it, and who asked for it in
    the last 90 days.

    \b
    Examples:
      weft contract diff HEAD:contracts/calls.yaml contracts/calls.yaml
      weft contract diff operations.calls new/calls.yaml
      weft contract diff https://example.org/calls-1.yaml calls.yaml --exit-code
      weft contract diff main:contracts/calls.yaml contracts/calls.yaml --format markdown
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.cli.contract_diff_report import diff_markdown, diff_text
    from weft.workspace.compare_contracts import compare_contracts
    from weft.workspace.given_contract import given_contract

    session = ctx.find_object(Session)
    assert session is not None
    session.output.format = "json" if form == "json" else "text"
    root = Path.cwd()
    before = given_contract(old, root=root, open_mesh=session.open)
    after = given_contract(new, root=root, open_mesh=session.open)
    found = compare_contracts(before, after, session.open)
    session.output.show(found.as_json(), lambda: diff_markdown(found) if form == "markdown" else diff_text(found))
    if exit_code and found.breaking:
        ctx.exit(ExitCode.CHECK_FAILED)
