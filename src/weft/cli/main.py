"""The `weft` command: options for all commands, each command loaded only when it is called."""

import os
import sys
import traceback
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import click

from weft import __version__
from weft.base.problem import Problem, Problems
from weft.cli.exit_codes import ExitCode, exit_code_of
from weft.cli.lazy_group import LazyGroup
from weft.cli.output import Output

# The one line of each command stands here so that `weft --help` imports none of them;
# tests/habits holds it against the command's own text.
COMMANDS = {
    "init": "Make a new mesh, or a product in one.",
    "check": "Find every mistake of the mesh without touching data.",
    "plan": "Show what a build would make, and why.",
    "build": "Land, make, check and publish what is not up to date.",
    "test": "Run the unit tests of models.",
    "query": "Ask published ports a question in SQL.",
    "show": "Show a product, a port or a run.",
    "drift": "Show how publications differ from those before them.",
    "ls": "List products and ports.",
    "lineage": "Show where a column comes from and where it goes.",
    "impact": "Show what a change would touch.",
    "contract": "Infer, test, compare, import and export contracts.",
    "quarantine": "List, show, correct, replay, dismiss and expire rows that broke a promise.",
    "rollback": "Make an earlier snapshot of a port the published one.",
    "maintain": "Expire snapshots, compact files, remove orphans.",
    "keys": "Show and change the keys that stored data are encrypted under.",
    "backup": "Back up tables, landings and ledger to a folder or S3; list, verify, prune backups.",
    "restore": "Bring a backup back and compare all of it with what was backed up.",
    "anchor": "Write down where the ledger ends.",
    "explain": "Explain a code or a rule.",
    "doctor": "Check that this machine and mesh are in order.",
}


EPILOG = """\b
Examples:
  weft init harbour --template harbour     make a mesh to try things on
  weft build                               build what is not up to date
  weft query "SELECT * FROM billing.fees"  ask a published port
  weft explain SPEC101                     what a code means and how to mend it

\b
Shell completion:  eval "$(_WEFT_COMPLETE=bash_source weft)"   (or zsh_source, fish_source)
"""


@click.group(
    cls=LazyGroup,
    package="weft.cli.commands",
    table=COMMANDS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "-C",
    "--mesh",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    envvar="WEFT_MESH",
    help="Folder of the mesh, or one below it.  [default: here]",
)
@click.option("--env", "environment", metavar="NAME", help="Environment of weft.yaml, such as prod (or WEFT_ENV).")
@click.option("-q", "--quiet", is_flag=True, help="Print results and problems only.")
@click.option("-v", "--verbose", count=True, help="Say more; twice for debugging.")
@click.version_option(__version__, prog_name="weft")
@click.pass_context
def cli(ctx: click.Context, folder: Path, environment: str | None, quiet: bool, verbose: int) -> None:
    """Run an organisation's data as products: declare, build, check, publish, query."""
    from weft.cli.session import Session

    ctx.obj = Session(folder, environment, Output(verbosity=-1 if quiet else verbose))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command line.

    Returns:
        The exit code; see `weft.cli.exit_codes`.
    """
    output = Output(format="json" if _asks_for_json(arguments) else "text")
    try:
        result = cli.main(list(arguments), prog_name="weft", standalone_mode=False)
    except (Problem, Problems) as error:
        problems = error.problems if isinstance(error, Problems) else (error,)
        output.problems(problems)
        return exit_code_of(problems)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt) as error:
        sys.stderr.write("Stopped.\n")
        return _code_of_stop(error.__cause__ or error)  # Click tells an interrupt as Abort
    except BrokenPipeError:
        # The reader went away (`weft ls | head`); nothing is wrong, but Python would complain at exit.
        sys.stderr.close()
        return ExitCode.DONE
    except Exception as error:
        if os.environ.get("WEFT_TRACEBACK"):
            raise
        if isinstance(error, OSError) and (problem := _of_the_machine(error)):
            output.problems([problem])
            return exit_code_of([problem])
        output.problems([_bug(error)])
        return ExitCode.BUG
    return result if isinstance(result, int) else ExitCode.DONE


def _code_of_stop(error: BaseException) -> int:
    """As shells report a process that SIGTERM or Ctrl-C ended."""
    from weft.cli.stop_signal import ToldToStop

    return 143 if isinstance(error, ToldToStop) else 130


def _of_the_machine(error: OSError) -> Problem | None:
    """A full or broken disk, or missing rights; None where it may as well be a mistake of ours."""
    from weft.base.stored_file import is_of_the_machine, problem_of

    return problem_of(error) if is_of_the_machine(error) else None


def _bug(error: Exception) -> Problem:
    """A mistake of ours. What the error says is left out: it may quote a cell."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "weft" in Path(frame.filename).parts]
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return Problem(
        "BUG001",
        "weft itself failed; this is no mistake of yours.",
        found=f"{type(error).__name__}{place}",
        fix="Report it with the traceback that WEFT_TRACEBACK=1 before the same command prints.",
    )


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether problems are to be printed as JSON: known before a command has parsed its options."""
    return "--format=json" in arguments or ("--format", "json") in pairwise(arguments)
