"""Every command's help, as the terminal shows it."""

import importlib
from collections.abc import Iterator

import click

from printed.markdown import NOTE
from weft.cli.main import COMMANDS, cli

_WIDTH = 100


def page() -> str:
    """The page."""
    context = click.Context(cli, info_name="weft", terminal_width=_WIDTH, max_content_width=_WIDTH)
    parts = [
        "# Commands\n",
        NOTE,
        "`weft COMMAND --help` prints the same. What the codes at a command's end mean: [Exit codes](exit-codes.md).\n",
        f"```text\n{cli.get_help(context)}\n```\n",
    ]
    for name in COMMANDS:
        command = importlib.import_module(f"weft.cli.commands.{name}").command
        for title, shown, shown_context in _with_children(command, name, context):
            parts.append(f"{'##' if title == name else '###'} weft {title}\n")
            parts.append(f"```text\n{shown.get_help(shown_context)}\n```\n")
    return "\n".join(parts)


def _with_children(
    command: click.Command, name: str, parent: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    short = name.split()[-1]
    context = click.Context(command, info_name=short, parent=parent, terminal_width=_WIDTH, max_content_width=_WIDTH)
    yield name, command, context
    if isinstance(command, click.Group):
        for child_name in command.list_commands(context):
            child = command.get_command(context, child_name)
            assert child is not None, child_name
            yield from _with_children(child, f"{name} {child_name}", context)
