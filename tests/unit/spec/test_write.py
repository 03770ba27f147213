import copy

import pytest

from weft.base.problem import Problems
from weft.base.yaml_source import read_yaml, read_yaml_text
from weft.spec.odcs.normalise import contract_of
from weft.spec.write import write_contract, write_product, yaml_text

CONTRACT = {"apiVersion": "v3.2.0", "kind": "DataContract", "id": "sales/orders", "version": "1.0.0"}


def _examples(standards):
    for folder, write in (("odcs", write_contract), ("odps-bitol", write_product)):
        for path in sorted((standards / folder).rglob("*.yaml")):
            yield path, write


def test_every_official_example_is_read_written_and_read_as_the_same(shared_standards, tmp_path):
    for path, write in _examples(shared_standards):
        document = read_yaml(path)[0].data
        target = tmp_path / path.name
        write(document, target)
        file, problems = read_yaml(target)
        assert (file.data, problems) == (document, [])


def test_a_contract_read_back_is_the_same_contract(shared_standards, tmp_path):
    for path in sorted((shared_standards / "odcs").rglob("*.yaml")):
        target = tmp_path / "contract.yaml"
        target.unlink(missing_ok=True)
        before = read_yaml(path)[0]
        write_contract(before.data, target)
        after = read_yaml(target)[0]
        assert [t.name for t in contract_of(after)[0].tables] == [t.name for t in contract_of(before)[0].tables]
        assert contract_of(after)[0].document == contract_of(before)[0].document


def test_an_unchanged_document_leaves_the_file_as_it_is_to_the_byte(shared_standards, tmp_path):
    for path, write in _examples(shared_standards):
        target = tmp_path / path.name
        target.write_bytes(path.read_bytes())
        write(read_yaml(path)[0].data, target)
        assert target.read_bytes() == path.read_bytes()


def test_an_edit_keeps_comments_order_quotes_and_unknown_custom_properties():
    former = """\
# The orders of all shops
apiVersion: v3.2.0
kind: DataContract
id: sales/orders
version: 1.0.0  # bumped by hand
schema:
- name: orders
  properties:
  # the key
  - name: order_id
    logicalType: 'integer'
  # will go
  - name: old
  - name: total # in euro
    logicalType: number
customProperties:
- property: vendorThing
  value: {a: [1, two]}
"""
    document = read_yaml_text(former, "c.yaml")[0].data
    document["version"] = "1.1.0"
    document["schema"][0]["properties"][1:2] = [{"name": "since", "logicalType": "date", "examples": ["2026-01-01"]}]
    document["schema"][0]["properties"][2]["required"] = True
    assert (
        yaml_text(document, former)
        == """\
# The orders of all shops
apiVersion: v3.2.0
kind: DataContract
id: sales/orders
version: 1.1.0  # bumped by hand
schema:
- name: orders
  properties:
  # the key
  - name: order_id
    logicalType: 'integer'
  # will go
  - name: since
    logicalType: date
    examples:
    - "2026-01-01"
  - name: total # in euro
    logicalType: number
    required: true
customProperties:
- property: vendorThing
  value: {a: [1, two]}
"""
    )


def test_any_change_of_any_example_is_written_exactly(shared_standards, mutations):
    changed_texts = 0
    for seed, (path, _) in enumerate(_examples(shared_standards)):
        former = path.read_text()
        document = read_yaml(path)[0].data
        for changed in mutations(document, seed, 12, ("id", "name", "on", "NO", "2026-01-01", "12:30")):
            expected = copy.deepcopy(changed)
            file, problems = read_yaml_text(yaml_text(changed, former), "c.yaml")
            assert (file.data, [p for p in problems if p.code != "YAML013"]) == (expected, [])
            changed_texts += 1
    assert changed_texts > 100


@pytest.mark.parametrize(
    "text",
    [
        "NO",
        "on",
        "2026-01-01",
        "12:30",
        "1e3",
        "0x1F",
        "",
        "~",
        "null",
        " a",
        "a: b",
        "# c",
        "é",
        "a\nb\n",
        "a\n\n b ",
        "-",
    ],
)
def test_texts_that_look_like_something_else_stay_texts_for_yaml_1_1_readers_too(text):
    import yaml

    written = yaml_text({"value": text, "values": [text]})
    assert read_yaml_text(written, "c.yaml")[0].data == {"value": text, "values": [text]}
    assert yaml.safe_load(written) == {"value": text, "values": [text]}


def test_a_document_that_breaks_the_standard_is_not_written(tmp_path):
    target = tmp_path / "contracts" / "orders.yaml"
    with pytest.raises(Problems, match='no key "nmae"'):
        write_contract({**CONTRACT, "nmae": "x"}, target)
    assert not target.exists()


def test_a_file_whose_alias_shares_what_changes_is_written_anew_rather_than_wrongly():
    former = "a: &x {k: 1}\nb: *x\n"
    assert read_yaml_text(yaml_text({"a": {"k": 2}, "b": {"k": 1}}, former), "c.yaml")[0].data == {
        "a": {"k": 2},
        "b": {"k": 1},
    }


def test_nothing_but_the_file_is_left_in_the_folder(tmp_path):
    write_contract(CONTRACT, tmp_path / "orders.yaml")
    assert [path.name for path in tmp_path.iterdir()] == ["orders.yaml"]
