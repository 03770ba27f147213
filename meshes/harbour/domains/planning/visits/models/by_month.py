"""One row a month and quay, as an Ibis expression: the engine computes it, no row passes through Python."""

import ibis


def model(visits: ibis.Table) -> ibis.Table:
    """Visits, hours and fees by the month of arrival and the quay."""
    by_month = visits.mutate(month=visits.arrived_at.truncate("month").date())
    return (
        by_month.group_by("month", "quay")
        .aggregate(
            visits=by_month.count(),
            ships=by_month.ship_imo.nunique(),
            hours_at_berth=by_month.hours_at_berth.sum().cast("decimal(12, 2)"),
            fees_total=by_month.fees_total.sum().cast("decimal(12, 2)"),
        )
        .order_by("month", "quay")
    )
