"""A schedule that is no line of cron."""

from collections.abc import Iterator

from weft.base.cron import Cron
from weft.base.problem import Place, Problem, Severity
from weft.spec.contract import RuleKind
from weft.spec.contract_walk import contracts_of, rules_of, tables_of
from weft.spec.rule import Rule, RuleContext


class ScheduleUnreadable(Rule):
    """CONTRACT132: the schedule of a text rule or of a service level is no line of cron.

    Why: nobody would know when the rule is to be looked at again, or when a publication is due.
    Bad: `{type: text, description: Prices are before tax., scheduler: cron, schedule: every Monday}`.
    Good: the same with `schedule: 0 8 * * MON`; or another `scheduler`, whose schedules weft leaves alone.
    """

    code, severity = "CONTRACT132", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every schedule of cron that cannot be read, where weft would go by it."""
        for _, _, table in tables_of(context.mesh):
            for rule in rules_of(table):
                if rule.kind is RuleKind.TEXT:
                    yield from self._told(rule.scheduler, rule.schedule, rule.place, f'the rule "{rule.name}"')
        for _, contract in contracts_of(context.mesh):
            for level in contract.service_levels:
                of = f'the service level "{level.property}"'
                yield from self._told(level.scheduler, level.schedule, level.place, of)

    def _told(self, scheduler: str | None, schedule: str | None, place: Place, of: str) -> Iterator[Problem]:
        if not schedule or (scheduler or "cron").casefold() != "cron":
            return
        try:
            Cron.parse(schedule)
        except ValueError as error:
            yield self.problem(
                place,
                f"The schedule of {of} cannot be read: {error}.",
                found=schedule,
                expected="minute, hour, day of the month, month and weekday, such as `0 8 * * MON`",
            )
