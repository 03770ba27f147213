#!/bin/sh
# Install every peer into an environment of its own: .bench/peers/<tool>/.venv, versions as pinned beside its run.py.
# The caller gives the Python: tests/bench/peers/install.sh python3
set -eu
here=$(dirname "$0")
for folder in "$here"/*/; do
	tool=$(basename "$folder")
	[ -f "$folder/requirements.txt" ] || continue
	venv="$here/../../../.bench/peers/$tool/.venv"
	stamp="$venv/.installed"
	if [ -f "$stamp" ] && [ ! "$folder/requirements.txt" -nt "$stamp" ]; then continue; fi
	echo "Installing $tool into .bench/peers/$tool/.venv ..."
	rm -rf "$venv"
	"$1" -m venv "$venv"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$folder/requirements.txt"
	touch "$stamp"
done
