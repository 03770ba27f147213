"""An interaction with a team that is not there."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class InteractionTeamUnknown(Rule):
    """SPEC117: a team declares an interaction with a team that teams.yaml does not list, or with itself.

    Why: how teams depend on each other is computed from these names.
    Bad: `interactions: [{team: dues-ofice, mode: collaboration}]`.
    Good: `interactions: [{team: dues-office, mode: collaboration}]`.
    """

    code = "SPEC117"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every interaction without a partner."""
        known = {team.name for team in context.mesh.teams}
        for team in context.mesh.teams:
            for interaction in team.interactions:
                partner = interaction.get("team")
                others = known - {team.name}
                if partner in others:
                    continue
                yield self.problem(
                    team.place,
                    f'Team "{team.name}" declares an interaction with '
                    + (f'"{partner}", which is no other team.' if partner else "nobody."),
                    expected=f"`team:` one of {', '.join(sorted(others))}" if others else None,
                    fix=did_you_mean(str(partner), others),
                )
