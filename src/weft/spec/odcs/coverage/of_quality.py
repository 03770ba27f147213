"""Quality rules."""

from weft.spec.odcs.coverage.entry import Entry, computed, kept, used
from weft.spec.odcs.coverage.of_document import ID

_OPERATORS = (
    "mustBe",
    "mustNotBe",
    "mustBeGreaterThan",
    "mustBeGreaterOrEqualTo",
    "mustBeLessThan",
    "mustBeLessOrEqualTo",
    "mustBeBetween",
    "mustNotBeBetween",
)
ENTRIES: dict[str, Entry] = {
    "DataQuality.id": used("The name of a rule that has none.", "spec.odcs.quality"),
    "DataQuality.authoritativeDefinitions": kept(),
    "DataQuality.businessImpact": kept(),
    "DataQuality.customProperties": computed(
        "`quarantine` and `reviewInterval` steer the rule; others are kept.", "metrics"
    ),
    "DataQuality.description": used(
        "Of a text rule, the words of the duty; a change of them opens it again.", "build.review.duty"
    ),
    "DataQuality.dimension": kept(),
    "DataQuality.method": kept(),
    "DataQuality.name": computed("Names the rule in findings and on rows in quarantine.", "compile_checks"),
    "DataQuality.schedule": used(
        "When a text rule is to be looked at again; other rules run at every build.", "build.review.duty"
    ),
    "DataQuality.scheduler": used("Says that the schedule is a line of cron.", "build.review.duty"),
    "DataQuality.severity": computed("Error refuses or holds back; warning and info only tell.", "finding_of_promise"),
    "DataQuality.tags": kept(),
    "DataQuality.type": computed(
        "Chooses between metric, SQL, other tools' rules, and duties of people.", "compile_checks"
    ),
    "DataQuality.unit": computed("Rows or percent.", "threshold"),
    **{
        f"DataQualityOperators.{name}": computed("Compared with what was measured.", "threshold") for name in _OPERATORS
    },
    "DataQualityLibrary.metric": computed(
        "Nulls, missing, invalid and duplicate values, and rows are counted.", "metrics"
    ),
    "DataQualityLibrary.rule": computed("Read as the metric that came after it.", "metrics"),
    "DataQualityLibrary.arguments": computed("What is missing or valid, which columns, which rows.", "metrics"),
    "DataQualitySql.query": computed("Run over the rows that are to be published.", "sql_rules"),
    "DataQualityCustom.engine": computed(
        "Great Expectations, Soda, dbt, and engines of other packages.", "foreign.engines"
    ),
    "DataQualityCustom.implementation": computed(
        "Computed as far as it means what weft has a check for; else told as not run.", "foreign.engines"
    ),
    "AuthoritativeDefinitions.id": kept(ID),
    "AuthoritativeDefinitions.url": kept(),
    "AuthoritativeDefinitions.type": kept(),
    "AuthoritativeDefinitions.description": kept(),
    "CustomProperty.id": kept(ID),
    "CustomProperty.property": used("Its name, where weft has a word for it.", "spec.custom_properties"),
    "CustomProperty.value": used("Its value, where weft has a word for it.", "spec.custom_properties"),
    "CustomProperty.description": kept(),
    "CustomProperty.vendor": kept(),
}
