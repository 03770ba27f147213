"""ODPS 1.0.0: a team is an object with members, and ports carry tags, custom properties and definitions."""

from typing import Literal

from weft.spec.odps.element import CustomProperty, Element, InputContract, Many
from weft.spec.odps.v0_9 import Sbom


class AuthoritativeDefinition(Element):
    """A link to more about an element."""

    type: str
    url: str
    description: str = ""


class Description(Element):
    """What the product is for."""

    purpose: str = ""
    limitations: str = ""
    usage: str = ""
    authoritative_definitions: Many[AuthoritativeDefinition] = ()
    custom_properties: Many[CustomProperty] = ()


class InputPort(Element):
    """What the product reads."""

    name: str
    version: str
    contract_id: str
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()
    authoritative_definitions: Many[AuthoritativeDefinition] = ()


class OutputPort(Element):
    """What the product offers."""

    name: str
    version: str
    description: str = ""
    type: str = ""
    contract_id: str = ""
    sbom: Many[Sbom] = ()
    input_contracts: Many[InputContract] = ()
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()
    authoritative_definitions: Many[AuthoritativeDefinition] = ()


class ManagementPort(Element):
    """A way to discover, observe or control the product."""

    name: str
    content: str
    type: str = ""
    url: str = ""
    channel: str = ""
    description: str = ""
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()
    authoritative_definitions: Many[AuthoritativeDefinition] = ()


class Support(Element):
    """Where users find help."""

    channel: str
    url: str
    description: str = ""
    tool: str = ""
    scope: str = ""
    invitation_url: str = ""
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()
    authoritative_definitions: Many[AuthoritativeDefinition] = ()


class TeamMember(Element):
    """One of the people behind the product."""

    username: str
    name: str = ""
    description: str = ""
    role: str = ""
    date_in: str = ""
    date_out: str = ""
    replaced_by_username: str = ""
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()
    authoritative_definitions: Many[AuthoritativeDefinition] = ()


class Team(Element):
    """The people behind the product."""

    name: str = ""
    description: str = ""
    members: Many[TeamMember] = ()
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()
    authoritative_definitions: Many[AuthoritativeDefinition] = ()


class DataProduct(Element):
    """The whole document."""

    api_version: Literal["v0.9.0", "v1.0.0"]
    kind: Literal["DataProduct"]
    id: str
    status: str
    name: str = ""
    version: str = ""
    domain: str = ""
    tenant: str = ""
    authoritative_definitions: Many[AuthoritativeDefinition] = ()
    description: Description = Description()
    custom_properties: Many[CustomProperty] = ()
    tags: Many[str] = ()
    input_ports: Many[InputPort] = ()
    output_ports: Many[OutputPort] = ()
    management_ports: Many[ManagementPort] = ()
    support: Many[Support] = ()
    team: Team = Team()
    product_created_ts: str = ""
