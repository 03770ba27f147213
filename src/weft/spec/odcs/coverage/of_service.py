"""Service levels, support, price, team and roles."""

from weft.spec.odcs.coverage.entry import Entry, computed, kept, shown
from weft.spec.odcs.coverage.of_document import ID

_LEVEL = "ServiceLevelAgreementProperty"
ENTRIES: dict[str, Entry] = {
    f"{_LEVEL}.id": kept(ID),
    f"{_LEVEL}.property": computed(
        "Ages, shares, frequency and moments are measured; the others are told as not run.", "service_levels"
    ),
    f"{_LEVEL}.value": computed("The figure or the moment that is compared with.", "service_levels"),
    f"{_LEVEL}.valueExt": kept(),
    f"{_LEVEL}.unit": computed("Milliseconds to years, rows, percent.", "service_levels"),
    f"{_LEVEL}.element": computed("The column that shows it, or several.", "service_levels"),
    f"{_LEVEL}.driver": kept(),
    f"{_LEVEL}.description": kept(),
    f"{_LEVEL}.scheduler": computed("Says that the schedule is a line of cron.", "service_levels"),
    f"{_LEVEL}.schedule": computed("Of frequency: when publications are due.", "service_levels"),
    f"{_LEVEL}.customProperties": computed(
        "`severity` says whether a break refuses; others are kept.", "service_levels"
    ),
    f"{_LEVEL}.authoritativeDefinitions": kept(),
    "SupportItem.id": kept(ID),
    **{
        f"SupportItem.{name}": shown("On the contract's page.")
        for name in ("channel", "url", "description", "tool", "scope", "invitationUrl", "customProperties")
    },
    "Pricing.id": kept(ID),
    **{f"Pricing.{name}": kept() for name in ("priceAmount", "priceCurrency", "priceUnit")},
    "TeamMember.id": kept(ID),
    **{f"TeamMember.{name}": shown("On the contract's page.") for name in ("username", "name", "role")},
    **{
        f"TeamMember.{name}": kept()
        for name in (
            "description",
            "dateIn",
            "dateOut",
            "replacedByUsername",
            "tags",
            "customProperties",
            "authoritativeDefinitions",
        )
    },
    "Team.id": kept(ID),
    **{f"Team.{name}": shown("On the contract's page.") for name in ("name", "description", "members")},
    **{f"Team.{name}": kept() for name in ("tags", "customProperties", "authoritativeDefinitions")},
    "Role.id": kept(ID),
    **{
        f"Role.{name}": kept("Validated and written back; who may read is decided by the gateway, not by this.")
        for name in ("role", "description", "access", "firstLevelApprovers", "secondLevelApprovers", "customProperties")
    },
}
