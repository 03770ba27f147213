"""weft.yaml: the mesh's name, regions and environments."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from weft.base.age import duration_of
from weft.base.problem import Place, Problem
from weft.base.yaml_source import YamlFile, mapping_of
from weft.spec.mesh import BackupSettings, EncryptionSettings, Environment
from weft.spec.section import Section


@dataclass(frozen=True)
class Settings:
    """What weft.yaml says."""

    name: str
    place: Place
    description: str | None = None
    regions: tuple[str, ...] = ()
    environments: Mapping[str, Environment] = field(default_factory=dict)
    default_environment: str = "dev"


def load_settings(file: YamlFile, fallback_name: str, problems: list[Problem]) -> Settings:
    """Read weft.yaml; `fallback_name` stands in where it gives no name."""
    data, more = mapping_of(file)
    problems.extend(more)
    top = Section.top_of(file, data, problems)
    name = top.required_text("name") if data else None
    description = top.text("description")
    regions = top.texts("regions")
    default = top.text("default_environment")
    declared = list(top.sections("environments"))
    default_name = default or ("dev" if not declared or "dev" in dict(declared) else declared[0][0])
    environments = {key: _environment(key, section, key == default_name) for key, section in declared}
    if not environments:
        environments = {default_name: Environment(default_name)}
    elif default_name not in environments:
        top.report(
            "MESH004",
            "The default environment is not declared.",
            top.place_of("default_environment"),
            found=f'"{default_name}"',
            expected=f"one of {', '.join(environments)}",
        )
    top.finish()
    place = top.place_of("name") if "name" in data else file.place()
    return Settings(name or fallback_name, place, description, regions, environments, default_name)


def _environment(name: str, section: Section, is_default: bool) -> Environment:
    # Two environments that share a folder would publish over each other's tables, so only one gets the short default.
    base = Environment(name, storage=".weft" if is_default else f".weft/environments/{name}")
    read = Environment(
        name,
        storage=section.text("storage") or base.storage,
        ledger=section.text("ledger"),
        anchor=section.text("anchor"),
        catalog=section.text("catalog"),
        memory=section.text("memory") or base.memory,
        threads=section.integer("threads"),
        quarantine_tolerance=section.text_or_number("quarantine_tolerance") or base.quarantine_tolerance,
        quarantine_retention=section.text("quarantine_retention"),
        keep_snapshots_days=_given(section.integer("keep_snapshots_days"), base.keep_snapshots_days),
        encryption=_encryption(section),
        backup=_backup(section),
        options=section.mapping("options"),
    )
    section.finish()
    return read


def _encryption(section: Section) -> EncryptionSettings | None:
    declared = section.mapping("encryption")
    if not declared:
        return None
    inner = Section(section.file, (*section.keys, "encryption"), declared, section.problems)
    keys, key = inner.required_text("keys"), inner.required_text("key")
    read = EncryptionSettings(keys or "", key or "", inner.text("scratch"))
    inner.finish()
    return read


def _backup(environment: Section) -> BackupSettings:
    declared = environment.mapping("backup")
    section = Section(environment.file, (*environment.keys, "backup"), declared, environment.problems)
    keep, keep_for = section.integer("keep"), section.text("keep_for")
    if keep is not None and keep < 1:
        section.report("MESH003", "At least the newest backup is kept.", section.place_of("keep"), found=str(keep))
    if keep_for is not None:
        try:
            duration_of(keep_for, section.place_of("keep_for"))
        except Problem as problem:
            section.problems.append(problem)
            keep_for = None
    read = BackupSettings(
        to=section.text("to"),
        keep=keep,
        keep_for=keep_for,
        endpoint=section.text("endpoint"),
        region=section.text("region"),
        access_key=section.text("access_key"),
        secret_key=section.text("secret_key"),
        session_token=section.text("session_token"),
    )
    section.finish()
    return read


def _given(value: int | None, default: int) -> int:
    return default if value is None else value


_TEXT_OVERRIDES = {
    "WEFT_STORAGE": "storage",
    "WEFT_LEDGER": "ledger",
    "WEFT_ANCHOR": "anchor",
    "WEFT_CATALOG": "catalog",
    "WEFT_MEMORY": "memory",
    "WEFT_QUARANTINE_TOLERANCE": "quarantine_tolerance",
    "WEFT_QUARANTINE_RETENTION": "quarantine_retention",
}
_NUMBER_OVERRIDES = {"WEFT_THREADS": "threads", "WEFT_KEEP_SNAPSHOTS_DAYS": "keep_snapshots_days"}


def override(
    environments: Mapping[str, Environment], environ: Mapping[str, str]
) -> tuple[dict[str, Environment], list[Problem]]:
    """Apply `WEFT_*` variables, which win over weft.yaml in every environment.

    >>> changed, _ = override({"dev": Environment("dev")}, {"WEFT_STORAGE": "/srv/weft", "WEFT_THREADS": "2"})
    >>> changed["dev"].storage, changed["dev"].threads
    ('/srv/weft', 2)
    """
    texts = {key: environ[variable] for variable, key in _TEXT_OVERRIDES.items() if environ.get(variable)}
    numbers: dict[str, int] = {}
    problems: list[Problem] = []
    for variable, key in _NUMBER_OVERRIDES.items():
        text = environ.get(variable)
        if not text:
            continue
        if text.isascii() and text.isdigit():
            numbers[key] = int(text)
        else:
            problems.append(
                Problem(
                    "MESH003", f"{variable} is not a whole number.", expected="digits only", fix=f"unset {variable}"
                )
            )
    if not texts and not numbers:
        return dict(environments), problems
    changed = {
        name: replace(environment, **texts, **numbers)  # type: ignore[arg-type]  # keys are fields of these types
        for name, environment in environments.items()
    }
    return changed, problems
