"""teams.yaml and domain.yaml: who owns what."""

from weft.base.problem import Problem
from weft.base.yaml_source import YamlFile, mapping_of
from weft.spec.section import Section
from weft.spec.team import Domain, Team

TEAM_KINDS = ("stream-aligned", "platform", "enabling", "complicated-subsystem")


def load_teams(file: YamlFile, problems: list[Problem]) -> tuple[Team, ...]:
    """Read teams.yaml."""
    data, more = mapping_of(file)
    problems.extend(more)
    top = Section.top_of(file, data, problems)
    teams = [team for team in map(_team, top.items("teams")) if team is not None]
    top.finish()
    return tuple(teams)


def _team(section: Section) -> Team | None:
    name = section.required_text("name")
    kind = section.choice("kind", TEAM_KINDS)
    description = section.text("description")
    people = tuple(person.data for person in section.items("people"))
    interactions = tuple(interaction.data for interaction in section.items("interactions"))
    section.finish()
    return Team(name, section.place, kind, description, people, interactions) if name else None


def load_domain(file: YamlFile, folder_name: str, problems: list[Problem]) -> Domain:
    """Read domain.yaml; the folder's name is the domain's."""
    data, more = mapping_of(file)
    problems.extend(more)
    top = Section.top_of(file, data, problems)
    name = top.text("name")
    owner, region, description = top.text("owner"), top.text("region"), top.text("description")
    custom = top.mapping("custom")
    top.finish()
    if name is not None and name != folder_name:
        top.report(
            "MESH005",
            "The domain is named otherwise than its folder.",
            top.place_of("name"),
            found=f'"{name}" in the folder "{folder_name}"',
            fix="Rename the folder, or leave `name` out.",
        )
    return Domain(folder_name, file.place(), owner, region, description, custom)
