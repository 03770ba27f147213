"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from weft.cli.output import Format
from weft.cli.session import Session

Command = TypeVar("Command", bound=Callable[..., Any])


def format_option(command: Command) -> Command:
    """Add `--format text|json`, which sets the session's output."""

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
    return option(command)
