"""What one missing port breaks is told once, where it is read."""

import re

from weft.cli.main import run


def test_a_relationship_through_a_dangling_input_port_is_not_told_twice(tmp_path, monkeypatch, capsys):
    run(["init", str(tmp_path / "m"), "--template", "harbour"])
    monkeypatch.chdir(tmp_path / "m")
    (tmp_path / "m/domains/operations/calls/product.yaml").write_text("tags: [shipping\n")
    capsys.readouterr()
    assert run(["check"]) == 10
    codes = {line.split()[0] for line in capsys.readouterr().out.splitlines() if re.match(r"[A-Z]+\d", line)}
    assert codes == {"YAML006", "SPEC106"}
