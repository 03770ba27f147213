"""What a family of rules makes of one column: a condition that a breaking row fulfils, or the reason for none."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """SQL that is true where a value breaks the promise; NULL where there is no value to judge."""

    suffix: str  # ends the rule's name: minimum, enum
    kind: str
    broken: str
    if_it_fails: str = "The rule cannot be computed on these values."


@dataclass(frozen=True)
class Unclear:
    """A promise that cannot be computed."""

    suffix: str
    kind: str
    reason: str
    blocks: bool = True
    applies: bool = True  # False: there is nothing that a value could break
