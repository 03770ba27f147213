"""A password that everyone who reads the repository can read."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from weft.base.problem import Place, Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in

_REFERENCE = re.compile(r"^\s*\$\{(env|file):[^}]*\}\s*$")
_PASSWORD_IN_URL = re.compile(r"\w://[^/\s:@]*:(?P<password>[^@/\s]+)@")
_SECRET_KEY = re.compile(
    r"(^|_|-)(password|passwd|pwd|secret|token|api_?key|access_?key|secret_?key|private_?key|client_?secret)$",
    re.IGNORECASE,
)


class SecretInClear(Rule):
    """SPEC123: a secret is written in clear.

    Why: whoever can read the repository, now or in its history, can use it.
    Bad: `ledger: postgresql://weft:tiger@db/weft`, or `password: tiger`.
    Good: `ledger: postgresql://weft:${env:LEDGER_PASSWORD}@db/weft`, or `password: ${file:/run/secrets/db}`.
    """

    code = "SPEC123"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every secret of weft.yaml and build.yaml that is no reference."""
        mesh = context.mesh
        for environment in mesh.environments.values():
            settings = {
                "storage": environment.storage,
                "ledger": environment.ledger,
                "catalog": environment.catalog,
                "options": environment.options,
            }
            for keys in _secrets(settings, ()):
                where = place_in(mesh, mesh.place, "environments", environment.name, *keys)
                yield self._problem(where, keys)
        for product in mesh.products:
            for source in product.making.sources.values():
                for keys in _secrets({"path": source.path, **source.options}, ()):
                    yield self._problem(place_in(mesh, source.place, "sources", source.name, *keys), keys)

    def _problem(self, where: Place, keys: tuple[str | int, ...]) -> Problem:
        # What was found is left out on purpose: problems are printed, logged and shown in pull requests.
        return self.problem(
            where,
            f'The secret "{keys[-1]}" is written in clear.',
            expected="a reference: ${env:NAME} or ${file:PATH}",
            fix="Put it into an environment variable or a file, refer to it, and change the secret: it was published.",
        )


def _secrets(value: Any, keys: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _secrets(item, (*keys, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _secrets(item, (*keys, index))
    elif isinstance(value, str) and value and not _REFERENCE.match(value):
        match = _PASSWORD_IN_URL.search(value)
        is_url_with_password = match is not None and not _REFERENCE.match(match["password"])
        is_secret_key = bool(keys) and isinstance(keys[-1], str) and bool(_SECRET_KEY.search(keys[-1]))
        if is_url_with_password or (is_secret_key and "${" not in value):
            yield keys
