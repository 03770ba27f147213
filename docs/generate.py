"""Write the reference pages that are printed from code; each page is one file in docs/printed.

python docs/generate.py            write them
python docs/generate.py --check    fail where a page is not what the code says
"""

import importlib
import sys
from pathlib import Path

REFERENCE = Path(__file__).parent / "reference"
PAGES = ("commands", "problems", "exit_codes", "sources", "ledger", "odcs")


def main() -> int:
    """Write or check the pages; returns the exit code."""
    check = "--check" in sys.argv
    stale = []
    for name in PAGES:
        text: str = importlib.import_module(f"printed.{name}").page()
        path = REFERENCE / f"{name.replace('_', '-')}.md"
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(path.name)
        elif not check:
            path.write_text(text, encoding="utf-8", newline="\n")
    if stale:
        sys.stderr.write(f"Not what the code says: {', '.join(stale)}. Run `make reference`.\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
