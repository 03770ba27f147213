# `make` alone lists the targets. Everything is set up in .venv, from the lock files.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
# The first Python of 3.11 or later that is there; PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
WORKERS ?= auto
COUNT ?= 1000
DEMO := .demo/harbour

.PHONY: help setup demo test lint format check docs reference bench bench-smoke bench-peers torture golden lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "weft needs Python 3.11 or later; none was found. Install it, or call: make PYTHON=/path/to/python3 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is not there. On Debian and Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements.lock pyproject.toml
	@echo "Installing weft into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check hatchling editables
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "Installing the developer tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.dev  ## set up .venv with weft and the developer tools

demo: $(VENV)/.run  ## make the harbour mesh, build it, and ask it a question
	@rm -rf .demo && mkdir -p .demo
	$(BIN)/weft init $(DEMO) --template harbour
	$(BIN)/weft -C $(DEMO) check
	$(BIN)/weft -C $(DEMO) build
	$(BIN)/weft -C $(DEMO) ls
	$(BIN)/weft -C $(DEMO) quarantine list
	$(BIN)/weft -C $(DEMO) query --as ada --purpose next-quay "\
		SELECT quay, sum(visits) AS visits, sum(fees_total) AS income \
		FROM planning.visits.by_month GROUP BY quay ORDER BY income DESC"

test: $(VENV)/.dev  ## the whole suite in parallel: doctests, docs and floors included
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(WORKERS)

lint: $(VENV)/.dev  ## format, rules, floors, types, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy src
	$(BIN)/codespell src docs README.md ARCHITECTURE.md GLOSSARY.md CONTRIBUTING.md
	$(BIN)/deptry src

format: $(VENV)/.dev  ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: lint test docs  ## all that must pass before a change lands

docs: $(VENV)/.dev  ## build the documentation into build/docs
	$(BIN)/python docs/generate.py --check
	$(BIN)/sphinx-build -W -q -b html docs build/docs

reference: $(VENV)/.dev  ## write the reference pages that are printed from the code
	$(BIN)/python docs/generate.py

bench: $(VENV)/.dev  ## print the tables of ratios (some minutes; 10 million rows)
	$(BIN)/python tests/bench/run.py

bench-smoke: $(VENV)/.dev  ## the same tables on little data, to see that they run
	$(BIN)/python tests/bench/run.py --smoke

bench-peers: $(VENV)/.python  ## install the tools that `make bench` compares with, each into .bench/peers
	tests/bench/peers/install.sh $(PYTHON)

torture: $(VENV)/.dev  ## harm builds in every way at COUNT points (default 1000; an hour), and write the report
	$(BIN)/python tests/torture/run.py --count $(COUNT) --report docs/explanation/torture-report.md

golden: $(VENV)/.dev  ## rewrite golden files, then read the diff
	-$(BIN)/python -m pytest -n $(WORKERS) --force-regen tests
	git diff --stat

lock: $(VENV)/.python  ## write the lock files anew from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q --group dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -c requirements-dev.lock pyproject.toml -o requirements.lock

clean:  ## remove what was made here
	rm -rf .venv .demo build dist
