"""Many notes of one reason are one note with its places."""

from weft.base.problem import Place, Problem
from weft.cli.notes_together import told_together


def note(what, line, code="FORMAT008"):
    return Problem(code, what, Place("orders.yaml", line))


def test_notes_of_one_reason_are_told_once_with_their_lines():
    notes = [
        note('Avro does not carry "minimum" of orders.total: ranges of numbers.', 9),
        note("Avro does not carry all of day: it is a text.", 11),
        note('Avro does not carry "maximum" of orders.total: ranges of numbers.', 10),
        note('Avro does not carry "minimum" of orders.weight: ranges of numbers.', 20),
    ]
    told = told_together(notes)
    assert [(one.what, one.found) for one in told] == [
        (notes[0].what, "2 more like it: line 10, 20"),
        (notes[1].what, None),
    ]


def test_a_long_list_of_places_is_cut():
    told = told_together(note(f'dbt has no test that is the rule of table {n}: "some_rows".', n) for n in range(1, 13))
    assert [one.found for one in told] == ["11 more like it: line 2, 3, 4, 5, 6, 7, 8, 9, ..."]


def test_notes_without_a_reason_stay_apart():
    notes = [note("The column a has no type.", 1), note("The column b has no type.", 2)]
    assert told_together(notes) == notes
