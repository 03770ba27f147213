"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from weft.cli.output import Format
from weft.cli.session import Session

Command = TypeVar("Command", bound=Callable[..., Any])


def format_option(command: Command) -> Command:
    """Add `--format text|json`, which sets the session's output, and let -q, -v and --env stand behind the command."""

    def choose(ctx: click.Context, _parameter: click.Parameter, value: Format) -> None:
        session = ctx.find_object(Session)
        if session is not None:
            session.output.format = value

    option = click.option(
        "--format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        expose_value=False,
        is_eager=True,
        callback=choose,
        help="Text for people or JSON for machines.",
    )
    return _late_options(option(command))


def _late_options(command: Command) -> Command:
    """People write `weft build -v --env prod` as often as `weft -v --env prod build`."""

    def choose(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
        session = ctx.find_object(Session)
        if session is None or not value:
            return
        if parameter.name == "late_environment":
            session.environment = value
        else:
            session.output.verbosity = -1 if parameter.name == "late_quiet" else value

    hidden: dict[str, Any] = {"expose_value": False, "hidden": True, "callback": choose}
    for option in (
        click.option("-q", "--quiet", "late_quiet", is_flag=True, **hidden),
        click.option("-v", "--verbose", "late_verbose", count=True, **hidden),
        click.option("--env", "late_environment", metavar="NAME", **hidden),
    ):
        command = option(command)
    return command
