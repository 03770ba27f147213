"""`weft init`: templates become meshes, and nothing is overwritten."""

from pathlib import Path

import pytest

from weft.base.problem import Problem, errors_of
from weft.spec.load import load_mesh
from weft.workspace.new_mesh import make_mesh, templates


def test_the_reference_meshes_are_templates():
    assert [template.name for template in templates()] == ["empty", "harbour", "olist", "order-to-cash"]
    assert all(template.description for template in templates())


@pytest.mark.parametrize("name", [template.name for template in templates()])
def test_a_copy_of_a_template_is_a_mesh_without_a_mistake(name, tmp_path):
    made = make_mesh(tmp_path / "copy", name)
    assert Path("weft.yaml") in made
    assert errors_of(load_mesh(tmp_path / "copy").problems) == ()


def test_an_empty_mesh_is_named_as_its_folder(tmp_path):
    make_mesh(tmp_path / "North Sea", "empty")
    assert load_mesh(tmp_path / "North Sea").name == "north-sea"


def test_what_a_template_made_while_it_ran_is_not_copied(tmp_path):
    made = make_mesh(tmp_path / "copy", "order-to-cash")
    assert not [path for path in made if path.parts[0] in ("data", ".weft") or "__pycache__" in path.parts]


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(Problem, match="INIT002"):
        make_mesh(tmp_path, "harbour")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_repository_that_was_just_made_counts_as_empty(tmp_path):
    (tmp_path / ".git").mkdir()
    assert Path("weft.yaml") in make_mesh(tmp_path, "empty")


def test_a_mistyped_template_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(Problem) as caught:
        make_mesh(tmp_path / "copy", "habour")
    assert (caught.value.code, caught.value.fix) == ("INIT001", 'Did you mean "harbour"?')
    assert not (tmp_path / "copy").exists()
