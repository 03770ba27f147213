"""What one suite of the torture tests found."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_KEPT_VIOLATIONS = 200


@dataclass
class Outcome:
    """Figures and violations of one suite."""

    suite: str
    what: str  # one sentence for the report
    tried: Counter[str] = field(default_factory=Counter)  # kind of fault -> how often it was injected
    seen: Counter[str] = field(default_factory=Counter)  # what came of it -> how often
    figures: dict[str, str] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    skipped: str | None = None  # why nothing of it ran
    is_fault: bool = True  # False where what is counted in `tried` harms nobody
    seconds: float = 0.0
    _started: float = field(default_factory=time.perf_counter)

    def blame(self, where: str, violations: Iterable[str]) -> None:
        """Remember violations, with what was done before them."""
        self.violations += [f"{where}: {violation}" for violation in violations]

    def done(self) -> "Outcome":
        """The same, with the time it took."""
        self.seconds = time.perf_counter() - self._started
        return self

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        return {
            "suite": self.suite,
            "what": self.what,
            "tried": dict(self.tried),
            "seen": dict(self.seen),
            "figures": self.figures,
            "violations": self.violations[:_KEPT_VIOLATIONS],
            "skipped": self.skipped,
            "seconds": round(self.seconds, 1),
        }
