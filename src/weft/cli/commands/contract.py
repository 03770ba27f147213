"""`weft contract`: what is done with contracts, in a mesh and outside one."""

import click

from weft.cli.lazy_group import LazyGroup

# One module a command in weft.cli.contract; the line here is the first of the command's own text.
SUBCOMMANDS: dict[str, str] = {
    "infer": "Draft a contract from data, each guess with its reason.",
    "test": "Check any contract on any data, in no mesh.",
    "diff": "Show what differs between two contracts, and whom it breaks.",
    "import": "Make a contract from DDL, JSON Schema, Avro, Protobuf, dbt, Parquet or Iceberg.",
    "export": "Write a contract as DDL, JSON Schema, Avro, Protobuf, dbt, Parquet, Iceberg or a page.",
    "duties": "List the rules in words that somebody has to look at, and what came of it.",
    "review": "Record whether a rule in words is kept, by one who looked.",
}


@click.group("contract", cls=LazyGroup, package="weft.cli.contract", table=SUBCOMMANDS)
def command() -> None:
    """Infer, test, compare, import and export contracts.

    \b
    Examples:
      weft contract infer orders.parquet                        a first draft from data
      weft contract test contract.yaml orders.parquet           check any data, in no mesh
      weft contract diff old.yaml new.yaml                      what breaks, and for whom
      weft contract import schema.sql                           from DDL, JSON Schema, Avro, Protobuf, dbt, ...
      weft contract export contract.yaml --to html              to the same, and to a page
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
