"""ODPS 1.1.0: stable ids, synonyms, context for assistants, deprecation; fewer keys are required."""

from typing import Any, Literal

from weft.spec.odps.element import Element, InputContract, Many


class AuthoritativeDefinition(Element):
    """A link to more about an element."""

    type: str
    url: str
    id: str = ""
    description: str = ""


class CustomProperty(Element):
    """A pair of the user's own."""

    property: str
    value: Any
    id: str = ""
    description: str = ""
    vendor: str = ""


class Synonym(Element):
    """Another name of an element."""

    synonym: str
    id: str = ""
    description: str = ""
    locale: str = ""
    source: str = ""
    status: str = ""
    custom_properties: Many[CustomProperty] = ()


class VerifiedStatement(Element):
    """A question that people ask of the product, and its answer."""

    question: str
    id: str = ""
    answer: str = ""
    authoritative_definitions: Many[AuthoritativeDefinition] = ()
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()


class Constraint(Element):
    """What an assistant must not do with an element."""

    constraint: str
    id: str = ""
    authoritative_definitions: Many[AuthoritativeDefinition] = ()
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()


class Context(Element):
    """Guidance for assistants."""

    instructions: str = ""
    verified_statements: Many[VerifiedStatement] = ()
    constraints: Many[Constraint] = ()


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
    id: str = ""
    deprecated: bool = False
    version: str = ""
    contract_id: str = ""
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()
    authoritative_definitions: Many[AuthoritativeDefinition] = ()


class Sbom(Element):
    """A software bill of materials."""

    id: str = ""
    type: str = ""
    url: str = ""
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()
    authoritative_definitions: Many[AuthoritativeDefinition] = ()


class OutputPort(Element):
    """What the product offers."""

    name: str
    id: str = ""
    deprecated: bool = False
    description: str = ""
    type: str = ""
    version: str = ""
    contract_id: str = ""
    sbom: Many[Sbom] = ()
    input_contracts: Many[InputContract] = ()
    synonyms: Many[Synonym] = ()
    tags: Many[str] = ()
    custom_properties: Many[CustomProperty] = ()
    authoritative_definitions: Many[AuthoritativeDefinition] = ()
    context: Context = Context()


class ManagementPort(Element):
    """A way to discover, observe or control the product."""

    name: str
    content: str
    id: str = ""
    deprecated: bool = False
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
    id: str = ""
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
    id: str = ""
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

    api_version: Literal["v1.1.0", "v1.0.0", "v0.9.0"]
    kind: Literal["DataProduct"]
    id: str
    name: str = ""
    deprecated: bool = False
    synonyms: Many[Synonym] = ()
    version: str = ""
    status: str = ""
    domain: str = ""
    type: str = ""
    context: Context = Context()
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
