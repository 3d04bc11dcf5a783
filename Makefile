# Two commands: `make run` opens the system, `make test` proves it. Python >= 3.11 and make are all they need.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000

.PHONY: setup run test check bench bench-population clean
.DEFAULT_GOAL := run

$(VENV)/run-ready: requirements.txt package-lock.json tools/prepare.py $(wildcard src/chuangbao/locale/*/LC_MESSAGES/*.po)
	test -x "$(PY)" || $(PYTHON) -m venv "$(VENV)"
	"$(PY)" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	"$(PY)" tools/prepare.py
	touch "$@"

$(VENV)/test-ready: $(VENV)/run-ready requirements-dev.txt
	"$(PY)" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch "$@"

setup: $(VENV)/test-ready

run: $(VENV)/run-ready
	@PYTHONPATH=src exec "$(PY)" -m chuangbao up --port $(PORT)

test: setup
	rm -f .coverage .coverage.*
	PYTHONPATH=src:tests "$(VENV)/bin/coverage" run -m pytest -q -n 2
	"$(VENV)/bin/coverage" combine --quiet
	"$(VENV)/bin/coverage" report --format=total --fail-under=95
	"$(VENV)/bin/coverage" report --format=total --fail-under=100 --include="src/chuangbao/rules/*"
	"$(VENV)/bin/coverage" report --format=total --fail-under=100 --include="src/chuangbao/core/*,src/chuangbao/*/domain/*" \
		--omit="src/chuangbao/core/postgres.py"  # what it does depends on whether root runs it
	"$(VENV)/bin/coverage" report --format=total --fail-under=98 --include="src/chuangbao/gongwen/*"

check: setup
	"$(VENV)/bin/ruff" check --no-cache .
	"$(VENV)/bin/ruff" format --no-cache --check .
	PYTHONPATH=src "$(VENV)/bin/lint-imports" --no-cache
	PYTHONPATH=src "$(VENV)/bin/mypy"
	"$(VENV)/bin/djlint" src --lint --quiet
	"$(VENV)/bin/deptry" src tests tools
	PYTHONPATH=src "$(PY)" -m chuangbao pack check packs/jilin

bench: setup
	PYTHONPATH=src "$(PY)" benchmarks/judge.py
	PYTHONPATH=src "$(PY)" -W ignore benchmarks/portal.py
	PYTHONPATH=src "$(PY)" -W ignore benchmarks/audit.py

# all measures for 1 000 000 subjects beside DuckDB, OpenFisca, zen-engine and C; SIZES="--subjects 10000000" for more
bench-population: setup
	"$(PY)" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	PYTHONPATH=src:benchmarks "$(PY)" -m population --profile $(SIZES)

clean:
	rm -rf "$(VENV)" node_modules var
