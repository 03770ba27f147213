import re
from pathlib import Path

import weft
from weft.spec.problem_codes import DESCRIPTIONS

SOURCES = Path(weft.__file__).parent
PREFIXES = "YAML|SECRET|WRITE|MESH|ODPS|ODCS|DCS"


def test_every_code_of_the_reading_is_described_and_no_other():
    texts = [
        path.read_text()
        for folder in ("base", "spec")
        for path in (SOURCES / folder).rglob("*.py")
        if path.name != "problem_codes.py" and "rules" not in path.parts
    ]
    used = {code for text in texts for code in re.findall(rf'"((?:{PREFIXES})\d{{3}})"', text)}
    used |= {f"ODPS00{kind}" for kind in "1234"} | {f"ODCS00{kind}" for kind in "12345"}  # made by standard_break
    assert used | {"SPEC001"} == set(DESCRIPTIONS)
