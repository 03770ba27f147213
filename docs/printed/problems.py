"""Every code with what it means, from the rules and the registry of codes, by family."""

from pathlib import Path

from printed.markdown import NOTE
from weft.spec.rule_book import every_explanation

_HEADINGS = {
    "YAML": "Files of YAML",
    "MESH": "The files of a mesh",
    "SPEC": "Products, ports, names, settings",
    "ODPS": "The standard of products",
    "ODCS": "The standard of contracts",
    "DCS": "Data Contract Specification",
    "CONTRACT": "Contracts and their versions",
    "FORMAT": "Importing and exporting contracts",
    "INFER": "Drafting contracts from data",
    "GIVEN": "Data named on the command line",
    "MODEL": "Models",
    "TEST": "Tests of models",
    "GRAPH": "The graph",
    "LINEAGE": "Lineage",
    "SELECT": "Selections",
    "INIT": "New meshes and products",
    "WRITE": "Writing documents",
    "SECRET": "Secrets",
    "SOURCE": "Sources",
    "BUILD": "Builds",
    "CHECK": "Checks of contracts",
    "QUARANTINE": "Quarantine",
    "REVIEW": "Reviews of rules in words",
    "CLEANSE": "Cleansing",
    "DRIFT": "Drift",
    "ENGINE": "The engine",
    "LAKE": "Published tables",
    "FILE": "Stored files",
    "LEDGER": "The ledger",
    "BACKUP": "Backups",
    "KEY": "Keys and encryption",
    "TLS": "Encrypted connections",
    "GATE": "Queries",
    "SHOW": "Showing products, ports and runs",
    "WORK": "Opening a mesh",
    "USAGE": "The command line",
    "BUG": "Bugs of weft",
}
_HEAD = Path(__file__).with_name("problems_head.md").read_text(encoding="utf-8")


def page() -> str:
    """The page."""
    by_family: dict[str, list[str]] = {}
    for explanation in every_explanation():
        family = explanation.code.rstrip("0123456789")
        by_family.setdefault(family, []).append(f"### {explanation.code}\n\n{explanation.text.strip()}\n")
    if unknown := sorted(set(by_family) - set(_HEADINGS)):
        raise SystemExit(f"docs/printed/problems.py: _HEADINGS lacks {', '.join(unknown)}")
    parts = ["# Problems and rules\n", NOTE, _HEAD]
    for family, heading in _HEADINGS.items():
        if family in by_family:
            parts += [f"## {heading}\n", *by_family[family]]
    return "\n".join(parts)
