"""Which columns `*`, `t.*` and `COLUMNS(...)` stand for, in DuckDB's forms.

EXCLUDE, REPLACE and RENAME, name patterns and lists are followed exactly. A lambda over names is computed only where
it is a LIKE; any other is taken to choose every column, with a note.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlglot import exp

from weft.graph.origins import computed
from weft.graph.sql.relation import BoundColumn, Expression, QueryReader, Scope, Source
from weft.graph.sql.struct_fields import struct_fields

_Choice = Callable[[str], bool]
_SELECTORS = (exp.Like, exp.ILike, exp.Glob, exp.SimilarTo)


def is_star(expression: Expression) -> bool:
    """Whether an entry of a SELECT list is a star of any form by itself."""
    if isinstance(expression, (exp.Star, exp.Columns)):
        return True
    if isinstance(expression, exp.Column):
        return isinstance(expression.this, exp.Star)
    if isinstance(expression, _SELECTORS):
        return isinstance(expression.this, exp.Star) or _is_table_star(expression.this)
    return False


def columns_of_star(star: Expression, scope: Scope, reader: QueryReader) -> list[BoundColumn]:
    """The columns that a star of any form stands for, in order, under their new names."""
    if isinstance(star, exp.Columns):
        return _chosen_by_columns(star, scope, reader)
    if isinstance(star, _SELECTORS):
        chosen = _by_pattern(star, reader)
        return [column for column in columns_of_star(star.this, scope, reader) if chosen(column.name)]
    if isinstance(star, exp.Column):
        return columns_of_table_star(star, scope, reader)
    _note_if_open(scope.sources, star, reader)
    return _edited(_visible_columns(scope), star, scope, reader)


def columns_of_table_star(star: Expression, scope: Scope, reader: QueryReader) -> list[BoundColumn]:
    """The columns of `t.*`, where t is a table or a struct column."""
    for around in scope.chain():
        source = around.source(star.table)
        if source is not None:
            _note_if_open([source], star, reader)
            return _edited(list(source.relation.columns), star.this, scope, reader)
    for around in scope.chain():
        for source in around.sources:
            for column in source.relation.columns:
                if column.name.casefold() == star.table.casefold():
                    fields = struct_fields(column)
                    if fields:
                        return _edited(list(fields), star.this, scope, reader)
                    reader.note("LINEAGE003", f'The fields of "{star.table}.*" are not known.', star)
                    return [BoundColumn(star.table, computed(column.origins))]
    reader.note("LINEAGE001", f'"{star.table}" is none of the tables that are read there.', star)
    return []


def _visible_columns(scope: Scope) -> list[BoundColumn]:
    found = []
    for source in scope.sources:
        if not source.visible:
            continue
        for column in source.relation.columns:
            folded = column.name.casefold()
            if folded in source.merged:
                continue
            found.append(replace(column, origins=scope.using[folded]) if folded in scope.using else column)
    return found


def _edited(columns: list[BoundColumn], star: Expression, scope: Scope, reader: QueryReader) -> list[BoundColumn]:
    """EXCLUDE, REPLACE and RENAME of a star."""
    if not isinstance(star, exp.Star) or not star.args:
        return columns
    excluded = {_last_name(entry) for entry in star.args.get("except_") or []}
    renamed = {_last_name(entry.this): entry.alias for entry in star.args.get("rename") or []}
    replaced = {entry.alias.casefold(): reader.value(entry.this, scope) for entry in star.args.get("replace") or []}
    edited = []
    for column in columns:
        folded = column.name.casefold()
        if folded in excluded:
            continue
        if folded in replaced:
            column = BoundColumn(column.name, replaced[folded])
        edited.append(replace(column, name=renamed.get(folded, column.name)))
    return edited


def _chosen_by_columns(node: Expression, scope: Scope, reader: QueryReader) -> list[BoundColumn]:
    chooser = node.this
    if isinstance(chooser, exp.Star) or _is_table_star(chooser):
        return columns_of_star(chooser, scope, reader)
    every = columns_of_star(exp.Star(), scope, reader)
    if isinstance(chooser, exp.Literal) and chooser.is_string:
        chosen = _by_regex(chooser.name, node, reader)
        return [column for column in every if chosen(column.name)]
    if isinstance(chooser, (exp.Array, exp.Tuple)):
        wanted = {entry.name.casefold() for entry in chooser.expressions}
        return [column for column in every if column.name.casefold() in wanted]
    if isinstance(chooser, exp.Lambda) and isinstance(chooser.this, _SELECTORS):
        chosen = _by_pattern(chooser.this, reader)
        return [column for column in every if chosen(column.name)]
    reader.note("LINEAGE004", "COLUMNS chooses by an expression; every column is taken to be chosen.", node)
    return every


def _by_pattern(node: Expression, reader: QueryReader) -> _Choice:
    pattern = node.expression
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        reader.note("LINEAGE004", "Columns are chosen by a computed pattern; every column is taken to be chosen.", node)
        return lambda _: True
    if isinstance(node, exp.SimilarTo):
        chosen = _by_regex(pattern.name, node, reader)
    else:
        flags = re.IGNORECASE if isinstance(node, exp.ILike) else 0
        wild = {"*": ".*", "?": "."} if isinstance(node, exp.Glob) else {"%": ".*", "_": "."}
        expression = "".join(wild.get(letter, re.escape(letter)) for letter in pattern.name)
        chosen = _matches(re.compile(expression, flags | re.DOTALL).fullmatch)
    return (lambda name: not chosen(name)) if node.args.get("negate") else chosen


def _by_regex(pattern: str, node: Expression, reader: QueryReader) -> _Choice:
    try:
        return _matches(re.compile(pattern).search if isinstance(node, exp.Columns) else re.compile(pattern).fullmatch)
    except re.error:  # DuckDB's RE2 knows a few forms that Python does not
        reader.note("LINEAGE004", "A name pattern could not be followed; every column is taken to be chosen.", node)
        return lambda _: True


def _matches(match: Callable[[str], "re.Match[str] | None"]) -> _Choice:
    return lambda name: match(name) is not None


def _note_if_open(sources: Sequence[Source], star: Expression, reader: QueryReader) -> None:
    for source in sources:
        if source.visible and source.relation.other_columns is not None:
            reader.note("LINEAGE002", f'The columns of "{source.alias}" are not all known, so "*" misses some.', star)


def _is_table_star(node: Expression) -> bool:
    return isinstance(node, exp.Column) and isinstance(node.this, exp.Star)


def _last_name(node: Expression) -> str:
    return str(node.name).casefold()
