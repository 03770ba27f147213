"""Files of a web server: fetched again only when ETag or Last-Modified say so, retried when it is busy."""

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from weft.base.problem import Place, Problem
from weft.ingest.content_store import CHUNK_BYTES
from weft.ingest.fetch.found import Download, Found, Reach, Sign

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_PAUSE_SECONDS = 30.0
_ADVICE = {
    401: 'Give the credentials: `headers: {Authorization: "Bearer ${env:TOKEN}"}`.',
    403: "See that these credentials may read it.",
    404: "Mend the address.",
    410: "The file is gone; ask its owner for the new address.",
}


def find(url: str, reach: Reach, place: Place) -> list[Found]:
    """The one file of an address."""
    location = without_secrets(url)
    return [Found(location, partial(_open, url, location, reach, place))]


def is_modified(url: str, seen: Sign, reach: Reach) -> bool:
    """Ask with a HEAD request whether a file differs from what was seen; True where the server does not say."""
    request = urllib.request.Request(url, method="HEAD", headers={**reach.headers, **_conditions(seen)})
    try:
        with _opener().open(request, timeout=reach.timeout_seconds) as response:
            sign = _sign(response.headers)
            return sign is None or sign != dict(seen)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code != http.client.NOT_MODIFIED
    except (OSError, http.client.HTTPException, ValueError):
        return True


def without_secrets(url: str) -> str:
    """An address without user, password and query, which may hold keys.

    >>> without_secrets("https://ada:pw@example.org:8443/a/calls.csv?key=1")
    'https://example.org:8443/a/calls.csv'
    """
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def send(
    request: urllib.request.Request, location: str, reach: Reach, place: Place, base_pause: float = 0.5
) -> Any | None:
    """Send a request, again while the server is busy; the response, or None for "not modified".

    Raises:
        Problem: SOURCE007 the server refuses, SOURCE008 it cannot be reached.
    """
    for attempt in range(reach.retries + 1):
        last = attempt == reach.retries
        try:
            return _opener().open(request, timeout=reach.timeout_seconds)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == http.client.NOT_MODIFIED:
                return None
            if error.code not in _BUSY or last:
                raise _refused(error.code, location, place) from None
            time.sleep(_pause(attempt, error.headers.get("Retry-After"), base_pause))
        except (OSError, http.client.HTTPException, ValueError) as error:
            if last or isinstance(error, ValueError):
                raise _unreachable(error, location, place) from None
            time.sleep(_pause(attempt, None, base_pause))
    raise AssertionError("the last attempt returns or raises")


def _open(url: str, location: str, reach: Reach, place: Place, seen: Sign | None) -> Download | None:
    headers = {"Accept-Encoding": "identity", **reach.headers, **(_conditions(seen) if seen else {})}
    response = send(urllib.request.Request(url, headers=headers), location, reach, place)
    if response is None:
        return None
    sign = _sign(response.headers)
    return Download(whole_body(response, location, place), lambda: sign)


def whole_body(response: Any, location: str, place: Place) -> Iterator[bytes]:
    """The body, checked against the length that the server promised: a lost connection must not look like the end."""
    promised = response.headers.get("Content-Length")
    received = 0
    with response:
        try:
            while chunk := response.read(CHUNK_BYTES):
                received += len(chunk)
                yield chunk
        except (OSError, http.client.HTTPException) as error:
            raise _unreachable(error, location, place) from None
    if promised is not None and promised.isdigit() and int(promised) != received:
        raise Problem(
            "SOURCE008",
            f'The transfer of "{location}" was cut short.',
            place,
            found=f"{received} bytes",
            expected=f"{promised} bytes",
            fix="Build again; if it happens every time, see the server's limits.",
        )


def _conditions(seen: Sign) -> dict[str, str]:
    conditions = {}
    if seen.get("etag"):
        conditions["If-None-Match"] = str(seen["etag"])
    elif seen.get("last_modified"):
        conditions["If-Modified-Since"] = str(seen["last_modified"])
    return conditions


def _sign(headers: Any) -> Sign | None:
    if headers.get("ETag"):
        return {"etag": headers["ETag"]}
    if headers.get("Last-Modified"):
        return {"last_modified": headers["Last-Modified"]}
    return None


def _pause(attempt: int, retry_after: str | None, base: float) -> float:
    wanted = float(retry_after) if retry_after and retry_after.isdigit() else base * 2**attempt
    return min(wanted, _LONGEST_PAUSE_SECONDS)


def _refused(status: int, location: str, place: Place) -> Problem:
    reason = http.client.responses.get(status, "unknown status")
    return Problem(
        "SOURCE007",
        f'The server refuses "{location}".',
        place,
        found=f"HTTP {status} {reason}",
        fix=_ADVICE.get(status, "Try again later, or ask the server's owner."),
    )


def _unreachable(error: Exception, location: str, place: Place) -> Problem:
    reason = getattr(error, "reason", error)
    words = reason if isinstance(reason, str) else type(reason).__name__
    return Problem(
        "SOURCE008",
        f'The server of "{location}" cannot be reached.',
        place,
        found=words,
        fix="See that the address is right and that this machine may reach it.",
    )


class _SameHostSecrets(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but takes credentials to the host that they were given for only."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """The next request."""
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None:
            same_host = urllib.parse.urlsplit(newurl).netloc == urllib.parse.urlsplit(req.full_url).netloc
            if not same_host:
                plain = {"Accept-encoding", "User-agent"}
                following.headers = {name: value for name, value in following.headers.items() if name in plain}
        return following


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_SameHostSecrets())
