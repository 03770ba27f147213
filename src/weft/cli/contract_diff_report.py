"""What differs between two contracts, for a terminal and for a pull request."""

from typing import TYPE_CHECKING

from weft.base.counted import counted
from weft.spec.contract_change import ChangeClass

if TYPE_CHECKING:
    from weft.workspace.compare_contracts import ComparedChange, Comparison, Reader

_HEADINGS = {
    ChangeClass.BREAKING: "Breaking",
    ChangeClass.NON_BREAKING: "Not breaking",
    ChangeClass.DOCS: "Words only",
}


def diff_text(found: "Comparison") -> str:
    """Changes by class, breaking ones first, each with its reason and its readers."""
    lines = [f"{found.old.label} {found.old.contract.version} -> {found.new.label} {found.new.contract.version}"]
    for kind, heading in _HEADINGS.items():
        changes = [change for change in found.changes if change.change.change_class is kind]
        if not changes:
            continue
        lines += ["", f"{heading}:"]
        for change in changes:
            lines.append(f"  {_what(found, change)}")
            if kind is not ChangeClass.DOCS:
                lines.append(f"    because {change.change.reason}")
            lines += [f"    {line}" for line in _reader_lines(change)]
    lines += ["", *_verdict(found)]
    return "\n".join(lines)


def diff_markdown(found: "Comparison") -> str:
    """The same as a comment of a pull request."""
    title = f"### `{found.old.label}` {found.old.contract.version} → `{found.new.label}` {found.new.contract.version}"
    lines = [title, "", *(f"**{line}**  " for line in _verdict(found)[:1]), *_verdict(found)[1:], ""]
    if found.changes:
        lines += ["| | change | because | read by |", "| --- | --- | --- | --- |"]
    for change in found.changes:
        readers = "; ".join(_reader_lines(change)) or "-"
        cells = [_HEADINGS[change.change.change_class].lower(), _what(found, change), change.change.reason, readers]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _what(found: "Comparison", change: "ComparedChange") -> str:
    """The sentence, with its table where the contracts have several."""
    table, what = change.change.table, change.change.what
    has_several = max(len(found.old.contract.tables), len(found.new.contract.tables)) > 1
    return f"{table}: {what}" if has_several and table and f'"{table}"' not in what else what


def _reader_lines(change: "ComparedChange") -> list[str]:
    if change.readers is None or change.change.change_class is ChangeClass.DOCS:
        return []
    if not change.readers:
        return ["nobody in this mesh reads it today"] if change.is_breaking else []
    return [_reader_line(reader) for reader in change.readers]


def _reader_line(reader: "Reader") -> str:
    owner = f", owner {reader.owner}" if reader.owner else ""
    columns = f" ({', '.join(reader.columns)})" if reader.columns else ""
    further = f", and {counted(reader.further, 'table')} below" if reader.further else ""
    if reader.how == "contract":
        return f"referred to by the contract of {reader.name}{columns}{owner}"
    if reader.how == "query":
        return f"asked for by {reader.name} in the last 90 days"
    return f"read by {reader.name}{columns}{owner}{further}"


def _verdict(found: "Comparison") -> list[str]:
    breaking, hurting = len(found.breaking), len(found.hurting)
    lines = [f"{counted(len(found.changes), 'change')}, {breaking} of them breaking by the standard."]
    if found.note is not None:
        lines.append(found.note)
    elif breaking:
        owners = sorted({r.owner for c in found.hurting for r in c.readers or () if r.owner})
        talk = f"; talk to {', '.join(owners)}" if owners else ""
        whom = f"{hurting} of them is read today{talk}." if hurting == 1 else f"{hurting} of them are read today{talk}."
        lines.append(whom if hurting else "None of them is read by anybody in this mesh today.")
    if found.needed_version:
        lines.append(f"The version has to be {found.needed_version} or higher.")
    return lines
