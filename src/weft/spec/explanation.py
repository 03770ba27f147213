"""The explanation of one code, read from text of a fixed shape."""

import re
from dataclasses import dataclass

_HEAD = re.compile(r"^(?P<code>[A-Z]+\d{3})(?: \((?P<severity>[a-z]+)\))?: (?P<fact>.+?)\.?$", re.DOTALL)
_PARTS = re.compile(r"^(Why|Bad|Good): ", re.MULTILINE)


@dataclass(frozen=True)
class Explanation:
    """What a code means, why it is a mistake, and how it looks wrong and right."""

    code: str
    fact: str
    why: str
    bad: str
    good: str
    severity: str = "error"

    def __str__(self) -> str:
        lines = [f"{self.code} ({self.severity}): {self.fact}.", "", f"Why:  {self.why}", f"Bad:  {self.bad}"]
        return "\n".join([*lines, f"Good: {self.good}"])

    @property
    def text(self) -> str:
        """The same in Markdown, without the code, as the reference page prints it."""
        head = f"*{self.severity}*: {self.fact[:1].upper()}{self.fact[1:]}."
        return f"{head}\n\n- **Why:** {self.why}\n- **Bad:** {self.bad}\n- **Good:** {self.good}"

    def as_json(self) -> dict[str, str]:
        """The same fields for a machine."""
        return {
            "code": self.code,
            "severity": self.severity,
            "fact": self.fact,
            "why": self.why,
            "bad": self.bad,
            "good": self.good,
        }


def parse_explanation(text: str, severity: str = "error") -> Explanation:
    r"""Read `CODE: fact.` or `CODE (warning): fact.`, then `Why:`, `Bad:` and `Good:`, over any number of lines.

    >>> parse_explanation("SPEC101: no owner.\n\nWhy: nobody\n  answers.\nBad: none.\nGood: one.")
    Explanation(code='SPEC101', fact='no owner', why='nobody answers.', bad='none.', good='one.', severity='error')

    Raises:
        ValueError: a part is missing.
    """
    head, *rest = _PARTS.split(text)
    match = _HEAD.match(" ".join(head.split()))
    parts = {name: " ".join(body.split()) for name, body in zip(rest[::2], rest[1::2], strict=True)}
    missing = [name for name in ("Why", "Bad", "Good") if not parts.get(name)]
    if match is None or missing:
        raise ValueError(f"an explanation lacks {', '.join(missing) or 'its head `CODE: fact.`'}: {head.strip()!r}")
    return Explanation(
        match["code"], match["fact"], parts["Why"], parts["Bad"], parts["Good"], match["severity"] or severity
    )
