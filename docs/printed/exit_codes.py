"""What exit codes mean."""

from printed.markdown import NOTE, table
from weft.cli.exit_codes import ExitCode

_MEANING = {
    ExitCode.DONE: "done",
    ExitCode.USAGE: "the command was called wrongly",
    ExitCode.MESH_NOT_VALID: "the mesh is not valid: `weft check` says why",
    ExitCode.CHECK_FAILED: "a promise of a contract, a test of a model or a step of a build failed",
    ExitCode.REFUSED: "the actor may not do this",
    ExitCode.NOT_REACHABLE: "the engine, the catalogue, the ledger or a source does not answer",
    ExitCode.BUG: "a bug of weft; WEFT_TRACEBACK=1 shows where",
}


def page() -> str:
    """The page."""
    rows = [[str(code.value), _MEANING[code]] for code in ExitCode]
    rows.append(["130", "stopped by Ctrl-C"])
    rows.append(["143", "stopped by SIGTERM; what a build had begun is given up, and recorded as interrupted"])
    text = "A script can tell from the number what kind of trouble it is; [Use it in CI](../how-to/ci.md) shows how.\n"
    return "\n".join(["# Exit codes\n", NOTE, text, table(("code", "meaning"), rows)])
