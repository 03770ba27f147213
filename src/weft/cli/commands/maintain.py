"""`weft maintain`: keep published tables small."""

from typing import TYPE_CHECKING

import click

from weft.base.counted import counted
from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.workspace.maintain import Done


@click.command("maintain")
@click.argument("selection", nargs=-1)
@click.option("--compact", is_flag=True, help="Merge small files into large ones.")
@click.option("--expire", is_flag=True, help="Let old snapshots go, and the files that only they need.")
@click.option("--orphans", is_flag=True, help="Remove files that no snapshot needs.")
@click.option("--keep-days", type=click.IntRange(min=0), metavar="DAYS", help="[default: keep_snapshots_days, 30]")
@click.option("--keep-last", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Snapshots.")
@click.option(
    "--grace-hours",
    type=click.FloatRange(min=0),
    default=24.0,
    show_default=True,
    metavar="HOURS",
    help="Age below which a file is no orphan yet.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
@click.option("--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Wait for a running build.")
@format_option
@click.pass_obj
def command(
    session: Session,
    selection: tuple[str, ...],
    compact: bool,
    expire: bool,
    orphans: bool,
    keep_days: int | None,
    keep_last: int,
    grace_hours: float,
    dry_run: bool,
    wait: float,
) -> int:
    """Expire snapshots, compact files, remove orphans.

    All three unless some are named. What readers see never changes; what they saw within the kept days stays
    readable with --as-of. Run it by night, or after many appends.

    \b
    Examples:
      weft maintain                         every published port
      weft maintain --dry-run               what would go, and how many bytes
      weft maintain sales/orders --compact  merge the small files of one product
      weft maintain --expire --keep-days 7
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.workspace.maintain import ACTIONS, MaintenanceRequest, maintain

    named = {name for name, asked in (("compact", compact), ("expire", expire), ("orphans", orphans)) if asked}
    request = MaintenanceRequest(
        selection=selection,
        actions=frozenset(named or ACTIONS),
        keep_days=keep_days,
        keep_last=keep_last,
        grace_hours=grace_hours,
        dry_run=dry_run,
    )
    done = maintain(
        session.open(), request, lambda one: session.output.detail(_line(one) or _nothing(one)), wait_seconds=wait
    )
    session.output.show({"dry_run": dry_run, "done": [one.as_json() for one in done]}, lambda: _text(done, dry_run))
    problems = [one.problem for one in done if one.problem]
    if session.output.format == "text":
        session.output.problems(problems)
    return ExitCode.NOT_REACHABLE if problems else ExitCode.DONE


def _text(done: "list[Done]", dry_run: bool) -> str:
    lines = [line for one in done if (line := _line(one))]
    ports = len({one.port for one in done})
    if not lines:
        return f"Nothing to do in {counted(ports, 'port')}."
    return "\n".join([*lines, *(["Nothing was changed (--dry-run)."] if dry_run else [])])


def _line(done: "Done") -> str | None:
    from weft.lake.maintenance_report import Compacted, Expired, OrphansRemoved

    match done.report:
        case Compacted() as report if report.files_before:
            merged = f"{counted(report.files_before, 'file')} merged into {report.files_after}"
            return f"{done.port}: {merged}, {report.rows:,} rows, {_size(report.size_bytes_after)}"
        case Expired() as report if report.snapshots:
            files = f"{counted(report.files, 'file')}, {_size(report.size_bytes)}"
            return f"{done.port}: {counted(report.snapshots, 'snapshot')} expired, {files} freed"
        case OrphansRemoved() as report if report.files:
            return f"{done.port}: {counted(report.files, 'orphan file')} removed, {_size(report.size_bytes)} freed"
        case None if done.problem:
            return f"{done.port}: {done.action} left undone, {done.problem.code}"
    return None


def _nothing(done: "Done") -> str:
    return f"{done.port}: nothing to {done.action}"


def _size(size_bytes: int) -> str:
    """Bytes as people read them.

    >>> _size(512), _size(1536), _size(5 * 1024**3)
    ('512 B', '1.5 KB', '5.0 GB')
    """
    if size_bytes < 1024:
        return f"{size_bytes} B"
    power = min((size_bytes.bit_length() - 1) // 10, 4)
    return f"{size_bytes / 1024**power:.1f} {'KMGT'[power - 1]}B"
