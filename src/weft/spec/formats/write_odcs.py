"""Export ODCS itself, at version 3.2: what was converted or read from an older version is written anew."""

from weft.spec.formats.draft import STANDARD
from weft.spec.formats.outgoing import Outgoing
from weft.spec.write import yaml_text


def write_odcs(contract: Outgoing) -> bytes:
    """Write the document with everything that it holds, at the newest version; tables that were not chosen go."""
    data = {**contract.file.data, "apiVersion": STANDARD}
    if contract.tables:
        data["schema"] = [table.written for table in contract.tables]
    return yaml_text(data).encode()
