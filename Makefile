# Two commands: `make run` opens the system, `make test` proves it. Python >= 3.11 and make are all they need.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PORT ?=
JOBS ?= 2
SLOWEST ?= 20

.PHONY: setup install run test check check-locks bench bench-population clean
.DEFAULT_GOAL := run

$(VENV)/run-ready: requirements.txt package-lock.json tools/prepare.py $(wildcard src/chuangbao/locale/*/LC_MESSAGES/*.po src/chuangbao/*/locale/*/LC_MESSAGES/*.po)
	test -x "$(PY)" || $(PYTHON) -m venv "$(VENV)"
	"$(PY)" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	"$(PY)" tools/prepare.py
	touch "$@"

$(VENV)/test-ready: $(VENV)/run-ready requirements-dev.txt
	"$(PY)" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	touch "$@"

setup: $(VENV)/test-ready

# what running takes, without the tools of tests
install: $(VENV)/run-ready

run: $(VENV)/run-ready
	@PYTHONPATH=src exec "$(PY)" -m chuangbao up $(if $(PORT),--port $(PORT))

# ROOM=facts runs the tests of one folder, without coverage; JOBS and SLOWEST: how many processes, how many tests are named
test: setup
ifdef ROOM
	PYTHONPATH=src:tests "$(PY)" -m pytest -q -n $(JOBS) --dist worksteal --durations=$(SLOWEST) --durations-min=1 "tests/$(ROOM)"
else
	rm -f .coverage .coverage.*
	MEASURE_COVERAGE=1 PYTHONPATH=src:tests "$(PY)" -m pytest -q -n $(JOBS) --dist worksteal --durations=$(SLOWEST) --durations-min=1
	"$(VENV)/bin/coverage" combine --quiet
	"$(VENV)/bin/coverage" report --format=total --fail-under=95
	"$(VENV)/bin/coverage" report --format=total --fail-under=99.9 --include="src/chuangbao/rules/*"
	"$(VENV)/bin/coverage" report --format=total --fail-under=99 --include="src/chuangbao/core/*,src/chuangbao/ops/*,src/chuangbao/*/domain/*" \
		--omit="src/chuangbao/ops/embedded_postgres.py"  # what it does depends on whether root runs it
	"$(VENV)/bin/coverage" report --format=total --fail-under=98 --include="src/chuangbao/gongwen/*"
endif

check: setup
	"$(VENV)/bin/ruff" check --no-cache .
	"$(VENV)/bin/ruff" format --no-cache --check .
	PYTHONPATH=src "$(VENV)/bin/lint-imports" --no-cache
	PYTHONPATH=src "$(VENV)/bin/mypy"
	"$(VENV)/bin/djlint" src --lint --quiet
	"$(VENV)/bin/deptry" src tests tools
	"$(PY)" tools/measure_house.py --check
	PYTHONPATH=src "$(PY)" -m chuangbao pack check packs/jilin

# each changed lock resolved by the pip that this Python ships and by the newest, as if every package had a newer release
check-locks:
	"$(PY)" tools/check_locks.py

bench: setup
	PYTHONPATH=src "$(PY)" benchmarks/judge.py
	PYTHONPATH=src "$(PY)" -W ignore benchmarks/portal.py
	PYTHONPATH=src "$(PY)" -W ignore benchmarks/audit.py
	PYTHONPATH=src "$(PY)" -W ignore benchmarks/reading.py

# all measures for 1 000 000 subjects beside DuckDB, OpenFisca, zen-engine and C; SIZES="--subjects 10000000" for more
bench-population: setup
	"$(PY)" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-bench.txt
	PYTHONPATH=src:benchmarks "$(PY)" -m population --profile $(SIZES)

clean:
	rm -rf "$(VENV)" node_modules var
