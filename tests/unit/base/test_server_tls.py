"""How a database server is spoken to, by what its URL says."""

import ssl
from pathlib import Path

import pytest

from weft.base.problem import Problem
from weft.base.server_tls import refusal_of, split_words, tls_of

FAR = "db.example.org"


@pytest.mark.parametrize(
    ("host", "mode", "certificate", "wanted"),
    [
        (FAR, None, None, "verify-full"),
        ("10.0.0.7", None, None, "verify-full"),
        ("localhost", None, None, "disable"),
        ("/run/postgresql", None, None, "disable"),
        (None, None, None, "disable"),
        ("localhost", None, "ca.pem", "verify-full"),
        (FAR, "disable", None, "disable"),
        (FAR, "require", None, "require"),
        (FAR, "verify-ca", "ca.pem", "verify-ca"),
    ],
)
def test_a_server_elsewhere_must_prove_who_it_is(
    host: str | None, mode: str | None, certificate: str | None, wanted: str
) -> None:
    assert tls_of(host, mode, certificate).mode == wanted


@pytest.mark.parametrize(
    ("mode", "checks_name", "checks_certificate"),
    [
        ("require", False, ssl.CERT_NONE),
        ("verify-ca", False, ssl.CERT_REQUIRED),
        ("verify-full", True, ssl.CERT_REQUIRED),
    ],
)
def test_each_mode_checks_what_it_says(mode: str, checks_name: bool, checks_certificate: ssl.VerifyMode) -> None:
    context = tls_of(FAR, mode, None).context()
    assert context is not None
    assert (context.check_hostname, context.verify_mode) == (checks_name, checks_certificate)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("mode", ["prefer", "allow", "verify_full", ""])
def test_a_mode_that_could_end_in_clear_is_refused(mode: str) -> None:
    with pytest.raises(Problem) as caught:
        tls_of(FAR, mode, None)
    assert caught.value.code == "TLS001"


def test_a_certificate_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for path in (tmp_path / "ca.pem", tmp_path / "absent.pem"):
        with pytest.raises(Problem) as caught:
            tls_of(FAR, None, str(path)).context()
        assert caught.value.code == "TLS001"


def test_the_words_of_encryption_are_taken_out_of_a_query() -> None:
    found = split_words({"sslmode": ("disable", "require"), "sslrootcert": "ca.pem", "application_name": "weft"})
    assert found == ("require", "ca.pem", {"application_name": "weft"})


def test_only_failures_of_encryption_are_told_as_such() -> None:
    assert refusal_of(OSError("no route"), "db") is None
    refused = refusal_of(RuntimeError("Server refuses SSL"), "db")
    assert refused is not None
    assert (refused.code, refused.what) == ("TLS002", "The server db was not spoken to: it speaks no TLS.")
