"""Export DDL: one CREATE TABLE a table, in the order of their references."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from weft.spec.contract import Relationship
from weft.spec.formats.notes import not_exported
from weft.spec.formats.outgoing import Field, Outgoing, OutgoingTable
from weft.spec.formats.sql_conditions import conditions_of, literal, quoted
from weft.spec.sql_type import SqlType

_NO_ROWS = re.compile(r"SELECT count\(\*\) FROM \$\{table\} WHERE NOT \((.+)\)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class _Dialect:
    """What a database takes in CREATE TABLE."""

    checks: bool = True
    patterns: bool = False  # regular expressions in checks
    not_enforced: bool = False  # keys are declared and not held
    keys: bool = True
    references: bool = True
    comments: str = "on"  # on: COMMENT ON; in: COMMENT 'text'; options: OPTIONS (...); none
    lengths: bool = True  # VARCHAR(20) is held
    text_in_keys: str | None = None  # the type of a text of no length in a key
    replaced: tuple[tuple[str, str, bool], ...] = ()  # types it lacks: ours, theirs, whether something is lost


_DIALECTS = {
    "duckdb": _Dialect(patterns=True, lengths=False),
    "postgres": _Dialect(
        patterns=True,
        replaced=(("STRUCT", "JSONB", True), ("MAP", "JSONB", True), ("UBIGINT", "NUMERIC(20,0)", False)),
    ),
    "mysql": _Dialect(
        patterns=True,
        comments="in",
        text_in_keys="VARCHAR(255)",
        replaced=(
            *((name, "JSON", True) for name in ("STRUCT", "MAP", "LIST", "ARRAY")),
            ("UUID", "CHAR(36)", False),
            ("BLOB", "LONGBLOB", False),
            ("TIMESTAMP", "DATETIME(6)", False),
            ("TIMESTAMP WITH TIME ZONE", "TIMESTAMP(6)", False),
        ),
    ),
    "snowflake": _Dialect(
        checks=False, comments="in", replaced=(("UUID", "VARCHAR", False), ("HUGEINT", "NUMBER(38,0)", False))
    ),
    "bigquery": _Dialect(
        checks=False,
        not_enforced=True,
        comments="options",
        replaced=(("UUID", "STRING", False), ("HUGEINT", "BIGNUMERIC(38,0)", False), ("MAP", "JSON", True)),
    ),
    "tsql": _Dialect(
        comments="none",
        text_in_keys="NVARCHAR(450)",
        replaced=tuple((name, "NVARCHAR(MAX)", True) for name in ("STRUCT", "MAP", "LIST", "ARRAY")),
    ),
    "oracle": _Dialect(
        patterns=True,
        text_in_keys="VARCHAR2(1000)",
        replaced=(
            *((name, "CLOB", True) for name in ("STRUCT", "MAP", "LIST", "ARRAY")),
            ("UUID", "VARCHAR2(36)", False),
            ("BIGINT", "NUMBER(19)", False),
            ("TIME", "INTERVAL DAY TO SECOND", True),
        ),
    ),
    "spark": _Dialect(
        checks=False,
        keys=False,
        references=False,
        comments="in",
        replaced=(("UUID", "STRING", False), ("TIME", "STRING", True), ("HUGEINT", "DECIMAL(38,0)", False)),
    ),
}


def write_sql(contract: Outgoing) -> bytes:
    """Write the tables in the dialect that was asked for, else DuckDB's."""
    writer = _Writer(contract, contract.dialect or "duckdb")
    return "\n".join(writer.statements()).encode()


class _Writer:
    def __init__(self, contract: Outgoing, dialect: str) -> None:
        self.contract = contract
        self.name = dialect
        self.dialect = _DIALECTS[dialect]
        self.known = {table.table.name: table for table in contract.tables}

    def statements(self) -> Iterator[str]:
        """The script, statement after statement."""
        done: set[str] = set()
        for table in _in_order(self.contract.tables):
            yield self._create(table, done) + "\n"
            if self.dialect.comments == "on":
                yield from self._comments(table)
            done.add(table.table.name)

    def _lose(self, what: str, field: Field) -> None:
        place = self.contract.file.place(*field.keys)
        self.contract.notes.append(not_exported(f"{self.name} {what}: {field.path}.", place))

    def _create(self, table: OutgoingTable, done: set[str]) -> str:
        lines = [self._column(field, table) for field in table.fields]
        key = [field for field in table.fields if field.column.primary_key_position is not None]
        key.sort(key=lambda field: field.column.primary_key_position or 0)
        suffix = " NOT ENFORCED" if self.dialect.not_enforced else ""
        if key and self.dialect.keys:
            lines.append(f"PRIMARY KEY ({', '.join(self._quoted(field.name) for field in key)}){suffix}")
        elif key:
            self._lose("declares no keys", key[0])
        lines += self._references(table, done, suffix)
        lines += self._rules(table)
        end = ""
        if table.table.description and self.dialect.comments == "in":
            sign = "=" if self.name in ("mysql", "snowflake") else " "
            end = f"\nCOMMENT{sign}{self._text(table.table.description)}"
        if table.table.description and self.dialect.comments == "options":
            end = f"\nOPTIONS (description={self._text(table.table.description)})"
        body = ",\n".join(f"  {line}" for line in lines)
        return f"CREATE TABLE {self._quoted(table.name)} (\n{body}\n){end};"

    def _column(self, field: Field, table: OutgoingTable) -> str:
        parts = [self._quoted(field.name), self._type(field)]
        is_key = field.column.primary_key_position is not None
        if field.column.required or (is_key and self.dialect.keys):
            parts.append("NOT NULL")
        default = field.column.custom.get("default")
        if default is not None:
            if isinstance(default, bool | int | float):
                parts.append(f"DEFAULT {literal(default)}")
            elif field.kind.name == "VARCHAR" and isinstance(default, str):
                parts.append(f"DEFAULT {self._text(default)}")
            else:
                self._lose("does not get the default, which is an expression of another dialect", field)
        is_whole_key = is_key and len(table.table.primary_key) == 1
        if field.column.unique and not is_whole_key:
            if self.dialect.keys and not self.dialect.not_enforced:
                parts.append("UNIQUE")
            else:
                self._lose("holds no column unique", field)
        parts += self._checks(field)
        if field.column.description and self.dialect.comments == "in":
            parts.append(f"COMMENT {self._text(field.column.description)}")
        if field.column.description and self.dialect.comments == "options":
            parts.append(f"OPTIONS (description={self._text(field.column.description)})")
        if field.column.description and self.dialect.comments == "none":
            self._lose("has no comments on columns", field)
        for child in field.children:
            self._inside(child)
        return " ".join(parts)

    def _inside(self, field: Field) -> None:
        said = [key for key in ("required", "unique", "description", "enum") if field.written.get(key)]
        if said or set(field.options) - {"timezone"}:
            self._lose("says nothing but the type of a nested column", field)
        for child in field.children:
            self._inside(child)

    def _checks(self, field: Field) -> list[str]:
        wanted = conditions_of(field, patterns=self.dialect.patterns)
        if self.dialect.lengths and _length(field):
            wanted = [one for one in wanted if not one.startswith(f"length({quoted(field.name)}) <=")]
        if "pattern" in field.options and not self.dialect.patterns:
            self._lose("checks no patterns", field)
        if field.options.get("format") and field.kind.name == "VARCHAR":
            self._lose("knows no formats of texts", field)
        if wanted and not self.dialect.checks:
            self._lose("has no CHECK for ranges and allowed values", field)
            return []
        return [f"CHECK ({self._translated(one)})" for one in wanted]

    def _type(self, field: Field) -> str:
        from sqlglot import exp

        length = _length(field)
        if field.kind.name == "VARCHAR" and self.dialect.lengths:
            is_key = field.column.primary_key_position is not None or field.column.unique
            if length:
                return str(exp.DataType.build(f"VARCHAR({length})").sql(self.name))
            if is_key and self.dialect.text_in_keys:
                return self.dialect.text_in_keys
        for ours, theirs, is_loss in self.dialect.replaced:
            if _holds(field.kind, ours):
                if is_loss:
                    self._lose(f"has no type {ours} and gets {theirs}", field)
                return theirs
        return self._translated_type(str(field.kind))

    def _translated_type(self, text: str) -> str:
        from sqlglot import exp

        if self.name == "duckdb":
            return text
        return str(exp.DataType.build(text, dialect="duckdb").sql(self.name))

    def _translated(self, condition: str) -> str:
        import sqlglot

        if self.name == "duckdb":
            return condition
        return str(sqlglot.parse_one(condition, read="duckdb").sql(self.name))

    def _rules(self, table: OutgoingTable) -> Iterator[str]:
        """Rules of the table that are constraints: columns unique together, and conditions that no row may break."""
        for rule in table.table.quality:
            columns = rule.arguments.get("properties")
            is_none = [(t.operator.value, t.bounds) for t in rule.thresholds] == [("mustBe", (0,))]
            condition = _NO_ROWS.fullmatch(rule.query or "")
            if rule.metric == "duplicateValues" and is_none and isinstance(columns, list) and self.dialect.keys:
                names = ", ".join(self._quoted(_stored(table, str(name))) for name in columns)
                if not self.dialect.not_enforced:
                    yield f"UNIQUE ({names})"
                    continue
            if condition and is_none and self.dialect.checks:
                yield f"CONSTRAINT {self._quoted(rule.name)} CHECK ({self._translated(condition[1])})"
                continue
            what = f'A rule of {table.table.name} is no constraint of {self.name}: "{rule.name}".'
            self.contract.notes.append(not_exported(what, rule.place))

    def _references(self, table: OutgoingTable, done: set[str], suffix: str) -> Iterator[str]:
        own = [*table.table.relationships, *(r for field in table.fields for r in field.column.relationships)]
        for relation in own:
            reason = self._hindrance(relation, done | {table.table.name})
            if reason:
                what = f"A reference of {table.table.name} to {relation.to_table} is not written: {reason}."
                self.contract.notes.append(not_exported(what, relation.place))
                continue
            target = self.known[relation.to_table]
            here = ", ".join(self._quoted(_stored(table, name)) for name in relation.from_columns)
            there = ", ".join(self._quoted(_stored(target, name)) for name in relation.to_columns)
            yield f"FOREIGN KEY ({here}) REFERENCES {self._quoted(target.name)} ({there}){suffix}"

    def _hindrance(self, relation: Relationship, done: set[str]) -> str | None:
        if not self.dialect.references:
            return f"{self.name} has none"
        target = self.known.get(relation.to_table)
        if target is None:
            return "the table is not part of what is exported"
        if relation.to_table not in done:
            return "the tables refer to each other in a circle"
        columns = [target.table.column(name) for name in relation.to_columns]
        names = {column.stored_name for column in columns if column is not None}
        is_unique = len(columns) == 1 and columns[0] is not None and columns[0].unique
        if not is_unique and names != set(target.table.primary_key):
            return "its columns are neither key nor unique there"
        return None

    def _comments(self, table: OutgoingTable) -> Iterator[str]:
        if table.table.description:
            yield f"COMMENT ON TABLE {self._quoted(table.name)} IS {self._text(table.table.description)};\n"
        for field in table.fields:
            if field.column.description:
                subject = f"{self._quoted(table.name)}.{self._quoted(field.name)}"
                yield f"COMMENT ON COLUMN {subject} IS {self._text(field.column.description)};\n"

    def _quoted(self, name: str) -> str:
        from sqlglot import exp

        return quoted(name) if self.name == "duckdb" else exp.to_identifier(name, quoted=True).sql(self.name)

    def _text(self, value: str) -> str:
        from sqlglot import exp

        return literal(value) if self.name == "duckdb" else exp.Literal.string(value).sql(self.name)


def _length(field: Field) -> int | None:
    length = field.options.get("maxLength")
    return length if field.kind.name == "VARCHAR" and isinstance(length, int) and length > 0 else None


def _holds(kind: SqlType, name: str) -> bool:
    return kind.name == name


def _stored(table: OutgoingTable, name: str) -> str:
    column = table.table.column(name)
    return column.stored_name if column else name


def _in_order(tables: tuple[OutgoingTable, ...]) -> list[OutgoingTable]:
    """Tables after those that they refer to, else in the order of the contract."""
    ordered: list[OutgoingTable] = []
    names = {table.table.name: table for table in tables}

    def place(table: OutgoingTable, above: tuple[str, ...]) -> None:
        if table in ordered or table.table.name in above:
            return
        for relation in (*table.table.relationships, *(r for f in table.fields for r in f.column.relationships)):
            if relation.to_table in names:
                place(names[relation.to_table], (*above, table.table.name))
        ordered.append(table)

    for table in tables:
        place(table, ())
    return ordered
