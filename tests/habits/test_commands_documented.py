"""Every command has its line in `weft --help`, teaches with examples, and imports nothing heavy to say so."""

import importlib
import pkgutil
import subprocess
import sys

import click
import pytest

import weft.cli.commands
from weft.cli.main import COMMANDS


def test_the_help_lists_exactly_the_commands_that_there_are():
    modules = {module.name for module in pkgutil.iter_modules(weft.cli.commands.__path__)}
    assert set(COMMANDS) == modules


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_of_itself_what_the_list_says(name):
    command = importlib.import_module(f"weft.cli.commands.{name}").command
    assert isinstance(command, click.Command)
    assert (command.help or "").strip().split("\n\n")[0].replace("\n", " ").strip() == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_teaches_with_examples(name):
    command = importlib.import_module(f"weft.cli.commands.{name}").command
    text = command.get_help(click.Context(command, info_name=f"weft {name}"))
    assert f"weft {name}" in text.split("Options:")[0].replace("Usage: weft", "") or "Example" in text


HEAVY = (
    "duckdb",
    "pyarrow",
    "pyiceberg",
    "sqlalchemy",
    "sqlglot",
    "ibis",
    "dlt",
    "pydantic",
    "rich",
    "yaml",
    "alembic",
)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"]])
def test_help_imports_no_heavy_library(arguments):
    script = (
        "import sys; from weft.cli.main import run; run(sys.argv[1:]); "
        f"sys.stderr.write(','.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    assert done.stderr == ""
