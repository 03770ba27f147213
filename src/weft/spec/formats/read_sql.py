"""Import DDL: tables, columns, constraints and comments of several dialects."""

import re
from collections.abc import Mapping
from typing import Any

from weft.base.problem import Place, Problem
from weft.spec.formats.draft import custom, document, enum_of, no_rows_rule, put, table, typed
from weft.spec.formats.notes import not_imported
from weft.spec.formats.source import Source
from weft.spec.formats.sql_conditions import fits_column, promises_of
from weft.spec.formats.sql_dialects import DIALECTS
from weft.spec.formats.sql_source_types import (
    UNSIZED_DECIMALS,
    dialect_of,
    duckdb_text,
    is_the_logical_type,
    parser_of,
    quiet,
)
from weft.spec.sql_type import SqlType, parse_type

_CREATE = re.compile(r"\bCREATE\b[\w\s]*\b(TABLE|VIEW)\b", re.IGNORECASE)
_LENGTH_TYPES = ("VARCHAR", "CHAR", "NVARCHAR", "NCHAR", "BPCHAR", "TEXT", "VARCHAR2", "NVARCHAR2")


def is_sql(source: Source) -> bool:
    """Whether a file looks like DDL."""
    try:
        return bool(_CREATE.search(source.text))
    except Problem:
        return False


def read_sql(source: Source) -> Mapping[str, Any]:
    """Read every table of a script.

    Raises:
        Problem: FORMAT002 it does not parse.
    """
    reader = _Reader(source, source.dialect or dialect_of(source.text))
    for statement, line in reader.statements():
        reader.take(statement, line)
    reader.finish()
    return document(source.stem, list(reader.tables.values()))


class _Reader:
    def __init__(self, source: Source, dialect: str) -> None:
        self.source = source
        self.dialect = dialect
        self.tables: dict[str, dict[str, Any]] = {}
        self.references: list[tuple[dict[str, Any], list[str], Any, Place]] = []
        self.line = 1

    def statements(self) -> list[tuple[Any, int]]:
        """Every statement with the line it begins in."""
        import sqlglot
        from sqlglot.errors import SqlglotError

        text = self.source.text
        if self.dialect == "tsql":  # sqlglot takes GO for a name
            text = re.sub(r"(?im)^\s*GO\s*$", ";", text)
        found = []
        try:
            tokens = sqlglot.tokenize(text, read=self.dialect)
            with quiet():
                parsed = parser_of(self.dialect).parse(tokens, text)
        except SqlglotError as error:
            raise self._syntax(error) from None
        firsts, begins = [], True
        for token in tokens:
            if begins and token.token_type.name != "SEMICOLON":
                firsts.append(token.line)
            begins = token.token_type.name == "SEMICOLON"
        whole = [statement for statement in parsed if statement is not None]
        for index, statement in enumerate(whole):
            found.append((statement, firsts[index] if index < len(firsts) else 1))
        return found

    def _syntax(self, error: Any) -> Problem:
        first = (getattr(error, "errors", None) or [{}])[0]
        return Problem(
            "FORMAT002",
            f"The file is no SQL of the dialect {self.dialect}.",
            Place(self.source.path, first.get("line"), first.get("col")),
            found=first.get("description"),
            fix=f"Name the dialect: --dialect {' | '.join(DIALECTS)}",
        )

    def take(self, statement: Any, line: int) -> None:
        """One statement."""
        from sqlglot import exp

        self.line = line
        if isinstance(statement, exp.Create) and statement.kind in ("TABLE", "VIEW"):
            self._create(statement)
        elif isinstance(statement, exp.Comment):
            self._comment(statement)
        elif isinstance(statement, exp.Alter) and str(statement.args.get("kind")).upper() == "TABLE":
            self._alter(statement)
        elif isinstance(statement, exp.Create) and statement.kind == "INDEX" and statement.args.get("unique"):
            self._unique_index(statement)
        elif isinstance(statement, exp.Command) and _CREATE.search(f"{statement.this} {statement.expression}"):
            raise Problem(
                "FORMAT002",
                f"A CREATE TABLE is no SQL of the dialect {self.dialect}.",
                Place(self.source.path, line),
                fix=f"Name the dialect: --dialect {' | '.join(DIALECTS)}",
            )
        else:
            what = statement.key.upper() if statement.key != "command" else str(statement.this).upper()
            self._lost(f"A statement {what} says nothing that a contract could hold.")

    def _lost(self, what: str) -> None:
        self.source.notes.append(not_imported(what, Place(self.source.path, self.line)))

    def _create(self, statement: Any) -> None:
        from sqlglot import exp

        schema = statement.this
        name = statement.find(exp.Table)
        if not isinstance(schema, exp.Schema):
            self._lost(f'"{name.name if name else statement.kind}" is made by a query: its columns have no types here.')
            return
        columns = [self._column(part) for part in schema.expressions if isinstance(part, exp.ColumnDef)]
        made = table(name.name, columns)
        if statement.kind == "VIEW":
            made["physicalType"] = "view"
        qualified = ".".join(part for part in (name.catalog, name.db, name.name) if part)
        if qualified != name.name:
            made["physicalName"] = name.name
            custom(made, "qualifiedName", qualified)
        if name.name in self.tables:
            self._lost(f'The table "{name.name}" is created twice: the first one counts.')
            return
        self.tables[name.name] = made
        for part, written in zip((p for p in schema.expressions if isinstance(p, exp.ColumnDef)), columns, strict=True):
            self._column_constraints(made, part, written)
        for part in schema.expressions:
            if not isinstance(part, exp.ColumnDef):
                self._table_constraint(made, part)
        for one in (statement.args.get("properties") or exp.Properties()).expressions:
            self._property(made, one)

    def _property(self, made: dict[str, Any], one: Any) -> None:
        from sqlglot import exp

        if isinstance(one, exp.SchemaCommentProperty):
            put(made, description=one.this.name)
        elif isinstance(one, exp.PartitionedByProperty):
            self._partition(made, one)
        elif one.this and str(getattr(one.this, "name", one.this)).lower() == "description":
            put(made, description=one.args["value"].name)  # BigQuery's OPTIONS
        elif not isinstance(one, exp.TemporaryProperty | exp.EngineProperty | exp.FileFormatProperty):
            self._lost(f'A setting of the table "{made["name"]}" is about its storage: {one.sql(self.dialect)[:60]}')

    def _partition(self, made: dict[str, Any], one: Any) -> None:
        from sqlglot import exp

        for position, name in enumerate((part.name for part in one.find_all(exp.Identifier)), start=1):
            column = _column_named(made, name)
            if column is not None:
                put(column, partitioned=True, partitionKeyPosition=position)

    def _column(self, part: Any) -> dict[str, Any]:
        column: dict[str, Any] = {"name": part.name}
        if part.kind is None:
            self._lost(f'The column "{part.name}" has no type.')
            return column | {"logicalType": "string"}
        kind = parse_type(duckdb_text(part.kind, self.dialect))
        written = self._written(part.kind, kind)
        if kind is None:
            self._lost(f'The type of the column "{part.name}" is not known; it is kept in words: {written}')
            return column | {"logicalType": "string", "physicalType": written}
        column |= typed(kind)
        if part.kind.this.name == "DECIMAL" and not part.kind.expressions and self.dialect not in UNSIZED_DECIMALS:
            self._lost(f'"{part.name}" is a decimal of any size, which no stored table has: it becomes DOUBLE.')
        if not kind.fields:
            own = parse_type(written)
            if own in (kind, None) and (own or is_the_logical_type(kind)):
                column["physicalType"] = written
            else:
                custom(column, "sourceType", written)
        self._length(part.kind, column)
        return column

    def _written(self, kind: Any, known: SqlType | None) -> str:
        """The type as the source has it."""
        text: str = kind.sql(self.dialect)
        if self.dialect == "duckdb" and known is not None:
            size = kind.expressions[0].name if known.name == "VARCHAR" and kind.expressions else ""
            return f"{known}({size})" if size.isdigit() else str(known)
        return text

    def _length(self, kind: Any, column: dict[str, Any]) -> None:
        sizes = [size.name for size in kind.expressions]
        if column["logicalType"] == "string" and kind.this.name in _LENGTH_TYPES and sizes and sizes[0].isdigit():
            put(column, logicalTypeOptions={"maxLength": int(sizes[0])})
        if kind.this.name in ("ENUM", "ENUM8", "ENUM16"):
            put(column, enum=enum_of([value.name for value in kind.expressions]))

    def _column_constraints(self, made: dict[str, Any], part: Any, column: dict[str, Any]) -> None:
        from sqlglot import exp

        name = part.name
        for constraint in part.constraints:
            kind = constraint.kind
            if isinstance(kind, exp.NotNullColumnConstraint):
                if not kind.args.get("allow_null"):
                    column["required"] = True
            elif isinstance(kind, exp.PrimaryKeyColumnConstraint):
                self._primary_key(made, [name])
            elif isinstance(kind, exp.UniqueColumnConstraint):
                column["unique"] = True
            elif isinstance(kind, exp.DefaultColumnConstraint):
                custom(column, "default", _default(kind.this, self.dialect))
            elif isinstance(kind, exp.CommentColumnConstraint):
                put(column, description=kind.this.name)
            elif isinstance(kind, exp.CheckColumnConstraint):
                self._check(made, kind.this, constraint.name or f"{name}_check")
            elif isinstance(kind, exp.Reference):
                self._reference(made, [name], kind)
            elif isinstance(kind, exp.GeneratedAsIdentityColumnConstraint | exp.AutoIncrementColumnConstraint):
                custom(column, "identity", True)
            elif isinstance(kind, exp.ComputedColumnConstraint):
                put(column, transformLogic=kind.this.sql("duckdb"))
            elif isinstance(kind, exp.Properties):  # BigQuery's OPTIONS
                for one in kind.expressions:
                    put(column, description=one.args["value"].name if one.name == "description" else None)
            else:
                self._lost(f'A constraint of the column "{made["name"]}.{name}" has no words in a contract: {kind.key}')

    def _table_constraint(self, made: dict[str, Any], part: Any, name: str = "") -> None:
        from sqlglot import exp

        if isinstance(part, exp.Constraint):
            for inner in part.expressions:
                self._table_constraint(made, inner, part.name)
        elif isinstance(part, exp.PrimaryKey):
            self._primary_key(made, _names(part.expressions))
        elif isinstance(part, exp.UniqueColumnConstraint):
            listed = part.this.expressions if isinstance(part.this, exp.Schema) else [part.this]
            self._unique(made, _names(listed))
        elif isinstance(part, exp.ForeignKey):
            self._reference(made, _names(part.expressions), part.args.get("reference"))
        elif isinstance(part, exp.CheckColumnConstraint):
            self._check(made, part.this, name or f"{made['name']}_check")
        else:
            self._lost(f'A constraint of the table "{made["name"]}" has no words in a contract: {part.key}')

    def _primary_key(self, made: dict[str, Any], names: list[str]) -> None:
        for position, name in enumerate(names, start=1):
            column = _column_named(made, name)
            if column is not None:
                column |= {"primaryKey": True, "primaryKeyPosition": position, "required": True}

    def _unique(self, made: dict[str, Any], names: list[str]) -> None:
        columns = [column for name in names if (column := _column_named(made, name))]
        if len(columns) == 1:
            columns[0]["unique"] = True
        elif len(columns) == len(names):
            rule = {
                "name": f"unique_{'_'.join(names)}",
                "type": "library",
                "metric": "duplicateValues",
                "arguments": {"properties": [column["name"] for column in columns]},
                "mustBe": 0,
            }
            put(made, quality=[rule])

    def _check(self, made: dict[str, Any], condition: Any, name: str) -> None:
        promise = promises_of(condition)
        column = _column_named(made, promise[0]) if promise else None
        if promise is None or column is None or not fits_column(column, promise[1]):
            put(made, quality=[no_rows_rule(name, condition.sql("duckdb"))])
            return
        keys = dict(promise[1])
        if "enum" in keys:
            keys["enum"] = enum_of(keys["enum"])
        put(column, **keys)

    def _reference(self, made: dict[str, Any], names: list[str], reference: Any) -> None:
        if reference is not None:
            self.references.append((made, names, reference, Place(self.source.path, self.line)))
            for option in reference.args.get("options") or ():
                self._lost(f'What a reference of "{made["name"]}" does on changes is no promise: {option}')

    def _comment(self, statement: Any) -> None:
        from sqlglot import exp

        subject, text = statement.this, statement.expression.name
        if statement.args.get("kind") == "TABLE" and isinstance(subject, exp.Table):
            found = _named(self.tables, subject.name)
        elif statement.args.get("kind") == "COLUMN" and isinstance(subject, exp.Column):
            owner = _named(self.tables, subject.table)
            found = _column_named(owner, subject.name) if owner else None
        else:
            found = None
        if found is None:
            self._lost("A comment is about nothing that this file creates.")
        else:
            put(found, description=text)

    def _alter(self, statement: Any) -> None:
        from sqlglot import exp

        made = _named(self.tables, statement.this.name)
        for action in statement.args.get("actions") or ():
            if made is None:
                self._lost(f'The table "{statement.this.name}" is changed and not created here.')
            elif isinstance(action, exp.AddConstraint):
                for part in action.expressions:
                    self._table_constraint(made, part)
            elif isinstance(action, exp.ColumnDef):
                column = self._column(action)
                put(made, properties=[column])
                self._column_constraints(made, action, column)
            else:
                self._lost(f'A change of the table "{made["name"]}" has no words in a contract: {action.key}')

    def _unique_index(self, statement: Any) -> None:
        from sqlglot import exp

        owner = statement.find(exp.Table)
        made = _named(self.tables, owner.name) if owner else None
        columns = [column.name for column in statement.find_all(exp.Column)]
        if made is not None and columns and not statement.find(exp.Where):
            self._unique(made, columns)
        else:
            self._lost("A unique index is over no whole table that this file creates.")

    def finish(self) -> None:
        """Write the references, now that every table and its key are known."""
        from sqlglot import exp

        for made, names, reference, place in self.references:
            target = reference.find(exp.Table)
            columns = _names(reference.this.expressions) if isinstance(reference.this, exp.Schema) else []
            there = _named(self.tables, target.name)
            if not columns and there is not None:
                keyed = [column for column in there["properties"] if column.get("primaryKey")]
                columns = [column["name"] for column in sorted(keyed, key=lambda c: int(c["primaryKeyPosition"]))]
            own = [column["name"] for name in names if (column := _column_named(made, name))]
            if len(columns) != len(own) or not own:
                note = f'A reference of "{made["name"]}" to "{target.name}" names no columns that are known.'
                self.source.notes.append(not_imported(note, place))
                continue
            name = there["name"] if there else target.name
            if len(own) == 1:
                column = _column_named(made, own[0])
                assert column is not None
                put(column, relationships=[{"to": f"{name}.{columns[0]}"}])
            else:
                source = [f"{made['name']}.{column}" for column in own]
                put(made, relationships=[{"from": source, "to": [f"{name}.{column}" for column in columns]}])


def _default(value: Any, dialect: str) -> Any:
    from sqlglot import exp

    if isinstance(value, exp.Literal) and value.is_string:
        return value.this
    if isinstance(value, exp.Boolean):
        return bool(value.this)
    text = value.sql(dialect)
    try:
        return int(text)
    except ValueError:
        return text


def _names(expressions: Any) -> list[str]:
    from sqlglot import exp

    return [part.this.name if isinstance(part, exp.Ordered) else part.name for part in expressions]


def _named(tables: Mapping[str, dict[str, Any]], name: str) -> dict[str, Any] | None:
    return tables.get(name) or next((made for key, made in tables.items() if key.lower() == name.lower()), None)


def _column_named(made: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    columns: list[dict[str, Any]] = made.get("properties", [])
    return next((c for c in columns if c["name"] == name), None) or next(
        (c for c in columns if c["name"].lower() == name.lower()), None
    )
