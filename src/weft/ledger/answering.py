"""A ledger that does not answer: told as a problem, and on a server waited for, since a restart takes seconds."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from weft.base.problem import Problem
from weft.base.server_tls import refusal_of

PAUSES_SECONDS = (0.1, 0.2, 0.5, 1, 2, 4, 8, 8)

# SQLSTATE: shut down by its administrator, crashed, not up yet, connection lost, no connection left.
_RESTARTING = frozenset({"57P01", "57P02", "57P03", "08003", "08006", "53300"})

Result = TypeVar("Result")


class LedgerGone(Problem):
    """The database does not answer now; what was asked of it last may have been done or not."""


@contextmanager
def answering() -> Iterator[None]:
    """Turn a database that does not answer into a problem; its own message may name hosts, never values.

    Raises:
        LedgerGone: LEDGER003.
        Problem: TLS002, the server does not prove who it is.
    """
    try:
        yield
    except ssl.SSLError as error:
        raise refusal_of(error, "of the ledger") or error from None
    except ConnectionError as error:  # the driver tells some of them as they are
        raise _gone(error) from None
    except (OperationalError, InterfaceError) as error:
        if refusal := refusal_of(error, "of the ledger"):
            raise refusal from None
        raise _gone(error) from None
    except DBAPIError as error:
        # Exactly this class, none below it, is how SQLite tells a file that is damaged or no database.
        if error.connection_invalidated or type(error) is DatabaseError or _is_of_a_restart(error):
            raise _gone(error) from None
        raise


def _is_of_a_restart(error: DBAPIError) -> bool:
    """Whether Postgres says that it goes down or comes up, which its driver tells as a mistake in the statement."""
    said = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return isinstance(said, dict) and said.get("C") in _RESTARTING


def patiently(work: Callable[[], Result]) -> Result:
    """Do something again until the server is back; `work` must be safe to repeat.

    Raises:
        LedgerGone: LEDGER003, it stayed away for half a minute.
    """
    for pause in PAUSES_SECONDS:
        try:
            return work()
        except LedgerGone:
            time.sleep(pause)
    return work()


def _gone(error: SQLAlchemyError | ConnectionError) -> LedgerGone:
    cause = getattr(error, "orig", None)
    return LedgerGone(
        "LEDGER003",
        "The ledger does not answer.",
        found=str(cause if cause is not None else error).split("\n")[0],
        fix="See that the database runs and that this user may write to it; `weft doctor` tries it.",
    )
