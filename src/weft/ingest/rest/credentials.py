"""Credentials of an API: a bearer token, user and password, or a key in a header or in the query."""

import base64
from dataclasses import dataclass, field
from typing import Any

from weft.base.problem import Problem
from weft.ingest.source_protocol import Job, Option, OptionType

CREDENTIAL_OPTIONS = (
    Option("token", OptionType.TEXT, "Bearer token, by reference: `${env:API_TOKEN}`.", reads=False),
    Option("user", OptionType.TEXT, "User of basic authentication.", reads=False),
    Option("password", OptionType.TEXT, "Its password, by reference.", reads=False),
    Option("api_key", OptionType.TEXT, "A key, by reference, sent as `api_key_name`.", reads=False),
    Option(
        "api_key_name", OptionType.TEXT, "Name of the header or parameter of the key; default X-API-Key.", reads=False
    ),
    Option("api_key_in", OptionType.TEXT, "`header` (default) or `query`.", reads=False),
)


@dataclass(frozen=True)
class Credentials:
    """What goes with every request to the API's own host."""

    headers: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)


def credentials_of(job: Job) -> Credentials:
    """Credentials of a source, secrets resolved.

    Raises:
        Problem: SOURCE003 the options do not go together.
    """
    token, user, key = job.option("token"), job.option("user"), job.option("api_key")
    if sum(value is not None for value in (token, user, key)) > 1:
        raise Problem(
            "SOURCE003",
            "Only one of `token`, `user` and `api_key` can be used.",
            job.place,
            fix="Keep the one that the API asks for.",
        )
    if token is not None:
        return Credentials({"Authorization": f"Bearer {token}"})
    if user is not None:
        pair = f"{user}:{job.option('password', '')}".encode()
        return Credentials({"Authorization": f"Basic {base64.b64encode(pair).decode()}"})
    if key is not None:
        return _key(job, str(key))
    return Credentials()


def _key(job: Job, key: str) -> Credentials:
    where: Any = job.option("api_key_in", "header")
    name = str(job.option("api_key_name", "X-API-Key"))
    if where == "query":
        return Credentials(parameters={name: key})
    if where == "header":
        return Credentials({name: key})
    raise Problem("SOURCE003", 'Option "api_key_in" is neither header nor query.', job.place, found=str(where))
