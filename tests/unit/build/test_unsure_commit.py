"""A commit of which nobody knows whether it happened: its files stay until somebody does know."""

import pytest

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.publish import publish_once as module
from weft.build.publish.publication_note import Note, pending_notes
from weft.lake.iceberg_catalog import CatalogGone


class Tables:
    """A lake whose commit fails in one way, and of which a second look says that nothing happened."""

    def __init__(self, failure):
        self.failure = failure

    def publish(self, *args, **settings):
        raise self.failure

    def publication(self, port, key):
        return None


@pytest.mark.parametrize(
    ("failure", "stays"),
    [
        (CatalogGone("LAKE001", "The table catalogue does not answer."), True),
        (Problem("LAKE002", "Somebody published meanwhile."), False),
        (OSError(28, "No space left on device"), False),
    ],
)
def test_files_of_a_commit_stay_where_it_may_have_happened(tmp_path, failure, stays):
    held = tmp_path / "quarantine" / "run-1.parquet"
    held.parent.mkdir()
    held.write_bytes(b"rows")
    port = PortName.parse("sales/orders")
    note = Note(port, "run-1 sales/orders", "run-1", (), (held.relative_to(tmp_path).as_posix(),))
    with pytest.raises(type(failure)):
        module.publish_once(Tables(failure), None, tmp_path, note, (), (), mode="replace", parent=None, properties={})
    assert (held.exists(), bool(pending_notes(tmp_path))) == (stays, stays)
