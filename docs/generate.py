"""Write the reference pages that are printed from code: commands, rules and codes, exit codes, settings.

python docs/generate.py            write them
python docs/generate.py --check    fail where a page is not what the code says
"""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Printed from the code by docs/generate.py; edit the code, then run `make reference`. -->\n"


def commands_page() -> str:
    """Every command's help, as the terminal shows it."""
    from weft.cli.main import COMMANDS, cli

    parts = ["# Commands\n", NOTE]
    context = click.Context(cli, info_name="weft", terminal_width=100, max_content_width=100)
    parts.append(f"```text\n{cli.get_help(context)}\n```\n")
    for name in COMMANDS:
        command = importlib.import_module(f"weft.cli.commands.{name}").command
        parts.append(f"## weft {name}\n")
        for title, shown, shown_context in _with_children(command, name, context):
            if title != name:
                parts.append(f"### weft {title}\n")
            parts.append(f"```text\n{shown.get_help(shown_context)}\n```\n")
    return "\n".join(parts)


def _with_children(
    command: click.Command, name: str, parent: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    context = click.Context(command, info_name=name.split()[-1], parent=parent, max_content_width=100)
    yield name, command, context
    if isinstance(command, click.Group):
        for child_name, child in command.commands.items():
            yield from _with_children(child, f"{name} {child_name}", context)


def problems_page() -> str:
    """Every code with what it means, from the rules and the registry of codes."""
    from weft.spec.rule_book import every_explanation

    parts = ["# Problems and rules\n", NOTE, "`weft explain CODE` prints the same.\n"]
    for explanation in every_explanation():
        parts.append(f"## {explanation.code}\n\n{explanation.text.strip()}\n")
    return "\n".join(parts)


def exit_codes_page() -> str:
    """What exit codes mean."""
    from weft.cli.exit_codes import ExitCode

    meaning = {
        ExitCode.DONE: "done",
        ExitCode.USAGE: "the command was called wrongly",
        ExitCode.MESH_NOT_VALID: "the mesh is not valid",
        ExitCode.CHECK_FAILED: "a promise of a contract, a model test or a step of a build failed",
        ExitCode.REFUSED: "the actor may not do this",
        ExitCode.NOT_REACHABLE: "the engine, the catalogue, the ledger or a source does not answer",
        ExitCode.BUG: "a bug of weft; the traceback says where",
    }
    rows = "\n".join(f"| {code.value} | {meaning[code]} |" for code in ExitCode)
    return f"# Exit codes\n\n{NOTE}\n| code | meaning |\n| --- | --- |\n{rows}\n| 130 | stopped by Ctrl-C |\n"


PAGES = {"commands.md": commands_page, "problems.md": problems_page, "exit-codes.md": exit_codes_page}


def main() -> int:
    """Write or check the pages; returns the exit code."""
    check = "--check" in sys.argv
    stale = []
    for name, make in PAGES.items():
        path, text = REFERENCE / name, make()
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(name)
        elif not check:
            path.write_text(text, encoding="utf-8")
    if stale:
        sys.stderr.write(f"Not what the code says: {', '.join(stale)}. Run `make reference`.\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
