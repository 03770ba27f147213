"""Tables, columns, their options, enumerations, synonyms and relationships."""

from weft.spec.odcs.coverage.entry import Entry, computed, kept, shown, used
from weft.spec.odcs.coverage.of_document import ID

_OPTION = "SchemaBaseProperty.logicalTypeOptions"
_COLUMN = "SchemaBaseProperty"
ENTRIES: dict[str, Entry] = {
    "SchemaElement.id": used("Relationships may refer to it by `/schema/<id>`.", "spec.odcs.references"),
    "SchemaElement.name": computed("The columns that are published must be these.", "structure"),
    "SchemaElement.physicalType": computed("Every value is of it, or can be without loss.", "types"),
    "SchemaElement.description": shown("With the table and the column on the contract's page."),
    "SchemaElement.businessName": shown("On the contract's page, and as title in JSON Schema."),
    "SchemaElement.deprecated": shown("A mark on the contract's page; its coming is told as a change."),
    "SchemaElement.synonyms": kept(),
    "SchemaElement.authoritativeDefinitions": kept(),
    "SchemaElement.tags": used(
        "`pii` and the like ask for a description, and hide values.", "spec.rules.personal_data_undescribed"
    ),
    "SchemaElement.customProperties": used(
        "Kept, and read where weft has a word, such as `severity`.", "spec.custom_properties"
    ),
    "SchemaObject.logicalType": kept(),
    "SchemaObject.physicalName": used("Another name by which rules may call the table.", "build.check.sql_rules"),
    "SchemaObject.dataGranularityDescription": kept(),
    "SchemaObject.properties": computed(
        "A column that is missing, or that nobody promised, refuses the publication.", "structure"
    ),
    "SchemaObject.relationships": computed("What rows refer to is published.", "relationships"),
    "SchemaObject.quality": computed("See quality rules below.", "compile_checks"),
    "SchemaObject.context": kept("Meant for agents; validated, and written back as it was."),
    f"{_COLUMN}.primaryKey": computed("No two rows have the same key, and none lacks it.", "uniqueness"),
    f"{_COLUMN}.primaryKeyPosition": computed("The order of the key's columns.", "uniqueness"),
    f"{_COLUMN}.logicalType": computed(
        "Every value can be of it; with the physical type it makes the column's type.", "types"
    ),
    f"{_COLUMN}.logicalTypeOptions": computed("See its options below.", "compile_checks"),
    f"{_COLUMN}.physicalType": computed(
        "Every value is of it, or can be without loss; `VARCHAR(n)` is a length too.", "types"
    ),
    f"{_COLUMN}.physicalName": computed("The name of the column in the published table.", "structure"),
    f"{_COLUMN}.required": computed("Every row has a value.", "required"),
    f"{_COLUMN}.unique": computed("No two rows have the same value.", "uniqueness"),
    f"{_COLUMN}.semanticType": kept(),
    f"{_COLUMN}.partitioned": shown("A mark on the contract's page."),
    f"{_COLUMN}.partitionKeyPosition": kept(),
    f"{_COLUMN}.classification": used(
        "Personal data asks for a description, and its values are not shown.", "spec.rules.personal_data_undescribed"
    ),
    f"{_COLUMN}.encryptedName": kept(),
    f"{_COLUMN}.transformSourceObjects": used(
        "Lineage of columns that a model in Python makes.", "graph.arrow_lineage"
    ),
    f"{_COLUMN}.transformLogic": kept(),
    f"{_COLUMN}.transformDescription": kept(),
    f"{_COLUMN}.examples": shown("With the column on the contract's page."),
    f"{_COLUMN}.enum": computed("Every value is one of the list.", "enum"),
    f"{_COLUMN}.criticalDataElement": kept(),
    f"{_COLUMN}.relationships": computed("What rows refer to is published.", "relationships"),
    f"{_COLUMN}.quality": computed("See quality rules below.", "compile_checks"),
    f"{_COLUMN}.properties": computed("Parts of an object, checked as columns are.", "column_value"),
    f"{_COLUMN}.items": computed("Elements of a list, checked as columns are.", "column_value"),
    f"{_COLUMN}.map": computed("Entries of a map.", "column_value"),
    f"{_COLUMN}.map.key": computed("Keys of a map, checked as columns are.", "column_value"),
    f"{_COLUMN}.map.value": computed("Values of a map, checked as columns are.", "column_value"),
    f"{_OPTION}.minLength": computed("The text has at least so many characters.", "lengths"),
    f"{_OPTION}.maxLength": computed("The text has at most so many characters.", "lengths"),
    f"{_OPTION}.pattern": computed("The expression is found in the text.", "patterns"),
    f"{_OPTION}.format": computed("The text, the date or the number is of the format.", "formats"),
    f"{_OPTION}.exclusiveMaximum": computed("The value is less.", "ranges"),
    f"{_OPTION}.maximum": computed("The value is no greater.", "ranges"),
    f"{_OPTION}.exclusiveMinimum": computed("The value is greater.", "ranges"),
    f"{_OPTION}.minimum": computed("The value is no less.", "ranges"),
    f"{_OPTION}.multipleOf": computed("The value is a multiple.", "ranges"),
    f"{_OPTION}.timezone": computed("Makes the type one with a time zone; texts must have one, or none.", "moments"),
    f"{_OPTION}.defaultTimezone": computed("The zone of moments that are written without one.", "moments"),
    f"{_OPTION}.maxProperties": computed("The object has at most so many properties.", "objects"),
    f"{_OPTION}.minProperties": computed("The object has at least so many properties.", "objects"),
    f"{_OPTION}.required": computed("The object has these properties.", "objects"),
    f"{_OPTION}.maxItems": computed("The list has at most so many elements.", "arrays"),
    f"{_OPTION}.minItems": computed("The list has at least so many elements.", "arrays"),
    f"{_OPTION}.uniqueItems": computed("The list has no element twice.", "arrays"),
    f"{_OPTION}.dimensions": computed("The vector has so many numbers.", "vectors"),
    f"{_OPTION}.elementType": computed("Makes the type of the vector's numbers, and their range.", "vectors"),
    f"{_OPTION}.distanceMetric": kept(),
    f"{_OPTION}.embeddingModel": kept(),
    f"{_OPTION}.embeddingModelVersion": kept(),
    f"{_OPTION}.normalized": computed("The vector has length one.", "vectors"),
    "SchemaItemProperty.properties": computed("Parts of a list's objects, checked as columns are.", "column_value"),
    "EnumValue.value": computed("A value that the column may have.", "enum"),
    "EnumValue.label": kept(),
    "EnumValue.id": kept(ID),
    "EnumValue.description": kept(),
    "EnumValue.customProperties": kept(),
    "EnumValue.authoritativeDefinitions": kept(),
    "EnumValue.tags": kept(),
    **{
        f"Synonym.{name}": kept()
        for name in ("id", "synonym", "description", "locale", "source", "status", "customProperties")
    },
    "RelationshipBase.id": kept(ID),
    "RelationshipBase.type": kept("foreignKey is the only one; validated, and written back as it was."),
    "RelationshipBase.from": computed("The columns that refer.", "relationships"),
    "RelationshipBase.to": computed("Where they lead: a table, a port, or a contract elsewhere.", "relationships"),
    "RelationshipBase.customProperties": computed(
        "`severity` and `quarantine` steer the check; others are kept.", "relationships"
    ),
    "RelationshipSchemaLevel.from": computed("The columns that refer, one or several.", "relationships"),
    "RelationshipSchemaLevel.to": computed("The columns that they lead to.", "relationships"),
}
