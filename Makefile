# Two commands: `make run` opens the system, `make test` proves it. Python >= 3.11 and make are all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup test check bench clean

$(VENV)/ready: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv "$(VENV)"
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	touch "$@"

setup: $(VENV)/ready

test: setup
	PYTHONPATH=src "$(BIN)/python" -m pytest -q -n 2

check: setup
	"$(BIN)/lint-imports" --no-cache

bench: setup
	"$(BIN)/python" benchmarks/judge.py

clean:
	rm -rf "$(VENV)" var
