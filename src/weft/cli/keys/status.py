"""`weft keys status`."""

from typing import TYPE_CHECKING

import click

from weft.base.counted import counted
from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.workspace.key_status import FilesUnderKey, KeyStatus

_WAY_OUT = {
    "published": "weft keys rotate --rewrite; earlier snapshots go with weft maintain --expire",
    "landed": "weft keys rotate --rewrite for raw files; its tables are made anew with the next change of the source",
    "intermediate": "weft build --full",
    "held back": "a replay or a decision on the rows",
}


@click.command()
@format_option
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show what is encrypted, and under which version of the master key.

    Looks at each stored file that holds rows. A version of the master key that is not among those needed may be
    removed from where the keys are kept.

    \b
    Examples:
      weft keys status
      weft keys status --format json
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.workspace.key_status import key_status

    session = ctx.find_object(Session)
    assert session is not None
    status = key_status(session.open())
    session.output.show(status.as_json(), lambda: _text(status))


def _text(status: "KeyStatus") -> str:
    lines = [f'Master key "{status.master_key}", version {status.current_version}.']
    lines += [_line(group) for group in status.groups]
    needed = ", ".join(status.versions_needed)
    lines.append(f"Versions needed: {needed}." if needed else "Nothing is encrypted yet.")
    in_clear = dict.fromkeys(group.kind for group in status.groups if group.data_key is None)
    lines += [f"In clear, {kind}: {_WAY_OUT[kind]}." for kind in in_clear]
    return "\n".join(lines)


def _line(group: "FilesUnderKey") -> str:
    under = f"version {group.version} (data key {group.data_key})" if group.data_key else "in clear"
    return f"  {group.kind:<13}{counted(group.files, 'file'):>10}  {under}"
