"""Read a file of corrected values: CSV, TSV, Parquet, JSON lines or a workbook, every value as text."""

from pathlib import Path

from weft.base.problem import Place, Problem
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text

_TEXT = {".csv": ",", ".tsv": "\t", ".txt": ","}
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_ENDINGS = (*_TEXT, ".parquet", ".ndjson", ".jsonl", ".json", *_WORKBOOKS)
_READ = "weft correction file"


def add_correction_file(engine: Engine, path: Path, relation: str) -> None:
    """Make a file readable as a relation of texts; an empty cell is no value.

    Args:
        engine: a session that may read the file.
        path: the file; its ending says how it is written. Of a workbook the first sheet is read.
        relation: the name that it gets.

    Raises:
        Problem: QUARANTINE003 it is not there, QUARANTINE005 its ending is not known, ENGINE0xx it cannot be read.
    """
    if not path.is_file():
        raise Problem("QUARANTINE003", "The correction file is not there.", Place(str(path)))
    ending = path.suffix.casefold()
    if ending in _TEXT:
        options = f"header = true, all_varchar = true, delim = {text(_TEXT[ending])}"
        engine.add_table(relation, f"SELECT * FROM read_csv({text(str(path))}, {options})")
        return
    if ending in _WORKBOOKS:
        _add_workbook(engine, path)
    elif ending == ".parquet":
        engine.add_view(_READ, f"SELECT * FROM read_parquet({text(str(path))})")
    elif ending in _ENDINGS:
        engine.add_view(_READ, f"SELECT * FROM read_json({text(str(path))}, sample_size = -1)")
    else:
        raise Problem(
            "QUARANTINE005",
            "The ending of the correction file is not one that weft reads.",
            Place(str(path)),
            found=ending or "none",
            expected=", ".join(_ENDINGS),
        )
    names = engine.describe(f"FROM {identifier(_READ)}")
    columns = ", ".join(f"CAST({identifier(name)} AS VARCHAR) AS {identifier(name)}" for name in names)
    engine.add_table(relation, f"SELECT {columns} FROM {identifier(_READ)}")
    engine.drop(_READ)


def _add_workbook(engine: Engine, path: Path) -> None:
    import pyarrow as pa
    from python_calamine import CalamineError, CalamineWorkbook

    from weft.ingest.excel_cells import cell_text

    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError):
        raise Problem("QUARANTINE005", "The correction file is not a workbook.", Place(str(path))) from None
    header = [str(cell).strip() for cell in rows[0]] if rows else []
    filled = [row for row in rows[1:] if any(cell != "" for cell in row)]
    columns = {name: [cell_text(row[i]) or None for row in filled] for i, name in enumerate(header) if name}
    engine.add_arrow(_READ, pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}))
