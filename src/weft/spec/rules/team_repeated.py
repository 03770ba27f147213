"""Two teams under one name."""

from collections.abc import Iterator

from weft.base.problem import Place, Problem
from weft.spec.rule import Rule, RuleContext


class TeamRepeated(Rule):
    """SPEC118: teams.yaml lists two teams of one name.

    Why: an owner is named, and the name must mean one team.
    Bad: `- name: planning` twice.
    Good: once, with all its people.
    """

    code = "SPEC118"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every second team of a name."""
        first_by_name: dict[str, Place] = {}
        for team in context.mesh.teams:
            first = first_by_name.setdefault(team.name, team.place)
            if first is not team.place:
                yield self.problem(team.place, f'Two teams are named "{team.name}".', found=f"the first is at {first}")
