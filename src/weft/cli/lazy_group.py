"""A group of commands that imports a command's module when the command is called."""

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """A group that knows its commands by name and line, and imports none to list them.

    Args:
        package: where the modules lie, one a command, each with a Click command called `command`.
        table: name of each command and its one line, in the order of the help.
        **settings: those of `click.Group`.
    """

    def __init__(self, *arguments: Any, package: str, table: Mapping[str, str], **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._package = package
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command. A name that Python keeps for itself has an underscore behind it in the module's."""
        if cmd_name not in self.table:
            return None
        module = f"{cmd_name}_" if cmd_name == "import" else cmd_name
        command = importlib.import_module(f"{self._package}.{module}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Offer the nearest command for a mistyped one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from weft.base.names import did_you_mean

            hint = did_you_mean(args[0], self.table)
            raise click.UsageError(f"{error.message} {hint}" if hint else error.message, ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))
