"""The ledger: it answers, its facts are as they were recorded, and it holds the heads that were written down."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.counted import counted
from weft.base.problem import Problem
from weft.workspace.anchoring import anchor_file
from weft.workspace.examine.examination import Examination
from weft.workspace.workspace import Workspace

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger
    from weft.ledger.verify import Break

NEWEST_FACTS = 10_000  # that `weft doctor` always verifies; some tenths of a second
MOST_TOLD = 20  # breaks, and anchors; the rest is counted
_SAY_EVERY = 50_000

_FROM_BACKUP = "Bring the ledger back from a backup of before, and ask who may write to its database."


def examine_ledger(
    workspace: Workspace, *, deep: bool, against: Path | None, say: Callable[[str], None]
) -> Iterator[Examination]:
    """Verify the newest facts, or with `deep` or anchors all of them, and name each that is not as it was recorded."""
    try:
        ledger = workspace.ledger
        damage = ledger.damage() if deep else []
        if damage:
            yield _damaged(damage)
        files = _anchor_files(workspace, against)
        yield from _facts(ledger, None if deep or against else NEWEST_FACTS, say)
        for file in files:
            yield from _anchors(workspace, ledger, file)
    except Problem as problem:
        yield Examination.of_problem("ledger", problem)


def _facts(ledger: "Ledger", newest: int | None, say: Callable[[str], None]) -> Iterator[Examination]:
    told = 0

    def progress(done: int, all_facts: int) -> None:
        nonlocal told
        if done - told >= _SAY_EVERY:
            told = done
            say(f"ledger: {done:,} of {all_facts:,} facts")

    seen = ledger.verify(newest, progress)
    if seen.is_sound:
        which = counted(seen.facts, "fact") if seen.is_whole else f"the newest {counted(seen.facts, 'fact')}"
        head = f"; head {seen.head.position} {seen.head.hash[:12]}" if seen.head else ""
        yield Examination("ledger", "ok", f"answers, {which} as recorded{head}")
        return
    for broken in seen.breaks[:MOST_TOLD]:
        yield _told(broken)
    if len(seen.breaks) > MOST_TOLD:
        more = len(seen.breaks) - MOST_TOLD
        yield Examination("ledger", "failed", f"and {counted(more, 'more break')} of the chain", _FROM_BACKUP)


def _told(broken: "Break") -> Examination:
    numbers = f"{broken.first}" if broken.first == broken.last else f"{broken.first} to {broken.last}"
    code, what = {
        "changed": ("LEDGER004", "is not what was recorded"),
        "moved": ("LEDGER004", f"is the fact that was recorded as {broken.moved_from}"),
        "gone": ("LEDGER005", "is gone"),
        "added": ("LEDGER006", "was not recorded by weft"),
        "link changed": ("LEDGER007", "of the chain was changed"),
        "link gone": ("LEDGER007", "of the chain is gone"),
    }[broken.kind]
    thing = "link" if broken.table == "chain" else f"{broken.table}:"
    return Examination("ledger", "failed", f"{thing} {numbers} {what}", _FROM_BACKUP, code)


def _damaged(lines: list[str]) -> Examination:
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return Examination(
        "ledger",
        "failed",
        f"its database file is damaged: {lines[0].splitlines()[0]}{more}",
        "Bring the file back from a backup.",
        "LEDGER009",
    )


def _anchor_files(workspace: Workspace, against: Path | None) -> list[Path]:
    own = anchor_file(workspace)
    # Before the first build that writes it, the environment's own file is not there.
    declared = [own] if own is not None and own.exists() else []
    return [*declared, *([against] if against is not None and against not in declared else [])]


def _anchors(workspace: Workspace, ledger: "Ledger", file: Path) -> Iterator[Examination]:
    from weft.ledger.anchor import read_anchors

    try:
        anchors = list(read_anchors(file, workspace.mesh.name, workspace.environment.name))
    except Problem as problem:
        yield Examination.of_problem("anchors", problem)
        return
    lost = ledger.not_held(anchors)
    for line, anchor, why in lost[:MOST_TOLD]:
        yield Examination(
            "anchors",
            "failed",
            f"{file.name}:{line}: head {anchor.position} of {anchor.at:%Y-%m-%d %H:%M} UTC is not in the ledger: {why}",
            "Bring back the newest ledger; of one that was removed on purpose, begin a new file of anchors.",
            "LEDGER008",
        )
    if len(lost) > MOST_TOLD:
        yield Examination("anchors", "failed", f"and {counted(len(lost) - MOST_TOLD, 'more anchor')}", code="LEDGER008")
    if not lost:
        yield Examination("anchors", "ok", f"{file.name}: the ledger holds {counted(len(anchors), 'head')} of it")
    if file.resolve().is_relative_to(workspace.storage.resolve()):
        yield Examination(
            "anchors",
            "warning",
            f"{file.name} lies in the storage folder, beside what it is to vouch for",
            "Set `anchor:` in weft.yaml to a file that whoever owns the storage cannot change.",
        )
