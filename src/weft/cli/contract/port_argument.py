"""The name of a port as an argument."""

import click

from weft.base.names import PortName


def port_of(written: str) -> PortName:
    """Read it.

    Raises:
        BadParameter: it is no name of a port.
    """
    try:
        return PortName.parse(written)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="PORT") from error
