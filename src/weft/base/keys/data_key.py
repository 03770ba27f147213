"""A key that data are encrypted with, and how its wrapped form is written down.

The form is the key material of Parquet's key tools ("PKMT1"), which PyArrow and parquet-java read too: a file that
carries it can be opened by whoever can unwrap with the master key, with nothing else of weft.
"""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from weft.base.keys.provider import KEY_UNREADABLE
from weft.base.problem import Problem

_SEPARATOR = ":"


@dataclass(frozen=True)
class WrappedKey:
    """A data key as it may be written anywhere."""

    id: str
    master_key: str
    version: str
    wrapped: bytes

    @property
    def material(self) -> bytes:
        """As JSON of Parquet's key tools, with the id that weft looks it up by."""
        return json.dumps(
            {
                "keyMaterialType": "PKMT1",
                "internalStorage": True,
                "isFooterKey": True,
                "kmsInstanceID": "DEFAULT",
                "kmsInstanceURL": "DEFAULT",
                "masterKeyID": f"{self.master_key}{_SEPARATOR}{self.version}",
                "wrappedDEK": base64.b64encode(self.wrapped).decode(),
                "doubleWrapping": False,
                "weftKey": self.id,
            },
            separators=(",", ":"),
        ).encode()


@dataclass(frozen=True)
class DataKey:
    """A data key, ready for use; what is printed of it is its id."""

    id: str
    secret: bytes = field(repr=False)  # 32 bytes
    material: bytes = field(repr=False)


def read_material(material: bytes) -> WrappedKey:
    """The key that a file says it is encrypted under.

    Raises:
        Problem: KEY005, these are not our notes.
    """
    try:
        told: dict[str, Any] = json.loads(material)
        master_key, _, version = str(told["masterKeyID"]).rpartition(_SEPARATOR)
        return WrappedKey(str(told["weftKey"]), master_key, version, base64.b64decode(told["wrappedDEK"]))
    except (ValueError, KeyError, TypeError):
        raise Problem(
            KEY_UNREADABLE,
            "A file is encrypted in a way that weft does not know.",
            fix="Read it with the tool that wrote it.",
        ) from None
