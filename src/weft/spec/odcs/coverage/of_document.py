"""The contract itself, its description and its context."""

from weft.spec.odcs.coverage.entry import Entry, kept, shown, used

ID = "Names the part for references; kept for other tools."
ENTRIES: dict[str, Entry] = {
    "version": used(
        "Must be semantic, may not fall, and must rise as changes ask.", "spec.rules.contract_version_not_raised"
    ),
    "kind": used("Must be DataContract.", "spec.odcs.validate"),
    "apiVersion": used("Chooses the schema that the document is validated by; 3.0 to 3.2.", "spec.odcs.schemas"),
    "id": used("Ports name their contract by it.", "spec.rules.contract_id_mismatch"),
    "name": shown("The title of the contract's page."),
    "tenant": kept("Validated and written back; a change of it is told as wording.", "spec.contract_diff"),
    "tags": kept("Validated and written back; a change of it is told as wording.", "spec.contract_diff"),
    "status": used("Reading a contract that is deprecated or retired is told.", "spec.rules.deprecated_port_read"),
    "servers": used("`weft contract test` reads the data from there.", "workspace.contract_servers"),
    "dataProduct": kept("Validated and written back; a change of it is told as wording.", "spec.contract_diff"),
    "description": shown("Purpose, usage and limitations stand on the contract's page."),
    "description.usage": shown("On the contract's page."),
    "description.purpose": shown("On the contract's page, and with the port in `weft show`.", "cli.show_report"),
    "description.limitations": shown("On the contract's page."),
    "description.authoritativeDefinitions": kept(),
    "description.customProperties": kept(),
    "domain": kept("Validated and written back; a change of it is told as wording.", "spec.contract_diff"),
    "context": kept(),
    "schema": used("The tables; the port's is the one of its name, or the only one.", "spec.product"),
    "support": shown("On the contract's page."),
    "price": kept("Validated and written back; a change of it is told as wording.", "spec.contract_diff"),
    "team": shown("On the contract's page; who is told of a break is the product's team."),
    "roles": kept("Validated and written back; a change of it is told as wording.", "spec.contract_diff"),
    "slaDefaultElement": used("The element of service levels that name none.", "spec.odcs.normalise"),
    "slaProperties": used("A finding for each; see below.", "build.check.service_levels"),
    "authoritativeDefinitions": kept(
        "Validated and written back; a change of it is told as wording.", "spec.contract_diff"
    ),
    "customProperties": used(
        "`quarantineTolerance` says how many rows may be held back; others are kept.", "build.check.tolerance"
    ),
    "contractCreatedTs": kept("Validated and written back; a change of it is told as wording.", "spec.contract_diff"),
    **{
        f"Context.{name}": kept("Meant for agents; validated, and written back as it was.")
        for name in (
            "instructions",
            *(
                f"verifiedStatements{part}"
                for part in (
                    "",
                    ".id",
                    ".question",
                    ".answer",
                    ".authoritativeDefinitions",
                    ".tags",
                    ".customProperties",
                )
            ),
            *(
                f"constraints{part}"
                for part in (
                    "",
                    ".id",
                    ".constraint",
                    ".authoritativeDefinitions",
                    ".tags",
                    ".customProperties",
                )
            ),
        )
    },
}
