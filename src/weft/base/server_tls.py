"""How a database server is spoken to: encrypted and with its certificate checked, unless the URL says otherwise.

The words are those of PostgreSQL's own clients, `?sslmode=` and `?sslrootcert=` at the end of a URL. Without one, a
server on this machine is spoken to as it wishes, any other one must prove who it is (`verify-full`).
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weft.base.names import did_you_mean
from weft.base.problem import Problem

SSL_MODES = ("disable", "require", "verify-ca", "verify-full")
BAD_SSL_MODE = "TLS001"
REFUSED = "TLS002"
_WORDS = ("sslmode", "sslrootcert")
_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class ServerTls:
    """What is asked of a connection."""

    mode: str
    root_certificate: Path | None = None  # of the authority; None: those that the system trusts

    def context(self) -> ssl.SSLContext | None:
        """For Python's drivers; None for a connection in clear.

        Raises:
            Problem: TLS001, the certificate file cannot be read.
        """
        if self.mode == "disable":
            return None
        try:
            context = ssl.create_default_context(cafile=str(self.root_certificate) if self.root_certificate else None)
        except (OSError, ssl.SSLError) as error:
            raise Problem(
                BAD_SSL_MODE,
                "The certificates of `sslrootcert` cannot be read.",
                found=f"{self.root_certificate}: {getattr(error, 'strerror', None) or type(error).__name__}",
                expected="a PEM file",
            ) from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.mode != "verify-full":
            context.check_hostname = False
        if self.mode == "require" and self.root_certificate is None:
            context.verify_mode = ssl.CERT_NONE  # asked for by name: encrypted, to whoever answers
        return context


def is_local(host: str | None) -> bool:
    """Whether a host is this machine: a loop-back address, or a socket in a folder.

    >>> is_local("127.0.0.1"), is_local("/run/postgresql"), is_local("db.example.org")
    (True, True, False)
    """
    return (host or "") in _LOCAL or (host or "").startswith("/")


def tls_of(host: str | None, mode: str | None, root_certificate: str | None) -> ServerTls:
    """What a URL asks for.

    Args:
        host: of the server.
        mode: the value of `sslmode`, if any.
        root_certificate: the value of `sslrootcert`, if any.

    Raises:
        Problem: TLS001, there is no such mode.

    >>> tls_of("db.example.org", None, None).mode, tls_of("localhost", None, None).mode
    ('verify-full', 'disable')
    """
    certificate = Path(root_certificate).expanduser() if root_certificate else None
    if mode is None:
        return ServerTls("disable" if is_local(host) and certificate is None else "verify-full", certificate)
    if mode not in SSL_MODES:
        raise Problem(
            BAD_SSL_MODE,
            "A database URL asks for an `sslmode` that there is not.",
            found=mode,
            expected=f"one of {', '.join(SSL_MODES)}",
            fix=did_you_mean(mode, SSL_MODES)
            or "`allow` and `prefer` would fall back to a connection in clear, so weft has neither.",
        )
    return ServerTls(mode, certificate)


def split_words(query: Mapping[str, Any]) -> tuple[str | None, str | None, dict[str, Any]]:
    """`sslmode` and `sslrootcert` of a URL's query, and what is left of it for the driver."""
    rest = {name: value for name, value in query.items() if name not in _WORDS}
    mode, certificate = (query.get(word) for word in _WORDS)
    return _last(mode), _last(certificate), rest


def _last(value: Any) -> str | None:
    return str(value[-1]) if isinstance(value, tuple | list) and value else value


def refusal_of(error: BaseException | None, label: str) -> Problem | None:
    """The Problem of a connection that failed for its encryption; None for any other failure.

    Args:
        error: what the driver raised.
        label: for people: the server without user and password.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, ssl.SSLCertVerificationError):
            return _refused(label, f"its certificate does not prove who it is: {error.verify_message}")
        if isinstance(error, ssl.SSLError):
            return _refused(label, "it does not speak TLS as weft does")
        if "Server refuses SSL" in str(error):
            return _refused(label, "it speaks no TLS")
        inner = getattr(error, "orig", None)
        error = inner if isinstance(inner, BaseException) else error.__cause__ or error.__context__
    return None


def _refused(label: str, why: str) -> Problem:
    return Problem(
        REFUSED,
        f"The server {label} was not spoken to: {why}.",
        fix="Name the certificate of its authority (`?sslrootcert=/path/ca.pem`), or its right host name. "
        "`?sslmode=require` gives up knowing who answers, `?sslmode=disable` encryption.",
    )
