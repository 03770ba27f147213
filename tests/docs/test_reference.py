"""The reference pages that are printed from code say what the code says."""

import subprocess
import sys
from pathlib import Path


def test_the_printed_reference_pages_are_up_to_date():
    script = Path(__file__).parents[2] / "docs" / "generate.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
