"""Steps on real data, held against plain Python over the same files."""

import csv
import statistics
import time
import unicodedata
from collections import Counter

import pytest


@pytest.fixture
def febrl(shared_data):
    path = shared_data / "mdm/febrl/dataset2.csv"
    if not path.is_file():
        pytest.skip("WEFT_TEST_DATA holds no mdm/febrl: this test needs the real data set")
    with path.open(encoding="utf-8", newline="") as lines:
        return path, list(csv.reader(lines))


def test_people_who_come_twice_become_one_and_no_row_is_lost_on_the_way(run, febrl):
    path, (head, *lines) = febrl
    names = [name.strip() for name in head]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    table = f"SELECT * FROM read_csv('{path}', header = true, columns = {{{columns}}}, quote = '', strict_mode = false)"
    rows, (trim, parse, merge, fill) = run(
        table,
        """
        - trim: {columns: [given_name, surname, suburb, state, date_of_birth, soc_sec_id], empty_as_null: true}
        - parse: {columns: [date_of_birth], type: date, formats: ["%Y%m%d"], on_error: empty}
        - deduplicate: {key: [soc_sec_id], survivor: most_complete, values: {surname: most_frequent}, count: merged}
        - impute: {columns: [state], method: mode}
        """,
    )
    cleaned = [{name: value.strip() or None for name, value in zip(names, line, strict=True)} for line in lines]
    assert trim.cells["surname"]["emptied"] == sum(row["surname"] is None for row in cleaned)
    assert parse.cells["date_of_birth"]["not readable"] == sum(
        row["date_of_birth"] is not None and not is_day(row["date_of_birth"]) for row in cleaned
    )
    keys = Counter(row["soc_sec_id"] for row in cleaned)
    lacking = keys.pop(None, 0)
    assert (merge.rows_in, merge.rows_out) == (len(lines), len(keys) + lacking)
    counts = Counter({row[names.index("soc_sec_id")]: row[len(names)] for row in rows if row[len(names)] > 1})
    assert counts == Counter({key: count for key, count in keys.items() if count > 1})
    assert merge.rows_merged == sum(count - 1 for count in keys.values()) > 500
    assert fill.totals["imputed"] == sum(row[-1] for row in rows) > 0
    assert all(row[names.index("state")] is not None for row in rows)


def is_day(text):
    try:
        time.strptime(text, "%Y%m%d")
    except ValueError:
        return False
    return True


def test_names_of_many_alphabets_come_to_the_same_form_as_in_python(run, shared_data):
    path = next(iter(sorted((shared_data / "order_to_cash/northwind").glob("**/customers.csv"))), None)
    if path is None:
        pytest.skip("WEFT_TEST_DATA holds no order_to_cash/northwind: this test needs the real data set")
    with path.open(encoding="utf-8", newline="") as lines:
        texts = [line["city"] for line in csv.DictReader(lines)]
    written = ", ".join("('" + unicodedata.normalize("NFD", text).replace("'", "''") + "')" for text in texts)
    step = "- trim: {columns: [x], normalise: NFC, collapse: true}"
    rows, (report,) = run(f"SELECT x FROM (VALUES {written}) AS t(x)", step)
    assert [x for (x,) in rows] == [" ".join(unicodedata.normalize("NFC", text).split()) for text in texts]
    assert report.totals["changed"] > 0


def test_a_magnetic_survey_is_judged_as_plain_python_judges_it(run, shared_data):
    path = shared_data / "magnetic/aseg_gdf2/Example_AeroMag_MuppetTown_2009.dat"
    if not path.is_file():
        pytest.skip("WEFT_TEST_DATA holds no magnetic/aseg_gdf2: this test needs the real data set")
    lines = path.read_text(encoding="latin-1").splitlines()
    numbers = [float(word) for word in (line.split()[8] for line in lines if len(line.split()) > 8) if is_number(word)]
    middle = statistics.median(numbers)
    spread = statistics.median(abs(n - middle) for n in numbers) / statistics.NormalDist().inv_cdf(0.75)
    written = ", ".join(f"({n!r}::DOUBLE)" for n in numbers)
    rows, (flag, convert) = run(
        f"SELECT x FROM (VALUES {written}) AS t(x)",
        """
        - outliers: {columns: [x], threshold: 2}
        - convert: {columns: [x], from: nT, to: uT}
        """,
    )
    assert [is_out for _, is_out in rows] == [spread > 0 and abs(n - middle) > 2 * spread for n in numbers]
    assert [x for x, _ in rows] == [pytest.approx(n / 1000) for n in numbers]
    assert flag.rows_out == convert.rows_out == len(numbers) > 10


def is_number(word):
    try:
        float(word)
    except ValueError:
        return False
    return True
