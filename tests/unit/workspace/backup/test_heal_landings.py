"""`weft build --full` lands again what is damaged or gone, where the source can be read again."""

import pytest

from weft.base.stored_file import damaged_files
from weft.build.context import BuildRequest
from weft.ledger.facts import Landed
from weft.workspace.building import build_mesh


def landed(bench, source):
    fact = bench.open().ledger.latest(Landed, source=source)
    return [*(raw["path"] for raw in fact.landing["raw"]), *fact.landing["tables"]]


def spoil(path, harm):
    if harm == "removed":
        path.unlink()
    else:
        content = path.read_bytes()
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])


@pytest.mark.parametrize("harm", ["removed", "changed"])
@pytest.mark.parametrize("part", ["raw", "tables"])
def test_a_damaged_landing_is_landed_again_by_a_full_build(bench, part, harm):
    bench.build(1)
    (victim,) = (bench.storage / "landings/works/gauges/gauge_list" / part).iterdir()
    spoil(victim, harm)
    bench.close()
    result = build_mesh(bench.open(), BuildRequest(full=True), lambda event: None)
    assert result.status == "done"
    assert damaged_files(landed(bench, "gauge_list")) == []
    assert bench.rows() == bench.expected(1)
